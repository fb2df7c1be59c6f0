import Tensors

/// The function under check and its arguments, one of which moves.
///
/// All of its outputs are worked out together: one evaluation serves the difference quotients of each.
struct GradientCheckSubject {
  private(set) var arguments: [Tensor]
  private let f: ([Tensor]) throws -> Tensor
  private(set) var groups: [OutputGroup]
  let dtype: DType
  /// One for each group of outputs.
  private(set) var quotients: [DifferenceQuotient] = []

  /// The arguments as they are checked: floats in float64, without a record.
  static func arguments(_ given: [Tensor]) throws -> [Tensor] {
    try given.map { x in
      let x = x.detached
      return x.dtype.isFloating ? try x.cast(to: .float64) : x
    }
  }

  /// At most `most` groups of outputs.
  init(_ given: [Tensor], most: Int, _ f: @escaping ([Tensor]) throws -> Tensor) throws {
    arguments = try Self.arguments(given)
    self.f = f
    let first = try f(arguments)
    guard first.count > 0 else { throw CalculusError.noElements(first.shape) }
    if let bad = first.values.first(where: { !$0.isFinite }) {
      let recorded = try f(arguments.map { $0.dtype.isFloating ? $0.leaf() : $0 })
      throw CalculusError.notFinite(bad, recorded.nonFiniteOrigin())
    }
    groups = try OutputGroup.all(of: first, most: most)
    dtype = first.dtype
    let values = first.values
    quotients = try quotients(centers: groups.map { $0.number(values) })
  }

  /// The number of each group.
  private func values() throws -> [Double] {
    try Interrupt.poll()
    let y = try f(arguments)
    // Of another shape it is an error.
    _ = try groups[0].number(y.detached)
    let values = y.values
    return groups.map { $0.number(values) }
  }

  /// Moves all arguments together along a short grid in random directions.
  private func quotients(centers: [Double]) throws -> [DifferenceQuotient] {
    let epsilon = dtype == .float64 ? 0x1p-52 : 0x1p-23
    let rng = Generator(seed: 1)
    let directions = try arguments.map { x in
      try x.dtype.isFloating ? x.absolute().clamped(1e-3, nil) * rng.normal(x.shape, .float64) : x
    }
    var moved = self
    let table = try (0..<8).map { k in
      for (i, x) in arguments.enumerated() where x.dtype.isFloating {
        moved.arguments[i] = try x + directions[i] * (Double(k) * 1000 * epsilon)
      }
      return try moved.values()
    }
    return groups.indices.map { g in
      let values = table.map { $0[g] }
      let size = values.lazy.map(abs).filter(\.isFinite).max() ?? abs(centers[g])
      let rounding = epsilon * size
      guard values.allSatisfy(\.isFinite) else {
        return DifferenceQuotient(center: centers[g], noise: rounding, rounding: rounding)
      }
      let noise = max(DifferenceQuotient.noise(values), rounding)
      return DifferenceQuotient(center: centers[g], noise: noise, rounding: rounding)
    }
  }

  /// The gradients of each group's number with respect to some of the arguments.
  func gradients(_ which: [Int]) throws -> [[Tensor]] {
    var tracked = arguments
    for i in which { tracked[i] = tracked[i].leaf() }
    let leaves = which.map { tracked[$0] }
    let y = try f(tracked)
    return try groups.map { group in
      try Interrupt.poll()
      return try group.number(y).gradientsOrZero(leaves)
    }
  }

  /// The slope of each group's number along a random vector, as a function with as many outputs: each
  /// entry of their gradients is a mean of a row of second derivatives.
  func slopesAlongRandomVector(_ which: [Int]) throws -> GradientCheckSubject {
    let rng = Generator(seed: 2)
    let (f, groups) = (f, groups)
    // In units of the arguments' own size, so that no entry outweighs the others.
    let vector = try which.map { i in
      try rng.normal(arguments[i].shape, .float64)
        * arguments[i].absolute().clamped(1e-3, nil)
    }
    var slopes = try GradientCheckSubject(arguments, most: groups.count) { x in
      var x = x
      for i in which where !x[i].isTracked { x[i] = x[i].leaf() }
      let leaves = which.map { x[$0] }
      let y = try f(x)
      return try Tensor.stacked(
        groups.map { group in
          let slopes = try group.number(y).gradientsOrZero(leaves, createGraph: true)
          return try zip(slopes, vector).map { try ($0 * $1).sum() }.reduce(Tensor(0, .float64), +)
        }, 0)
    }
    for g in groups.indices { slopes.groups[g].index = groups[g].index }
    return slopes
  }

  // MARK: Moving

  /// What is moved: an argument's entry, or all of it along a direction.
  enum Path {
    case entry(Int)
    case direction(Tensor)
  }

  /// The numbers of the groups with an argument moved by t.
  mutating func values(moving argument: Int, _ path: Path, by t: Double) throws -> [Double] {
    switch path {
    case .entry(let entry):
      let old = arguments[argument][flat: entry]
      try arguments[argument].setElement(entry, old + t)
      defer { try? arguments[argument].setElement(entry, old) }
      return try values()
    case .direction(let direction):
      let old = arguments[argument]
      arguments[argument] = try old + direction * t
      defer { arguments[argument] = old }
      return try values()
    }
  }
}
