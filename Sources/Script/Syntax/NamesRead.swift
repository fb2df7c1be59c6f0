/// Finds the names that a derivation reads, those of its draws and functions included.
enum NamesRead {
  static func of(_ derivation: Derivation) -> Set<String> {
    var names: Set<String> = []
    derivation.forEachChild({ visit($0, &names) }, { visit($0, &names) })
    return names
  }

  /// The names among expressions, other than those of methods.
  static func of(_ expressions: [Expression]) -> Set<String> {
    var names: Set<String> = []
    for expression in expressions { visit(expression, &names) }
    return names
  }

  /// The names that stand for values in a formula, in order: none that is only called.
  static func values(of expression: Expression) -> [String] {
    var names: [String] = []
    visitValues(expression, &names)
    return names
  }

  private static func visitValues(_ expression: Expression, _ names: inout [String]) {
    var found = names
    switch expression.kind {
    case .name(let name): if !found.contains(name), name != "inf" { found.append(name) }
    case .call(let call):
      if case .name = call.callee.kind {} else { visitValues(call.callee, &found) }
      for argument in call.arguments { visitValues(argument.value, &found) }
    default: expression.kind.forEachChild({ visitValues($0, &found) }, { _ in })
    }
    names = found
  }

  private static func visit(_ expression: Expression, _ names: inout Set<String>) {
    switch expression.kind {
    case .name(let name): names.insert(name)
    case .methodCall(_, let name, _): names.insert(name.text)
    default: break
    }
    var found = names
    expression.kind.forEachChild({ visit($0, &found) }, { visit($0, &found) })
    names = found
  }

  private static func visit(_ statement: Statement, _ names: inout Set<String>) {
    var found = names
    statement.kind.forEachChild({ visit($0, &found) }, { visit($0, &found) })
    names = found
  }
}
