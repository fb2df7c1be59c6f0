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

  @Test func manyElementsFewDrawsAndSkewedOnesWidenTheAllowance() throws {
    #expect(abs(try Estimate.allowance(elements: 1, draws: 1_000_000) - 4) < 2e-4)
    #expect(abs(try Estimate.allowance(elements: 100, draws: 1_000_000) - 4.95) < 0.1)
    // The 0.99996833 quantile of Student's distribution with 19 degrees of freedom is 5.09.
    #expect(abs(try Estimate.allowance(elements: 1, draws: 20) / 2.5 - 5.09) < 0.1)
    let skewed = try Estimate.allowance(elements: 1, draws: 10_000, skewness: -0.02)
    #expect(abs(skewed - 4.33) < 0.02)
  }

  struct Spread: CustomStringConvertible, Sendable {
    let description: String
    let mean: Double
    let draw: @Sendable (Generator, Shape) throws -> Tensor
  }

  private static let spreads: [Spread] = [
    Spread(description: "normal", mean: 0) { try $0.normal($1, .float64) },
    Spread(description: "exponential", mean: 1) {
      try -$0.uniform($1, .float64).clamped(0x1p-54, nil).log()
    },
    Spread(description: "log-normal", mean: exp(0.125)) {
      try ($0.normal($1, .float64) * 0.5).exp()
    },
    Spread(description: "squares", mean: 1) { try $0.normal($1, .float64).square() },
    Spread(description: "coins", mean: 0.1) {
      try $0.uniform($1, .float64).compare(.less, to: 0.1).cast(to: .float64)
    },
  ]

  /// A rate of 1e-4 gives more than 6 false alarms in 20 000 in 0.5 % of seeds, more than 3 in 4000 in
  /// 0.1 %; this one is fixed.
  @Test(arguments: spreads, [10, 30, 100, 1000])
  func trueEqualitiesFailInFewerThanOneOfTenThousand(_ spread: Spread, _ n: Int) throws {
    let rng = Generator(seed: 7)
    let (repetitions, batch) = (n < 1000 ? 20_000 : 4000, 2000)
    let straight = try Estimate.allowance(elements: 1, draws: n)
    let skewed = try Estimate.allowance(elements: 1, draws: n, skewness: 1) - straight
    var alarms = 0
    for _ in 0..<(repetitions / batch) {
      let draws = try spread.draw(rng, Shape([batch, n]))
      let centred = try draws - draws.mean([1], keepdim: true)
      let means = try draws.mean([1]).values
      let variances = try centred.square().mean([1]).values
      let thirds = try (centred.square() * centred).mean([1]).values
      for i in 0..<batch where variances[i] > 0 {
        let count = Double(n)
        let variance = variances[i] / (count - 1)
        let skewness = thirds[i] / (count * count) / pow(variance, 1.5)
        let slack = straight + skewed * abs(skewness)
        if abs(means[i] - spread.mean) > slack * variance.squareRoot() { alarms += 1 }
      }
    }
    #expect(alarms <= (n < 1000 ? 6 : 3), "\(spread), \(n) draws: \(alarms)")
  }

  @Test func anEstimateKnowsItsSkewness() throws {
    let rng = Generator(seed: 3)
    let m = try #require(
      try Estimate(
        of: Sampling(draws: 10_000).estimate(
          [{ _ in .distribution(try Exponential(1)) }], BatchedFunction { $0[0] }, rng)))
    // An exponential draw has skewness 2, their mean 2 / sqrt(n).
    #expect(abs(m.skewness[flat: 0] - 0.02) < 0.004)
    let slack = try m.slack(elements: 1)[flat: 0] / m.error[flat: 0]
    #expect(abs(slack - (4.013 + 16 * m.skewness[flat: 0])) < 0.01)
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
