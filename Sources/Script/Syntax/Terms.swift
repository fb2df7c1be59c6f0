/// The terms of a sum: what a line of a derivation adds up, each with its sign.
///
///     -x / 2 + c * (a - b)        // -x / 2, c * a, -(c * b)
///     E(z ~ q, f(z) - g(z))       // E(z ~ q, f(z)), -E(z ~ q, g(z))
struct Terms {
  struct Term {
    let expression: Expression
    /// As a reader would write it.
    let text: String
  }

  /// What is linear in its last argument by position.
  private static let linear: Set<String> = ["E", "integrate", "sum", "mean"]
  private static let limit = 40

  private let source: Source

  static func of(_ expression: Expression, in source: Source) -> [Term] {
    let found = Terms(source: source).split(expression, depth: 0)
    return found.count <= limit ? found : []
  }

  private func split(_ expression: Expression, depth: Int) -> [Term] {
    let whole = [Term(expression: expression, text: text(expression))]
    guard depth < 50 else { return whole }
    func inner(_ e: Expression) -> [Term] { split(e, depth: depth + 1) }
    switch expression.kind {
    case .unary(.negate, let operand):
      let terms = inner(operand)
      return terms.count > 1 ? terms.map(negated) : whole
    case .unary(.plus, let operand): return inner(operand)
    case .binary(.add, _, let left, let right): return inner(left) + inner(right)
    case .binary(.subtract, _, let left, let right):
      return inner(left) + inner(right).map(negated)
    case .binary(let symbol, let place, let left, let right)
    where symbol == .multiply || symbol == .divide:
      return product(symbol, place, left, right, expression.span, inner) ?? whole
    case .call(let call): return self.call(call, expression.span, inner) ?? whole
    default: return whole
    }
  }

  /// `c * (a + b)`, `(a + b) * c` and `(a + b) / c`, term by term.
  private func product(
    _ symbol: BinaryOperator, _ place: Span, _ left: Expression, _ right: Expression, _ span: Span,
    _ inner: (Expression) -> [Term]
  ) -> [Term]? {
    func joined(_ a: Expression, _ b: Expression) -> Expression {
      Expression(.binary(symbol, operatorSpan: place, a, b), span)
    }
    let sign = " \(symbol.rawValue) "
    if symbol == .multiply {
      let terms = inner(right)
      if terms.count > 1 {
        return terms.map { term in
          // c * (-t) reads better as -c * t.
          guard case .unary(.negate, let inner) = term.expression.kind, term.text.hasPrefix("-")
          else {
            return Term(
              expression: joined(left, term.expression), text: factor(left) + sign + term.text)
          }
          return negated(
            Term(
              expression: joined(left, inner), text: factor(left) + sign + term.text.dropFirst()))
        }
      }
    }
    let terms = inner(left)
    guard terms.count > 1 else { return nil }
    return terms.map {
      Term(expression: joined($0.expression, right), text: $0.text + sign + factor(right))
    }
  }

  private func call(_ call: Call, _ span: Span, _ inner: (Expression) -> [Term]) -> [Term]? {
    guard case .name(let name) = call.callee.kind, Self.linear.contains(name),
      let place = call.arguments.lastIndex(where: { argument in
        if case .positional = argument.role { true } else { false }
      }), name != "integrate" || place == 2
    else { return nil }
    let changed = name == "integrate" ? 0 : name == "E" ? place : 0
    let argument = call.arguments[changed]
    guard case .positional = argument.role else { return nil }
    var body = argument.value
    var function: Function?
    if name == "integrate" {
      guard case .lambda(let integrand) = body.kind else { return nil }
      function = integrand
      body = integrand.body
    }
    let terms = inner(body)
    guard terms.count > 1 else { return nil }
    let before = call.arguments[..<changed].map { source.flatText($0.span) + ", " }.joined()
    let after = call.arguments[(changed + 1)...].map { ", " + source.flatText($0.span) }.joined()
    return terms.map { term in
      var value = term.expression
      var text = term.text
      if let function {
        value = Expression(
          .lambda(Function(parameters: function.parameters, body: value)), argument.value.span)
        text = function.parameters.map(\.name.text).joined(separator: ", ") + " -> " + text
      }
      var arguments = call.arguments
      arguments[changed] = Argument(role: .positional, value: value, span: argument.span)
      let call = Call(callee: call.callee, arguments: arguments, isCommand: false)
      return Term(
        expression: Expression(.call(call), span), text: "\(name)(\(before)\(text)\(after))")
    }
  }

  private func negated(_ term: Term) -> Term {
    if case .unary(.negate, let operand) = term.expression.kind, term.text.hasPrefix("-") {
      return Term(expression: operand, text: String(term.text.dropFirst()))
    }
    return Term(
      expression: Expression(.unary(.negate, term.expression), term.expression.span),
      text: "-" + parenthesised(term.text, if: term.text.hasPrefix("-")))
  }

  private func factor(_ expression: Expression) -> String {
    switch expression.kind {
    case .binary(.add, _, _, _), .binary(.subtract, _, _, _):
      return parenthesised(text(expression), if: !text(expression).hasPrefix("("))
    default: return text(expression)
    }
  }

  private func parenthesised(_ text: String, if condition: Bool) -> String {
    condition ? "(\(text))" : text
  }

  private func text(_ expression: Expression) -> String { source.flatText(expression.span) }
}

extension Source {
  /// The text of a span on one line: blanks, comments and line ends become single blanks.
  func flatText(_ span: Span) -> String {
    text(span).split(whereSeparator: \.isNewline).map { line in
      line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    .filter { !$0.isEmpty }.joined(separator: " ")
  }
}
