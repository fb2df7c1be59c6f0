import Tensors

extension Interpreter {
  /// What training a value changes: its own variables, those of its parts, and those of what a
  /// function uses; each once, in the order in which they are met, with the path that led there.
  package func parameterPaths(of value: Value) -> [(path: String, variable: Variable)] {
    var visitor = ParameterVisitor(interpreter: self)
    visitor.visit(value, "")
    return visitor.found
  }
}

private struct ParameterVisitor {
  let interpreter: Interpreter
  var found: [(path: String, variable: Variable)] = []
  private var seen: Set<ObjectIdentifier> = []
  private var depth = 0

  init(interpreter: Interpreter) { self.interpreter = interpreter }

  mutating func visit(_ value: Value, _ path: String) {
    guard depth < 1000 else { return }
    depth += 1
    defer { depth -= 1 }
    switch value {
    case .variable(let variable): add(variable, path)
    case .object(let object):
      guard enter(object) else { return }
      let own = object.variables
      let names = object.variableNames
      for (i, variable) in own.enumerated() {
        if i < names.count {
          add(variable, path.isEmpty ? names[i] : path + "." + names[i])
        } else {
          add(variable, own.count == 1 ? path : "\(path)[\(i)]")
        }
      }
    case .record(let record):
      guard enter(record) else { return }
      for (name, field) in record.items { visit(field, path.isEmpty ? name : "\(path).\(name)") }
    case .list(let list):
      guard enter(list) else { return }
      visit(list.elements, path)
    case .tuple(let elements): visit(elements, path)
    case .function(let function):
      guard enter(function) else { return }
      for used in function.referenced(in: interpreter) { visit(used, path) }
    case .none, .bool, .number, .text, .tensor, .distribution, .dtype: break
    }
  }

  private mutating func visit(_ elements: [Value], _ path: String) {
    for (i, element) in elements.enumerated() { visit(element, "\(path)[\(i)]") }
  }

  private mutating func enter(_ object: AnyObject) -> Bool {
    seen.insert(ObjectIdentifier(object)).inserted
  }

  private mutating func add(_ variable: Variable, _ path: String) {
    if enter(variable) { found.append((path, variable)) }
  }
}
