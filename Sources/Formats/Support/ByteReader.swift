/// Reads through bytes from the front; every step is checked against what is left.
struct ByteReader {
  let format: String
  let bytes: [UInt8]
  private(set) var offset: Int

  init(_ bytes: [UInt8], format: String, at offset: Int = 0) {
    self.bytes = bytes
    self.format = format
    self.offset = min(max(offset, 0), bytes.count)
  }

  var remaining: Int { bytes.count - offset }

  mutating func take(_ count: Int, _ what: String) throws(FormatError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else {
      throw .truncated(
        format: format, what: what, needed: count, available: remaining, offset: offset)
    }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  /// An unsigned integer of `T`'s width, the least significant byte first unless `bigEndian`.
  mutating func integer<T: FixedWidthInteger & UnsignedInteger>(
    _ type: T.Type, _ what: String, bigEndian: Bool = false
  ) throws(FormatError) -> T {
    let slice = try take(T.bitWidth / 8, what)
    var value: T = 0
    for (i, byte) in slice.enumerated() {
      value |= T(truncatingIfNeeded: byte) << T(8 * (bigEndian ? slice.count - 1 - i : i))
    }
    return value
  }

  /// Consumes `signature`, or says what stands there instead.
  mutating func expect(_ signature: [UInt8], _ expected: String) throws(FormatError) {
    guard bytes[offset...].starts(with: signature) else {
      throw .notThisFormat(
        format: format, found: Array(bytes[offset...].prefix(8)), expected: expected)
    }
    offset += signature.count
  }
}

extension [UInt8] {
  mutating func append<T: FixedWidthInteger & UnsignedInteger>(
    integer value: T, bigEndian: Bool = false
  ) {
    for i in 0..<T.bitWidth / 8 {
      let shift = 8 * (bigEndian ? T.bitWidth / 8 - 1 - i : i)
      append(UInt8(truncatingIfNeeded: value >> T(shift)))
    }
  }

  /// The bytes of each element of `size` bytes turned round: big-endian to little-endian and back.
  func swapped(elementSize size: Int) -> [UInt8] {
    guard size > 1 else { return self }
    var result = self
    for start in stride(from: 0, to: count - size + 1, by: size) {
      for i in 0..<size { result[start + i] = self[start + size - 1 - i] }
    }
    return result
  }
}
