import Tensors

/// Outputs of a function that are checked together, as one number.
///
/// A gradient belongs to one number. Few outputs are checked one by one; of many a seeded random combination
/// of each group is, in units of each output's own size: an error in one of them shows in the sum.
struct OutputGroup {
  /// Which output it is, where it is one of several.
  let index: [Int]?
  private let shape: Shape
  private let members: [Int]
  private let weights: Tensor?

  private static let most = 8

  /// The groups of an output's elements, each in one of them.
  static func all(of y: Tensor) throws -> [OutputGroup] {
    let n = y.count
    guard n > 1 else {
      return [OutputGroup(index: nil, shape: y.shape, members: [0], weights: nil)]
    }
    let sizes = y.values.map(abs).map { $0.isFinite ? $0 : 1 }
    let least = max((sizes.max() ?? 1) * 1e-3, Double.leastNormalMagnitude)
    let rng = Generator(seed: 3)
    return try (0..<min(n, most)).map { group in
      let members = Array(stride(from: group, to: n, by: most))
      if members.count == 1 {
        return OutputGroup(
          index: y.shape.index(ofFlat: group), shape: y.shape, members: members, weights: nil)
      }
      let shape = try Shape([members.count])
      let signs = try rng.uniform(shape, .float64).compare(.less, to: 0.5)
      let draws = try rng.uniform(shape, .float64) + 0.5
      let units = try Tensor(members.map { 1 / max(sizes[$0], least) }, shape, .float64)
      return OutputGroup(
        index: nil, shape: y.shape, members: members,
        weights: try signs.choose(draws, -draws) * units)
    }
  }

  /// The number that stands for the group.
  func number(_ y: Tensor) throws -> Tensor {
    guard y.shape == shape else { throw CalculusError.changingShape(shape, y.shape) }
    guard shape.count > 1 else { return y }
    let own = try y.reshaped(to: [-1]).indexed([.tensor(Tensor(members))])
    return try weights.map { try (own * $0.cast(to: y.dtype)).sum() } ?? own.reshaped(to: [])
  }
}
