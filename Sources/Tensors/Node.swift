/// One recorded step: what went in, what came out, and how a gradient passes back through it.
///
/// The tape is the graph of these nodes: it grows as operations run and goes when no tensor needs it.
/// A node without inputs is a leaf: a tensor with respect to which gradients are wanted.
package final class Node {
  private enum Origin {
    case leaf
    /// A leaf that weighs the draws of a sample: the noise these came from.
    indirect case weights(Noise)
    case step(Pullback)
    /// A step whose past `Tensor.releaseTape` has taken away.
    case released
  }

  // The inputs: one or two as a rule, which take no list. What is looked at is a field of its own, for a copy
  // of a tensor counts references, which costs more than the look.
  private var first: Storage?
  private var firstNode: Node?
  private var second: Storage?
  private var secondNode: Node?
  private var rest: [Tensor] = []

  private let output: Storage?
  private var origin: Origin
  /// Where in a program the step was asked for, as the layer above numbers places; 0 where nobody said.
  var site: UInt64 = 0
  /// What the sweep under way has gathered for this node's result.
  var gradient: Tensor?
  /// Whether a leaf that weighs draws lies behind this step.
  let isNoisy: Bool
  /// Which input is a constant that the other is multiplied by, or -1.
  private let constantFactor: Int8
  /// Where the sweep under way stands with this node.
  var mark = Mark.unvisited
  var isTarget = false

  enum Mark {
    case unvisited
    /// Its inputs are being visited.
    case open
    /// No target lies behind it.
    case irrelevant
    case relevant
  }

  /// A leaf.
  init(weighing noise: Noise? = nil) {
    output = nil
    origin = noise.map { .weights($0) } ?? .leaf
    isNoisy = noise != nil
    constantFactor = -1
  }

  init(
    _ output: Storage, _ x: Tensor, _ y: Tensor?, rest: [Tensor] = [], constantFactor: Int8 = -1,
    _ pullback: @escaping Pullback
  ) {
    (first, firstNode) = (x.storage, x.node)
    (second, secondNode) = (y?.storage, y?.node)
    self.rest = rest
    self.output = output
    self.constantFactor = constantFactor
    origin = .step(pullback)
    isNoisy =
      x.node?.isNoisy ?? false || y?.node?.isNoisy ?? false
      || !rest.isEmpty && rest.contains { $0.node?.isNoisy ?? false }
  }

  var isLeaf: Bool { first == nil }

  var isReleased: Bool { if case .released = origin { true } else { false } }

  var noise: Noise? { if case .weights(let noise) = origin { noise } else { nil } }

  var isStep: Bool { if case .step = origin { true } else { false } }

  var pullback: Pullback? {
    if case .step(let pullback) = origin { pullback } else { nil }
  }

  /// A constant by which this step multiplies whatever gradient arrives, unless that is asked for itself.
  var factor: Tensor? {
    constantFactor < 0 || isTarget || isReleased ? nil : constant(Int(constantFactor))
  }

  /// The tensor that this step made; only asked of steps with a pullback.
  func result(tracked: Bool) throws -> Tensor {
    guard let output else { throw TensorError.noGradient("a leaf has no step before it") }
    return Tensor(output, node: tracked ? self : nil)
  }

  // MARK: Inputs

  var inputs: [Tensor] { (0..<inputCount).map(input) }

  var inputCount: Int { first == nil ? 0 : second == nil ? 1 : 2 + rest.count }

  func input(_ i: Int) -> Tensor {
    if i == 0, let first { return Tensor(first, node: firstNode) }
    if i == 1, let second { return Tensor(second, node: secondNode) }
    return rest[i - 2]
  }

  /// An input's elements, through which no gradient flows.
  func constant(_ i: Int) -> Tensor {
    if i == 0, let first { return Tensor(first, node: nil) }
    if i == 1, let second { return Tensor(second, node: nil) }
    return rest[i - 2].detached
  }

  /// The step that made an input, if that is tracked.
  func node(_ i: Int) -> Node? {
    i == 0 ? firstNode : i == 1 ? secondNode : rest[i - 2].node
  }

  // MARK: Freeing

  /// Freeing a long chain node by node from within `deinit` would overflow the stack: take it apart in a loop.
  deinit {
    var pending: [Node] = []
    var next = release(into: &pending)
    while var node = next.take() ?? pending.popLast() {
      if isKnownUniquelyReferenced(&node) { next = node.release(into: &pending) }
    }
  }

  /// Forgets how this step came about, and those before it.
  ///
  /// A gradient that needs one of those before it is refused from now on; this one counts as a constant.
  func forget() {
    origin = .leaf
    var pending: [Node] = []
    var next = release(into: &pending)
    while let node = next.take() ?? pending.popLast() {
      if node.isReleased { continue }
      node.origin = .released
      next = node.release(into: &pending)
    }
  }

  /// Lets go of all inputs; of the steps that made them the first is given back, the others are added to `pending`.
  private func release(into pending: inout [Node]) -> Node? {
    if first == nil { return nil }
    first = nil
    second = nil
    var found = firstNode.take()
    if found?.isLeaf ?? false { found = nil }
    if let node = secondNode.take(), !node.isLeaf {
      if found == nil { found = node } else { pending.append(node) }
    }
    if !rest.isEmpty {
      pending += rest.compactMap(\.node).filter { !$0.isLeaf }
      rest = []
    }
    return found
  }

  // MARK: A sweep's visit

  /// Begins the visit of this node: what it was made of comes first.
  func open(_ stack: inout [Node]) {
    mark = .open
    if firstNode?.mark == .unvisited, let firstNode { stack.append(firstNode) }
    if secondNode?.mark == .unvisited, let secondNode { stack.append(secondNode) }
    if rest.isEmpty { return }
    for case let node? in rest.map(\.node) where node.mark == .unvisited { stack.append(node) }
  }

  /// Ends the visit of this node, after those of what it was made of.
  func close() {
    let leads =
      isTarget || firstNode?.mark == .relevant || secondNode?.mark == .relevant
      || !rest.isEmpty && rest.contains { $0.node?.mark == .relevant }
    mark = leads ? .relevant : .irrelevant
  }

  /// What was gathered for this node's result; only a target keeps it.
  func gradientToPassOn() -> Tensor? { isTarget ? gradient : gradient.take() }

  /// Adds a gradient that arrives at an input, in the input's shape and type.
  func gather(_ gradient: consuming Tensor, at i: Int, tracked: Bool) throws {
    var g = gradient
    let x = i == 0 ? first : i == 1 ? second : rest[i - 2].storage
    if let x {
      if g.shape != x.shape { g = try g.summed(to: x.shape) }
      if g.dtype != x.dtype { g = try g.cast(to: x.dtype) }
    }
    guard let node = node(i) else { return }
    if let old = node.gradient.take() {
      g = tracked ? try old + g : try Kernels.added(g, to: old)
    }
    node.gradient = g
  }

  /// Whether a sweep wants the gradient of an input.
  func needs(_ i: Int) -> Bool {
    if i > 1 { return rest[i - 2].node?.mark == .relevant }
    return i == 0 ? firstNode?.mark == .relevant : secondNode?.mark == .relevant
  }

  func endSweep() {
    mark = .unvisited
    isTarget = false
    gradient = nil
  }
}
