/// The draws behind an estimate: where the generator stood when they were made, and how many there are.
///
/// Samples of one noise are the same random numbers once more, so that their errors go together.
package struct Noise: Hashable, Sendable {
  package let state: Generator.State
  package let draws: Int
  /// Whether something was 0 in all draws, or 1 in all of them, as of an event too rare or too likely to be missed.
  package var isOneSided = false

  package init(_ state: Generator.State, draws: Int) {
    self.state = state
    self.draws = draws
  }

  /// Whether the random numbers are the same; what was made of them does not matter.
  package static func == (a: Noise, b: Noise) -> Bool {
    a.state == b.state && a.draws == b.draws
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(state)
    hasher.combine(draws)
  }

  /// Whether one of the components is 0 in all draws, or 1 in all.
  ///
  /// Shapes: values [n] + that of what is averaged.
  package static func isOneSided(_ values: Tensor) throws -> Bool {
    let (low, high) = (
      try values.detached.extreme([0], greatest: false),
      try values.detached.extreme([0], greatest: true)
    )
    return zip(low.values, high.values).contains { $0 == $1 && ($0 == 0 || $0 == 1) }
  }

  /// The weights 1/n of n draws, as a leaf.
  ///
  /// A mean taken with them is an estimate: the derivative of whatever is made of it with respect to
  /// a draw's weight tells what that draw contributes to its error.
  package func weights() throws -> Tensor {
    let equal = try Tensor.full(Shape([draws]), 1 / Double(max(draws, 1)), .float64)
    return equal.leaf(weighing: self)
  }
}

extension Tensor {
  /// Whether this was made from an estimate, and carries its error.
  package var isNoisy: Bool { isTracked && node.isNoisy && !node.isReleased }

  /// The weights of the draws behind this.
  package var drawWeights: [(noise: Noise, weights: Tensor)] {
    guard isNoisy else { return [] }
    var seen: Set<ObjectIdentifier> = []
    var found: [(noise: Noise, weights: Tensor)] = []
    var stack = [node]
    while let next = stack.popLast() {
      guard seen.insert(ObjectIdentifier(next)).inserted else { continue }
      for x in next.inputs {
        guard x.isTracked, x.node.isNoisy else { continue }
        guard let leaf = x.node.leaf else {
          stack.append(x.node)
          continue
        }
        if let noise = leaf.noise, seen.insert(ObjectIdentifier(leaf)).inserted {
          found.append((noise, x))
        }
      }
    }
    return found
  }
}
