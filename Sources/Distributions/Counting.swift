import Glibc
import Tensors

/// What distributions of counts have in common: the least count whose distribution function reaches a mass.
enum Counting {
  /// The quantiles of p, element by element in float64, broadcast with the parameters.
  static func quantile(
    _ parameters: [Tensor], _ p: Tensor, _ quantile: ([Double], Double) -> Double
  ) throws -> Tensor {
    let shape = try parameters.reduce(p.shape) { try $0.broadcast(with: $1.shape) }
    let columns = try parameters.map { try $0.detached.expanded(to: shape).values }
    let masses = try p.detached.expanded(to: shape).values
    let counts = try masses.indices.map { i in
      if i % 1024 == 0 { try Interrupt.poll() }
      return quantile(columns.map { $0[i] }, masses[i])
    }
    return try Tensor(counts, shape, .float64)
  }

  /// The least whole number whose `cdf` is at least p, looked for around the mean.
  static func quantile(
    _ p: Double, mean: Double, deviation: Double, highest: Double, _ cdf: (Double) -> Double
  ) -> Double {
    guard p >= 0, p <= 1, mean.isFinite else { return .nan }
    if p == 1 { return highest }
    // Tukey's approximation of the normal quantile, to about 0.01 in the middle.
    let z = (pow(p, 0.135) - pow(1 - p, 0.135)) / 0.1975
    // Above `low` lies the answer, `high` reaches p: bounds apart by growing steps, then halved.
    var (high, step) = (max(0, min(highest, (mean + z * deviation).rounded())), 1.0)
    while cdf(high) < p, high < highest { (high, step) = (min(high + step, highest), 2 * step) }
    var low = high - 1
    step = 1
    while low >= 0, cdf(low) >= p { (high, low, step) = (low, low - step, 2 * step) }
    low = max(low, -1)
    while high - low > 1 {
      let middle = ((low + high) / 2).rounded(.down)
      if cdf(middle) >= p { high = middle } else { low = middle }
    }
    return high
  }
}

extension Tensor {
  /// Where this is a count, and the counts as floats, with 0 elsewhere.
  func counts(_ type: DType) throws -> (areCounts: Tensor, counts: Tensor) {
    let x = dtype.isFloating ? self : try cast(to: type)
    let whole = try x.detached.floorDivided(by: Tensor(1, x.dtype)).compare(.equal, to: x)
    let inside = try whole.both(x.compare(.greaterOrEqual, to: 0))
    return (inside, try inside.choose(x, 0))
  }
}
