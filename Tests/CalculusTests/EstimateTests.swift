import Distributions
import Glibc
import Tensors
import Testing

@testable import Calculus

/// At z ~ N(0.8, 0.5), f = z^2 + sin 3z, the gradient in the mean is 0.88181; one draw's variance is
/// 3.015 pathwise and 12.63 by the score, by quadrature.
struct EstimateTests {
  private func gradient(
    _ sampling: Sampling, seed: UInt64 = 3
  ) throws -> Estimate {
    let mu = try Tensor(0.8).leaf()
    let value = try sampling.estimate(
      [{ _ in .distribution(try Normal(mu, Tensor(0.5))) }],
      BatchedFunction { try $0[0].square() + ($0[0] * 3).sin() }, Generator(seed: seed))
    let slope = try value.gradientsOrZero([mu], createGraph: true)[0]
    return try #require(try Estimate(of: slope))
  }

  private func sampling(_ by: Estimator, _ baseline: Estimator.Baseline = .none) -> Sampling {
    var sampling = Sampling(draws: 100_000, by: by)
    sampling.baseline = baseline
    return sampling
  }

  /// 4.5 standard errors: fails by chance in 7e-6 of seeds, and this one is fixed.
  @Test func estimatorsAreUnbiasedAndKnowTheirVariance() throws {
    let cases: [(Sampling, Double?)] = [
      (sampling(.pathwise), 3.015), (sampling(.score), 12.63),
      (sampling(.score, .leaveOneOut), 7.7), (sampling(.score, .constant(1)), 7.7),
      (sampling(.measure), nil),
    ]
    for (sampling, variance) in cases {
      let g = try gradient(sampling)
      #expect(abs(g.value[flat: 0] - 0.881_81) < 4.5 * g.error[flat: 0])
      if let variance { #expect(abs(try g.variance[flat: 0] / variance - 1) < 0.05) }
    }
  }

  @Test func arithmeticCarriesTheErrorAlong() throws {
    let rng = Generator(seed: 5)
    func mean(_ n: Int) throws -> Tensor {
      try Sampling(draws: n).estimate(
        [{ _ in .distribution(try Normal(2, 1)) }], BatchedFunction { $0[0] }, rng)
    }
    let (a, b) = (try mean(10_000), try mean(10_000))
    let error = try #require(try Estimate(of: a)).error[flat: 0]
    #expect(abs(error - 0.01) < 0.001)
    let sum = try #require(try Estimate(of: a + b))
    #expect(abs(sum.error[flat: 0] - error * 2.0.squareRoot()) < 0.001)
    #expect(try #require(try Estimate(of: a - a)).error[flat: 0] == 0)
    let log = try #require(try Estimate(of: a.log()))
    #expect(abs(log.error[flat: 0] - error / a[flat: 0]) < 1e-12)
    #expect(try Estimate(of: a.detached) == nil)
  }

  @Test func equalNoiseCancelsInADifference() throws {
    let rng = Generator(seed: 5)
    let start = rng.state
    func mean(_ factor: Double) throws -> Tensor {
      rng.state = start
      return try Sampling(draws: 1000).estimate(
        [{ _ in .distribution(try Normal(2, 1)) }], BatchedFunction { try $0[0] * factor }, rng)
    }
    let difference = try #require(try Estimate(of: mean(1) - mean(1.01)))
    #expect(difference.error[flat: 0] < 0.0004)
  }

  @Test func manyElementsAndFewDrawsWidenTheAllowance() throws {
    #expect(abs(try Estimate.allowance(elements: 1, draws: 1_000_000) - 4) < 1e-4)
    #expect(abs(try Estimate.allowance(elements: 100, draws: 1_000_000) - 4.95) < 0.1)
    // The 0.99996833 quantile of Student's distribution with 19 degrees of freedom is 5.09.
    #expect(abs(try Estimate.allowance(elements: 1, draws: 20) - 5.09) < 0.1)
  }

  /// 2000 comparisons of a true equality: at most 1e-4 each may fail, so that two of them do in 2 % of seeds.
  @Test func trueEqualitiesPass() throws {
    let rng = Generator(seed: 11)
    var failures = 0
    for _ in 0..<2000 {
      let m = try #require(
        try Estimate(
          of: Sampling(draws: 200).estimate(
            [{ _ in .distribution(try Normal(1, 1)) }], BatchedFunction { $0[0] }, rng)))
      let slack = try Estimate.allowance(elements: 1, draws: 200) * m.error[flat: 0]
      if abs(m.value[flat: 0] - 1) > slack { failures += 1 }
    }
    #expect(failures <= 1)
  }

  /// A bias of 1 % where the standard deviation is the mean: 10 standard errors at a million draws.
  @Test func aBiasOfOnePercentIsFound() throws {
    let m = try #require(
      try Estimate(
        of: Sampling(draws: 1_000_000).estimate(
          [{ _ in .distribution(try Exponential(1)) }], BatchedFunction { $0[0] },
          Generator(seed: 2))))
    let slack = try Estimate.allowance(elements: 1, draws: m.draws) * m.error[flat: 0]
    #expect(abs(m.value[flat: 0] - 1) < slack)
    #expect(abs(m.value[flat: 0] - 1.01) > slack)
  }

  @Test func discreteDrawsPassTheirGradientsByTheScore() throws {
    let p = try Tensor(0.3).leaf()
    let value = try Sampling(draws: 20_000).estimate(
      [{ _ in .distribution(try Bernoulli(p)) }], BatchedFunction { try $0[0] * 2 },
      Generator(seed: 4))
    let g = try #require(
      try Estimate(of: value.gradientsOrZero([p], createGraph: true)[0]))
    #expect(abs(g.value[flat: 0] - 2) < 4.5 * g.error[flat: 0])
  }
}
