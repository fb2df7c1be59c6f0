/// Values that no operator makes: literals, names, brackets, functions, `if`.
extension Parser {
  mutating func parsePrimary() throws(Failure) -> Expression {
    let start = token.span
    switch token.kind {
    case .number(let value):
      advance()
      return Expression(.number(value), start)
    case .string(let pieces):
      advance()
      return Expression(.string(try parts(of: pieces)), start)
    case .word(.true), .word(.false):
      return Expression(.boolean(advance().is(.true)), start)
    case .word(.none):
      advance()
      return Expression(.none, start)
    case .word(.if):
      return try parseConditional()
    case .name(let name):
      if following.is(.arrow) { return try parseLambda() }
      if let failure = foreignExpression(name) { throw failure }
      advance()
      return Expression(.name(name), start)
    case .symbol(.openParenthesis):
      let closer = closers[tokenIndex]
      if closer > 0, tokens[closer + 1].is(.arrow) { return try parseLambda() }
      return try parseParenthesized()
    case .symbol(.openBracket):
      return try parseList()
    case .symbol(.openBrace):
      return try parseRecordOrBlock()
    default:
      throw unexpected("a value")
    }
  }

  private mutating func parts(of pieces: [StringPiece]) throws(Failure) -> [StringPart] {
    var parts: [StringPart] = []
    for piece in pieces {
      switch piece {
      case .text(let text):
        parts.append(.text(text))
      case .hole(let value, let format):
        let expression = try parseHole(value)
        parts.append(.interpolation(expression, try format.map(parseFormat)))
      }
    }
    return parts
  }

  /// The value between the braces of a string.
  private mutating func parseHole(_ span: Span) throws(Failure) -> Expression {
    var inner = Parser(source, span)
    inner.depth = depth
    defer {
      for diagnostic in inner.diagnostics { report(diagnostic) }
    }
    guard inner.token.kind != .end else {
      throw failure(
        "nothing between `{` and `}` in a string", at: Span(span.start - 1, span.end + 1),
        hints: ["write {{ and }} for braces"])
    }
    let value = try inner.expectExpressions()
    guard inner.token.kind == .end else { throw inner.unexpected("`}` or `:`") }
    return value
  }

  private func parseFormat(_ span: Span) throws(Failure) -> FormatSpecification {
    let text = source.text(span)
    guard let format = FormatSpecification(text) else {
      throw failure(
        "`\(text)` is no format", at: span,
        hints: ["`.3f` gives three decimals, `8.2f` eight places in all, `.2e` an exponent"])
    }
    return format
  }

  private mutating func parseConditional() throws(Failure) -> Expression {
    let start = token.span.start
    var branches: [Conditional.Branch] = []
    repeat {
      advance()
      let condition = try expectCondition()
      branches.append(.init(condition: condition, block: try expectBlock(of: "if")))
      guard token.is(.else) else {
        let conditional = Conditional(branches: branches, otherwise: nil)
        return Expression(.conditional(conditional), span(from: start))
      }
      advance()
    } while token.is(.if)
    let conditional = Conditional(branches: branches, otherwise: try expectBlock(of: "else"))
    return Expression(.conditional(conditional), span(from: start))
  }

  /// `x -> body` or `(x, y=1) -> body`, the body as far right as it can.
  private mutating func parseLambda() throws(Failure) -> Expression {
    let start = token.span.start
    var parameters: [Parameter] = []
    if case .name(let name) = token.kind {
      parameters.append(Parameter(name: Name(name, advance().span), defaultValue: nil))
    } else {
      let arguments = try inBrackets { (parser) throws(Failure) in
        parser.token.is(.closeParenthesis) ? [] : try parser.expectArguments()
      }
      parameters = try self.parameters(arguments)
    }
    try expect(.arrow)
    let body = try inFunction { (parser) throws(Failure) in try parser.expectExpression() }
    return Expression(.lambda(Function(parameters: parameters, body: body)), span(from: start))
  }

  private mutating func parseParenthesized() throws(Failure) -> Expression {
    let start = token.span.start
    let kind = try inBrackets { (parser) throws(Failure) -> Expression.Kind in
      if parser.token.is(.closeParenthesis) { return .tuple([]) }
      let first = try parser.expectExpression()
      if parser.token.is(.for) {
        return .comprehension(element: first, clauses: try parser.expectClauses())
      }
      if parser.token.is(.assign) {
        throw parser.failure(
          "`=` assigns and stands in no value", at: parser.token.span,
          hints: ["write `==` for equality"])
      }
      guard parser.token.is(.comma) else { return first.kind }
      return .tuple(try parser.expectElements(after: first, until: .closeParenthesis))
    }
    return Expression(kind, span(from: start))
  }

  private mutating func parseList() throws(Failure) -> Expression {
    let start = token.span.start
    let kind = try inBrackets { (parser) throws(Failure) -> Expression.Kind in
      if parser.token.is(.closeBracket) { return .list([]) }
      let first = try parser.expectExpression()
      if parser.token.is(.for) {
        return .comprehension(element: first, clauses: try parser.expectClauses())
      }
      return .list(try parser.expectElements(after: first, until: .closeBracket))
    }
    return Expression(kind, span(from: start))
  }

  private mutating func expectElements(
    after first: Expression, until closer: Symbol
  ) throws(Failure) -> [Expression] {
    var elements = [first]
    while parse(.comma) {
      if token.is(closer) { break }
      elements.append(try expectExpression())
    }
    return elements
  }

  /// The `for` and `if` clauses of a comprehension.
  mutating func expectClauses() throws(Failure) -> [Clause] {
    var clauses: [Clause] = []
    while true {
      if token.is(.for) {
        advance()
        let pattern = try expectPattern()
        try expectIn()
        clauses.append(.each(pattern, in: try expectExpression()))
      } else if token.is(.if) {
        advance()
        clauses.append(.only(try expectExpression()))
      } else {
        return clauses
      }
    }
  }

  /// A record if `name:` or `}` follows the brace, else a block.
  private mutating func parseRecordOrBlock() throws(Failure) -> Expression {
    let start = token.span.start
    if startsRecord() {
      let fields = try inBrackets { (parser) throws(Failure) in try parser.expectFields() }
      return Expression(.record(fields), span(from: start))
    }
    return Expression(.block(try parseBlock()), span(from: start))
  }

  private func startsRecord() -> Bool {
    var next = tokenIndex + 1
    if tokens[next].kind == .newline { next += 1 }
    if tokens[next].is(.closeBrace) { return true }
    switch tokens[next].kind {
    case .name, .word, .string: return tokens[next + 1].is(.colon)
    default: return false
    }
  }

  private mutating func expectFields() throws(Failure) -> [Field] {
    var fields: [Field] = []
    var seen: Set<String> = []
    while !token.is(.closeBrace) {
      let name = try expectFieldName()
      guard seen.insert(name.text).inserted else {
        throw failure("two fields named `\(name.text)`", at: name.span)
      }
      try expect(.colon, " after the field `\(name.text)`")
      fields.append(Field(name: name, value: try expectExpression()))
      guard parse(.comma) else { break }
    }
    return fields
  }

  private mutating func expectFieldName() throws(Failure) -> Name {
    if let name = parseLabel() { return name }
    if case .string(let pieces) = token.kind {
      switch (pieces.first, pieces.count) {
      case (nil, _): return Name("", advance().span)
      case (.text(let text), 1): return Name(text, advance().span)
      default: break
      }
    }
    throw unexpected("the name of a field")
  }
}
