import Tensors

/// What a derivation or a gradient check does to be worked out in float64 throughout: float64 values stand in
/// for the float32 ones that code reads by name, and literals become float64, until `restore`.
final class Widening {
  /// Whether something was reached that may work out an integral numerically.
  private(set) var integrates = false

  private let interpreter: Interpreter
  private let defaultType: DType
  private var undo: [() -> Void] = []
  private var originals: [ObjectIdentifier: Tensor] = [:]
  private var seen: Set<ObjectIdentifier> = []

  init(_ interpreter: Interpreter) {
    self.interpreter = interpreter
    defaultType = interpreter.defaultType
  }

  /// Puts everything back as it was.
  func restore() {
    for step in undo.reversed() { step() }
    undo = []
    interpreter.defaultType = defaultType
  }

  /// Everything that a function of the script, or several, read by name.
  func widen(readBy value: Value) throws { try widen(value.closures.flatMap(\.code.usedGlobals)) }

  /// These names, and what the functions among their values read.
  func widen(_ cells: [Globals.Cell]) throws {
    interpreter.defaultType = .float64
    var pending = cells
    while let cell = pending.popLast() {
      guard seen.insert(ObjectIdentifier(cell)).inserted else { continue }
      guard let value = cell.value else {
        if let builtin = interpreter.builtin(cell.name) {
          integrates = integrates || builtin.takesDraws || Self.integrals.contains(cell.name)
        }
        continue
      }
      if case .tensor(let tensor) = value, tensor.dtype == .float32, !tensor.isTracked {
        cell.value = .tensor(try tensor.cast(to: .float64))
        undo.append { cell.value = value }
      }
      for (_, variable) in interpreter.parameterPaths(of: value) { try stand(in: variable) }
      pending += value.closures.flatMap(\.code.usedGlobals)
    }
  }

  /// A float64 leaf in place of a param's float32 one.
  func stand(in variable: Variable) throws {
    let own = variable.tensor
    guard own.dtype == .float32 else { return }
    variable.replace(try own.detached.cast(to: .float64).leaf())
    originals[ObjectIdentifier(variable)] = own
    undo.append { variable.replace(own) }
  }

  /// The value that a param had before.
  func older(_ variable: Variable) -> Tensor? { originals[ObjectIdentifier(variable)] }

  /// Builtins that may work out an integral numerically, besides those that take draws.
  private static let integrals: Set<String> = ["integrate", "kl", "js", "entropy"]
}

extension Interpreter {
  /// The type of what is made anew: float32, which is also what stands for none, is float64 while everything is.
  func widened(_ type: DType) -> DType { type == .float32 ? defaultType : type }
}

extension Value {
  /// The functions of the script in a value.
  fileprivate var closures: [Closure] {
    switch self {
    case .function(let function):
      if let composition = function as? Composition {
        return composition.parts.compactMap { $0 as? Closure }
      }
      return (function as? Closure).map { [$0] } ?? []
    case .list(let list): return list.elements.prefix(100).flatMap(\.closures)
    case .tuple(let elements): return elements.flatMap(\.closures)
    case .record(let record):
      return record.items.compactMap { item in
        if case .function(let function) = item.value { function as? Closure } else { nil }
      }
    case .none, .bool, .number, .text, .tensor, .variable, .distribution, .dtype, .object:
      return []
    }
  }
}
