/// Gzip, which wraps another format: `.npy.gz`, `idx3-ubyte.gz`.
///
/// Source: RFC 1952.
package enum Gzip {
  static let format = Format(
    name: "Gzip", extensions: ["gz"],
    decode: { bytes throws(FormatError) in
      let data = try decompress(bytes)
      return .array(try RawArray(.uint8, shape: [data.count], bytes: data, format: "gzip"))
    },
    encode: { contents throws(FormatError) in
      let array = try contents.single("gzip")
      guard array.element == .uint8 else {
        throw .unwritable(
          format: "gzip", found: array.element.rawValue,
          expected: "bytes; a name such as x.npy.gz says how to write an array")
      }
      return try compress(array.bytes)
    })

  /// What a compressed file may unpack to, unless the caller knows better.
  package static let sizeLimit = 1 << 30

  package static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  /// Unpacks all members, one after the other; zeros may pad the end.
  ///
  /// Throws: also when more than `limit` bytes would come out.
  package static func decompress(
    _ bytes: [UInt8], limit: Int = sizeLimit
  ) throws(FormatError) -> [UInt8] {
    guard isGzip(bytes) else {
      throw .notThisFormat(format: "gzip", found: Array(bytes.prefix(8)), expected: "1f 8b")
    }
    var output: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if bytes[position...].allSatisfy({ $0 == 0 }) { break }
      guard bytes[position...].starts(with: [0x1f, 0x8b]) else {
        throw .malformed(
          format: "gzip", what: "the end", found: "\(bytes.count - position) more bytes",
          expected: "another member (1f 8b) or nothing", offset: position)
      }
      let member = try Deflate.inflate(
        bytes, position..<bytes.count, .gzip, limit: limit - output.count, format: "gzip")
      if output.isEmpty { output = member.output } else { output += member.output }
      position = member.end
    }
    return output
  }

  /// Packs into one member without name or time, so that equal bytes stay equal.
  package static func compress(_ bytes: [UInt8]) throws(FormatError) -> [UInt8] {
    try Deflate.deflate(bytes, .gzip, format: "gzip")
  }
}
