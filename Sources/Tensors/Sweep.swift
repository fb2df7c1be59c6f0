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
  func run(
    _ seed: Tensor, _ root: Node, _ targets: [Node], createGraph: Bool,
    watch: ((Node) -> Bool)? = nil
  ) throws -> [Tensor?] {
    defer {
      for i in order.indices { order[i].endSweep() }
    }
    if meetsReleased {
      throw TensorError.noGradient(
        "this was made from values that a training step has used up: compute them anew, or detach them"
      )
    }
    root.gradient = seed
    for node in order.reversed() where node.mark == .relevant {
      guard let pullback = node.pullback, let g = node.gradientToPassOn() else { continue }
      var backward = Backward(g: g, node: node, tracked: createGraph)
      try pullback(&backward)
      if let watch, watch(backward.node) { break }
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
      if next.isLeaf { return true }
      for x in next.inputs {
        if let n = x.node { stack.append(n) }
      }
    }
    return false
  }

  /// The leaves that this depends on, but for the weights of draws.
  package var leaves: [Tensor] {
    guard let node else { return [] }
    if node.isLeaf { return node.noise == nil ? [self] : [] }
    var seen: Set<ObjectIdentifier> = [ObjectIdentifier(node)]
    var found: [Tensor] = []
    var stack = [node]
    while let next = stack.popLast() {
      for x in next.inputs {
        guard let n = x.node, seen.insert(ObjectIdentifier(n)).inserted else { continue }
        if !n.isLeaf { stack.append(n) } else if n.noise == nil { found.append(x) }
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
