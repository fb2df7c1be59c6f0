/// The elements of a tensor and, where gradients may be asked for, how they came about.
///
/// The tape is the graph of these nodes: it grows as operations run and goes when no tensor needs it. A
/// tensor, its elements' description and its step are one object, for making and counting objects is most of
/// what a small operation costs.
@safe final class Node: Place {
  // In an order that leaves no gaps: of up to 152 bytes, malloc finds an object at once (`Allocator`).
  let dtype: DType
  /// Where the sweep under way stands with this node.
  var mark = Mark.unvisited
  private var firstIsTracked = false
  private var secondIsTracked = false
  /// Which input is a constant that the other is multiplied by, or -1.
  private var constantFactor: Int8 = -1
  let shape: Shape
  /// Whether `Tensor.releaseTape` has taken the step's past away.
  private(set) var isReleased = false

  let address: UnsafeMutableRawPointer
  /// Whose the bytes are, where other nodes read them too.
  private var storage: Storage?
  /// The leaf whose elements these are.
  let leaf: Leaf?
  // The inputs of the step: one or two as a rule, which take no list. They are retained from `record` to
  // `release` by hand, for what the sweep looks at would be counted each time.
  private var first: Unmanaged<Node>?
  private var second: Unmanaged<Node>?
  private var rest: [Tensor]?
  /// How a gradient passes back through the step; none where this is no step.
  private(set) var pullback: Pullback?
  /// Where in a program the step was asked for, as the layer above numbers places; 0 where nobody said.
  var site: UInt64 = 0

  enum Mark {
    case unvisited
    /// Its inputs are being visited.
    case open
    /// No target lies behind it.
    case irrelevant
    case relevant
  }

  /// Elements of unspecified content, aligned to a cache line.
  ///
  /// Throws: `TensorError.outOfMemory` where the machine has less.
  @inline(__always)
  init(_ shape: Shape, _ dtype: DType) throws {
    let (bytes, overflow) = shape.count.multipliedReportingOverflow(by: dtype.size)
    // A count that overflowed is negative.
    if overflow || bytes < 0 { throw TensorError.tooLarge(shape.dims, elementSize: dtype.size) }
    unsafe address = try Allocator.shared.allocate(bytes)
    self.shape = shape
    self.dtype = dtype
    leaf = nil
  }

  /// The elements of another node under a shape of the same count, without its past.
  init(sharing other: Node, as shape: Shape, leaf: Leaf? = nil) {
    let owner = unsafe other.storage ?? Storage(adopting: other.address, byteCount: other.byteCount)
    other.storage = owner
    storage = owner
    unsafe address = other.address
    dtype = other.dtype
    self.shape = shape
    self.leaf = leaf
    super.init()
    isNoisy = leaf?.isNoisy ?? false
  }

  private var byteCount: Int { shape.count * dtype.size }

  /// Whether the bytes are this node's alone, and no recorded step relies on them.
  var mayBeWritten: Bool {
    pullback == nil && (storage == nil || isKnownUniquelyReferenced(&storage))
  }

  /// Whether this holds elements and nothing of how they came about.
  var isPlain: Bool { leaf == nil && pullback == nil && !isReleased }

  /// Whether this is a leaf, or counts as one for its past is forgotten; only asked of what is tracked.
  var endsTape: Bool { leaf != nil || pullback == nil && !isReleased }

  /// Where a gradient for these elements is gathered.
  var place: Place { leaf ?? self }

  /// Makes this the result of a step.
  func record(
    _ x: Tensor, _ y: Tensor?, rest: [Tensor]? = nil, constantFactor: Int8 = -1,
    _ pullback: @escaping Pullback
  ) {
    unsafe (first, firstIsTracked) = (.passRetained(x.node), x.isTracked)
    isNoisy = x.isNoisy
    if let y {
      unsafe (second, secondIsTracked) = (.passRetained(y.node), y.isTracked)
      isNoisy = isNoisy || y.isNoisy
    }
    if let rest {
      self.rest = rest
      isNoisy = isNoisy || rest.contains(where: \.isNoisy)
    }
    self.constantFactor = constantFactor
    self.pullback = pullback
  }

  // MARK: Inputs

  private var isStep: Bool { unsafe first != nil }

  var inputs: [Tensor] { (0..<inputCount).map(input) }

  var inputCount: Int { unsafe first == nil ? 0 : second == nil ? 1 : 2 + (rest?.count ?? 0) }

  func input(_ i: Int) -> Tensor {
    if i == 0, let first = unsafe first?.takeUnretainedValue() {
      return Tensor(first, isTracked: firstIsTracked)
    }
    if i == 1, let second = unsafe second?.takeUnretainedValue() {
      return Tensor(second, isTracked: secondIsTracked)
    }
    // Whoever asks has counted the inputs.
    return (rest ?? [])[i - 2]
  }

  /// An input's elements, through which no gradient flows.
  func constant(_ i: Int) -> Tensor { Tensor(input(i).node, isTracked: false) }

  /// An input through which a gradient can flow.
  func tracked(_ i: Int) -> Node? {
    let x = input(i)
    return x.isTracked ? x.node : nil
  }

  /// A constant by which this step multiplies whatever gradient arrives, unless that is asked for itself.
  var factor: Tensor? {
    constantFactor < 0 || isTarget || isReleased ? nil : constant(Int(constantFactor))
  }

  // MARK: A sweep's visit

  /// Begins the visit of this node: what it was made of comes first.
  func open(_ stack: inout [Node]) {
    mark = .open
    if firstIsTracked, let first = unsafe first, unsafe first.mark == .unvisited {
      unsafe stack.append(first.takeUnretainedValue())
    }
    if secondIsTracked, let second = unsafe second, unsafe second.mark == .unvisited {
      unsafe stack.append(second.takeUnretainedValue())
    }
    guard let rest else { return }
    for x in rest where x.isTracked && x.node.mark == .unvisited { stack.append(x.node) }
  }

  /// Ends the visit of this node, after those of what it was made of.
  func close() {
    let leads =
      leaf?.isTarget ?? isTarget || needs(0) || needs(1)
      || rest?.contains { $0.isTracked && $0.node.mark == .relevant } ?? false
    mark = leads ? .relevant : .irrelevant
  }

  /// Whether a sweep wants the gradient of an input.
  func needs(_ i: Int) -> Bool {
    if i == 0 { return unsafe firstIsTracked && first?.mark == .relevant }
    if i == 1 { return unsafe secondIsTracked && second?.mark == .relevant }
    return tracked(i)?.mark == .relevant
  }

  /// What was gathered for this step's result; only a target keeps it.
  func gradientToPassOn() -> Tensor? { isTarget ? gradient : gradient.take() }

  /// Ends the sweep's business here; what a target has gathered stays.
  func leave() {
    mark = .unvisited
    if !isTarget { gradient = nil }
  }

  /// Adds a gradient that arrives at an input.
  func gather(_ gradient: consuming Tensor, at i: Int, tracked: Bool) throws {
    guard i < 2 else {
      if let rest { try rest[i - 2].node.receive(gradient, tracked: tracked) }
      return
    }
    guard let input = unsafe i == 0 ? first : second else { return }
    var g: Tensor? = gradient
    try unsafe input._withUnsafeGuaranteedRef { node in
      if let g = g.take() { try node.receive(g, tracked: tracked) }
    }
  }

  /// Adds a gradient that arrives here, in the shape and type of the elements.
  private func receive(_ gradient: consuming Tensor, tracked: Bool) throws {
    var g = gradient
    if g.shape != shape { g = try g.summed(to: shape) }
    if g.dtype != dtype { g = try g.cast(to: dtype) }
    if let leaf {
      try leaf.add(g, tracked: tracked)
    } else {
      try add(g, tracked: tracked)
    }
  }

  // MARK: Freeing

  /// Freeing a long chain node by node from within `deinit` would overflow the stack: take it apart in a loop.
  deinit {
    if storage == nil { unsafe Allocator.shared.release(address, byteCount: byteCount) }
    guard isStep else { return }
    var pending: [Node] = []
    var next = release(into: &pending)
    while var node = next.take() ?? pending.popLast() {
      if isKnownUniquelyReferenced(&node) { next = node.release(into: &pending) }
    }
  }

  /// Forgets how this came about, and the steps before it.
  ///
  /// A gradient that needs one of those before it is refused from now on; this one counts as a leaf.
  func forget() {
    pullback = nil
    var pending: [Node] = []
    var next = release(into: &pending)
    while let node = next.take() ?? pending.popLast() {
      if node.isReleased { continue }
      node.isReleased = true
      node.pullback = nil
      next = node.release(into: &pending)
    }
  }

  /// Lets go of all inputs; of those that are steps the first is given back, the others are added to `pending`.
  private func release(into pending: inout [Node]) -> Node? {
    var found = unsafe first.take()?.takeRetainedValue()
    if !(found?.isStep ?? false) { found = nil }
    if let node = unsafe second.take()?.takeRetainedValue(), node.isStep {
      if found == nil { found = node } else { pending.append(node) }
    }
    if let others = rest.take() {
      for x in others where x.node.isStep { pending.append(x.node) }
    }
    return found
  }
}

extension Unmanaged<Node> {
  fileprivate var mark: Node.Mark { unsafe _withUnsafeGuaranteedRef { $0.mark } }
}
