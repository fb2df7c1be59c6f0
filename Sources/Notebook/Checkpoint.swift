import Formats
import Script
import Tensors

/// A model's parameters by name, as a file keeps them.
///
/// The name of a parameter is the way to it: `encoder.0.weight` is the weight of the first layer of the
/// record's field `encoder`.
enum Checkpoint {
  /// Throws: where the value holds no tensors.
  static func arrays(of value: Value, _ interpreter: Interpreter) throws -> [NamedArray] {
    var found: [(name: String, tensor: Tensor)] = []
    try walk(value, "") { name, value in
      if let tensor = value.storedTensor { found.append((name, tensor)) }
    }
    guard !found.isEmpty else {
      throw ScriptError.kind("what", expected: "tensors or a model", found: value)
    }
    return try found.map {
      NamedArray($0.name.isEmpty ? "value" : $0.name, try RawArray($0.tensor))
    }
  }

  /// Sets each parameter of a model to the array of its name.
  ///
  /// Throws: where a name or a shape does not agree; then nothing was set.
  static func restore(_ arrays: [NamedArray], into target: Value, _ interpreter: Interpreter) throws
  {
    var variables: [(name: String, variable: Variable)] = []
    try walk(target, "") { name, value in
      if case .variable(let variable) = value { variables.append((name, variable)) }
    }
    guard !variables.isEmpty else {
      throw ScriptError.kind("into", expected: "a model", found: target)
    }
    let names = Set(variables.map(\.name))
    if let extra = arrays.first(where: { !names.contains($0.name) }) {
      throw ScriptError.message(
        "the file has a parameter `\(extra.name)`, the model has none of that name")
    }
    var values: [(Variable, Tensor)] = []
    for (name, variable) in variables {
      guard let array = arrays.first(where: { $0.name == name }) else {
        throw ScriptError.message(
          "the model has a parameter `\(name)`, the file has none of that name")
      }
      let tensor = try array.array.tensor()
      guard tensor.shape == variable.shape else {
        throw ScriptError.message(
          "`\(name)` has shape \(tensor.shape) in the file and \(variable.shape) in the model")
      }
      values.append((variable, tensor))
    }
    for (variable, tensor) in values { try variable.assign(tensor) }
  }

  /// Visits every value that is not itself a collection, with the way to it.
  private static func walk(
    _ value: Value, _ path: String, depth: Int = 0, _ visit: (String, Value) -> Void
  ) throws {
    func join(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
    guard depth < 64 else { throw ScriptError.message("what is saved refers to itself") }
    switch value {
    case .record(let record):
      for (name, item) in record.items { try walk(item, join(name), depth: depth + 1, visit) }
    case .list, .tuple:
      for (i, item) in (value.sequence ?? []).enumerated() {
        try walk(item, join("\(i)"), depth: depth + 1, visit)
      }
    case .object(let object):
      if let named = object as? any NamedParameters {
        for (name, variable) in named.namedParameters { visit(join(name), .variable(variable)) }
      } else {
        for (i, variable) in object.variables.enumerated() {
          visit(join("\(i)"), .variable(variable))
        }
      }
    default: visit(path, value)
    }
  }
}

/// An object whose variables have names.
protocol NamedParameters {
  var namedParameters: [(name: String, variable: Variable)] { get }
}
