/// Parts a CSV text into records of fields, each with its place.
struct CSVScanner {
  struct Field: Equatable {
    let text: String
    let line: Int
    let column: Int
  }

  private let characters: [Character]
  private let separator: Character
  private var position = 0
  private var line = 1
  private var lineStart = 0

  init(_ bytes: [UInt8]) throws(FormatError) {
    var text = String(decoding: bytes, as: UTF8.self)
    guard String(validating: bytes, as: UTF8.self) != nil else {
      // Decoding puts this mark in the place of what is no text.
      let lines = text.prefix { $0 != "\u{FFFD}" }.split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      throw CSV.error(
        "bytes that are no text", "UTF-8", max(lines.count, 1), (lines.last?.count ?? 0) + 1)
    }
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    characters = Array(text)
    let lines = characters.split(whereSeparator: \.isNewline)
    let first = lines.first { $0.first != "#" } ?? []
    separator = first.contains(",") ? "," : first.first { $0 == "\t" || $0 == ";" } ?? ","
  }

  /// The next line that is neither empty nor a comment; nil at the end.
  mutating func nextRecord() throws(FormatError) -> [Field]? {
    skipEmptyLines()
    guard position < characters.count else { return nil }
    var fields: [Field] = []
    while true {
      fields.append(try expectField())
      guard position < characters.count else { return fields }
      if characters[position].isNewline {
        endLine()
        return fields
      }
      position += 1
    }
  }

  private var column: Int { position - lineStart + 1 }

  private mutating func endLine() {
    position += 1
    line += 1
    lineStart = position
  }

  private mutating func skipEmptyLines() {
    while position < characters.count {
      var end = position
      let comment = characters[position] == "#"
      while end < characters.count, !characters[end].isNewline,
        comment || characters[end] == " "
      { end += 1 }
      if end < characters.count {
        guard characters[end].isNewline else { return }
        position = end
        endLine()
      } else {
        position = end
      }
    }
  }

  /// A field up to its separator or the line's end, without the blanks around it.
  private mutating func expectField() throws(FormatError) -> Field {
    skipBlanks()
    if position < characters.count, characters[position] == "\"" { return try expectQuoted() }
    let (startLine, startColumn) = (line, column)
    var text = ""
    while position < characters.count, characters[position] != separator,
      !characters[position].isNewline
    {
      text.append(characters[position])
      position += 1
    }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return Field(text: text, line: startLine, column: startColumn)
  }

  private mutating func expectQuoted() throws(FormatError) -> Field {
    let (startLine, startColumn) = (line, column)
    var text = ""
    position += 1
    while true {
      guard position < characters.count else {
        throw CSV.error("the end of the text", "'\"'", startLine, startColumn)
      }
      let character = characters[position]
      if character == "\"" {
        position += 1
        guard position < characters.count, characters[position] == "\"" else { break }
        position += 1
        text.append("\"")
      } else if character.isNewline {
        text.append(character)
        endLine()
      } else {
        text.append(character)
        position += 1
      }
    }
    skipBlanks()
    if position < characters.count, characters[position] != separator,
      !characters[position].isNewline
    {
      throw CSV.error("'\(characters[position])' after a quote", "'\(separator)'", line, column)
    }
    return Field(text: text, line: startLine, column: startColumn)
  }

  private mutating func skipBlanks() {
    while position < characters.count, characters[position] != separator,
      characters[position] == " " || characters[position] == "\t"
    { position += 1 }
  }
}
