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
      return try average(q, generator) { try q.logProb($0) - p.logProb($0) }
    }
  }

  /// The Jensen-Shannon divergence: the mean of both KLs to the even mixture; nats.
  ///
  /// Source: Lin (1991), "Divergence Measures Based on the Shannon Entropy".
  package static func js(
    _ q: any Distribution, _ p: any Distribution, _ generator: Generator
  ) throws -> Tensor {
    let (q, p) = (try q.inFloat64(), try p.inFloat64())
    func half(_ a: any Distribution, _ b: any Distribution) throws -> Tensor {
      try average(a, generator) { x in
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
    return try average(q, generator) { try (1 - (p.logProb($0) - q.logProb($0)).exp()).relu() }
  }

  /// E_q f(p/q), for a convex f with f(1) = 0.
  ///
  /// Source: Csiszár (1963); Nowozin, Cseke and Tomioka (2016), "f-GAN", equation 2, with the roles as there.
  package static func f(
    _ function: @escaping (Tensor) throws -> Tensor, _ p: any Distribution, _ q: any Distribution,
    _ generator: Generator
  ) throws -> Tensor {
    let (q, p) = (try q.inFloat64(), try p.inFloat64())
    return try average(q, generator) { try function((p.logProb($0) - q.logProb($0)).exp()) }
  }

  private static let draws = 10_000

  /// Exact where it can be, else an estimate.
  private static func average(
    _ q: any Distribution, _ generator: Generator, _ f: @escaping (Tensor) throws -> Tensor
  ) throws -> Tensor {
    let function = BatchedFunction { try f($0[0]) }
    if let value = try Expectation.exact(.distribution(q), function) { return value }
    return try Sampling(draws: draws).estimate(
      [{ _ in .distribution(q) }], BatchedFunction { try f($0[0]) }, generator)
  }
}
