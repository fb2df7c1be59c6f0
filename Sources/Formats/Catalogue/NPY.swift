/// NumPy's `.npy`: one array behind a header that is a Python dictionary.
///
/// Source: numpy.lib.format, versions 1.0 to 3.0.
package enum NPY {
  static let format = Format(
    name: "NPY", extensions: ["npy"],
    decode: { bytes throws(FormatError) in .array(try decode(bytes)) },
    encode: { contents throws(FormatError) in try encode(contents.single("npy")) })

  /// What NumPy allows as a header when pickles are not trusted.
  private static let headerLimit = 10_000
  private static let magic: [UInt8] = [0x93] + "NUMPY".utf8

  /// Reads an array; Fortran order is turned to row-major, big-endian to little-endian.
  package static func decode(_ bytes: [UInt8]) throws(FormatError) -> RawArray {
    var reader = ByteReader(bytes, format: "npy")
    try reader.expect(magic, "93 4e 55 4d 50 59 (\\x93NUMPY)")
    let version = try reader.integer(UInt8.self, "version")
    _ = try reader.integer(UInt8.self, "version")
    guard (1...3).contains(version) else {
      throw .unsupported(
        format: "npy", what: "version", found: "\(version)", supported: "1, 2 and 3")
    }
    let length =
      version == 1
      ? Int(try reader.integer(UInt16.self, "header length"))
      : Int(try reader.integer(UInt32.self, "header length"))
    guard length <= headerLimit else {
      throw .tooLarge(
        format: "npy", what: "header", claimed: "\(length) bytes", limit: "\(headerLimit) bytes")
    }
    let start = reader.offset
    let header = try NPYHeader.parse(Array(try reader.take(length, "header")), base: start)
    let type = try elementType(header.type)
    let needed = try RawArray.byteCount(type.element, header.shape, format: "npy")
    let offset = reader.offset
    guard needed <= reader.remaining else {
      throw .truncated(
        format: "npy", what: "data", needed: needed, available: reader.remaining, offset: offset)
    }
    var data = Array(try reader.take(needed, "data"))
    guard reader.remaining == 0 else {
      throw .malformed(
        format: "npy", what: "the end", found: "\(reader.remaining) more bytes",
        expected: "\(needed) bytes of data", offset: reader.offset)
    }
    if type.bigEndian { data = data.swapped(elementSize: type.element.size) }
    if header.fortran {
      data = rowMajor(data, shape: header.shape, elementSize: type.element.size)
    }
    return try RawArray(type.element, shape: header.shape, bytes: data, format: "npy")
  }

  /// Writes version 1.0, row-major and little-endian, with the data aligned to 64 bytes.
  package static func encode(_ array: RawArray) throws(FormatError) -> [UInt8] {
    guard let code = codes.first(where: { $0.element == array.element })?.code else {
      throw .unwritable(
        format: "npy", found: "\(array.element.rawValue)",
        expected: "a type that NumPy has; convert it to float32 first")
    }
    let order = array.element.size == 1 ? "|" : "<"
    let extents = array.shape.map { "\($0)" }.joined(separator: ", ")
    let tuple = array.shape.count == 1 ? "(\(extents),)" : "(\(extents))"
    var header = "{'descr': '\(order)\(code)', 'fortran_order': False, 'shape': \(tuple), }"
    let unpadded = magic.count + 4 + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    guard header.utf8.count <= headerLimit else {
      throw .unwritable(
        format: "npy", found: "\(array.shape.count) dimensions", expected: "a shorter shape")
    }
    var bytes = magic + [1, 0]
    bytes.append(integer: UInt16(header.utf8.count))
    bytes.append(contentsOf: header.utf8)
    return bytes + array.bytes
  }

  private static let codes: [(code: String, element: ElementType)] = [
    ("b1", .bool), ("u1", .uint8), ("i1", .int8), ("u2", .uint16), ("i2", .int16),
    ("u4", .uint32), ("i4", .int32), ("u8", .uint64), ("i8", .int64),
    ("f2", .float16), ("f4", .float32), ("f8", .float64),
  ]

  private static func elementType(
    _ text: String
  ) throws(FormatError) -> (element: ElementType, bigEndian: Bool) {
    guard let order = text.first, "<>|=".contains(order),
      let element = codes.first(where: { $0.code == text.dropFirst() })?.element
    else {
      throw .unsupported(
        format: "npy", what: "element type", found: "'\(text)'",
        supported: codes.map(\.code).joined(separator: " "))
    }
    return (element, order == ">")
  }

  /// Column-major elements put in row-major order.
  private static func rowMajor(_ data: [UInt8], shape: [Int], elementSize: Int) -> [UInt8] {
    guard shape.count > 1, !data.isEmpty else { return data }
    var strides: [Int] = []
    var stride = elementSize
    for extent in shape {
      strides.append(stride)
      stride *= extent
    }
    var result: [UInt8] = []
    result.reserveCapacity(data.count)
    var index = [Int](repeating: 0, count: shape.count)
    var source = 0
    while result.count < data.count {
      result.append(contentsOf: data[source..<source + elementSize])
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        source += strides[axis]
        if index[axis] < shape[axis] { break }
        source -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return result
  }
}
