/// Makes tokens of a text; total: what is no token becomes `.invalid` and a diagnostic.
struct Lexer {
  let source: Source
  let end: Int
  var position: Int
  private(set) var tokens: [Token] = []
  private(set) var diagnostics: [Diagnostic] = []
  private var followsBlank = true

  init(_ source: Source, _ span: Span) {
    self.source = source
    position = max(0, span.start)
    end = min(span.end, source.bytes.count)
    if byte(0) == 0xEF, byte(1) == 0xBB, byte(2) == 0xBF { position += 3 }
  }

  /// The tokens of the span, the last of which is `.end`, and what was wrong with them.
  static func tokens(of source: Source, in span: Span) -> (tokens: [Token], [Diagnostic]) {
    var lexer = Lexer(source, span)
    while lexer.position < lexer.end { lexer.next() }
    lexer.append(.end, from: lexer.end)
    return (lexer.tokens, lexer.diagnostics)
  }

  /// The byte that many places ahead, or 0 past the end.
  func byte(_ ahead: Int = 0) -> UInt8 {
    let index = position + ahead
    return index < end ? source.bytes[index] : 0
  }

  mutating func report(_ diagnostic: Diagnostic) {
    diagnostics.append(diagnostic)
  }

  mutating func append(_ kind: Token.Kind, from start: Int) {
    tokens.append(Token(kind: kind, span: Span(start, position), followsBlank: followsBlank))
    followsBlank = false
  }

  private mutating func next() {
    let start = position
    switch byte() {
    case ascii(" "), ascii("\t"), ascii("\r"), 0x0C:
      position += 1
      followsBlank = true
    case ascii("\n"):
      endLine()
    case ascii("#"):
      skipLine()
    case ascii("0")...ascii("9"):
      readNumber()
    case ascii(".") where isDigit(byte(1)):
      readNumber()
    case ascii("\""), ascii("'"):
      readString(isRaw: false, from: start)
    case ascii("r") where isQuote(byte(1)):
      position += 1
      readString(isRaw: true, from: start)
    case ascii("f") where isQuote(byte(1)):
      position += 1
      readString(isRaw: false, from: start)
    default:
      if !readName() && !readSymbol() { readOther() }
    }
  }

  /// To the end of the line, its line feed excepted.
  mutating func skipLine() {
    while position < end && byte() != ascii("\n") { position += 1 }
  }

  private mutating func endLine() {
    let start = position
    position += 1
    followsBlank = true
    guard let last = tokens.last, last.kind != .newline, !last.continuesLine else { return }
    append(.newline, from: start)
    followsBlank = true
  }

  private mutating func readNumber() {
    let start = position
    skipDigits()
    // `1..3` is a range and `1.sqrt()` a call; `1.` and `1.5` are numbers.
    if byte() == ascii("."), byte(1) != ascii("."), !startsName(at: position + 1) || isExponent(1) {
      position += 1
      skipDigits()
    }
    if isExponent(0) {
      position += isDigit(byte(1)) ? 2 : 3
      skipDigits()
    }
    let digits = source.text(Span(start, position)).filter { $0 != "_" }
    append(.number(Double(digits) ?? .nan), from: start)
  }

  private mutating func skipDigits() {
    while isDigit(byte()) || (byte() == ascii("_") && isDigit(byte(1))) { position += 1 }
  }

  /// Whether `e5` or `E-5` stands that many bytes ahead.
  private func isExponent(_ ahead: Int) -> Bool {
    guard byte(ahead) | 0x20 == ascii("e") else { return false }
    let sign = byte(ahead + 1)
    return isDigit(sign)
      || ((sign == ascii("+") || sign == ascii("-")) && isDigit(byte(ahead + 2)))
  }

  private func startsName(at index: Int) -> Bool {
    guard let scalar = source.scalar(at: index, before: end).scalar else { return false }
    return Letters.startsName(scalar)
  }

  private mutating func readName() -> Bool {
    guard startsName(at: position) else { return false }
    let start = position
    while position < end {
      let (scalar, length) = source.scalar(at: position, before: end)
      guard let scalar, Letters.continuesName(scalar) else { break }
      position += length
    }
    let name = Letters.normalized(source.text(Span(start, position)))
    append(Word(spelling: name).map { .word($0) } ?? .name(name), from: start)
    return true
  }

  private mutating func readSymbol() -> Bool {
    let start = position
    for length in [3, 2, 1] where position + length <= end {
      let text = source.text(Span(start, start + length))
      if let symbol = Spellings.symbols[text] {
        position += length
        append(.symbol(symbol), from: start)
        return true
      }
    }
    return false
  }

  /// A superscript exponent, or a character that is none of the language's.
  private mutating func readOther() {
    let start = position
    let (scalar, length) = source.scalar(at: position, before: end)
    guard let scalar else {
      while position < end, source.scalar(at: position, before: end).scalar == nil { position += 1 }
      append(.invalid, from: start)  // the parser reports it, wherever in the text it stands
      return
    }
    if scalar.properties.isWhitespace || scalar.value == 0xFEFF || scalar.value == 0x200B {
      position += length
      followsBlank = true
    } else if Letters.superscript(scalar) != nil {
      readSuperscript()
    } else {
      position += length
      for (wrong, _) in Spellings.mistakes where wrong.utf8.count > length {
        let whole = Span(start, start + wrong.utf8.count)
        if whole.end <= end, source.text(whole) == wrong { position = whole.end }
      }
      append(.invalid, from: start)
      report(Spellings.unknown(scalar, source.text(Span(start, position)), Span(start, position)))
    }
  }

  /// `x²` is `x^2`, as on the blackboard.
  private mutating func readSuperscript() {
    let start = position
    var digits = ""
    while position < end {
      let (scalar, length) = source.scalar(at: position, before: end)
      guard let scalar, let digit = Letters.superscript(scalar) else { break }
      guard digit != "-" || digits.isEmpty else { break }
      digits.append(digit)
      position += length
    }
    append(.symbol(.caret), from: start)
    if digits.hasPrefix("-") { append(.symbol(.minus), from: start) }
    append(.number(Double(digits.drop { $0 == "-" }) ?? .nan), from: start)
  }
}

func ascii(_ scalar: Unicode.Scalar) -> UInt8 { UInt8(truncatingIfNeeded: scalar.value) }
func isDigit(_ byte: UInt8) -> Bool { byte >= ascii("0") && byte <= ascii("9") }
func isQuote(_ byte: UInt8) -> Bool { byte == ascii("\"") || byte == ascii("'") }
