import Distributions
import Tensors

/// Distances between distributions, by their definitions.
package enum Divergences {
  /// KL(q | p) in closed form where there is one, else the average of log q - log p.
  ///
  /// Shapes: q and p [batch] -> their batches, broadcast.
  package static func kl(
    _ q: any Distribution, _ p: any Distribution, _ generator: Generator
  ) throws -> Tensor {
    do {
      return try Divergence.kl(q, p)
    } catch DistributionError.noDivergence {
      let (q, p) = (try q.inFloat64(), try p.inFloat64())
      let logs = try p.logProb(q.sample([256], Generator(seed: 1))).detached
      // Infinite where q lies outside of p.
      if logs.values.contains(-.infinity) { return try Tensor(.infinity) }
      do {
        return try average(q, and: p, generator) { try q.logProb($0) - p.logProb($0) }
      } catch let error as CalculusError {
        guard try outside(q, p, generator).values.contains(where: { $0 > 0 }) else { throw error }
        return try Tensor(.infinity)
      }
    }
  }

  /// The probability under q of what p takes for impossible.
  private static func outside(
    _ q: any Distribution, _ p: any Distribution, _ generator: Generator
  ) throws -> Tensor {
    try average(q, and: p, generator) {
      try p.logProb($0).detached.compare(.equal, to: -.infinity).cast(to: .float64)
    }.detached
  }

  /// The Jensen-Shannon divergence: the mean of both KLs to the even mixture; nats.
  ///
  /// Source: Lin (1991), "Divergence Measures Based on the Shannon Entropy".
  package static func js(
    _ q: any Distribution, _ p: any Distribution, _ generator: Generator
  ) throws -> Tensor {
    let (q, p) = (try q.inFloat64(), try p.inFloat64())
    func half(_ a: any Distribution, _ b: any Distribution) throws -> Tensor {
      try average(a, and: b, generator) { x in
        let own = try a.logProb(x)
        return try own - own.logAddExp(b.logProb(x)) + 0.693_147_180_559_945_309
      }
    }
    return try (half(q, p) + half(p, q)) * 0.5
  }

  /// The largest difference of two probabilities of one event: the average of (1 - p/q) where it is positive.
  package static func totalVariation(
    _ q: any Distribution, _ p: any Distribution, _ generator: Generator
  ) throws -> Tensor {
    let (q, p) = (try q.inFloat64(), try p.inFloat64())
    return try average(q, and: p, generator) {
      try (1 - (p.logProb($0) - q.logProb($0)).exp()).relu()
    }
  }

  /// E_q f(p/q), for a convex f with f(1) = 0.
  ///
  /// To it comes the limit of f(u)/u times the probability under p of what q takes for impossible. Where
  /// f(0) is nothing, as 0 log 0 is, its limit counts.
  ///
  /// Source: Csiszár (1963); Nowozin, Cseke and Tomioka (2016), "f-GAN", equation 2, with the roles as
  /// there; Liese and Vajda (2006), "On Divergences and Informations", equation 8, for the second part.
  package static func f(
    _ function: @escaping (Tensor) throws -> Tensor, _ p: any Distribution, _ q: any Distribution,
    _ generator: Generator
  ) throws -> Tensor {
    let (q, p) = (try q.inFloat64(), try p.inFloat64())
    let atZero = try function(Tensor(0)).values
    if atZero.contains(.infinity), try outside(q, p, generator).values.contains(where: { $0 > 0 }) {
      return try Tensor(.infinity)
    }
    let isLimit = atZero.contains { $0.isNaN }
    let average = try average(q, and: p, generator) { x in
      let ratio = try (p.logProb(x) - q.logProb(x)).exp()
      guard isLimit else { return try function(ratio) }
      return try function(ratio.detached.compare(.equal, to: 0).choose(1e-200, ratio))
    }
    let beyond = try outside(p, q, generator)
    guard beyond.values.contains(where: { $0 > 0 }) else { return average }
    let slope = try slopeAtInfinity(function)
    return try average + beyond.compare(.equal, to: 0).choose(0, beyond * slope)
  }

  /// The limit of f(u)/u, of a convex f.
  private static func slopeAtInfinity(_ f: (Tensor) throws -> Tensor) throws -> Double {
    // Squares are still finite there.
    let slopes = try [1e50, 1e100, 1e150].map { try f(Tensor($0)).values[0] / $0 }
    return abs(slopes[2] - slopes[1]) <= 1e-9 * max(abs(slopes[2]), 1) ? slopes[2] : .infinity
  }

  private static let draws = 10_000

  /// Exact where it can be, else an estimate; what is averaged may jump where the other's support ends.
  private static func average(
    _ q: any Distribution, and p: any Distribution, _ generator: Generator,
    _ f: @escaping (Tensor) throws -> Tensor
  ) throws -> Tensor {
    let jumps = MovingJumps()
    let function = BatchedFunction {
      jumps.begin($0[0])
      try jumps.noteEdges(of: p, $0[0])
      return try f($0[0])
    }
    function.jumps = jumps
    if let value = try Expectation.exact(.distribution(q), function) { return value }
    return try Sampling(draws: draws).estimate(
      [{ _ in .distribution(q) }], BatchedFunction { try f($0[0]) }, generator)
  }
}
