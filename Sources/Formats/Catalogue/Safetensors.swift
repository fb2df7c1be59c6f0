/// Safetensors: named arrays behind a JSON header that says where each lies.
///
/// Source: the format's description in the huggingface/safetensors repository.
package enum Safetensors {
  static let format = Format(
    name: "Safetensors", extensions: ["safetensors"],
    decode: { bytes throws(FormatError) in .named(try decode(bytes).arrays) },
    encode: { contents throws(FormatError) in
      try encode(File(arrays: contents.several("safetensors")))
    })

  /// The arrays, in the order of their bytes, and the texts that go with them.
  package struct File: Equatable, Sendable {
    package var arrays: [NamedArray]
    package var metadata: [String: String]

    package init(arrays: [NamedArray], metadata: [String: String] = [:]) {
      self.arrays = arrays
      self.metadata = metadata
    }
  }

  /// The reference implementation's bound on a header.
  private static let headerLimit = 100_000_000
  private static let metadataKey = "__metadata__"
  private static let codes: [(code: String, element: ElementType)] = [
    ("BOOL", .bool), ("U8", .uint8), ("I8", .int8), ("U16", .uint16), ("I16", .int16),
    ("U32", .uint32), ("I32", .int32), ("U64", .uint64), ("I64", .int64),
    ("F16", .float16), ("BF16", .bfloat16), ("F32", .float32), ("F64", .float64),
  ]

  package static func decode(_ bytes: [UInt8]) throws(FormatError) -> File {
    var reader = ByteReader(bytes, format: "safetensors")
    let claimed = try reader.integer(UInt64.self, "header length")
    guard claimed <= headerLimit else {
      throw .tooLarge(
        format: "safetensors", what: "header", claimed: "\(claimed) bytes",
        limit: "\(headerLimit) bytes")
    }
    let text = Array(try reader.take(Int(claimed), "header"))
    let header = try JSONReader.parse(text, format: "safetensors", base: 8)
    guard text.first == UInt8(ascii: "{"), case .object(let members) = header else {
      throw .malformed(
        format: "safetensors", what: "header", found: "no object", expected: "'{'", offset: 8)
    }
    var file = File(arrays: [])
    var entries: [Entry] = []
    for member in members {
      if member.key == metadataKey {
        file.metadata = try texts(member.value)
      } else {
        entries.append(try Entry(member.key, member.value))
      }
    }
    entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    let start = reader.offset
    var position = 0
    for entry in entries {
      guard entry.begin == position else {
        throw .malformed(
          format: "safetensors", what: "data of \"\(entry.name)\"",
          found:
            "\(entry.begin < position ? "overlapping: it begins" : "after a gap:") at \(entry.begin)",
          expected: "\(position), where the data before it ends", offset: start + entry.begin)
      }
      let data = try reader.take(entry.end - entry.begin, "data of \"\(entry.name)\"")
      position = entry.end
      let array = try RawArray(
        entry.element, shape: entry.shape, bytes: Array(data), format: "safetensors")
      file.arrays.append(NamedArray(entry.name, array))
    }
    guard reader.remaining == 0 else {
      throw .malformed(
        format: "safetensors", what: "the end", found: "\(reader.remaining) more bytes",
        expected: "\(position) bytes of data", offset: reader.offset)
    }
    return file
  }

  /// Writes the arrays sorted by name, behind a header padded with blanks to eight bytes.
  package static func encode(_ file: File) throws(FormatError) -> [UInt8] {
    var members: [String] = []
    if !file.metadata.isEmpty {
      let texts = file.metadata.sorted { $0.key < $1.key }.map {
        "\(JSONReader.quoted($0.key)):\(JSONReader.quoted($0.value))"
      }
      members.append("\"\(metadataKey)\":{\(texts.joined(separator: ","))}")
    }
    let arrays = file.arrays.sorted { $0.name < $1.name }
    var position = 0
    for entry in arrays {
      let (name, array) = (entry.name, entry.array)
      guard name != metadataKey,
        let code = codes.first(where: { $0.element == array.element })?.code
      else {
        throw .unwritable(
          format: "safetensors", found: "an array named \(metadataKey)", expected: "another name")
      }
      let shape = array.shape.map { "\($0)" }.joined(separator: ",")
      let end = position + array.bytes.count
      members.append(
        "\(JSONReader.quoted(name)):{\"dtype\":\"\(code)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(position),\(end)]}")
      position = end
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + position)
    bytes.append(integer: UInt64(header.count))
    bytes += header
    for entry in arrays { bytes += entry.array.bytes }
    return bytes
  }

  private static func texts(_ value: JSON) throws(FormatError) -> [String: String] {
    guard case .object(let members) = value else { throw malformed(metadataKey, "no object") }
    var result: [String: String] = [:]
    for member in members {
      guard case .string(let text) = member.value else {
        throw malformed("\(metadataKey).\(member.key)", "no string")
      }
      result[member.key] = text
    }
    return result
  }

  private static func malformed(
    _ name: String, _ found: String, expected: String = "strings"
  ) -> FormatError {
    .malformed(
      format: "safetensors", what: "header's \"\(name)\"", found: found, expected: expected,
      offset: 8)
  }

  /// What the header says of one array; its offsets agree with its shape.
  private struct Entry {
    let name: String
    let element: ElementType
    let shape: [Int]
    let begin: Int
    let end: Int

    init(_ name: String, _ value: JSON) throws(FormatError) {
      guard case .object(let members) = value else {
        throw malformed(name, "no object", expected: "dtype, shape and data_offsets")
      }
      var fields: [String: JSON] = [:]
      for member in members { fields[member.key] = member.value }
      guard members.count == 3, case .string(let code) = fields["dtype"],
        let shape = Self.integers(fields["shape"]),
        let offsets = Self.integers(fields["data_offsets"]), offsets.count == 2
      else {
        throw malformed(
          name, members.map(\.key).joined(separator: ", "),
          expected: "dtype, shape and data_offsets, whole numbers from 0 up")
      }
      guard let element = codes.first(where: { $0.code == code })?.element else {
        throw .unsupported(
          format: "safetensors", what: "dtype of \"\(name)\"", found: code,
          supported: codes.map(\.code).joined(separator: " "))
      }
      let needed = try RawArray.byteCount(element, shape, format: "safetensors")
      guard offsets[0] <= offsets[1], offsets[1] - offsets[0] == needed else {
        throw malformed(
          name, "data_offsets \(offsets)", expected: "\(needed) bytes for shape \(shape) of \(code)"
        )
      }
      self.name = name
      self.element = element
      self.shape = shape
      begin = offsets[0]
      end = offsets[1]
    }

    private static func integers(_ value: JSON?) -> [Int]? {
      guard case .array(let values) = value else { return nil }
      var result: [Int] = []
      for value in values {
        guard case .integer(let integer) = value, integer >= 0 else { return nil }
        result.append(integer)
      }
      return result
    }
  }
}
