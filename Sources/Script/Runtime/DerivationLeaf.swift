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
  private let widening: Widening
  private var undo: [() -> Void] = []

  init(_ frame: Frame) {
    self.frame = frame
    widening = Widening(frame.interpreter)
  }

  /// Stands in float64 values for what code reads by name; whether it reaches what integrates.
  func widen(_ cells: [Globals.Cell]) throws -> Bool {
    try widening.widen(cells)
    return widening.integrates
  }

  /// Puts everything back as it was.
  func restore() {
    for step in undo.reversed() { step() }
    undo = []
    widening.restore()
  }

  // MARK: Leaves

  /// The tensors to differentiate in, of params and models; nil for what is bound point by point.
  private func fixedInputs(_ leaf: DerivationLeaf, _ value: Value) throws -> [DerivationInput]? {
    let variables = frame.interpreter.parameterPaths(of: value).map(\.variable)
    guard !variables.isEmpty else { return nil }
    return try variables.map { variable in
      try widening.stand(in: variable)
      return DerivationInput(tensor: variable.tensor, older: widening.older(variable))
    }
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

  private var fixed: [Span: [DerivationInput]] = [:]
  private var originals: [Span: Value] = [:]

  private func mismatch(_ leaf: DerivationLeaf, _ value: Value) -> ScriptError {
    .kind("wrt", expected: "a number, a tensor, a param or a model", found: value)
  }
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
}
