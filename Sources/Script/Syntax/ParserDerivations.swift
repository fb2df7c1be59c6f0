/// `derive "title", for x in xs, wrt=[m] { let ...; lines }`.
extension Parser {
  mutating func expectDerivation() throws(Failure) -> Derivation {
    var title: Expression?
    var sources: [Derivation.Source] = []
    var options: [Argument] = []
    while !token.is(.openBrace) {
      if token.is(.for) {
        sources.append(try expectSource())
      } else {
        let argument = try expectArgument()
        switch argument.role {
        case .labelled:
          options.append(argument)
        case .positional where title == nil && sources.isEmpty && options.isEmpty:
          title = argument.value
        case .positional, .drawn:
          throw failure(
            "after the title stand `for x in xs`, `for x ~ q` and `wrt=[...]`", at: argument.span)
        }
      }
      guard token.is(.openBrace) || token.is(.comma) else {
        throw unexpected("`,` or the `{` of the derivation")
      }
      _ = parse(.comma)
    }
    let wrt = options.filter { $0.isLabelled("wrt") }.flatMap { $0.value.elements }
    options.removeAll { $0.isLabelled("wrt") }
    let (lets, lines) = try expectDerivationBody()
    return Derivation(
      title: title, sources: sources, wrt: wrt, options: options, lets: lets, lines: lines)
  }

  private mutating func expectSource() throws(Failure) -> Derivation.Source {
    advance()
    let pattern = try expectPattern()
    if parse(.tilde) { return .drawn(pattern, from: try expectExpression()) }
    guard token.is(.in) else { throw unexpected("`in` or `~`") }
    advance()
    return .each(pattern, in: try expectExpression())
  }

  private mutating func expectDerivationBody() throws(Failure) -> ([Statement], [Derivation.Line]) {
    let opener = tokens[tokenIndex].span
    let outer = context
    defer { context = outer }
    context.isInLoop = false
    context.isInBlock = true
    return try inBrackets { (parser) throws(Failure) in
      let lets = try parser.expectLets()
      parser.context.ignoresNewlines = true
      parser.context.relationEndsExpression = true
      var lines = [try parser.expectFirstLine(of: opener)]
      while let relation = try parser.parseRelation() {
        lines.append(try parser.expectLine(relation.0, relation.1))
      }
      if !parser.token.is(.closeBrace) && parser.token.kind != .end {
        let hint =
          switch true {
          case parser.token.is(name: "gap"): "what the gap is comes after an `=`: `gap = kl(q, p)`"
          case lines.last?.reason != nil: "a reason is a text: `because \"Bayes' rule\"`"
          default: "each line after the first begins with one of = >= <= > < ≈"
          }
        throw parser.unexpected(
          "a relation, `because`, `gap =` or the `}` of the derivation", hint: hint)
      }
      guard lines.count > 1 || parser.token.kind == .end else {
        throw parser.failure(
          "a derivation needs a second line, which begins with a relation", at: opener)
      }
      return (lets, lines)
    }
  }

  /// The `let` lines that open the braces; their line ends count.
  private mutating func expectLets() throws(Failure) -> [Statement] {
    context.ignoresNewlines = false
    var lets: [Statement] = []
    while true {
      while token.kind == .newline || token.is(.semicolon) { advance() }
      guard token.is(name: "let"), case .name = following.kind else { return lets }
      advance()
      let statement = try parseStatement()
      switch statement.kind {
      case .assign, .define: lets.append(statement)
      default:
        throw failure("`let` gives a name a value: `let q = normal(0, 1)`", at: statement.span)
      }
      guard token.endsStatement else { throw unexpectedAfterStatement() }
    }
  }

  private mutating func expectFirstLine(of opener: Span) throws(Failure) -> Derivation.Line {
    if token.is(.closeBrace) {
      throw failure("an empty derivation", at: opener)
    }
    if case .symbol(let symbol) = token.kind, Derivation.Relation(symbol) != nil {
      throw failure(
        "the first line of a derivation has no relation, since no line is above it", at: token.span)
    }
    return try expectLine(nil, token.span)
  }

  private mutating func parseRelation() throws(Failure) -> (Derivation.Relation, Span)? {
    guard case .symbol(let symbol) = token.kind else { return nil }
    if symbol == .equal {
      throw failure(
        "the lines of a derivation are joined by `=`", at: token.span,
        hints: ["write `=`, or put a comparison in parentheses"])
    }
    if symbol == .notEqual {
      throw failure(
        "`\(text(token))` joins no lines of a derivation", at: token.span,
        hints: ["the relations are = >= <= > < ≈"])
    }
    guard let relation = Derivation.Relation(symbol) else { return nil }
    return (relation, advance().span)
  }

  private mutating func expectLine(
    _ relation: Derivation.Relation?, _ relationSpan: Span
  ) throws(Failure) -> Derivation.Line {
    let expression = try expectExpression()
    var gap: Expression?
    var reason: Expression?
    while true {
      if token.is(name: "gap"), following.is(.assign), gap == nil {
        advance()
        advance()
        gap = try expectExpression()
      } else if token.is(name: "because"), reason == nil {
        advance()
        reason = try expectExpression()
      } else {
        return Derivation.Line(
          relation: relation, relationSpan: relation == nil ? expression.span : relationSpan,
          expression: expression, gap: gap, reason: reason)
      }
    }
  }
}

extension Derivation.Relation {
  init?(_ symbol: Symbol) {
    switch symbol {
    case .assign: self = .equal
    case .greaterOrEqual: self = .greaterOrEqual
    case .lessOrEqual: self = .lessOrEqual
    case .greater: self = .greater
    case .less: self = .less
    case .approximately: self = .approximately
    default: return nil
    }
  }
}

extension Argument {
  fileprivate func isLabelled(_ text: String) -> Bool {
    if case .labelled(let name) = role { name.text == text } else { false }
  }
}

extension Expression {
  fileprivate var elements: [Expression] {
    switch kind {
    case .list(let elements), .tuple(let elements): elements
    default: [self]
    }
  }
}
