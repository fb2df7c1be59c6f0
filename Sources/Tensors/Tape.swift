/// One recorded step: what went in, what came out, and how a gradient passes back through it.
///
/// The tape is the graph of these nodes: it grows as operations run and goes when no tensor needs it.
/// A node without inputs is a leaf: a tensor with respect to which gradients are wanted.
package final class Node {
  private(set) var inputs: [Tensor]
  private let output: Storage?
  private let shape: Shape
  private let dtype: DType
  private(set) var pullback: Pullback?
  /// Where in a program the step was asked for, as the layer above numbers places; 0 where nobody said.
  fileprivate(set) var site: UInt64 = 0
  /// Whether `Tensor.releaseTape` has taken away what led here.
  private(set) var isReleased = false
  /// For a leaf that weighs the draws of a sample: the noise these came from.
  let noise: Noise?
  /// Whether such a leaf lies behind this step.
  let isNoisy: Bool
  /// Which input is a constant that the other is multiplied by, or -1.
  private let constantFactor: Int8
  /// Where the sweep under way stands with this node.
  fileprivate var mark = Mark.unvisited
  fileprivate var isTarget = false
  /// What the sweep under way has gathered for this node's result.
  fileprivate(set) var gradient: Tensor?

  fileprivate enum Mark {
    case unvisited
    /// Its inputs are being visited.
    case open
    /// No target lies behind it.
    case irrelevant
    case relevant
  }

  /// A leaf.
  fileprivate init(leaf shape: Shape, _ dtype: DType, _ noise: Noise? = nil) {
    inputs = []
    self.noise = noise
    isNoisy = noise != nil
    constantFactor = -1
    output = nil
    self.shape = shape
    self.dtype = dtype
    pullback = nil
  }

  fileprivate init(
    _ y: Tensor, _ inputs: [Tensor], constantFactor: Int8 = -1, _ pullback: @escaping Pullback
  ) {
    self.inputs = inputs
    self.constantFactor = constantFactor
    noise = nil
    isNoisy = inputs.contains { $0.node?.isNoisy ?? false }
    output = y.storage
    shape = y.shape
    dtype = y.dtype
    self.pullback = pullback
  }

  /// A constant by which this step multiplies whatever gradient arrives, unless that is asked for itself.
  fileprivate var factor: Tensor? {
    constantFactor < 0 || isTarget || isReleased ? nil : inputs[Int(constantFactor)].detached
  }

  /// The tensor that this step made; only asked of steps with a pullback.
  func result(tracked: Bool) throws -> Tensor {
    guard let output else { throw TensorError.noGradient("a leaf has no step before it") }
    return Tensor(output, shape, dtype, node: tracked ? self : nil)
  }

  /// Freeing a long chain node by node from within `deinit` would overflow the stack: take it apart in a loop.
  deinit {
    var pending: [Node] = []
    Self.release(&inputs, into: &pending)
    while var node = pending.popLast() {
      if isKnownUniquelyReferenced(&node) { Self.release(&node.inputs, into: &pending) }
    }
  }

  /// Forgets how this step came about, and those before it.
  ///
  /// A gradient that needs one of those before it is refused from now on; this one counts as a constant.
  fileprivate func forget() {
    var pending: [Node] = []
    forget(into: &pending)
    while let node = pending.popLast() {
      if node.isReleased { continue }
      node.isReleased = true
      node.forget(into: &pending)
    }
  }

  private func forget(into pending: inout [Node]) {
    pullback = nil
    Self.release(&inputs, into: &pending)
  }

  private static func release(_ inputs: inout [Tensor], into pending: inout [Node]) {
    for i in inputs.indices {
      if let node = inputs[i].node, !node.inputs.isEmpty { pending.append(node) }
      inputs[i].node = nil
    }
    inputs.removeAll()
  }
}

/// How a step hands the gradient of its result on to its inputs.
package typealias Pullback = (inout Backward) throws -> Void

/// What a pullback has at hand: the gradient that arrived, and the step's inputs and result.
///
/// The inputs and the result are tracked only where the gradient is to be differentiated again, so that
/// a pullback, written with ordinary operations, serves every order.
package struct Backward {
  /// The gradient with respect to the step's result, in its shape and type.
  package let g: Tensor
  fileprivate let node: Node
  fileprivate let tracked: Bool

  /// The step's result.
  package var y: Tensor {
    get throws { try node.result(tracked: tracked) }
  }

  /// One of the step's inputs.
  package subscript(_ i: Int) -> Tensor {
    let x = node.inputs[i]
    return tracked ? x : x.detached
  }

  package var inputCount: Int { node.inputs.count }

  /// Whether a gradient is wanted for the input.
  package func needs(_ i: Int) -> Bool { node.inputs[i].node?.mark == .relevant }

  /// A constant that the gradient sent to an input will be multiplied by, and nothing else will be done with it.
  package func constantFactor(of i: Int) -> Tensor? {
    tracked ? nil : node.inputs[i].node?.factor
  }

  /// Passes a gradient to an input, where one is wanted; it is summed to the input's shape if the
  /// operation broadcast it, and takes the input's type.
  package mutating func send(to i: Int, _ gradient: () throws -> Tensor) throws {
    guard let n = node.inputs[i].node, n.mark == .relevant else { return }
    var g = try gradient()
    if g.shape != node.inputs[i].shape { g = try g.summed(to: node.inputs[i].shape) }
    if g.dtype != node.inputs[i].dtype { g = try g.cast(to: node.inputs[i].dtype) }
    if let old = n.gradient.take() {
      g = tracked ? try old + g : try Kernels.added(g, to: old)
    }
    n.gradient = g
  }
}

extension Backward {
  /// Passes the gradients of some of an input's elements, those where the plan points; the others have none.
  mutating func send(to i: Int, at plan: IndexPlan, _ gradient: () throws -> Tensor) throws {
    let shape = node.inputs[i].shape
    guard !tracked, let n = node.inputs[i].node, n.mark == .relevant, let old = n.gradient.take()
    else { return try send(to: i) { try gradient().scattered(plan, into: shape) } }
    n.gradient = try gradient().added(at: plan, to: old)
  }
}

extension Tensor {
  /// The same numbers as a leaf of its own, with respect to which gradients can be taken.
  package func leaf() -> Tensor {
    Tensor(storage, shape, dtype, node: Node(leaf: shape, dtype))
  }

  func leaf(weighing noise: Noise) -> Tensor {
    Tensor(storage, shape, dtype, node: Node(leaf: shape, dtype, noise))
  }

  /// The same numbers, through which no gradient flows.
  package var detached: Tensor {
    node == nil ? self : Tensor(storage, shape, dtype)
  }

  /// Notes where in a program the step was asked for that led to this result, unless that is known.
  package func mark(site: UInt64) {
    guard let node, node.site == 0, node.pullback != nil else { return }
    node.site = site
  }

  /// Records how this result came about, if any input is tracked.
  package func recorded(_ inputs: [Tensor], _ pullback: @escaping Pullback) -> Tensor {
    guard dtype.isFloating, inputs.contains(where: { $0.node != nil }) else { return self }
    return Tensor(storage, shape, dtype, node: Node(self, inputs, pullback))
  }

  /// The same for the product of two tensors: where one is a constant, its zeros let no gradient through.
  func recorded(productOf a: Tensor, _ b: Tensor, _ pullback: @escaping Pullback) -> Tensor {
    guard dtype.isFloating, (a.node == nil) != (b.node == nil) else {
      return recorded([a, b], pullback)
    }
    let node = Node(self, [a, b], constantFactor: a.node == nil ? 0 : 1, pullback)
    return Tensor(storage, shape, dtype, node: node)
  }
}

/// One reverse sweep over the tape.
struct Sweep {
  /// Steps between the result and the leaves asked for, inputs before what is made of them.
  private var order: [Node] = []
  private var meetsReleased = false

  init(from root: Node, to targets: [Node]) {
    for t in targets { t.isTarget = true }
    visit(root)
    for t in targets where t.mark == .unvisited { t.isTarget = false }
  }

  /// Depth first, without recursion; marks every node.
  private mutating func visit(_ root: Node) {
    var stack = [root]
    while let node = stack.last {
      switch node.mark {
      case .unvisited:
        node.mark = .open
        if node.isReleased { meetsReleased = true }
        for i in node.inputs.indices {
          if let n = node.inputs[i].node, n.mark == .unvisited { stack.append(n) }
        }
      case .open:
        let leads = node.isTarget || node.inputs.contains { $0.node?.mark == .relevant }
        node.mark = leads ? .relevant : .irrelevant
        order.append(node)
        stack.removeLast()
      case .irrelevant, .relevant: stack.removeLast()
      }
    }
  }

  /// `watch` sees each step once its gradient has been passed on, and may end the sweep.
  func run(
    _ seed: Tensor, _ root: Node, _ targets: [Node], createGraph: Bool,
    watch: ((Node) -> Bool)? = nil
  ) throws -> [Tensor?] {
    defer {
      for node in order {
        (node.mark, node.isTarget, node.gradient) = (.unvisited, false, nil)
      }
    }
    if meetsReleased {
      throw TensorError.noGradient(
        "this was made from values that a training step has used up: compute them anew, or detach them"
      )
    }
    root.gradient = seed
    for node in order.reversed() where node.mark == .relevant {
      guard let pullback = node.pullback, let g = node.gradient else { continue }
      if !node.isTarget { node.gradient = nil }
      var backward = Backward(g: g, node: node, tracked: createGraph)
      try pullback(&backward)
      if let watch, watch(node) { break }
    }
    return targets.map(\.gradient)
  }
}

extension Tensor {
  /// The gradients of this tensor with respect to leaves (or steps on the way), weighted by `seed`.
  ///
  /// Nothing where this tensor does not depend on the other.
  /// Throws: where this tensor is not a single number and no seed of its shape is given.
  package func gradients(
    _ targets: [Tensor], seed: Tensor? = nil, createGraph: Bool = false
  ) throws -> [Tensor?] {
    guard dtype.isFloating else {
      throw TensorError.noGradient("expected a float to differentiate, found \(dtype.name)")
    }
    if let seed, seed.shape != shape { throw TensorError.broadcast(seed.shape, shape) }
    guard seed != nil || count == 1 else {
      throw TensorError.noGradient(
        "a gradient is of a single number, found shape \(shape): take its sum() or mean() first")
    }
    guard let node else { return targets.map { _ in nil } }
    let start = try seed ?? Tensor.ones(shape, dtype)
    let nodes = targets.map(\.node)
    let present = nodes.compactMap { $0 }
    let found = try Sweep(from: node, to: present).run(
      start, node, present, createGraph: createGraph)
    var next = 0
    return nodes.map { n in
      guard n != nil else { return nil }
      next += 1
      return found[next - 1]
    }
  }

  /// Gives back the memory of the steps that led to this tensor, which becomes a constant.
  ///
  /// For a loss whose gradients were taken: the parameters it was computed from are free to be
  /// written over. A later gradient that needs one of those steps is refused.
  package func releaseTape() { node?.forget() }

  /// Whether gradients could flow on to leaves other than through these tensors.
  package func reachesLeaves(besides targets: [Tensor]) -> Bool {
    guard let node else { return false }
    var seen = Set(targets.compactMap(\.node).map(ObjectIdentifier.init))
    var stack = [node]
    while let next = stack.popLast() {
      guard seen.insert(ObjectIdentifier(next)).inserted else { continue }
      if next.inputs.isEmpty { return true }
      for x in next.inputs {
        if let n = x.node { stack.append(n) }
      }
    }
    return false
  }

  /// The leaves that this depends on, but for the weights of draws.
  package var leaves: [Tensor] {
    guard let node else { return [] }
    if node.inputs.isEmpty { return node.noise == nil ? [self] : [] }
    var seen: Set<ObjectIdentifier> = [ObjectIdentifier(node)]
    var found: [Tensor] = []
    var stack = [node]
    while let next = stack.popLast() {
      for x in next.inputs {
        guard let n = x.node, seen.insert(ObjectIdentifier(n)).inserted else { continue }
        if !n.inputs.isEmpty { stack.append(n) } else if n.noise == nil { found.append(x) }
      }
    }
    return found
  }

  /// The gradients, with zeros where this tensor does not depend on the other.
  package func gradientsOrZero(
    _ targets: [Tensor], seed: Tensor? = nil, createGraph: Bool = false
  ) throws -> [Tensor] {
    let found = try gradients(targets, seed: seed, createGraph: createGraph)
    return try zip(found, targets).map { try $0 ?? Tensor.zeros($1.shape, $1.dtype) }
  }
}
