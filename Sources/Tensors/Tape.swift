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
    get throws { Tensor(node, isTracked: tracked) }
  }

  /// One of the step's inputs.
  package subscript(_ i: Int) -> Tensor { tracked ? node.input(i) : node.constant(i) }

  package var inputCount: Int { node.inputCount }

  /// Whether a gradient is wanted for the input.
  package func needs(_ i: Int) -> Bool { node.needs(i) }

  /// A constant that the gradient sent to an input will be multiplied by, and nothing else will be done with it.
  package func constantFactor(of i: Int) -> Tensor? { tracked ? nil : node.tracked(i)?.factor }

  /// Passes a gradient to an input, where one is wanted; it is summed to the input's shape if the
  /// operation broadcast it, and takes the input's type.
  package mutating func send(to i: Int, _ gradient: () throws -> Tensor) throws {
    if node.needs(i) { try node.gather(gradient(), at: i, tracked: tracked) }
  }

  package mutating func send(to i: Int, _ gradient: consuming Tensor) throws {
    if node.needs(i) { try node.gather(gradient, at: i, tracked: tracked) }
  }
}

extension Backward {
  /// Passes the gradients of some of an input's elements, those where the plan points; the others have none.
  mutating func send(to i: Int, at plan: IndexPlan, _ gradient: () throws -> Tensor) throws {
    let shape = node.input(i).shape
    guard !tracked, node.needs(i), let place = node.tracked(i)?.place,
      let old = place.gradient.take()
    else { return try send(to: i) { try gradient().scattered(plan, into: shape) } }
    place.gradient = try gradient().added(at: plan, to: old)
  }
}

extension Tensor {
  /// The same numbers as a leaf of its own, with respect to which gradients can be taken.
  package func leaf() -> Tensor { isLeaf(Leaf()) }

  func leaf(weighing noise: Noise) -> Tensor { isLeaf(Leaf(weighing: noise)) }

  /// The same numbers as those of a leaf.
  func isLeaf(_ leaf: Leaf) -> Tensor {
    Tensor(Node(sharing: node, as: shape, leaf: leaf), isTracked: true)
  }

  /// The same numbers, through which no gradient flows.
  package var detached: Tensor {
    Tensor(node.isPlain ? node : Node(sharing: node, as: shape), isTracked: false)
  }

  /// Notes where in a program the step was asked for that led to this result, unless that is known.
  package func mark(site: UInt64) {
    guard isTracked, node.site == 0, node.pullback != nil else { return }
    node.site = site
  }

  /// Records how this result came about, if any input is tracked.
  package consuming func recorded(_ inputs: [Tensor], _ pullback: @escaping Pullback) -> Tensor {
    guard dtype.isFloating, inputs.contains(where: \.isTracked) else { return self }
    return made { node in
      node.record(
        inputs[0], inputs.count > 1 ? inputs[1] : nil,
        rest: inputs.count > 2 ? Array(inputs[2...]) : nil, pullback)
    }
  }

  package consuming func recorded(_ x: Tensor, _ pullback: @escaping Pullback) -> Tensor {
    guard dtype.isFloating, x.isTracked else { return self }
    return made { $0.record(x, nil, pullback) }
  }

  package consuming func recorded(
    _ x: Tensor, _ y: Tensor, _ pullback: @escaping Pullback
  ) -> Tensor {
    guard dtype.isFloating, x.isTracked || y.isTracked else { return self }
    return made { $0.record(x, y, pullback) }
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
    return made { $0.record(x, y, constantFactor: constant, pullback) }
  }

  /// This as the result of a step: its own node where nobody else has that, else another for the same bytes.
  @inline(__always)
  private consuming func made(_ record: (Node) -> Void) -> Tensor {
    var y = self
    if !y.isAlone() { y = Tensor(Node(sharing: y.node, as: y.shape), isTracked: false) }
    record(y.node)
    y.isTracked = true
    return y
  }
}
