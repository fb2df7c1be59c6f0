/// How a step hands the gradient of its result on to its inputs.
package typealias Pullback = (inout Backward) throws -> Void

/// What a pullback has at hand: the gradient that arrived, and the step's inputs and result.
///
/// The inputs and the result are tracked only where the gradient is to be differentiated again, so that
/// a pullback, written with ordinary operations, serves every order.
package struct Backward {
  /// The gradient with respect to the step's result, in its shape and type.
  package let g: Tensor
  let node: Node
  let tracked: Bool

  /// The step's result.
  package var y: Tensor {
    get throws { try node.result(tracked: tracked) }
  }

  /// One of the step's inputs.
  package subscript(_ i: Int) -> Tensor { tracked ? node.input(i) : node.constant(i) }

  package var inputCount: Int { node.inputCount }

  /// Whether a gradient is wanted for the input.
  package func needs(_ i: Int) -> Bool { node.needs(i) }

  /// A constant that the gradient sent to an input will be multiplied by, and nothing else will be done with it.
  package func constantFactor(of i: Int) -> Tensor? { tracked ? nil : node.node(i)?.factor }

  /// Passes a gradient to an input, where one is wanted; it is summed to the input's shape if the
  /// operation broadcast it, and takes the input's type.
  package mutating func send(to i: Int, _ gradient: () throws -> Tensor) throws {
    if node.needs(i) { try node.gather(gradient(), at: i, tracked: tracked) }
  }

  package mutating func send(to i: Int, _ gradient: Tensor) throws {
    if node.needs(i) { try node.gather(gradient, at: i, tracked: tracked) }
  }
}

extension Backward {
  /// Passes the gradients of some of an input's elements, those where the plan points; the others have none.
  mutating func send(to i: Int, at plan: IndexPlan, _ gradient: () throws -> Tensor) throws {
    let shape = node.input(i).shape
    guard !tracked, let n = node.node(i), n.mark == .relevant, let old = n.gradient.take()
    else { return try send(to: i) { try gradient().scattered(plan, into: shape) } }
    n.gradient = try gradient().added(at: plan, to: old)
  }
}

extension Tensor {
  /// The same numbers as a leaf of its own, with respect to which gradients can be taken.
  package func leaf() -> Tensor { Tensor(storage, node: Node()) }

  func leaf(weighing noise: Noise) -> Tensor { Tensor(storage, node: Node(weighing: noise)) }

  /// The same numbers, through which no gradient flows.
  package var detached: Tensor { Tensor(storage, node: nil) }

  /// Notes where in a program the step was asked for that led to this result, unless that is known.
  package func mark(site: UInt64) {
    guard let node, node.site == 0, node.isStep else { return }
    node.site = site
  }

  /// Records how this result came about, if any input is tracked.
  package consuming func recorded(_ inputs: [Tensor], _ pullback: @escaping Pullback) -> Tensor {
    guard dtype.isFloating, inputs.contains(where: \.isTracked) else { return self }
    let second = inputs.count > 1 ? inputs[1] : nil
    let node = Node(storage, inputs[0], second, rest: Array(inputs.dropFirst(2)), pullback)
    return made(by: node)
  }

  package consuming func recorded(_ x: Tensor, _ pullback: @escaping Pullback) -> Tensor {
    guard dtype.isFloating, x.isTracked else { return self }
    return made(by: Node(storage, x, nil, pullback))
  }

  package consuming func recorded(
    _ x: Tensor, _ y: Tensor, _ pullback: @escaping Pullback
  ) -> Tensor {
    guard dtype.isFloating, x.isTracked || y.isTracked else { return self }
    return made(by: Node(storage, x, y, pullback))
  }

  package consuming func recorded(
    _ x: Tensor, _ y: Tensor, _ z: Tensor?, _ pullback: @escaping Pullback
  ) -> Tensor {
    guard let z else { return recorded(x, y, pullback) }
    return recorded([x, y, z], pullback)
  }

  /// The same for the product of two tensors: where one is a constant, its zeros let no gradient through.
  consuming func recorded(
    productOf x: Tensor, _ y: Tensor, _ pullback: @escaping Pullback
  ) -> Tensor {
    guard dtype.isFloating, x.isTracked || y.isTracked else { return self }
    let constant: Int8 = x.isTracked == y.isTracked ? -1 : x.isTracked ? 1 : 0
    return made(by: Node(storage, x, y, constantFactor: constant, pullback))
  }

  private consuming func made(by node: consuming Node) -> Tensor {
    var y = self
    y.node = node
    return y
  }
}
