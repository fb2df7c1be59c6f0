import Tensors

/// One evaluation of a function whose arguments are tracked, so that its derivatives can be taken.
struct Differentiation {
  /// The arguments that were asked for, and the tensors in them, tracked.
  let structures: [Structure]
  let inputs: [Tensor]
  let result: Value
  /// Whether derivatives must be differentiable themselves: another differentiation, or a param, looks on.
  let isNested: Bool

  /// `which` are the places of the arguments to differentiate in.
  init(
    _ function: any Callable, _ which: [Int], _ arguments: CallArguments,
    _ interpreter: Interpreter
  ) throws {
    var arguments = arguments.inPlaces(of: function)
    var structures: [Structure] = []
    var inputs: [Tensor] = []
    var isTracked = false
    for i in which {
      guard arguments.positional.indices.contains(i) else {
        let count = arguments.positional.count
        throw ScriptError.message(
          "argument \(i) is to be differentiated in, found \(count) arguments")
      }
      let structure = try Structure(arguments.positional[i])
      guard !structure.tensors.isEmpty else {
        throw ScriptError.kind(
          "argument \(i)", expected: "numbers or tensors of floats",
          found: arguments.positional[i])
      }
      isTracked = isTracked || structure.tensors.contains(where: \.isTracked)
      let own = structure.tensors.map(Self.separate)
      arguments.positional[i] = structure.value(own, plainly: false)
      structures.append(structure)
      inputs += own
    }
    self.structures = structures
    self.inputs = inputs
    result = try interpreter.call(function, arguments)
    isNested = try isTracked || Self.tensors(result).contains { $0.reachesLeaves(besides: inputs) }
  }

  /// The same numbers with a step of their own: gradients stop here, yet flow on where they are
  /// differentiated again.
  private static func separate(_ x: Tensor) -> Tensor {
    guard x.isTracked else { return x.leaf() }
    return x.detached.recorded(x) { b in
      let g = b.g
      try b.send(to: 0) { g }
    }
  }

  private static func tensors(_ value: Value) throws -> [Tensor] {
    switch value {
    case .list, .tuple, .tensor, .variable: return [try Conversion.tensor(value)]
    default: return []
    }
  }

  /// The function's value as one tensor.
  func output() throws -> Tensor {
    switch result {
    case .number, .bool, .tensor, .variable, .list, .tuple:
      return try Conversion.tensor(result).floating()
    default: throw ScriptError.kind("the function's value", expected: "a number", found: result)
    }
  }

  /// The function's value with nothing of its history that nobody asked for.
  var value: Value {
    guard !isNested, case .tensor(let tensor) = result else { return result }
    return Conversion.plain(tensor.detached, if: tensor.dtype == .float64 && isPlain)
  }

  /// Whether only plain numbers went in.
  private var isPlain: Bool { inputs.allSatisfy { $0.rank == 0 && $0.dtype == .float64 } }

  /// The gradient of the value, which must be one number; one tensor for each input.
  func gradients() throws -> [Tensor] {
    let y = try output()
    guard y.count == 1 else {
      throw TensorError.noGradient(
        "a gradient is of a single number, found shape \(y.shape): take its sum() or mean(), or use jacobian"
      )
    }
    return try gradients(of: y, seed: nil)
  }

  func gradients(of y: Tensor, seed: Tensor?) throws -> [Tensor] {
    let found = try y.gradientsOrZero(inputs, seed: seed, createGraph: isNested)
    return isNested ? found : found.map(\.detached)
  }

  /// Gradients in the structure of the arguments: one, or a tuple of several.
  func shaped(_ gradients: [Tensor], isSingle: Bool) -> Value {
    var rest = gradients[...]
    let values = structures.map { structure in
      let own = Array(rest.prefix(structure.tensors.count))
      rest = rest.dropFirst(own.count)
      return structure.value(own, plainly: !isNested)
    }
    return isSingle && values.count == 1 ? values[0] : .tuple(values)
  }
}

extension CallArguments {
  /// Named arguments of a function of the script moved to their places, as far as these follow one another.
  func inPlaces(of function: any Callable) -> CallArguments {
    guard !named.isEmpty, let closure = function as? Closure else { return self }
    var moved = self
    for name in closure.parameterNames.dropFirst(positional.count) {
      guard let i = moved.named.firstIndex(where: { $0.name == name }) else { break }
      moved.positional.append(moved.named.remove(at: i).value)
    }
    return moved
  }
}
