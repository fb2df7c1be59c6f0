/// Tells where a minus changes nothing: before what only a density sees that is even, and before a draw
/// that is as likely with the other sign.
struct Symmetries {
  /// What distributions symmetric about zero are called.
  private var names: Set<String> = []

  /// Learns from a statement that is carried out.
  mutating func follow(_ statement: Statement) {
    var bound: Set<String> = []
    Self.bind(statement, &bound)
    let before = self
    names.subtract(bound)
    guard case .assign(let targets, let value) = statement.kind, before.isEven(value) else {
      return
    }
    for case .name(let name) in targets { names.insert(name.text) }
  }

  /// Those that hold within a statement, whatever names it binds itself.
  func within(_ statement: Statement) -> Symmetries {
    var inner = self
    var bound: Set<String> = []
    Self.bind(statement, &bound)
    inner.names.subtract(bound)
    return inner
  }

  /// Whether it is a density symmetric about zero.
  func isEven(_ distribution: Expression) -> Bool {
    switch distribution.kind {
    case .name(let name): return names.contains(name)
    case .call(let call):
      guard case .name(let family) = call.callee.kind, Self.families.contains(family),
        let first = call.arguments.first, case .positional = first.role,
        case .number(0) = first.value.kind
      else { return false }
      return true
    default: return false
    }
  }

  /// Families whose first parameter is what they are symmetric about.
  private static let families: Set = ["normal", "laplace", "logistic"]

  /// What an even density is asked for: `prior.log_prob(z)`.
  func evenArgument(_ kind: Expression.Kind) -> Expression? {
    guard case .methodCall(let base, let name, let arguments) = kind, arguments.count == 1,
      ["prob", "log_prob"].contains(name.text), isEven(base), case .positional = arguments[0].role
    else { return nil }
    return arguments[0].value
  }

  /// The places in a call before which a minus turns round a draw, or what is integrated over, and nothing else.
  func reflections(_ call: Call) -> [Span] {
    guard case .name(let name) = call.callee.kind else { return [] }
    if name == "integrate" { return integration(call) }
    return call.arguments.enumerated().flatMap { i, argument -> [Span] in
      guard case .drawn(.name(let variable)) = argument.role, isEven(argument.value) else {
        return []
      }
      return only(variable.text, in: call.arguments[(i + 1)...].map(\.value))
    }
  }

  /// Of `integrate(z -> f(z), -c, c)`.
  private func integration(_ call: Call) -> [Span] {
    guard call.arguments.count >= 3, case .lambda(let f) = call.arguments[0].value.kind,
      f.parameters.count == 1,
      case .unary(.negate, let low) = call.arguments[1].value.kind,
      case .name(let a) = low.kind, case .name(let b) = call.arguments[2].value.kind, a == b
    else { return [] }
    return only(f.parameters[0].name.text, in: [f.body])
  }

  /// The one place where a name stands, apart from those where its sign does not count.
  private func only(_ name: String, in expressions: [Expression]) -> [Span] {
    var places: [Span] = []
    for expression in expressions { collect(name, expression, &places) }
    return places.count == 1 ? places : []
  }

  private func collect(_ name: String, _ expression: Expression, _ places: inout [Span]) {
    func isName(_ expression: Expression) -> Bool {
      if case .name(name) = expression.kind { true } else { false }
    }
    var found = places
    if isName(expression) { found.append(expression.span) }
    if let argument = evenArgument(expression.kind), isName(argument) { return }
    if case .binary(let symbol, _, let left, let right) = expression.kind,
      symbol.ignoresSign(right), isName(left)
    {
      return
    }
    // Two places are too many: what binds names, or statements, is not looked into.
    let opaque = [expression.span, expression.span]
    if case .lambda = expression.kind { found += opaque }
    expression.kind.forEachChild({ collect(name, $0, &found) }, { _ in found += opaque })
    places = found
  }

  // MARK: Names bound

  private static func bind(_ statement: Statement, _ names: inout Set<String>) {
    var found = names
    switch statement.kind {
    case .assign(let targets, _): for case .name(let name) in targets { found.insert(name.text) }
    case .augment(.name(let name), _, _, _): found.insert(name.text)
    case .define(let name, let function):
      found.insert(name.text)
      found.formUnion(function.parameters.map(\.name.text))
    case .draw(let pattern, _), .for(let pattern, _, _):
      found.formUnion(pattern.names.map(\.text))
    case .derive(let derivation):
      for source in derivation.sources {
        switch source {
        case .each(let pattern, _), .drawn(let pattern, _):
          found.formUnion(pattern.names.map(\.text))
        }
      }
    default: break
    }
    statement.kind.forEachChild({ bind($0, &found) }, { bind($0, &found) })
    names = found
  }

  private static func bind(_ expression: Expression, _ names: inout Set<String>) {
    var found = names
    switch expression.kind {
    case .lambda(let function): found.formUnion(function.parameters.map(\.name.text))
    case .call(let call):
      for argument in call.arguments {
        if case .drawn(let pattern) = argument.role { found.formUnion(pattern.names.map(\.text)) }
      }
    case .comprehension(_, let clauses):
      for case .each(let pattern, _) in clauses { found.formUnion(pattern.names.map(\.text)) }
    default: break
    }
    expression.kind.forEachChild({ bind($0, &found) }, { bind($0, &found) })
    names = found
  }
}
