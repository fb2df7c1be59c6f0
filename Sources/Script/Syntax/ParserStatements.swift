/// Statements: assignments, definitions, draws, control.
extension Parser {
  mutating func parseStatement() throws(Failure) -> Statement {
    try nested { (parser) throws(Failure) in
      let start = parser.token.span.start
      let kind = try parser.parseStatementKind()
      return Statement(kind, parser.span(from: start))
    }
  }

  private mutating func parseStatementKind() throws(Failure) -> Statement.Kind {
    switch token.kind {
    case .word(.if):
      return .expression(try parsePrimary(), isSilenced: true)
    case .word(.for):
      return try parseFor()
    case .word(.while):
      advance()
      let condition = try expectCondition()
      return .while(condition: condition, body: try expectLoopBody("while"))
    case .word(.break), .word(.continue):
      guard context.isInLoop else {
        throw misplaced("a loop")
      }
      return advance().is(.break) ? .break : .continue
    case .word(.return):
      return try parseReturn()
    case .symbol(.question):
      return try parseHelp()
    case .name(let name):
      if let failure = foreignStatement(name) { throw failure }
      if let words = try parseWordStatement(name) { return words }
      if let command = try parseCommand() { return command }
      return try parseSimpleStatement()
    case .symbol(let symbol) where symbol.opensNoLine:
      throw lineBegins(with: symbol)
    case .symbol(let symbol) where symbol.isCloser:
      throw failure("`\(symbol.rawValue)` closes nothing", at: token.span)
    default:
      return try parseSimpleStatement()
    }
  }

  private mutating func parseFor() throws(Failure) -> Statement.Kind {
    advance()
    let pattern = try expectPattern()
    try expectIn()
    let values = try expectExpression()
    return .for(pattern, in: values, body: try expectLoopBody("for"))
  }

  mutating func expectIn() throws(Failure) {
    guard token.is(.in) else {
      throw unexpected("`in`", hint: "it is `for x in xs`, and `for i in 1..n` to count")
    }
    advance()
  }

  private mutating func parseReturn() throws(Failure) -> Statement.Kind {
    guard context.isInFunction else { throw misplaced("a function") }
    advance()
    return .return(token.endsStatement ? nil : try expectExpressions())
  }

  /// An expression, or what an `=`, `+=` or `~` after it makes of it.
  private mutating func parseSimpleStatement() throws(Failure) -> Statement.Kind {
    let first = try expectExpressions()
    if token.is(.assign) { return try expectAssignment(of: first) }
    if parse(.tilde) {
      return .draw(try pattern(first), from: try expectExpression())
    }
    if case .symbol(let symbol) = token.kind, let augmented = symbol.augmentedOperator {
      let operatorSpan = advance().span
      let target = try target(first)
      if case .tuple = target {
        throw failure("`\(symbol.rawValue)` changes one name at a time", at: first.span)
      }
      let value = try expectExpressions()
      return .augment(
        target: target, operator: augmented, operatorSpan: operatorSpan, value: value)
    }
    return .expression(first, isSilenced: false)
  }

  private mutating func expectAssignment(of first: Expression) throws(Failure) -> Statement.Kind {
    advance()
    if case .call(let call) = first.kind, case .name(let name) = call.callee.kind {
      let parameters = try parameters(call.arguments, hint: "for a comparison write `==`")
      let body = try inFunction { (parser) throws(Failure) in try parser.expectExpressions() }
      let function = Function(parameters: parameters, body: body)
      return .define(name: Name(name, call.callee.span), function: function)
    }
    var targets = [try target(first)]
    var value = try expectExpressions()
    while parse(.assign) {
      targets.append(try target(value))
      value = try expectExpressions()
    }
    return .assign(targets: targets, value: value)
  }

  /// Does `body` as in a function, where `return` may stand and the loops outside cannot be left.
  mutating func inFunction<Result>(
    _ body: (inout Parser) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outer = context
    defer { context = outer }
    context.isInFunction = true
    context.isInLoop = false
    return try body(&self)
  }

  private mutating func expectLoopBody(_ word: String) throws(Failure) -> Block {
    let outer = context
    defer { context = outer }
    context.isInLoop = true
    return try expectBlock(of: word)
  }

  /// The condition of an `if` or a `while`, before its block.
  mutating func expectCondition() throws(Failure) -> Expression {
    let outer = context
    defer { context = outer }
    context.relationEndsExpression = false
    let condition = try expectExpression()
    if token.is(.assign) {
      throw failure(
        "`=` assigns; a condition compares", at: token.span, hints: ["write `==` for equality"])
    }
    return condition
  }

  /// A block in braces, where one must stand.
  mutating func expectBlock(of word: String) throws(Failure) -> Block {
    guard token.is(.openBrace) else { throw missingBlock(of: word) }
    return try parseBlock()
  }

  mutating func parseBlock() throws(Failure) -> Block {
    let outer = context
    defer { context = outer }
    let opener = tokenIndex
    let start = advance().span.start
    context.ignoresNewlines = false
    context.relationEndsExpression = false
    context.isInBlock = true
    let statements = parseStatements()
    guard token.is(.closeBrace) else { throw unclosed(opener, .closeBrace) }
    advance()
    return Block(statements: statements, span: span(from: start))
  }
}

extension Symbol {
  /// Whether it is an operator that needs a value before it, and so no line begins with it.
  var opensNoLine: Bool {
    switch self {
    case .openParenthesis, .openBracket, .openBrace, .minus, .closeParenthesis, .closeBracket,
      .closeBrace, .question, .ellipsis, .semicolon:
      false
    default: true
    }
  }
}
