import Formats
import Models
import Script
import Tensors

/// A value's tensors by name, as a file keeps them.
///
/// The name is the way to the tensor: `encoder.0.weight` is the weight of the first layer of the record's
/// field `encoder`.
enum SavedValue {
  /// Throws: where the value holds no tensors.
  static func arrays(of value: Value, _ interpreter: Interpreter) throws -> [NamedArray] {
    var found: [NamedArray] = []
    try walk(value, "", interpreter) { name, item in
      guard let tensor = try tensor(item) else { return }
      found.append(NamedArray(name.isEmpty ? "value" : name, try RawArray(tensor)))
    }
    guard !found.isEmpty else {
      throw ScriptError.kind("what", expected: "tensors or a model", found: value)
    }
    return found
  }

  /// A tensor, or a plain number as one without dimensions.
  static func tensor(_ value: Value) throws -> Tensor? {
    switch value {
    case .number, .bool: try Conversion.tensor(value, "what")
    default: value.storedTensor
    }
  }

  /// Sets each parameter of a model to the array of its name, all of them or none.
  ///
  /// Throws: where a name or a shape does not agree.
  static func restore(
    _ arrays: [NamedArray], into target: Value, _ interpreter: Interpreter
  ) throws {
    var variables: [NamedVariable] = []
    try walk(target, "", interpreter) { name, value in
      if case .variable(let variable) = value { variables.append(NamedVariable(name, variable)) }
    }
    guard !variables.isEmpty else {
      throw ScriptError.kind("into", expected: "a model", found: target)
    }
    try Checkpoint.restore(arrays.map { ($0.name, try $0.array.tensor()) }, into: variables)
  }

  /// Visits every value that is not itself a collection, with the way to it.
  private static func walk(
    _ value: Value, _ path: String, _ interpreter: Interpreter, depth: Int = 0,
    _ visit: (String, Value) throws -> Void
  ) throws {
    func join(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
    guard depth < 64 else { throw ScriptError.message("what is saved refers to itself") }
    switch value {
    case .record(let record):
      for (name, item) in record.items {
        try walk(item, join(name), interpreter, depth: depth + 1, visit)
      }
    case .list, .tuple:
      for (i, item) in (value.sequence ?? []).enumerated() {
        try walk(item, join("\(i)"), interpreter, depth: depth + 1, visit)
      }
    case .object(let object):
      guard let layer = (object as? LayerObject)?.layer else { return }
      for saved in layer.parameters + layer.buffers {
        try visit(join(saved.name), .variable(saved.variable))
      }
    case .function(let function):
      var seen: Set<ObjectIdentifier> = []
      try walk(function, path, interpreter, &seen, visit)
    default: try visit(path, value)
    }
  }
  /// Visits what training changes in the layers and functions that a function uses, each once, numbered in their order.
  private static func walk(
    _ function: any Callable, _ path: String, _ interpreter: Interpreter,
    _ seen: inout Set<ObjectIdentifier>, _ visit: (String, Value) throws -> Void
  ) throws {
    guard seen.insert(ObjectIdentifier(function)).inserted else { return }
    func join(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
    for (i, used) in function.referenced(in: interpreter).enumerated() {
      switch used {
      case .function(let inner): try walk(inner, join("\(i)"), interpreter, &seen, visit)
      case .variable(let variable):
        guard seen.insert(ObjectIdentifier(variable)).inserted else { continue }
        try visit(join("\(i)"), used)
      case .object(let object):
        guard let layer = (object as? LayerObject)?.layer else { continue }
        for saved in layer.parameters + layer.buffers
        where seen.insert(ObjectIdentifier(saved.variable)).inserted {
          try visit(join("\(i).\(saved.name)"), .variable(saved.variable))
        }
      case .record, .list, .tuple:
        guard !interpreter.parameterPaths(of: used).isEmpty else { continue }
        try walk(used, join("\(i)"), interpreter) { name, value in
          guard case .variable(let variable) = value,
            seen.insert(ObjectIdentifier(variable)).inserted
          else { return }
          try visit(name, value)
        }
      case .none, .bool, .number, .text, .tensor, .distribution, .dtype: continue
      }
    }
  }
}
