import Tensors

/// One name of `wrt`: numbers, tensors, params or a model, float64 leaves while the derivation runs.
struct DerivationLeaf {
  let name: String
  let span: Span
  let value: Code
  /// Where the name's value stands; nil for an expression such as `model.encoder`.
  let place: Place?
}

/// A tensor with respect to which derivatives are taken.
struct DerivationInput {
  let tensor: Tensor
  /// The float32 value that this one stands in for, of which something may have been made before.
  var older: Tensor?

  /// The derivatives of a number in both, added up; nil where it depends on neither.
  ///
  /// `meetsOlder` becomes true where it depends on an older value, and so was rounded to float32.
  static func gradients(
    of y: Tensor, _ inputs: [DerivationInput], seed: Tensor, createGraph: Bool = false,
    meetsOlder: inout Bool
  ) throws -> [Tensor?] {
    let targets = inputs.flatMap { [$0.tensor] + ($0.older.map { [$0] } ?? []) }
    var found = try y.gradients(targets, seed: seed, createGraph: createGraph)[...]
    return try inputs.map { input in
      let own = found.popFirst() ?? nil
      guard input.older != nil, let older = found.popFirst() ?? nil else { return own }
      meetsOlder = true
      let wide = try older.cast(to: .float64)
      return try own.map { try $0 + wide } ?? wide
    }
  }
}

/// What a derivation changes in the names around it, and puts back at its end.
///
/// Numbers and tensors that `wrt` names become float64 leaves, anew at every point; params and those of
/// models do for the whole of the block. What else the lines can reach is float64 too.
final class DerivationSurroundings {
  /// The tensors with respect to which one name's derivatives are taken, by point.
  private(set) var inputs: [[DerivationInput]] = []

  private let frame: Frame
  private var undo: [() -> Void] = []

  init(_ frame: Frame) { self.frame = frame }

  /// Puts everything back as it was.
  func restore() {
    for step in undo.reversed() { step() }
    undo = []
  }

  // MARK: Leaves

  /// The tensors to differentiate in, of params and models; nil for what is bound point by point.
  private func fixedInputs(_ leaf: DerivationLeaf, _ value: Value) throws -> [DerivationInput]? {
    let variables = frame.interpreter.parameterPaths(of: value).map(\.variable)
    guard !variables.isEmpty else { return nil }
    return try variables.map { variable in
      try stand(in: variable)
      return DerivationInput(
        tensor: variable.tensor, older: older[ObjectIdentifier(variable)])
    }
  }

  private func stand(in variable: Variable) throws {
    let own = variable.tensor
    guard own.dtype == .float32 else { return }
    variable.replace(try own.detached.cast(to: .float64).leaf())
    older[ObjectIdentifier(variable)] = own
    undo.append { variable.replace(own) }
  }

  /// Makes leaves of the names' present values; call it once the point's names are bound.
  func bind(_ leaves: [DerivationLeaf]) throws {
    inputs = try leaves.map { leaf in
      let value = try leaf.value.evaluate(frame)
      do {
        return try bind(leaf, value)
      } catch { throw frame.located(error, at: leaf.span) }
    }
  }

  private func bind(_ leaf: DerivationLeaf, _ value: Value) throws -> [DerivationInput] {
    if let fixed = fixed[leaf.span] { return fixed }
    if let inputs = try fixedInputs(leaf, value) {
      fixed[leaf.span] = inputs
      return inputs
    }
    guard value.mayHoldNumbers else { throw mismatch(leaf, value) }
    let structure = try Structure(value)
    guard !structure.tensors.isEmpty else { throw mismatch(leaf, value) }
    guard let place = leaf.place else {
      throw ScriptError.message(
        "`wrt` names what the lines read by that name, found `\(leaf.name)`",
        hints: ["give it a name of its own, or make it a param(...)"])
    }
    if originals[leaf.span] == nil {
      let old = frame.stored(place)
      originals[leaf.span] = value
      undo.append { [frame] in frame.store(old, place) }
    }
    let own = try structure.tensors.map { try $0.detached.cast(to: .float64).leaf() }
    frame.store(structure.value(own, plainly: false), place)
    return own.map { DerivationInput(tensor: $0) }
  }

  /// The values that params had before.
  private var older: [ObjectIdentifier: Tensor] = [:]
  private var fixed: [Span: [DerivationInput]] = [:]
  private var originals: [Span: Value] = [:]

  private func mismatch(_ leaf: DerivationLeaf, _ value: Value) -> ScriptError {
    .kind("wrt", expected: "a number, a tensor, a param or a model", found: value)
  }

  // MARK: Everything else in float64

  /// Stands in float64 values for the float32 tensors and params that code reaches by name; whether it
  /// reaches what integrates.
  func widen(_ cells: [Globals.Cell]) throws -> Bool {
    var integrates = false
    var seen: Set<ObjectIdentifier> = []
    var pending = cells
    while let cell = pending.popLast() {
      guard seen.insert(ObjectIdentifier(cell)).inserted else { continue }
      guard let value = cell.value else {
        if let builtin = frame.interpreter.builtin(cell.name) {
          integrates = integrates || builtin.takesDraws || Self.integrals.contains(cell.name)
        }
        continue
      }
      if case .tensor(let tensor) = value, tensor.dtype == .float32, !tensor.isTracked {
        cell.value = .tensor(try tensor.cast(to: .float64))
        undo.append { cell.value = value }
      }
      for (_, variable) in frame.interpreter.parameterPaths(of: value) { try stand(in: variable) }
      pending += value.closures.flatMap(\.code.usedGlobals)
    }
    return integrates
  }

  /// Builtins that may work out an integral numerically, besides those that take draws.
  private static let integrals: Set<String> = ["integrate", "kl", "js", "entropy"]
}

extension Frame {
  func stored(_ place: Place) -> Value? {
    switch place {
    case .slot(let depth, let index): outer(depth)[index]
    case .global(let cell): cell.value
    }
  }

  func store(_ value: Value?, _ place: Place) {
    switch place {
    case .slot(let depth, let index): outer(depth)[index] = value
    case .global(let cell): cell.value = value
    }
  }
}

extension Value {
  fileprivate var mayHoldNumbers: Bool {
    switch self {
    case .number, .tensor, .list, .tuple, .record: true
    case .none, .bool, .text, .variable, .function, .distribution, .dtype, .object: false
    }
  }

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
