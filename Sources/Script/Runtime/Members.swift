import Calculus
import Distributions
import Tensors

/// `x.name`, and what `x.name(...)` calls of the value's own.
enum Members {
  /// A field or an attribute; else a method of the value's own, bound to it.
  static func read(_ base: Value, _ name: String, _ interpreter: Interpreter) throws -> Value {
    if let value = try attribute(base, name) { return value }
    if let method = method(base, name, interpreter) { return .function(method) }
    if let function = interpreter.builtin(name) {
      throw ScriptError.message(
        "\(base.description) has no attribute `\(name)`",
        hints: [
          base.storedTensor?.isNoisy == true
            ? "an estimate has value, error, variance and draws"
            : "`.\(name)()` calls \(function.signature)"
        ])
    }
    let known = names(of: base)
    let suggestion = DidYouMean.suggestion(for: name, among: known)
    let error = ScriptError.noMember(name, of: base.description, suggestion: suggestion)
    if error.hints.isEmpty, base.storedTensor?.isNoisy == true {
      throw ScriptError.message(
        error.message, hints: ["an estimate has value, error, variance and draws"])
    }
    guard error.hints.isEmpty, !known.isEmpty, known.count <= 16 else { throw error }
    throw ScriptError.message(error.message, hints: ["it has " + known.joined(separator: ", ")])
  }

  static func attribute(_ base: Value, _ name: String) throws -> Value? {
    switch base {
    case .record(let record): return record[name]
    case .tensor(let tensor): return try attribute(tensor, name)
    case .variable(let variable): return try attribute(variable.tensor, name)
    case .number, .bool: return try attribute(Conversion.tensor(base), name)
    case .list, .tuple:
      if case .tuple(let pair) = base, let part = part(of: pair, name) { return part }
      guard tensorAttributes.contains(name) else { return nil }
      return try attribute(Conversion.tensor(base), name)
    case .distribution(let distribution): return try attribute(distribution, name)
    case .object(let object): return try object.attribute(name)
    case .function(let function): return name == "name" ? .text(function.name) : nil
    case .dtype(let type): return name == "name" ? .text(type.name) : nil
    case .none, .text: return nil
    }
  }

  /// PyTorch's names for what `max(x, dim=1)`, `sort(x)` and `topk(x, k)` give.
  private static func part(of pair: [Value], _ name: String) -> Value? {
    guard pair.count == 2, pair.allSatisfy(\.isNumeric) else { return nil }
    switch name {
    case "values": return pair[0]
    case "indices": return pair[1]
    default: return nil
    }
  }

  private static let tensorAttributes = ["shape", "dtype", "T", "ndim", "rank"]
  private static let distributionAttributes = [
    "mean", "variance", "stddev", "mode", "batch_shape", "event_shape", "support", "has_rsample",
    "name",
  ]

  private static func attribute(_ tensor: Tensor, _ name: String) throws -> Value? {
    switch name {
    case "shape": return sizes(tensor.shape)
    case "dtype": return .dtype(tensor.dtype)
    case "T":
      return .tensor(
        tensor.rank == 2
          ? try tensor.transposed()
          : try tensor.permuted(
            Array((0..<tensor.rank).reversed())))
    case "ndim", "rank": return .number(Double(tensor.rank))
    case "value", "error", "variance", "n":
      guard let estimate = try Estimate(of: tensor) else { return nil }
      switch name {
      case "value": return Conversion.plain(estimate.value, if: true)
      case "error": return Conversion.plain(estimate.error, if: true)
      case "variance": return Conversion.plain(try estimate.variance, if: true)
      default: return .number(Double(estimate.draws))
      }
    default: return nil
    }
  }

  static func sizes(_ shape: Shape) -> Value {
    .list(ListObject(shape.dims.map { .number(Double($0)) }))
  }

  private static func attribute(_ q: any Distribution, _ name: String) throws -> Value? {
    let isPlain = q.dtype == nil
    switch name {
    case "mean": return Conversion.plain(try q.mean, if: isPlain)
    case "variance": return Conversion.plain(try q.variance, if: isPlain)
    case "stddev": return Conversion.plain(try q.variance.squareRoot(), if: isPlain)
    case "mode": return Conversion.plain(try q.mode, if: isPlain)
    case "support": return .text(try q.support.description)
    case "has_rsample": return .bool(q.hasPathwiseSample)
    case "batch_shape": return sizes(q.batchShape)
    case "event_shape": return sizes(q.eventShape)
    case "name": return .text(q.name)
    default:
      if let value = q.rewritten.first(where: { $0.name == name }) {
        return Conversion.plain(try value.value(), if: isPlain)
      }
      let parameter = q.arguments.tensors.first { $0.name == name }
      return parameter.map { Conversion.plain($0.value, if: isPlain) }
    }
  }

  /// A method of the value's own.
  static func method(_ base: Value, _ name: String, _ interpreter: Interpreter) -> (any Callable)? {
    switch base {
    case .object(let object): return object.method(name)
    case .list, .text, .record, .distribution, .tensor, .variable:
      guard let method = interpreter.methods[base.typeName]?[name] else { return nil }
      return BoundMethod(base, method)
    case .none, .bool, .number, .tuple, .function, .dtype: return nil
    }
  }

  /// Names that may stand after the dot, for completion and for "did you mean".
  static func names(of base: Value) -> [String] {
    switch base {
    case .record(let record): record.names
    case .tensor, .variable, .number, .bool: tensorAttributes
    case .distribution(let q):
      distributionAttributes + q.arguments.tensors.map(\.name)
        + q.rewritten.map(\.name).filter { name in !q.arguments.tensors.contains { $0.name == name }
        }
    case .object(let object): object.memberNames
    case .none, .text, .list, .tuple, .function, .dtype: []
    }
  }

  /// Carries out `base.name = value`.
  static func assign(_ base: Value, _ name: String, _ value: Value) throws {
    switch base {
    case .record(let record): record[name] = value
    case .object(let object):
      guard try object.setAttribute(name, value) else {
        let suggestion = DidYouMean.suggestion(for: name, among: object.memberNames)
        throw ScriptError.noMember(name, of: object.description, suggestion: suggestion)
      }
    case .none, .bool, .number, .text, .tensor, .variable, .list, .tuple, .function,
      .distribution, .dtype:
      throw ScriptError.message("fields of \(base.description) cannot be set")
    }
  }
}

/// A method with the value it belongs to: `q.log_prob`.
final class BoundMethod: Callable {
  private let base: Value
  private let method: Builtin

  init(_ base: Value, _ method: Builtin) {
    self.base = base
    self.method = method
  }

  var name: String { method.name }
  var display: String { method.signature }

  func call(_ arguments: CallArguments, in interpreter: Interpreter) throws -> Value {
    var arguments = arguments
    arguments.positional.insert(base, at: 0)
    return try BuiltinFunction(method).call(arguments, in: interpreter)
  }

  func referenced(in interpreter: Interpreter) -> [Value] { [base] }
}

extension Interpreter {
  /// The names that may stand after `x.`, for completion: attributes, own methods, functions.
  package func memberNames(of value: Value) -> [String] {
    let methods = methods[value.typeName].map { Array($0.keys) } ?? []
    return Array(Set(Members.names(of: value) + methods)).sorted()
  }
}
