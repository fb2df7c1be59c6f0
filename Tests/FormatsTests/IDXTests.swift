import Testing

@testable import Formats

@Suite struct IDXTests {
  @Test func bigEndianElementsAreRead() throws {
    let array = try IDX.decode(bytes(hex: "00000c02 00000001 00000002 00000001 fffffffe"))
    #expect(array.element == .int32)
    #expect(array.shape == [1, 2])
    #expect(try array.integers() == [1, -2])
  }

  @Test(arguments: [ElementType.uint8, .int8, .int16, .int32, .float32, .float64])
  func everyTypeComesBackAsWritten(_ element: ElementType) throws {
    let array = try RawArray(
      element, shape: [2, 1, 3], bytes: (0..<6 * element.size).map { UInt8($0) })
    #expect(try IDX.decode(IDX.encode(array)) == array)
  }

  @Test func wrongFilesAreSaidToBeWrong() throws {
    #expect(
      message { try IDX.decode([1, 0, 8, 1]) }
        == "this is not idx: it begins with 01 00 08 01, expected 00 00")
    #expect(
      message { try IDX.decode([0, 0, 7, 1]) }
        == "idx: type at offset 2 is 07, expected 08 09 0b 0c 0d 0e")
    #expect(
      message { try IDX.decode(bytes(hex: "00000803 ffffffff 0000001c 0000001c 00")) }
        == "idx: data is cut short: needs 3367254359280 bytes at offset 16, found 1")
    #expect(
      message { try IDX.decode(bytes(hex: "00000801 00000001 0000")) }
        == "idx: the end at offset 9 is 1 more bytes, expected 1 bytes of data for shape [1]")
    #expect(
      message { try IDX.encode(RawArray(shape: [1], integers: [1])) }
        == "idx cannot hold int64, expected uint8, int8, int16, int32, float32, float64")
  }

  @Test(.enabled(if: sharedData != nil, "left out: DEEPGEN_SHARED_DATA is not set"))
  func mnistIsRead() throws {
    let folder = try #require(sharedData) + "/mnist/"
    let images = try IDX.decode(
      Gzip.decompress(readFile(folder + "t10k-images-idx3-ubyte.gz")))
    let labels = try IDX.decode(
      Gzip.decompress(readFile(folder + "t10k-labels-idx1-ubyte.gz")))
    #expect(images.shape == [10_000, 28, 28])
    #expect(labels.shape == [10_000])
    #expect(Array(labels.bytes.prefix(10)) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
  }
}
