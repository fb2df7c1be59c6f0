import Formats
import Tensors

/// The 1797 digits of 8x8 that come with the program, as a sheet to look at and a list of labels.
///
/// Source: Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998.
enum Digits {
  static let source = DataSource(
    name: "digits", summary: "1797 handwritten digits of 8x8, images in [0, 1] and labels",
    parameters: [], load: { try load($0.files) })

  private static let trainCount = 1500
  private static let size = 8
  /// A digit and the border of a pixel around it.
  private static let cell = 10
  /// Counts of ink go from 0 to this.
  private static let most = 16

  private static func load(_ files: DataFiles) throws -> Dataset {
    let sheetPath = try path("sheet.png", files)
    let labelsPath = try path("labels.csv", files)
    let table = try files.decoded(labelsPath, CSV.decode)
    let labels = table.values.compactMap { Int(exactly: $0) }.filter { (0...9).contains($0) }
    guard table.columns == 1, labels.count == table.rows else {
      throw DatasetError.unfit(
        path: labelsPath, found: "a table of \(table.rows) rows and \(table.columns) columns",
        expected: "one column of digits from 0 to 9")
    }
    let sheet = try files.decoded(sheetPath, PNG.decode)
    let columns = sheet.shape[1] / cell
    let rows = sheet.shape[0] / cell
    guard sheet.element == .uint8, sheet.shape[2] == 1, !labels.isEmpty,
      columns * rows >= labels.count
    else {
      throw DatasetError.unfit(
        path: sheetPath, found: "a picture of shape \(sheet.shape)",
        expected: "grey, with \(labels.count) digits of \(cell)x\(cell)")
    }
    let pixels = try Tensor(
      images(sheet, count: labels.count, columns: columns), Shape([labels.count, size * size]))
    return try Dataset(
      name: "digits", inputName: "images",
      all: Examples(inputs: pixels, labels: Tensor(labels)), trainCount: trainCount)
  }

  private static func path(_ name: String, _ files: DataFiles) throws(DatasetError) -> String {
    guard let path = files.find([name], subfolders: ["digits"]) else {
      throw .notFound(
        dataset: "digits", names: ["digits/\(name)"], folders: files.folders,
        hint: "it is in the folder datasets beside the program's sources; name it with --data")
    }
    return path
  }

  /// The digits cut from the sheet, each grey brought back to its count over 16.
  private static func images(_ sheet: RawArray, count: Int, columns: Int) -> [Float] {
    var pixels: [Float] = []
    pixels.reserveCapacity(count * size * size)
    for digit in 0..<count {
      let left = digit % columns * cell + 1
      let top = digit / columns * cell + 1
      for y in top..<top + size {
        for x in left..<left + size {
          let grey = Int(sheet.bytes[y * sheet.shape[1] + x])
          pixels.append(Float((grey * most + 127) / 255) / Float(most))
        }
      }
    }
    return pixels
  }
}
