import Formats
import Tensors
import Testing

@testable import Datasets

@Suite struct DigitsTests {
  private let shipped = DataFiles.disk([package + "/datasets"])

  @Test func imagesAreWholeSixteenths() throws {
    let digits = try load("digits", files: shipped)
    #expect(digits.all.inputs.shape.dims == [1797, 64])
    #expect(digits.all.inputs.dtype == .float32)
    let counts = digits.all.inputs.values.map { $0 * 16 }
    #expect(counts.allSatisfy { $0.rounded() == $0 && (0...16).contains($0) })
    // python3: a = np.loadtxt('digits.csv.gz', delimiter=','); a[:, :64].sum(), a[0, :64].sum(), a[-1, :64].sum()
    #expect(counts.reduce(0, +) == 561_718)
    #expect(counts.prefix(64).reduce(0, +) == 294)
    #expect(counts.suffix(64).reduce(0, +) == 392)
    #expect(
      Array(counts.prefix(16)) == [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0])
  }

  @Test func labelsCountAsTheSourceSays() throws {
    let digits = try load("digits", files: shipped)
    #expect(digits.all.labels.dtype == .int64)
    let labels = try #require(digits.all.labels.integers)
    // np.bincount(a[:, 64].astype(int))
    let counts = (0...9).map { digit in labels.count { $0 == digit } }
    #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    #expect(Array(labels.prefix(12)) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
  }

  @Test(.enabled(if: sharedData != nil, "left out: DEEPGEN_SHARED_DATA is not set"))
  func everyPixelIsTheSourcesOwn() throws {
    let folder = try #require(sharedData)
    let files = DataFiles.disk([])
    let table = try CSV.decode(Gzip.decompress(files.read(folder + "/digits.csv.gz", .max)))
    #expect(table.rows == 1797)
    let digits = try load("digits", files: shipped)
    let pixels = digits.all.inputs.values
    let labels = digits.all.labels.values
    for row in 0..<table.rows {
      let line = table.values[row * 65..<(row + 1) * 65]
      #expect(line.dropLast().elementsEqual(pixels[row * 64..<(row + 1) * 64].map { $0 * 16 }))
      #expect(line.last == labels[row])
    }
  }

  @Test func theSplitKeepsTheOrder() throws {
    let digits = try load("digits", files: shipped)
    #expect(digits.inputName == "images")
    #expect(digits.train.inputs.shape.dims == [1500, 64])
    #expect(digits.train.labels.shape.dims == [1500])
    #expect(digits.test.inputs.shape.dims == [297, 64])
    #expect(digits.train.inputs.bytes + digits.test.inputs.bytes == digits.all.inputs.bytes)
    #expect(digits.train.labels.bytes + digits.test.labels.bytes == digits.all.labels.bytes)
  }

  @Test func missingAndDamagedFilesAreNamed() throws {
    #expect(
      message { try load("digits", files: .memory(["/a", "/b"], [:])) }
        == "the data set digits needs digits/sheet.png: searched /a, /b; "
        + "it is in the folder datasets beside the program's sources; name it with --data")
    let sheet = try shipped.read(package + "/datasets/digits/sheet.png", .max)
    func files(_ sheet: [UInt8], _ labels: String) -> DataFiles {
      .memory(
        ["/a"], ["/a/digits/sheet.png": sheet, "/a/digits/labels.csv": Array(labels.utf8)])
    }
    #expect(
      message { try load("digits", files: files(Array(sheet.prefix(1000)), "label\n1\n")) }
        .hasPrefix("/a/digits/sheet.png: png: picture is cut short"))
    #expect(
      message { try load("digits", files: files(sheet, "label\nx\n")) }
        == "/a/digits/labels.csv: csv: line 2, column 1: found \"x\", expected a number")
    #expect(
      message { try load("digits", files: files(sheet, "label\n10\n")) }
        == "/a/digits/labels.csv holds a table of 1 rows and 1 columns, "
        + "expected one column of digits from 0 to 9")
    let many = "label\n" + String(repeating: "1\n", count: 2000)
    #expect(
      message { try load("digits", files: files(sheet, many)) }
        == "/a/digits/sheet.png holds a picture of shape [360, 500, 1], "
        + "expected grey, with 2000 digits of 10x10")
  }
}
