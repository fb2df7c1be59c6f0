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

  /// The entropy of counts: the sum over all that have a share in it where the variance is below 10^4,
  /// else the series around a normal's, whose next term is below 10^-12 then.
  ///
  /// Shapes: moments [batch], float64; `logProb` takes [n] + batch.
  /// Source: the expansion of negentropy in cumulants of Comon (1994), "Independent Component Analysis,
  /// a New Concept?"; of a Poisson distribution it gives log(2 pi e rate) / 2 - 1 / (12 rate) - 1 / (24 rate^2).
  static func entropy(
    mean: Tensor, variance: Tensor, skewness: Tensor, excess: Tensor,
    _ logProb: (Tensor) throws -> Tensor
  ) throws -> Tensor {
    let isWide = try variance.detached.compare(.greaterOrEqual, to: 1e4)
    let narrow = zip(isWide.values, variance.values).map { $0 == 0 ? $1 : 0 }.max() ?? 0
    // Beyond 12 deviations and 40 more a count has less than e^-70 of the mass.
    let reach = (12 * narrow.squareRoot() + 40).rounded(.up)
    let trailing = [Int](repeating: 1, count: variance.rank)
    let steps = try Tensor.range(-Int(reach), Int(reach) + 1).cast(to: .float64)
      .reshaped(to: [2 * Int(reach) + 1] + trailing)
    let center = try isWide.choose(0, mean.detached).floorDivided(by: Tensor(1, .float64))
    let logs = try logProb(center + steps)
    let isPossible = try logs.detached.compare(.greater, to: -700)
    let held = try isPossible.choose(logs, 0)
    let sum = try 0 - isPossible.choose(held * held.exp(), 0).sum([0])
    let (s2, k) = (try skewness.square(), excess)
    let negentropy = try s2 / 12 + k.square() / 48 + s2.square() * (7.0 / 48) - s2 * k / 8
    let normal = try isWide.choose(variance, 1).log() * 0.5 + (0.5 + Normal.halfLogTwoPi)
    return try isWide.choose(normal - negentropy, sum)
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
    // Plus 0, which makes 0 of -0.
    var (high, step) = (max(0, min(highest, (mean + z * deviation).rounded())) + 0, 1.0)
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
  /// The greatest counts that are at most these numbers, -1 where there is none, and whether all are.
  func countBelow(_ type: DType) throws -> (count: Tensor, isEnd: Tensor) {
    let x = try cast(to: type).detached
    let isEnd = try x.compare(.equal, to: .infinity)
    let held = try isEnd.choose(0, x.clamped(-1, nil))
    return (try held.floorDivided(by: Tensor(1, type)), isEnd)
  }

  /// Where this is a count, and the counts as floats, with 0 elsewhere.
  func counts(_ type: DType) throws -> (areCounts: Tensor, counts: Tensor) {
    let x = dtype.isFloating ? self : try cast(to: type)
    let whole = try x.detached.floorDivided(by: Tensor(1, x.dtype)).compare(.equal, to: x)
    let inside = try whole.both(x.compare(.greaterOrEqual, to: 0))
    return (inside, try inside.choose(x, 0))
  }
}
