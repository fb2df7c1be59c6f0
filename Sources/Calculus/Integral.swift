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
    guard !x.isNaN, !y.isNaN else { throw CalculusError.notFinite(.nan, nil) }
    if x == y { return try Tensor(0) }
    if x > y { return try -value(f, b, a, tolerance: tolerance) }
    let substitution = try substitution(f, low, high)
    return try Quadrature(
      { places in
        let (z, slopes) = try substitution(places)
        let values = try f.values([z])
        let trailing = [Int](repeating: 1, count: values.rank - 1)
        return try values * slopes.reshaped(to: [places.count] + trailing)
      }, tolerance: tolerance, scale: substitution.scale
    ).value
  }

  private static func substitution(
    _ f: BatchedFunction, _ a: Tensor, _ b: Tensor
  ) throws -> Substitution {
    let one = try Tensor(1)
    switch ((a.item ?? 0).isFinite, (b.item ?? 0).isFinite) {
    case (true, true): return Substitution(range: .interval(low: a, high: b))
    case (true, false): return Substitution(range: .halfLine(edge: a, scale: one))
    case (false, true): return Substitution(range: .halfLine(edge: b, scale: try -one))
    case (false, false): return Substitution(range: .line(center: try Tensor(0), scale: one))
    }
  }
}
