import Distributions
import Tensors

/// An invertible function with its parameters, as `affine(1, 2)` makes it; functions without parameters
/// go by their name, as `exp`.
final class TransformFunction: Callable {
  let transform: any Transform

  init(_ transform: any Transform) { self.transform = transform }

  var name: String { transform.name }
  var display: String { transform.description }

  func call(_ arguments: CallArguments, in interpreter: Interpreter) throws -> Value {
    guard arguments.positional.count == 1, arguments.named.isEmpty else {
      throw ScriptError.message("\(display) takes one tensor")
    }
    return .tensor(try transform.forward(Conversion.tensor(arguments.positional[0])))
  }

  /// What makes the transforms that have parameters.
  static let builtins: [Builtin] = TransformCatalogue.all.filter { !$0.parameters.isEmpty }.map {
    type in
    Builtin(
      type.name, in: "Distributions", type.parameters.map(DistributionBuiltins.parameter),
      about: type.about, examples: ["transformed(normal(0, 1), \(type.name)(1, 2))"]
    ) { call in
      let given = try type.parameters.indices.map {
        try DistributionBuiltins.argument($0, of: type.parameters, call)
      }
      return .function(
        TransformFunction(try type.init(DistributionArguments(type.parameters, given))))
    }
  }

  /// The transforms that a function stands for, or a list of functions, or `f >> g`.
  static func transforms(_ value: Value) throws -> [any Transform] {
    if let parts = value.sequence { return try parts.flatMap(transforms) }
    if case .function(let function) = value {
      if let composition = function as? Composition {
        return try composition.parts.flatMap { try transforms(.function($0)) }
      }
      if let made = function as? TransformFunction { return [made.transform] }
      if let type = TransformCatalogue.all.first(where: { $0.name == function.name }),
        type.parameters.isEmpty
      {
        return [try type.init(DistributionArguments([], []))]
      }
    }
    let names = TransformCatalogue.all.map(\.name).sorted().joined(separator: ", ")
    throw ScriptError.kind(
      "transform", expected: "one of \(names), or a list of them", found: value)
  }
}
