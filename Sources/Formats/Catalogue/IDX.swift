/// MNIST's IDX: a type, the extents, and the elements, all big-endian.
///
/// Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", file formats.
package enum IDX {
  static let format = Format(
    name: "IDX",
    extensions: ["idx", "idx1-ubyte", "idx2-ubyte", "idx3-ubyte", "idx4-ubyte"],
    decode: { bytes throws(FormatError) in .array(try decode(bytes)) },
    encode: { contents throws(FormatError) in try encode(contents.single("idx")) })

  private static let codes: [(code: UInt8, element: ElementType)] = [
    (0x08, .uint8), (0x09, .int8), (0x0B, .int16), (0x0C, .int32), (0x0D, .float32),
    (0x0E, .float64),
  ]

  package static func decode(_ bytes: [UInt8]) throws(FormatError) -> RawArray {
    var reader = ByteReader(bytes, format: "idx")
    try reader.expect([0, 0], "00 00")
    let code = try reader.integer(UInt8.self, "type")
    guard let element = codes.first(where: { $0.code == code })?.element else {
      throw .malformed(
        format: "idx", what: "type", found: FormatError.hex(code),
        expected: codes.map { FormatError.hex($0.code) }.joined(separator: " "), offset: 2)
    }
    let rank = try reader.integer(UInt8.self, "number of dimensions")
    var shape: [Int] = []
    for _ in 0..<rank {
      shape.append(Int(try reader.integer(UInt32.self, "extents", bigEndian: true)))
    }
    let needed = try RawArray.byteCount(element, shape, format: "idx")
    let data = Array(try reader.take(needed, "data"))
    guard reader.remaining == 0 else {
      throw .malformed(
        format: "idx", what: "the end", found: "\(reader.remaining) more bytes",
        expected: "\(needed) bytes of data for shape \(shape)", offset: reader.offset)
    }
    return try RawArray(
      element, shape: shape, bytes: data.swapped(elementSize: element.size), format: "idx")
  }

  package static func encode(_ array: RawArray) throws(FormatError) -> [UInt8] {
    guard let code = codes.first(where: { $0.element == array.element })?.code else {
      throw .unwritable(
        format: "idx", found: array.element.rawValue,
        expected: codes.map(\.element.rawValue).joined(separator: ", "))
    }
    guard let rank = UInt8(exactly: array.shape.count) else {
      throw .unwritable(
        format: "idx", found: "\(array.shape.count) dimensions", expected: "at most 255")
    }
    var bytes: [UInt8] = [0, 0, code, rank]
    for extent in array.shape {
      guard let extent = UInt32(exactly: extent) else {
        throw .unwritable(format: "idx", found: "an extent of \(extent)", expected: "32 bits")
      }
      bytes.append(integer: extent, bigEndian: true)
    }
    return bytes + array.bytes.swapped(elementSize: array.element.size)
  }
}
