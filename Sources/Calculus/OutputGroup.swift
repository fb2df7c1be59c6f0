import Tensors

/// Outputs of a function that are checked together, as one number.
///
/// A gradient belongs to one number, so each output is checked on its own. Only where these are too many for
/// that a seeded random combination of a few is, in units of each output's own size: an error in one of them
/// shows in the sum.
struct OutputGroup {
  /// Which output it is, where it is one of several.
  var index: [Int]?
  private let shape: Shape
  private let members: [Int]
  /// One for each member; none where there is one member.
  private let weights: [Double]

  /// The groups of an output's elements, each in one of them; at most so many.
  static func all(of y: Tensor, most: Int) throws -> [OutputGroup] {
    let n = y.count
    guard n > 1 else {
      return [OutputGroup(index: nil, shape: y.shape, members: [0], weights: [])]
    }
    let sizes = y.values.map(abs).map { $0.isFinite ? $0 : 1 }
    let least = max((sizes.max() ?? 1) * 1e-3, Double.leastNormalMagnitude)
    let rng = Generator(seed: 3)
    return try (0..<min(n, most)).map { group in
      let members = Array(stride(from: group, to: n, by: most))
      if members.count == 1 {
        return OutputGroup(
          index: y.shape.index(ofFlat: group), shape: y.shape, members: members, weights: [])
      }
      let draws = try rng.uniform(Shape([2, members.count]), .float64).values
      let weights = members.indices.map { i in
        (draws[i] < 0.5 ? 1 : -1) * (draws[members.count + i] + 0.5) / max(sizes[members[i]], least)
      }
      return OutputGroup(index: nil, shape: y.shape, members: members, weights: weights)
    }
  }

  /// The number that stands for the group, with a record.
  func number(_ y: Tensor) throws -> Tensor {
    guard y.shape == shape else { throw CalculusError.changingShape(shape, y.shape) }
    guard shape.count > 1 else { return try y.reshaped(to: []) }
    let own = try y.reshaped(to: [-1]).indexed([.tensor(Tensor(members))])
    if weights.isEmpty { return try own.reshaped(to: []) }
    return try (own * Tensor(weights, Shape([weights.count]), y.dtype)).sum()
  }

  /// The same of an output's values.
  func number(_ values: [Double]) -> Double {
    guard !weights.isEmpty else { return values[members[0]] }
    return zip(members, weights).reduce(0) { $0 + values[$1.0] * $1.1 }
  }
}
