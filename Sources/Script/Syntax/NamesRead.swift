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
