/// How tightly operators bind, loosest first.
enum Precedence: Int, Comparable {
  case or
  case and
  case not
  case comparison
  case pipe
  case compose
  case range
  case sum
  case product
  case sign
  case power

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

  /// The next tighter one.
  var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .power }
}

/// Operators, by precedence climbing.
extension Parser {
  /// `a` or `a, b`, a tuple without its parentheses.
  mutating func expectExpressions() throws(Failure) -> Expression {
    let first = try expectExpression()
    guard token.is(.comma) else { return first }
    var elements = [first]
    while parse(.comma) {
      if token.endsStatement || token.is(.assign) { break }
      elements.append(try expectExpression())
    }
    return Expression(.tuple(elements), span(from: first.span.start))
  }

  mutating func expectExpression(_ loosest: Precedence = .or) throws(Failure) -> Expression {
    try nested { (parser) throws(Failure) in
      var left = try parser.expectPrefix(loosest)
      while let next = parser.infix(token: parser.token), next.precedence >= loosest {
        left = try parser.expectInfix(next, after: left)
        guard left.height <= Parser.heightLimit else {
          throw parser.failure(
            "nested too deeply: more than \(Parser.heightLimit) operations in one expression",
            at: parser.token.span)
        }
      }
      return left
    }
  }

  /// What an infix operator makes of its operands.
  private enum Infix {
    case binary(BinaryOperator, Precedence)
    case comparison(ComparisonOperator)
    /// `not in`
    case absence
    case range

    var precedence: Precedence {
      switch self {
      case .binary(_, let precedence): precedence
      case .comparison, .absence: .comparison
      case .range: .range
      }
    }
  }

  private func infix(token: Token) -> Infix? {
    switch token.kind {
    case .word(.or): .binary(.or, .or)
    case .word(.and): .binary(.and, .and)
    case .word(.in): .binary(.member, .comparison)
    case .word(.not): following.is(.in) ? .absence : nil
    case .symbol(.pipe): .binary(.pipe, .pipe)
    case .symbol(.compose): .binary(.compose, .compose)
    case .symbol(.range): .range
    case .symbol(.plus): .binary(.add, .sum)
    case .symbol(.minus): .binary(.subtract, .sum)
    case .symbol(.star): .binary(.multiply, .product)
    case .symbol(.slash): .binary(.divide, .product)
    case .symbol(.doubleSlash): .binary(.floorDivide, .product)
    case .symbol(.percent): .binary(.remainder, .product)
    case .symbol(.at): .binary(.matrixMultiply, .product)
    case .symbol(.caret): .binary(.power, .power)
    case .symbol(let symbol) where !context.relationEndsExpression:
      symbol.comparison.map { .comparison($0) }
    default: nil
    }
  }

  private mutating func expectInfix(
    _ infix: Infix, after left: Expression
  ) throws(Failure) -> Expression {
    switch infix {
    case .binary(let binary, let precedence):
      let operatorSpan = advance().span
      // A power binds from the right, and its exponent may carry a sign.
      let right = try expectExpression(precedence == .power ? .sign : precedence.tighter)
      return Expression(
        .binary(binary, operatorSpan: operatorSpan, left, right), left.span.union(right.span))
    case .absence:
      advance()
      let operatorSpan = advance().span
      let right = try expectExpression(.pipe)
      let span = left.span.union(right.span)
      let member = Expression(.binary(.member, operatorSpan: operatorSpan, left, right), span)
      return Expression(.unary(.not, member), span)
    case .range:
      advance()
      let high = try expectExpression(.sum)
      guard !token.is(.range) else { throw failure("a range has two ends", at: token.span) }
      return Expression(.range(low: left, high: high), left.span.union(high.span))
    case .comparison:
      var links: [Comparison] = []
      while case .symbol(let symbol) = token.kind, let comparison = symbol.comparison {
        let operatorSpan = advance().span
        let operand = try expectExpression(.pipe)
        links.append(
          Comparison(operator: comparison, operatorSpan: operatorSpan, operand: operand))
      }
      return Expression(.comparison(first: left, links: links), span(from: left.span.start))
    }
  }

  private mutating func expectPrefix(_ loosest: Precedence) throws(Failure) -> Expression {
    let start = token.span.start
    let prefix: UnaryOperator
    switch token.kind {
    case .symbol(.minus): prefix = .negate
    case .symbol(.plus): prefix = .plus
    case .word(.not):
      guard loosest <= .not else {
        throw failure("`not` binds less tightly and takes parentheses here", at: token.span)
      }
      prefix = .not
    default:
      return try expectPostfix()
    }
    advance()
    let operand = try expectExpression(prefix == .not ? .not : .sign)
    return Expression(.unary(prefix, operand), span(from: start))
  }

  /// Calls, indices and members, as many as follow.
  private mutating func expectPostfix() throws(Failure) -> Expression {
    var value = try parsePrimary()
    while case .symbol(let symbol) = token.kind {
      switch symbol {
      case .openParenthesis:
        if case .number = value.kind { throw numberCalled(value) }
        let arguments = try expectParenthesizedArguments()
        value = Expression(
          .call(Call(callee: value, arguments: arguments, isCommand: false)),
          span(from: value.span.start))
      case .openBracket:
        let subscripts = try expectSubscripts()
        value = Expression(
          .index(base: value, subscripts: subscripts), span(from: value.span.start))
      case .dot:
        value = try expectMember(of: value)
      default:
        return value
      }
      guard value.height <= Parser.heightLimit else {
        throw failure(
          "nested too deeply: more than \(Parser.heightLimit) operations in one expression",
          at: token.span)
      }
    }
    return value
  }

  private mutating func expectMember(of base: Expression) throws(Failure) -> Expression {
    advance()
    guard let name = parseLabel() else { throw unexpected("a name") }
    guard token.is(.openParenthesis), !token.followsBlank else {
      return Expression(.member(base: base, name: name), span(from: base.span.start))
    }
    let arguments = try expectParenthesizedArguments()
    return Expression(
      .methodCall(base: base, name: name, arguments: arguments), span(from: base.span.start))
  }

  private mutating func expectParenthesizedArguments() throws(Failure) -> [Argument] {
    try inBrackets { (parser) throws(Failure) in
      parser.token.is(.closeParenthesis) ? [] : try parser.expectArguments()
    }
  }
}

extension Symbol {
  var comparison: ComparisonOperator? {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .approximately: .approximately
    default: nil
    }
  }
}
