import Formats
import Tensors

/// MNIST from its IDX files, gzipped or not, in a data folder.
///
/// Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".
enum MNIST {
  static let source = DataSource(
    name: "mnist",
    summary: "handwritten digits of 28x28 from MNIST's own files in the data folder",
    parameters: [], load: { try load($0.files) })

  private static let subfolders = ["", "mnist", "MNIST/raw"]

  /// With both parts the first is to train on; with one of them its first four fifths are.
  private static func load(_ files: DataFiles) throws -> Dataset {
    let parts = try ["train", "t10k"].compactMap { try part($0, files) }
    guard let first = parts.first else {
      throw DatasetError.notFound(
        dataset: "mnist",
        names: ["train-images-idx3-ubyte", "t10k-images-idx3-ubyte"].map { "\($0)(.gz)" },
        folders: files.folders.flatMap { folder in
          subfolders.map { $0.isEmpty ? folder : "\(folder)/\($0)" }
        },
        hint: "download MNIST's four files into a folder and name it with --data")
    }
    let counts = parts.map(\.labels.count)
    let pixels = parts.map(\.pixels)
    guard Set(pixels).count == 1 else {
      throw DatasetError.unfit(
        path: "mnist", found: "images of \(pixels) pixels", expected: "images of one size")
    }
    let count = counts.reduce(0, +)
    let inputs = try Tensor(scaled(parts), Shape([count, first.pixels]))
    let labels = try Tensor(parts.flatMap { $0.labels.map { Int($0) } })
    return try Dataset(
      name: "mnist", inputName: "images", all: Examples(inputs: inputs, labels: labels),
      trainCount: parts.count == 2 ? counts[0] : count * 4 / 5)
  }

  /// One pair of files, as its bytes.
  private struct Part {
    let images: [UInt8]
    let pixels: Int
    let labels: [UInt8]
  }

  private static func part(_ prefix: String, _ files: DataFiles) throws -> Part? {
    guard let imagesPath = files.find(names("\(prefix)-images", "idx3"), subfolders: subfolders)
    else { return nil }
    let labelNames = names("\(prefix)-labels", "idx1")
    guard let labelsPath = files.find(labelNames, subfolders: subfolders) else {
      throw DatasetError.notFound(
        dataset: "mnist", names: Array(labelNames.prefix(2)), folders: files.folders,
        hint: "the labels belong beside \(imagesPath)")
    }
    let images = try files.decoded(imagesPath, IDX.decode)
    let labels = try files.decoded(labelsPath, IDX.decode)
    guard images.element == .uint8, images.shape.count == 3, !images.bytes.isEmpty else {
      throw DatasetError.unfit(
        path: imagesPath, found: "\(images.element.rawValue) of shape \(images.shape)",
        expected: "uint8 of shape [n, height, width]")
    }
    guard labels.element == .uint8, labels.shape == [images.shape[0]],
      labels.bytes.allSatisfy({ $0 <= 9 })
    else {
      throw DatasetError.unfit(
        path: labelsPath, found: "\(labels.element.rawValue) of shape \(labels.shape)",
        expected: "\(images.shape[0]) labels from 0 to 9")
    }
    return Part(
      images: images.bytes, pixels: images.shape[1] * images.shape[2], labels: labels.bytes)
  }

  /// The names under which the file goes around.
  private static func names(_ stem: String, _ kind: String) -> [String] {
    ["\(stem)-\(kind)-ubyte", "\(stem).\(kind)-ubyte"].flatMap { [$0, $0 + ".gz"] }
  }

  private static func scaled(_ parts: [Part]) -> [Float] {
    let levels = (0...255).map { Float($0) / 255 }
    var pixels: [Float] = []
    pixels.reserveCapacity(parts.reduce(0) { $0 + $1.images.count })
    for part in parts { for byte in part.images { pixels.append(levels[Int(byte)]) } }
    return pixels
  }
}
