import Script
import Tensors

extension Interpreter {
  /// What training a value changes: its variables, those of its parts, and those that a function uses; each once.
  func parameters(of value: Value) -> [Variable] {
    var seen: Set<ObjectIdentifier> = []
    var visited: Set<ObjectIdentifier> = []
    var found: [Variable] = []
    func add(_ variable: Variable) {
      if seen.insert(ObjectIdentifier(variable)).inserted { found.append(variable) }
    }
    func visit(_ value: Value) {
      switch value {
      case .variable(let variable): add(variable)
      case .object(let object): object.variables.forEach(add)
      case .record(let record):
        if visited.insert(ObjectIdentifier(record)).inserted { record.values.forEach(visit) }
      case .list(let list):
        if visited.insert(ObjectIdentifier(list)).inserted { list.elements.forEach(visit) }
      case .tuple(let elements): elements.forEach(visit)
      case .function(let function):
        if visited.insert(ObjectIdentifier(function)).inserted {
          function.referenced(in: self).forEach(visit)
        }
      default: break
      }
    }
    visit(value)
    return found
  }
}
