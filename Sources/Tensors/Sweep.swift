/// One reverse sweep over the tape.
struct Sweep {
  /// What lies between the result and the leaves, inputs before what is made of them.
  private var order: [Node] = []
  private var meetsReleased = false

  init(from root: Node, to targets: [Place]) {
    for t in targets { t.isTarget = true }
    visit(root)
  }

  /// Depth first, without recursion; marks every node.
  private mutating func visit(_ root: Node) {
    var stack = [root]
    while !stack.isEmpty {
      let top = stack.count - 1
      switch stack[top].mark {
      case .unvisited:
        if stack[top].isReleased { meetsReleased = true }
        stack[top].open(&stack)
      case .open:
        stack[top].close()
        order.append(stack.removeLast())
      case .irrelevant, .relevant: stack.removeLast()
      }
    }
  }

  /// `watch` sees each step once its gradient has been passed on, and may end the sweep.
  mutating func run(
    _ seed: Tensor, _ root: Place, _ targets: [Place], createGraph: Bool,
    watch: ((Node) -> Bool)? = nil
  ) throws -> [Tensor?] {
    defer {
      for node in order { node.leave() }
      for target in targets { target.endSweep() }
    }
    if meetsReleased {
      throw TensorError.noGradient(
        "this was made from values that a training step has used up: compute them anew, or detach them"
      )
    }
    root.gradient = seed
    while let node = order.popLast() {
      defer { node.leave() }
      guard node.mark == .relevant, let pullback = node.pullback, let g = node.gradientToPassOn()
      else { continue }
      var backward = Backward(g: g, node: node, tracked: createGraph)
      try pullback(&backward)
      if let watch, watch(node) { break }
    }
    // What is not tracked must not hold on to the steps behind it.
    return targets.map { target in target.gradient.map { $0.isTracked ? $0 : $0.detached } }
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
    guard isTracked else { return targets.map { _ in nil } }
    let start = try seed ?? Tensor.ones(shape, dtype)
    let places = targets.map(\.place)
    let present = places.compactMap { $0 }
    var sweep = Sweep(from: node, to: present)
    let found = try sweep.run(
      start, node.place, present, createGraph: createGraph)
    var next = 0
    return places.map { place in
      guard place != nil else { return nil }
      next += 1
      return found[next - 1]
    }
  }

  /// Gives back the memory of the steps that led to this tensor, which becomes a constant.
  ///
  /// For a loss whose gradients were taken: the parameters it was computed from are free to be
  /// written over. A later gradient that needs one of those steps is refused.
  package func releaseTape() {
    if isTracked { node.forget() }
  }

  /// Whether gradients could flow on to leaves other than through these tensors.
  package func reachesLeaves(besides targets: [Tensor]) -> Bool {
    var seen = Set(targets.compactMap(\.place).map(ObjectIdentifier.init))
    var stack = [self]
    while let next = stack.popLast() {
      guard let place = next.place, seen.insert(ObjectIdentifier(place)).inserted else { continue }
      if next.node.endsTape { return true }
      stack += next.node.inputs
    }
    return false
  }

  /// The leaves that this depends on, but for the weights of draws.
  package var leaves: [Tensor] {
    var seen: Set<ObjectIdentifier> = []
    var found: [Tensor] = []
    var stack = [self]
    while let next = stack.popLast() {
      guard let place = next.place, seen.insert(ObjectIdentifier(place)).inserted else { continue }
      if next.node.endsTape {
        if next.node.leaf?.noise == nil { found.append(next) }
      } else {
        stack += next.node.inputs
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
