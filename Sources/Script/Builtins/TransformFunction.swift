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
  static let builtins: [Builtin] = {
    var all: [Builtin] = []
    for type in TransformCatalogue.all where !type.parameters.isEmpty { all.append(lift(type)) }
    return all
  }()

  private static func lift(_ type: any Transform.Type) -> Builtin {
    let parameters = type.parameters
    return Builtin(
      type.name, in: "Distributions", parameters.map(DistributionBuiltins.parameter),
      about: type.about, examples: ["transformed(normal(0, 1), \(type.name)(1, 2))"]
    ) { call in
      let given = try parameters.indices.map {
        try DistributionBuiltins.argument($0, of: parameters, call)
      }
      let made = try type.init(DistributionArguments(parameters, given))
      return .function(TransformFunction(made))
    }
  }

  /// The transforms that a function stands for, or a list of functions, or `f >> g`.
  static func transforms(_ value: Value) throws -> [any Transform] {
    if let parts = value.sequence { return try parts.flatMap { try transforms($0) } }
    if case .function(let function) = value {
      if let composition = function as? Composition {
        return try composition.parts.flatMap { try transforms(.function($0)) }
      }
      if let made = function as? TransformFunction { return [made.transform] }
      if let plain = try TransformCatalogue.plain(function.name) { return [plain] }
    }
    let names = TransformCatalogue.all.map { $0.name }.sorted().joined(separator: ", ")
    throw ScriptError.kind(
      "transform", expected: "one of \(names), or a list of them", found: value)
  }
}
