/// Strings: escapes, `{value:format}` holes, raw ones.
extension Lexer {
  /// A string whose opening quote is here; `start` is where its prefix began.
  mutating func readString(isRaw: Bool, from start: Int) {
    let quote = byte()
    let opening = position
    if byte(1) == quote && byte(2) == quote { return skipTripleQuoted(quote, from: start) }
    position += 1
    var pieces: [StringPiece] = []
    var text: [UInt8] = []
    while byte() != quote || position >= end {
      guard position < end, byte() != ascii("\n") else {
        return abandonString(from: start, unterminated(opening, isPrefixed: start < opening))
      }
      let here = byte()
      if isRaw {
        text.append(here)
        position += 1
      } else if here == ascii("\\") {
        readEscape(into: &text)
      } else if (here == ascii("{") || here == ascii("}")) && byte(1) == here {
        text.append(here)
        position += 2
      } else if here == ascii("{") {
        guard let hole = findHole(from: position + 1) else {
          let brace = Span(position, position + 1)
          let message = "`{` in a string opens a value, and no `}` closes it"
          return abandonString(
            from: start, Diagnostic(message, at: brace, hints: ["write {{ for a brace"]))
        }
        if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
        text = []
        pieces.append(.hole(value: hole.value, format: hole.format))
        position = hole.end
      } else {
        text.append(here)
        position += 1
      }
    }
    position += 1
    if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
    append(.string(pieces), from: start)
  }

  /// Gives the string up, with the rest of its line: where it ends is anyone's guess, and guessing again
  /// at each quote would take quadratic time.
  private mutating func abandonString(from start: Int, _ diagnostic: Diagnostic) {
    report(diagnostic)
    skipLine()
    append(.invalid, from: start)
  }

  /// Python's string of several lines, which the language has not.
  private mutating func skipTripleQuoted(_ quote: UInt8, from start: Int) {
    position += 3
    while position < end && !(byte() == quote && byte(1) == quote && byte(2) == quote) {
      position += 1
    }
    position = min(position + 3, end)
    append(.invalid, from: start)
    let hint = "write \\n where a line ends; prose stands in comments, `# ...`"
    report(
      Diagnostic("a string stands on one line", at: Span(start, start + 3), hints: [hint]))
  }

  private func unterminated(_ opening: Int, isPrefixed: Bool) -> Diagnostic {
    let mark = source.text(Span(opening, opening + 1))
    let followsName = tokens.last.map { $0.name != nil && $0.span.end == opening } ?? false
    let hint =
      mark == "'" && (isPrefixed || followsName)
      ? "a name carries no prime: grad(f) is the derivative of f, x.T the transpose of x"
      : "close it with \(mark) on the same line; \\n is a line's end"
    return Diagnostic("unterminated string", at: Span(opening, opening + 1), hints: [hint])
  }

  private mutating func readEscape(into text: inout [UInt8]) {
    let start = position
    let letter = byte(1)
    position += 2
    switch letter {
    case ascii("n"): text.append(0x0A)
    case ascii("t"): text.append(0x09)
    case ascii("r"): text.append(0x0D)
    case ascii("0"): text.append(0)
    case ascii("\\"), ascii("\""), ascii("'"), ascii("{"), ascii("}"): text.append(letter)
    case ascii("x"): readCode(digits: 2, from: start, into: &text)
    case ascii("u"): readCode(digits: 4, from: start, into: &text)
    case ascii("U"): readCode(digits: 8, from: start, into: &text)
    case ascii("\n"), 0:
      position = start + 1  // the string is unterminated, which is said elsewhere
    default:
      position = start + 1
      let length = source.scalar(at: position, before: end).length
      position += length
      let span = Span(start, position)
      let written = source.text(Span(start + 1, position))
      report(
        Diagnostic(
          "unknown escape `\\\(written)` in a string", at: span,
          hints: ["write \\\\\(written), or r\"...\" for a string without escapes"]))
    }
  }

  private mutating func readCode(digits: Int, from start: Int, into text: inout [UInt8]) {
    let first = position
    while position < first + digits, hexadecimal(byte()) { position += 1 }
    let code = UInt32(source.text(Span(first, position)), radix: 16)
    if position == first + digits, let scalar = code.flatMap(Unicode.Scalar.init) {
      text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    } else {
      let message = "an escape with \(digits) hexadecimal digits of a character was expected"
      report(Diagnostic(message, at: Span(start, position)))
    }
  }

  private func hexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20 >= ascii("a") && byte | 0x20 <= ascii("f"))
  }

  /// The places of value and format in a hole that begins here, and the place after its `}`.
  private func findHole(
    from start: Int, nesting: Int = 0
  ) -> (value: Span, format: Span?, end: Int)? {
    guard nesting < 8 else { return nil }
    var depth = 0
    var index = start
    while index < end {
      switch source.bytes[index] {
      case ascii("\n"):
        return nil
      case ascii("("), ascii("["), ascii("{"):
        depth += 1
      case ascii(")"), ascii("]"):
        depth -= 1
      case ascii("}"):
        if depth <= 0 { return (Span(start, index), nil, index + 1) }
        depth -= 1
      case ascii("\""), ascii("'"):
        guard let after = skipString(from: index, nesting: nesting) else { return nil }
        index = after - 1
      case ascii(":") where depth <= 0:
        guard let close = endOfFormat(from: index + 1) else { return nil }
        return (Span(start, index), Span(index + 1, close), close + 1)
      default:
        break
      }
      index += 1
    }
    return nil
  }

  private func endOfFormat(from start: Int) -> Int? {
    for index in start..<max(start, end) {
      let here = source.bytes[index]
      if here == ascii("}") { return index }
      if here == ascii("\n") || isQuote(here) { return nil }
    }
    return nil
  }

  /// The place after a string in a hole.
  private func skipString(from start: Int, nesting: Int) -> Int? {
    let quote = source.bytes[start]
    let isRaw = start > 0 && source.bytes[start - 1] == ascii("r")
    var index = start + 1
    while index < end {
      let here = source.bytes[index]
      if here == quote { return index + 1 }
      if here == ascii("\n") { return nil }
      if here == ascii("\\") && !isRaw {
        index += 1
      } else if here == ascii("{") && !isRaw {
        if index + 1 < end, source.bytes[index + 1] == here {
          index += 1
        } else if let hole = findHole(from: index + 1, nesting: nesting + 1) {
          index = hole.end - 1
        } else {
          return nil
        }
      }
      index += 1
    }
    return nil
  }
}
