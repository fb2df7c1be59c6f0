/// Parts a CSV text into records of fields, each with its place.
struct CSVScanner {
  struct Field {
    let text: String
    let place: Place
  }

  /// Where a field begins: its line, counted from one, and the bytes at which line and field begin.
  struct Place {
    let line: Int
    let lineStart: Int
    let start: Int
  }

  private let bytes: [UInt8]
  private let separator: UInt8
  private var position: Int
  private var line = 1
  private var lineStart: Int

  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let quote = UInt8(ascii: "\"")
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  init(_ bytes: [UInt8]) throws(FormatError) {
    self.bytes = bytes
    position = bytes.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
    lineStart = position
    separator = Self.separator(bytes[position...])
    guard String(validating: bytes, as: UTF8.self) != nil else {
      // Decoding puts this mark in the place of what is no text.
      let before = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\u{FFFD}" }
      let lines = before.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      throw CSV.error(
        "bytes that are no text", "UTF-8", max(lines.count, 1), (lines.last?.count ?? 0) + 1)
    }
  }

  /// The next line that is neither empty nor a comment; nil at the end.
  mutating func nextRecord() throws(FormatError) -> [Field]? {
    skipEmptyLines()
    guard position < bytes.count else { return nil }
    var fields: [Field] = []
    while true {
      fields.append(try expectField())
      if position == bytes.count || endLine() { return fields }
      position += 1
    }
  }

  /// An error at a place, with its column in characters.
  func error(_ found: String, _ expected: String, at place: Place) -> FormatError {
    let before = String(decoding: bytes[place.lineStart..<place.start], as: UTF8.self)
    return CSV.error(found, expected, place.line, before.count + 1)
  }

  /// A comma, or the tab or semicolon of a first line that has no comma.
  private static func separator(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    let comma = UInt8(ascii: ",")
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let line = bytes[start...].prefix { $0 != newline && $0 != carriageReturn }
      if let first = line.first, first != UInt8(ascii: "#") {
        let others = [UInt8(ascii: "\t"), UInt8(ascii: ";")]
        return line.contains(comma) ? comma : line.first { others.contains($0) } ?? comma
      }
      start = line.endIndex + 1
    }
    return comma
  }

  private var place: Place { Place(line: line, lineStart: lineStart, start: position) }

  private var atLineEnd: Bool {
    position == bytes.count || bytes[position] == Self.newline
      || bytes[position] == Self.carriageReturn
  }

  /// Steps over the end of a line, if one is here.
  private mutating func endLine() -> Bool {
    guard position < bytes.count, atLineEnd else { return false }
    let wasReturn = bytes[position] == Self.carriageReturn
    position += 1
    if wasReturn, position < bytes.count, bytes[position] == Self.newline { position += 1 }
    line += 1
    lineStart = position
    return true
  }

  private mutating func skipEmptyLines() {
    while position < bytes.count {
      let start = position
      skipBlanks()
      if position < bytes.count, bytes[position] == UInt8(ascii: "#") {
        while !atLineEnd { position += 1 }
      }
      guard atLineEnd else {
        position = start
        return
      }
      _ = endLine()
    }
  }

  /// A field up to its separator or the line's end, without the blanks around it.
  private mutating func expectField() throws(FormatError) -> Field {
    skipBlanks()
    if position < bytes.count, bytes[position] == Self.quote { return try expectQuoted() }
    let start = place
    while !atLineEnd, bytes[position] != separator { position += 1 }
    var text = bytes[start.start..<position]
    while text.last == UInt8(ascii: " ") || text.last == UInt8(ascii: "\t") { text.removeLast() }
    return Field(text: String(decoding: text, as: UTF8.self), place: start)
  }

  private mutating func expectQuoted() throws(FormatError) -> Field {
    let start = place
    var text: [UInt8] = []
    position += 1
    while true {
      guard position < bytes.count else { throw error("the end of the text", "'\"'", at: start) }
      let from = position
      if endLine() {
        text += bytes[from..<position]
        continue
      }
      position += 1
      if bytes[from] == Self.quote {
        guard position < bytes.count, bytes[position] == Self.quote else { break }
        position += 1
      }
      text.append(bytes[from])
    }
    skipBlanks()
    guard atLineEnd || bytes[position] == separator else {
      let rest = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
      throw error(
        "'\(rest.prefix(1))' after a quote", "'\(Unicode.Scalar(separator))'", at: place)
    }
    return Field(text: String(decoding: text, as: UTF8.self), place: start)
  }

  private mutating func skipBlanks() {
    while position < bytes.count, bytes[position] != separator,
      bytes[position] == UInt8(ascii: " ") || bytes[position] == UInt8(ascii: "\t")
    { position += 1 }
  }
}
