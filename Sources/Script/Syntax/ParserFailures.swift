/// What the parser says: the messages that more than one place gives, or that need a look around.
extension Parser {
  mutating func report(_ diagnostic: Diagnostic) {
    guard diagnostics.count < 10 * Parser.diagnosticLimit else { return }
    diagnostics.append(diagnostic)
  }

  func failure(_ message: String, at span: Span, hints: [String] = []) -> Failure {
    Failure(diagnostic: Diagnostic(message, at: span, hints: hints))
  }

  func text(_ token: Token) -> String { source.text(token.span) }

  func text(_ span: Span) -> String { source.text(span) }

  /// How a message calls a token.
  func description(_ token: Token) -> String {
    switch token.kind {
    case .end, .newline: "the end of the line"
    case .string: "a string"
    case .word(let word): "`\(word.rawValue)`"
    default: "`\(text(token))`"
    }
  }

  /// How a message calls an expression that stands where it cannot.
  func description(_ expression: Expression) -> String {
    switch expression.kind {
    case .number: "a number"
    case .string: "a string"
    case .boolean, .none: "`\(text(expression.span))`"
    case .call, .methodCall: "a call"
    case .record: "a record"
    case .list, .comprehension: "a list"
    case .lambda: "a function"
    case .comparison: "a comparison"
    default: "an expression"
    }
  }

  /// The current token stands where something else must.
  func unexpected(_ expected: String, hint: String? = nil) -> Failure {
    if token.kind == .invalid { return Failure(diagnostic: nil) }
    let message = "expected \(expected), found \(description(token))"
    let place = token.kind == .newline || token.kind == .end ? endOfLine() : token.span
    return failure(message, at: place, hints: [hint ?? hintForUnexpected()].compactMap { $0 })
  }

  /// Just past the last token of the line, where what is missing should stand.
  private func endOfLine() -> Span { Span(previousEnd, previousEnd + 1) }

  private func hintForUnexpected() -> String? {
    switch token.kind {
    case .symbol(.assign):
      return "`=` assigns and stands in statements only; write `==` for equality"
    case .symbol(.greater) where previousTouches(.assign):
      return "write `>=`, or `->` for a function"
    case .symbol(.less) where previousTouches(.assign):
      return "write `<=`"
    case .symbol(.greater) where previousTouches(.less):
      return "write `!=`"
    case .word(.return):
      return "a function's value is its last expression: `f(x) = x^2`"
    case .word(.else):
      return "`else` follows the `}` of its `if` on the same line: `} else {`"
    case .newline, .end, .symbol(.semicolon):
      guard index > 2, case .symbol(let sign) = tokens[index - 1].kind, tokens[index - 2].is(sign),
        sign == .plus || sign == .minus
      else { return nil }
      return "write `\(text(tokens[index - 3])) \(sign.rawValue)= 1`"
    default:
      return nil
    }
  }

  private func previousTouches(_ symbol: Symbol) -> Bool {
    index > 0 && tokens[index - 1].is(symbol) && !token.followsBlank
  }

  /// A `break` or `return` out of its place; not worth saying after other errors, which may have hidden it.
  func misplaced(_ place: String) -> Failure {
    guard diagnostics.isEmpty else { return Failure(diagnostic: nil) }
    return failure("`\(text(token))` outside \(place)", at: token.span)
  }

  /// A bracket's closer is missing: said at the bracket if nothing closes it, else where it should be.
  mutating func unclosed(_ opener: Int, _ closer: Symbol) -> Failure {
    if token.kind == .invalid { return Failure(diagnostic: nil) }
    let span = tokens[opener].span
    let isWrongCloser = if case .symbol(let symbol) = token.kind { symbol.isCloser } else { false }
    if closers[opener] < 0 && !isWrongCloser {
      if token.kind == .end {
        guard !hasReportedOpenEnd else { return Failure(diagnostic: nil) }
        hasReportedOpenEnd = true
      }
      return failure("`\(text(span))` is never closed", at: span)
    }
    let expected =
      closer == .closeBrace && closers[opener] > 0 ? "`,` or `}`" : "`\(closer.rawValue)`"
    var diagnostic = Diagnostic(
      "expected \(closer == .closeBrace || isWrongCloser ? expected : "`,` or " + expected), "
        + "found \(description(token))", at: token.span)
    if isWrongCloser { diagnostic.labels = [.init(span, "`\(text(span))` is opened here")] }
    let hint: String? =
      switch token.kind {
      case .symbol(.assign): hintForUnexpected()
      case .word(.in): "a loop stands without parentheses: `for x in xs { ... }`"
      case .symbol(.semicolon) where closer == .closeBracket:
        "a matrix is a bracket of its rows: `[[1, 2], [3, 4]]`"
      default: productHint()
      }
    diagnostic.hints = [hint].compactMap { $0 }
    return Failure(diagnostic: diagnostic)
  }

  /// After a statement something follows that belongs to no statement.
  func unexpectedAfterStatement() -> Failure {
    if token.kind == .invalid { return Failure(diagnostic: nil) }
    var hint = juxtapositionHint()
    switch token.kind {
    case .symbol(let symbol) where symbol.isCloser:
      return failure("`\(symbol.rawValue)` closes nothing", at: token.span)
    case .symbol(.colon):
      return failure(
        "expected the end of the statement, found `:`", at: token.span, hints: [colonHint()])
    case .symbol(.openBrace) where tokens[max(0, index - 1)].is(.closeParenthesis):
      hint = "a function is written `f(x) = { ... }`"
    case .word(.if):
      hint = "write `if condition { a } else { b }`"
    case .word(.else):
      hint = hintForUnexpected()
    case .word(.for):
      hint = "a comprehension stands in brackets: `[f(x) for x in xs]`"
    default:
      break
    }
    return failure(
      "expected the end of the statement, found \(description(token))", at: token.span,
      hints: [hint].compactMap { $0 })
  }

  private func colonHint() -> String {
    if following.is(.assign) { return "write `=`" }
    return following.kind == .newline || following.kind == .end
      ? "blocks stand in braces: `{ ... }`" : "a name needs no type: `x = 3`"
  }

  /// For `2x`.
  private func productHint() -> String? {
    guard index > 0, case .number = tokens[index - 1].kind, case .name = token.kind,
      !token.followsBlank
    else { return nil }
    return "a product needs its `*`: `\(text(tokens[index - 1])) * \(text(token))`"
  }

  /// For two values without an operator between them.
  private func juxtapositionHint() -> String? {
    let last = index > 0 ? tokens[index - 1] : token
    switch (last.kind, token.kind) {
    case (.number, .name):
      return "a product needs its `*`: `\(text(last)) * \(text(token))`"
    case (.name("is"), _), (_, .name("is")):
      return "write `==`"
    case (.name(let name), .string), (.name(let name), .number), (.name(let name), .name):
      return "only a statement is a command; write `\(name)(\(text(token)))`"
    default:
      return nil
    }
  }

  func numberCalled(_ number: Expression) -> Failure {
    let written = text(number.span)
    return failure(
      "a number is no function", at: token.span,
      hints: ["a product needs its `*`: `\(written) * (...)`"])
  }

  func lineBegins(with symbol: Symbol) -> Failure {
    if symbol == .doubleSlash || (symbol == .slash && following.is(.star)) {
      return failure(
        "a line cannot begin with `\(text(token))`", at: token.span,
        hints: ["a comment begins with `#`"])
    }
    let hint =
      symbol == .dot
      ? "put the whole in parentheses, or join it to the line before"
      : "end the line before with `\(symbol.rawValue)`, or put the whole in parentheses"
    return failure("a line cannot begin with `\(text(token))`", at: token.span, hints: [hint])
  }

  func missingBlock(of word: String) -> Failure {
    switch token.kind {
    case .symbol(.colon):
      return failure(
        "expected `{` after `\(word)`, found `:`", at: token.span,
        hints: ["blocks stand in braces: `\(word) ... { ... }`"])
    case .newline where tokens[min(index + 1, tokens.count - 1)].is(.openBrace):
      return unexpected("`{` after `\(word)`", hint: "put the `{` on the line of its `\(word)`")
    default:
      let hint = word == "if" ? "blocks stand in braces: `if c { a } else { b }`" : nil
      return unexpected("`{` after `\(word)`", hint: hint)
    }
  }

  /// `f (x) + 1` may mean `f(x) + 1` or `f((x) + 1)`.
  func ambiguousCommand(_ callee: Expression, _ closer: Int) -> Failure {
    let open = tokenIndex
    var last = closer
    while !tokens[last + 1].endsStatement && !tokens[last + 1].is(.comma) {
      last += 1
      if closers[last] > 0 { last = closers[last] }
    }
    let name = text(callee.span)
    let group = text(Span(tokens[open].span.start, tokens[closer].span.end))
    let rest = text(Span(tokens[closer].span.end, tokens[last].span.end))
    let whole = Span(callee.span.start, tokens[last].span.end)
    return failure(
      "`\(text(whole))` can be read in two ways", at: whole,
      hints: ["write `\(name)\(group)\(rest)` or `\(name)(\(group)\(rest))`"])
  }

  /// What follows the arguments of a command.
  func unexpectedInCommand(_ callee: Expression, _ arguments: [Argument]) -> Failure {
    let name = text(callee.span)
    if token.is(.assign), arguments.count == 1, case .list = arguments[0].value.kind {
      let written = text(arguments[0].span)
      return failure(
        "`\(name) \(written)` calls `\(name)`, and a call cannot be assigned to", at: token.span,
        hints: ["write `\(name)\(written) = ...`"])
    }
    if case .symbol(let symbol) = token.kind, symbol.isCloser { return unexpectedAfterStatement() }
    if token.is(.colon) || token.is(.if) || token.is(.else) { return unexpectedAfterStatement() }
    let hint = tokens[max(0, index - 1)].is(name: "is") ? "write `==`" : productHint()
    return unexpected("`,` or the end of the line after the arguments of `\(name)`", hint: hint)
  }
}
