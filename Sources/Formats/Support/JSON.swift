/// A JSON value; an object keeps its keys in order.
enum JSON: Equatable {
  case object([JSONMember])
  case array([JSON])
  case string(String)
  case integer(Int)
  case number(Double)
  case bool(Bool)
  case null
}

struct JSONMember: Equatable {
  let key: String
  let value: JSON
}

/// A strict reader of JSON with bounds: no duplicate keys, no nesting beyond `depth`, nothing after the value.
struct JSONReader {
  private let format: String
  private let bytes: [UInt8]
  private let depth: Int
  /// Where the text begins in its file, for the offsets in errors.
  private let base: Int
  private var position = 0

  static func parse(
    _ bytes: [UInt8], format: String, base: Int = 0, depth: Int = 16
  ) throws(FormatError) -> JSON {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw .malformed(
        format: format, what: "JSON text", found: "not UTF-8", expected: "UTF-8", offset: base)
    }
    var reader = JSONReader(format: format, bytes: bytes, depth: depth, base: base)
    let value = try reader.expectValue(0)
    reader.skipBlanks()
    guard reader.position == bytes.count else { throw reader.error("the end of the JSON text") }
    return value
  }

  /// A string as JSON writes it, quotes included.
  static func quoted(_ string: String) -> String {
    var result = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private init(format: String, bytes: [UInt8], depth: Int, base: Int) {
    self.format = format
    self.bytes = bytes
    self.depth = depth
    self.base = base
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func error(_ expected: String) -> FormatError {
    let found =
      next.map { (32..<127).contains($0) ? "'\(Unicode.Scalar($0))'" : "byte \($0)" }
      ?? "the end"
    return .malformed(
      format: format, what: "JSON text", found: found, expected: expected, offset: base + position)
  }

  private mutating func skipBlanks() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func parse(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(FormatError) {
    guard parse(character) else { throw error("'\(character)'") }
  }

  private mutating func parseWord(_ word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func expectValue(_ level: Int) throws(FormatError) -> JSON {
    guard level < depth else { throw error("no more than \(depth) levels of nesting") }
    skipBlanks()
    guard let next else { throw error("a value") }
    switch next {
    case UInt8(ascii: "{"): return try expectObject(level)
    case UInt8(ascii: "["): return try expectArray(level)
    case UInt8(ascii: "\""): return .string(try expectString())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try expectNumber()
    case _ where parseWord("true"): return .bool(true)
    case _ where parseWord("false"): return .bool(false)
    case _ where parseWord("null"): return .null
    default: throw error("a value")
    }
  }

  private mutating func expectObject(_ level: Int) throws(FormatError) -> JSON {
    try expect("{")
    var members: [JSONMember] = []
    var seen: Set<String> = []
    if parse("}") { return .object(members) }
    repeat {
      skipBlanks()
      let start = position
      let key = try expectString()
      guard seen.insert(key).inserted else {
        throw .malformed(
          format: format, what: "key", found: "\"\(key)\" a second time",
          expected: "each key once", offset: base + start)
      }
      try expect(":")
      members.append(JSONMember(key: key, value: try expectValue(level + 1)))
    } while parse(",")
    try expect("}")
    return .object(members)
  }

  private mutating func expectArray(_ level: Int) throws(FormatError) -> JSON {
    try expect("[")
    var values: [JSON] = []
    if parse("]") { return .array(values) }
    repeat { values.append(try expectValue(level + 1)) } while parse(",")
    try expect("]")
    return .array(values)
  }

  private mutating func expectNumber() throws(FormatError) -> JSON {
    let start = position
    func digits(_ reader: inout JSONReader) throws(FormatError) {
      let first = reader.position
      while let byte = reader.next, (0x30...0x39).contains(byte) { reader.position += 1 }
      guard reader.position > first else { throw reader.error("a digit") }
    }
    if next == UInt8(ascii: "-") { position += 1 }
    let leading = position
    try digits(&self)
    if position - leading > 1, bytes[leading] == UInt8(ascii: "0") {
      position = leading
      throw error("a number without leading zeros")
    }
    var whole = true
    if next == UInt8(ascii: ".") {
      whole = false
      position += 1
      try digits(&self)
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      whole = false
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try digits(&self)
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if whole, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      position = start
      throw error("a number within the range of float64")
    }
    return .number(value)
  }

  private mutating func expectString() throws(FormatError) -> String {
    guard next == UInt8(ascii: "\"") else { throw error("'\"'") }
    position += 1
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw error("no control character in a string") }
      position += 1
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      text.append(contentsOf: String(try expectEscape()).utf8)
    }
    guard next != nil else { throw error("'\"'") }
    position += 1
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func expectEscape() throws(FormatError) -> Unicode.Scalar {
    let escapes: [UInt8: Unicode.Scalar] = [
      UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
      UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n",
      UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
    guard let byte = next else { throw error("an escape") }
    if let scalar = escapes[byte] {
      position += 1
      return scalar
    }
    let unit = try expectUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard (0xD800..<0xDC00).contains(unit), next == UInt8(ascii: "\\") else {
      throw error("a surrogate's second half")
    }
    position += 1
    let low = try expectUnit()
    guard (0xDC00..<0xE000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
    else { throw error("a surrogate's second half") }
    return scalar
  }

  /// The `uXXXX` after a backslash.
  private mutating func expectUnit() throws(FormatError) -> UInt32 {
    guard next == UInt8(ascii: "u") else { throw error("an escape") }
    let digits = bytes[(position + 1)...].prefix(4)
    guard digits.count == 4, !digits.contains(UInt8(ascii: "+")),
      !digits.contains(UInt8(ascii: "-")),
      let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("four hexadecimal digits") }
    position += 5
    return unit
  }
}
