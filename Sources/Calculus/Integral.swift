import Tensors

/// The integral of a function of one number from a to b.
package enum Integral {
  /// Gradients flow to what the function reads, and to the limits.
  ///
  /// Shapes: the function takes [n], a and b are single numbers.
  package static func value(
    _ f: BatchedFunction, _ a: Tensor, _ b: Tensor, tolerance: Double = Quadrature.exactness
  ) throws -> Tensor {
    let (low, high) = (try a.cast(to: .float64), try b.cast(to: .float64))
    let (x, y) = (low.detached.item ?? .nan, high.detached.item ?? .nan)
    guard !x.isNaN, !y.isNaN else { throw CalculusError.noLimit(x.isNaN ? "a" : "b") }
    if x == y {
      return try substitution(low, high).gain { try f.values([$0]) } ?? Tensor(0)
    }
    if x > y { return try -value(f, b, a, tolerance: tolerance) }
    return try value(f, low, high, tolerance, cuts: 3)
  }

  /// Cuts the range at a place inside where the integrand is not finite: at an end it need not be.
  private static func value(
    _ f: BatchedFunction, _ a: Tensor, _ b: Tensor, _ tolerance: Double, cuts: Int
  ) throws -> Tensor {
    do {
      return try whole(f, a, b, tolerance)
    } catch let error as CalculusError {
      guard cuts > 0, let place = try singularity(f, error, a[flat: 0], b[flat: 0]) else {
        throw error
      }
      let middle = try Tensor(place)
      do {
        let left = try value(f, a, middle, tolerance, cuts: cuts - 1)
        return try left + value(f, middle, b, tolerance, cuts: cuts - 1)
      } catch CalculusError.diverges(place) {
        throw CalculusError.pole(place, isExact: true)
      }
    }
  }

  /// The place at which an integral failed, or the round number next to it, if the integrand is not
  /// finite there and is so around it.
  private static func singularity(
    _ f: BatchedFunction, _ error: CalculusError, _ a: Double, _ b: Double
  ) throws -> Double? {
    let near: Double
    switch error {
    case .notFiniteAt(let z), .pole(let z, false), .unsettled(let z, _, _): near = z
    default: return nil
    }
    func isFinite(_ z: Double) throws -> Bool {
      try f.values([Tensor([z], Shape([1]), .float64)]).values.allSatisfy(\.isFinite)
    }
    let distance = 1e-6 * min(1, b - a)
    for place in [near, (near * 1e6).rounded() / 1e6] where place > a && place < b {
      if try !isFinite(place), try isFinite(max(place - distance, (a + place) / 2)),
        try isFinite(min(place + distance, (b + place) / 2))
      {
        return place
      }
    }
    return nil
  }

  private static func whole(
    _ f: BatchedFunction, _ a: Tensor, _ b: Tensor, _ tolerance: Double
  ) throws -> Tensor {
    let substitution = try substitution(a, b)
    func integrand(_ z: Tensor, _ slopes: Tensor?) throws -> Tensor {
      let values = try f.values([z])
      guard let slopes else { return values }
      let trailing = [Int](repeating: 1, count: values.rank - 1)
      return try values * slopes.reshaped(to: [z.shape[0]] + trailing)
    }
    var scale = substitution.scale
    scale.budget = f.budget
    (scale.looksClosely, scale.reach) = (true, 14)
    f.watchJumps()
    let value = try Quadrature(
      { places in
        let (z, slopes) = try substitution(places)
        return try integrand(z, slopes)
      }, tolerance: tolerance, scale: scale
    ).value
    let moving = try substitution.adding(to: value) { try integrand($0, nil) }
    return try f.addingJumps(to: moving) { try integrand($0, nil) }
  }

  private static func substitution(_ a: Tensor, _ b: Tensor) throws -> Substitution {
    let (low, high, one) = (a.detached, b.detached, try Tensor(1))
    var substitution =
      switch ((low.item ?? 0).isFinite, (high.item ?? 0).isFinite) {
      case (true, true): Substitution(range: .interval(low: low, high: high))
      case (true, false): Substitution(range: .halfLine(edge: low, scale: one))
      case (false, true): Substitution(range: .halfLine(edge: high, scale: try -one))
      case (false, false): Substitution(range: .line(center: try Tensor(0), scale: one))
      }
    substitution.movingEdges = [(a, -1.0), (b, 1.0)].filter {
      $0.0.isTracked && ($0.0.item ?? .infinity).isFinite
    }.map { (edge: $0.0, sign: $0.1) }
    return substitution
  }
}
