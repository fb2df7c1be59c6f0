import CPNG

/// PNG pictures, read whatever their colour type and depth, written with 8 bits a sample.
///
/// Samples are taken as stored: no gamma is applied, and alpha is not multiplied into the colours.
package enum PNG {
  static let format = Format(
    name: "PNG", extensions: ["png"],
    decode: { bytes throws(FormatError) in .array(try decodeFloats(bytes)) },
    encode: { contents throws(FormatError) in try encode(contents.single("png")) })

  /// A picture of up to this many samples: 1 GiB in float32.
  private static let sampleLimit = 1 << 28
  /// Deflate never packs more than 1032 bytes into one.
  private static let densest = 1032

  /// Reads a picture as uint8 or uint16 samples.
  ///
  /// Shapes: `[height, width, channels]` with 1 channel for grey, 2 with alpha, 3 for RGB, 4 with alpha.
  package static func decode(_ bytes: [UInt8]) throws(FormatError) -> RawArray {
    guard bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) else {
      throw .notThisFormat(
        format: "png", found: Array(bytes.prefix(8)), expected: "89 50 4e 47 (\\x89PNG)")
    }
    var image = cpng_image()
    var pixels: [UInt8] = []
    try read(bytes, &image, &pixels)
    let shape = [Int(image.height), Int(image.width), Int(image.channels)]
    let element: ElementType = image.depth == 16 ? .uint16 : .uint8
    let needed = try RawArray.byteCount(element, shape, format: "png")
    // The stored samples may have a bit each and a palette entry for four, hence the factor.
    let possible = bytes.count.multipliedReportingOverflow(by: densest * 32)
    guard needed / element.size <= sampleLimit, possible.overflow || needed <= possible.partialValue
    else {
      throw .tooLarge(
        format: "png", what: "picture", claimed: "\(image.width)x\(image.height) pixels",
        limit: "\(bytes.count) bytes can hold")
    }
    pixels = [UInt8](repeating: 0, count: needed)
    try read(bytes, &image, &pixels)
    return try RawArray(element, shape: shape, bytes: pixels, format: "png")
  }

  /// Reads a picture as float32 in [0, 1]: `[height, width, channels]`.
  package static func decodeFloats(_ bytes: [UInt8]) throws(FormatError) -> RawArray {
    let array = try decode(bytes)
    let full: Double = array.element == .uint16 ? 65535 : 255
    return try RawArray(shape: array.shape, floats: array.doubles().map { Float($0 / full) })
  }

  /// Writes an array as a picture: floats from 0 to 1 (clamped), integers from 0 to 255, booleans as black and white.
  ///
  /// Shapes: `[height, width]` or `[height, width, channels]` with 1 to 4 channels.
  package static func encode(_ array: RawArray) throws(FormatError) -> [UInt8] {
    let shape = array.shape.count == 2 ? array.shape + [1] : array.shape
    guard shape.count == 3, (1...4).contains(shape[2]), shape[0] > 0, shape[1] > 0 else {
      throw .unwritable(
        format: "png", found: "an array of shape \(array.shape)",
        expected: "[height, width] or [height, width, channels] with 1 to 4 channels")
    }
    return try encode(
      samples: try samples(array), height: shape[0], width: shape[1], channels: shape[2])
  }

  /// Writes 8-bit samples, row by row from the top: grey, grey and alpha, RGB, or RGB and alpha.
  package static func encode(
    samples: [UInt8], height: Int, width: Int, channels: Int
  ) throws(FormatError) -> [UInt8] {
    let needed = try RawArray.byteCount(.uint8, [height, width, channels], format: "png")
    guard samples.count == needed, (1...4).contains(channels), needed > 0,
      needed <= Int(Int32.max), let height = UInt32(exactly: height),
      let width = UInt32(exactly: width)
    else {
      throw .unwritable(
        format: "png",
        found: "\(samples.count) samples for \(height)x\(width)x\(channels)",
        expected: "as many as the shape has, at least one pixel and at most 2 GiB")
    }
    return try write(samples, height: height, width: width, channels: UInt32(channels))
  }

  /// The 8-bit samples that show an array's values.
  private static func samples(_ array: RawArray) throws(FormatError) -> [UInt8] {
    switch array.element {
    case .uint8: return array.bytes
    case .bool: return array.bytes.map { $0 == 0 ? 0 : 255 }
    case .float16, .bfloat16, .float32, .float64:
      return try array.doubles().map { value throws(FormatError) in
        guard !value.isNaN else {
          throw .unwritable(format: "png", found: "NaN", expected: "numbers from 0 to 1")
        }
        return UInt8((min(max(value, 0), 1) * 255).rounded())
      }
    case .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64:
      return try array.doubles().map { value throws(FormatError) in
        guard let sample = UInt8(exactly: value) else {
          throw .unwritable(
            format: "png", found: "the integer \(Int64(value))", expected: "0 to 255")
        }
        return sample
      }
    }
  }

  /// Reads the header, and with as many `pixels` as the picture has the samples too.
  private static func read(
    _ bytes: [UInt8], _ image: inout cpng_image, _ pixels: inout [UInt8]
  ) throws(FormatError) {
    var used = 0
    // The reader takes no more than `count` bytes from the one buffer and puts no more than `capacity` into the other.
    let success = unsafe bytes.withUnsafeBufferPointer { source in
      unsafe pixels.withUnsafeMutableBufferPointer { target in
        unsafe cpng_read(
          source.baseAddress, source.count, &image, target.isEmpty ? nil : target.baseAddress,
          target.count, &used)
      }
    }
    guard success == 0 else { return }
    guard used < bytes.count else {
      throw .truncated(
        format: "png", what: "picture", needed: 1, available: 0, offset: bytes.count)
    }
    let words = unsafe withUnsafeBytes(of: image.message) { message in
      unsafe String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)
    }
    throw .malformed(
      format: "png", what: "picture", found: "damaged: \(words)", expected: "a whole PNG",
      offset: used)
  }

  private static func write(
    _ samples: [UInt8], height: UInt32, width: UInt32, channels: UInt32
  ) throws(FormatError) -> [UInt8] {
    var image = unsafe png_image()
    unsafe image.version = UInt32(PNG_IMAGE_VERSION)
    unsafe image.width = width
    unsafe image.height = height
    // Alpha is bit 0 and colour bit 1 of a format, so the four channel counts are 0 to 3.
    unsafe image.format = channels - 1
    // Seldom do packed samples grow, and never by this much; should they, the second round has the room it asked for.
    var room = samples.count + samples.count / 8 + 4096
    for _ in 0..<2 {
      var bytes = [UInt8](repeating: 0, count: room)
      // libpng reads height rows of width*channels samples, which `samples` holds, and writes at most `room` bytes.
      let success = unsafe samples.withUnsafeBufferPointer { source in
        unsafe bytes.withUnsafeMutableBufferPointer { target in
          unsafe png_image_write_to_memory(
            &image, target.baseAddress, &room, 0, source.baseAddress, 0, nil)
        }
      }
      if success != 0 {
        bytes.removeLast(bytes.count - room)
        return bytes
      }
      if room <= bytes.count { break }
    }
    unsafe png_image_free(&image)
    throw .unwritable(
      format: "png", found: "a picture of \(width)x\(height)", expected: "what libpng can write")
  }
}
