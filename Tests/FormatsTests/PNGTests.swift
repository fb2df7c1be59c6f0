import Testing

@testable import Formats

private func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.append(integer: UInt32(data.count), bigEndian: true)
  let body = Array(type.utf8) + data
  bytes += body
  bytes.append(integer: Deflate.checksum(body[...]), bigEndian: true)
  return bytes
}

/// A PNG around unfiltered rows, each of which begins with its filter byte.
private func png(
  _ width: UInt32, _ height: UInt32, depth: UInt8, colour: UInt8, rows: [UInt8],
  extra: [UInt8] = []
) throws -> [UInt8] {
  var header: [UInt8] = []
  header.append(integer: width, bigEndian: true)
  header.append(integer: height, bigEndian: true)
  header += [depth, colour, 0, 0, 0]
  // The zlib stream that PNG asks for: two bytes, deflated rows, Adler-32.
  var (a, b): (UInt32, UInt32) = (1, 0)
  for byte in rows {
    a = (a + UInt32(byte)) % 65521
    b = (b + a) % 65521
  }
  var data: [UInt8] = [0x78, 0x9C]
  data += try Deflate.deflate(rows, .none, format: "png")
  data.append(integer: b << 16 | a, bigEndian: true)
  return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + extra
    + chunk("IDAT", data) + chunk("IEND", [])
}

@Suite struct PNGTests {
  @Test(arguments: 1...4)
  func picturesComeBackAsWritten(channels: Int) throws {
    var random = SplitMix(state: UInt64(channels))
    for (height, width) in [(1, 1), (3, 17), (64, 33)] {
      let samples = (0..<height * width * channels).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      let array = try RawArray(.uint8, shape: [height, width, channels], bytes: samples)
      #expect(try PNG.decode(PNG.encode(array)) == array)
    }
  }

  @Test func floatsAreClampedAndRounded() throws {
    let array = try RawArray(shape: [1, 5], floats: [0, 1, 0.5, -3, 7])
    let read = try PNG.decode(PNG.encode(array))
    #expect(read.bytes == [0, 255, 128, 0, 255])
    #expect(read.shape == [1, 5, 1])
    let floats = try PNG.decodeFloats(PNG.encode(array)).floats()
    #expect(floats == [0, 1, 128 / 255, 0, 1])
    let mask = try RawArray(shape: [1, 2], booleans: [true, false])
    #expect(try PNG.decode(PNG.encode(mask)).bytes == [255, 0])
    let integers = try RawArray(shape: [1, 2], integers: [7, 255])
    #expect(try PNG.decode(PNG.encode(integers)).bytes == [7, 255])
  }

  @Test func sixteenBitsAreExactEvenWithAlphaAndGamma() throws {
    // One row of RGBA whose alpha is small; a gamma of 1/2.2 must not touch the samples.
    let gamma = chunk("gAMA", [0, 0, 0xB1, 0x8F])
    let rows: [UInt8] = [0, 0x12, 0x34, 0xFF, 0xFE, 0x00, 0x01, 0x00, 0x02]
    let file = try png(1, 1, depth: 16, colour: 6, rows: rows, extra: gamma)
    let array = try PNG.decode(file)
    #expect(array.element == .uint16)
    #expect(try array.integers() == [0x1234, 0xFFFE, 1, 2])
    #expect(try PNG.decodeFloats(file).floats()[0] == Float(0x1234) / 65535)
  }

  @Test func fewBitsAndPalettesAreWidened() throws {
    let grey = try png(4, 1, depth: 2, colour: 0, rows: [0, 0b0001_1011])
    #expect(try PNG.decode(grey).bytes == [0, 85, 170, 255])
    let palette = chunk("PLTE", [1, 2, 3, 4, 5, 6]) + chunk("tRNS", [128])
    let indexed = try png(2, 1, depth: 1, colour: 3, rows: [0, 0b0100_0000], extra: palette)
    let array = try PNG.decode(indexed)
    #expect(array.shape == [1, 2, 4])
    #expect(array.bytes == [1, 2, 3, 128, 4, 5, 6, 255])
  }

  @Test func whatCannotBeWrittenIsRefused() throws {
    #expect(
      message { try PNG.encode(RawArray(shape: [1, 1], floats: [.nan])) }
        == "png cannot hold NaN, expected numbers from 0 to 1")
    #expect(
      message { try PNG.encode(RawArray(shape: [1, 1], integers: [256])) }
        == "png cannot hold the integer 256, expected 0 to 255")
    #expect(
      message { try PNG.encode(RawArray(shape: [0, 1], floats: [])) }
        == "png cannot hold an array of shape [0, 1], expected "
        + "[height, width] or [height, width, channels] with 1 to 4 channels")
    #expect(
      message { try PNG.encode(samples: [1], height: 1, width: 2, channels: 1) } != "no error")
  }

  @Test func damageIsFound() throws {
    #expect(
      message { try PNG.decode(Array("GIF89a".utf8)) }
        == "this is not png: it begins with 47 49 46 38 39 61, expected 89 50 4e 47 (\\x89PNG)")
    let file = try png(2, 2, depth: 8, colour: 0, rows: [0, 1, 2, 0, 3, 4])
    var damaged = file
    damaged[45] ^= 1
    #expect(message { try PNG.decode(damaged) }.contains("damaged: IDAT: "))
    #expect(message { try PNG.decode(Array(file.prefix(40))) }.contains("cut short"))
    let short = try png(2, 9, depth: 8, colour: 0, rows: [0, 1, 2, 0, 3, 4])
    #expect(message { try PNG.decode(short) }.contains("Not enough image data"))
  }

  @Test func aPictureLargerThanItsBytesCanBeIsRefused() throws {
    let huge = try png(1_000_000, 1_000_000, depth: 8, colour: 0, rows: [0])
    #expect(
      message { try PNG.decode(huge) }
        == "png: picture is said to be 1000000x1000000 pixels, more than \(huge.count) bytes can hold"
    )
    let large = try png(16_000, 16_000, depth: 8, colour: 0, rows: [0])
    #expect(message { try PNG.decode(large) }.contains("said to be 16000x16000 pixels"))
    let wide = try png(.max, .max, depth: 16, colour: 6, rows: [0])
    #expect(message { try PNG.decode(wide) }.contains("damaged"))
  }

  @Test(.enabled(if: sharedData != nil, "left out: DEEPGEN_SHARED_DATA is not set"))
  func theSuiteOfAllColourTypesIsRead() throws {
    let folder = try #require(sharedData) + "/pngsuite/"
    let names = try listFolder(folder)
    #expect(names.count == 60)
    var hash = 0
    for name in names {
      let array = try PNG.decode(readFile(folder + name))
      #expect(array.shape[0...1].allSatisfy { $0 == 32 }, "\(name)")
      for sample in try array.integers() { hash = (hash &* 31 &+ Int(sample)) & 0x7FFF_FFFF }
      // An interlaced picture, whose name begins with i, is the plain one in another order.
      if name.hasPrefix("i"), names.contains(String(name.dropFirst())) {
        #expect(try PNG.decode(readFile(folder + name.dropFirst())) == array, "\(name)")
      }
    }
    // From a decoder of its own in Python, over the files in the order of their names:
    // for v in samples: hash = (hash * 31 + v) & 0x7fffffff
    #expect(hash == 523_799_056)
    #expect(try PNG.decode(readFile(folder + "basn6a16.png")).element == .uint16)
    #expect(try PNG.decode(readFile(folder + "basn4a16.png")).shape == [32, 32, 2])
    #expect(try PNG.decode(readFile(folder + "basn3p01.png")).shape == [32, 32, 3])
    // basn0g16's first row is stored as differences, each of 2304.
    let ramp = try PNG.decode(readFile(folder + "basn0g16.png")).integers()
    #expect(Array(ramp.prefix(4)) == [0, 2304, 4608, 6912])
  }
}
