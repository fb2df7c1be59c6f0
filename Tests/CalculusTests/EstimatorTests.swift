import Distributions
import Tensors
import Testing

@testable import Calculus

/// The gradient estimators against exact gradients, by quadrature or by enumeration.
///
/// An unbiased one is further off than 4.5 standard errors in 7e-6 of seeds, and these are fixed; an error
/// of 4.5 standard errors is at most a few percent of what is estimated, as the tests see to.
struct EstimatorTests {
  private static let draws = 20_000

  /// A distribution of parameters, and a function of its draws.
  struct Model: Sendable {
    let parameters: [Double]
    let make: @Sendable ([Tensor]) throws -> any Distribution
    let f: @Sendable (Tensor) throws -> Tensor

    func exact() throws -> [Double] {
      let x = try parameters.map { try Tensor($0).leaf() }
      let value = try #require(
        try Expectation.exact(.distribution(make(x)), BatchedFunction { try f($0[0]) }))
      return try value.gradientsOrZero(x).map { $0[flat: 0] }
    }

    func estimates(_ sampling: Sampling, seed: UInt64) throws -> [Estimate] {
      let x = try parameters.map { try Tensor($0).leaf() }
      let value = try sampling.estimate(
        [{ _ in .distribution(try make(x)) }], BatchedFunction { try f($0[0]) },
        Generator(seed: seed))
      return try value.gradientsOrZero(x, createGraph: true).map {
        try #require(try Estimate(of: $0))
      }
    }

    /// How many standard errors each estimate is off.
    func zScores(_ sampling: Sampling, seed: UInt64 = 3) throws -> [Double] {
      try zip(estimates(sampling, seed: seed), exact()).map {
        ($0.value[flat: 0] - $1) / $0.error[flat: 0]
      }
    }
  }

  private static let smooth = Model(
    parameters: [0.8, 0.5], make: { try Normal($0[0], $0[1]) }, f: { try $0.square() + $0 })
  private static let steep = Model(
    parameters: [0.4, 1.2], make: { try Gamma($0[0].exp(), $0[1]) }, f: { try ($0 + 1).log() })
  private static let binary = Model(
    parameters: [0.4], make: { try Bernoulli(logits: $0[0]) }, f: { try ($0 - 0.45).square() })
  private static let classes = Model(
    parameters: [0.2, -0.5, 0.9],
    make: { try OneHotCategorical(logits: Tensor.stacked($0)) },
    f: { try ($0 * Tensor([1, 2, 4], Shape([3]), .float64)).sum([-1]).square() })

  private func sampling(
    _ by: Estimator, _ baseline: Estimator.Baseline = .none, temperature: Double = 0.5
  ) -> Sampling {
    var sampling = Sampling(draws: Self.draws, by: by)
    sampling.baseline = baseline
    sampling.temperature = temperature
    return sampling
  }

  private func expectUnbiased(_ model: Model, _ sampling: Sampling, _ name: String) throws {
    for z in try model.zScores(sampling) { #expect(abs(z) < 4.5, "\(name): \(z)") }
  }

  @Test func pathwiseScoreAndMeasureAreUnbiased() throws {
    for model in [Self.smooth, Self.steep] {
      try expectUnbiased(model, sampling(.pathwise), "pathwise")
      try expectUnbiased(model, sampling(.score), "score")
      try expectUnbiased(model, sampling(.score, .constant(1)), "score with a baseline")
      try expectUnbiased(model, sampling(.score, .leaveOneOut), "score, leave one out")
    }
    try expectUnbiased(Self.smooth, sampling(.measure), "measure")
    for model in [Self.binary, Self.classes] {
      try expectUnbiased(model, sampling(.score), "score")
      try expectUnbiased(model, sampling(.score, .leaveOneOut), "score, leave one out")
    }
  }

  @Test func relaxationsAreBiased() throws {
    for by in [Estimator.gumbelSoftmax, .straightThrough] {
      #expect(try abs(Self.binary.zScores(sampling(by))[0]) > 6, "\(by)")
      #expect(try Self.classes.zScores(sampling(by)).map(abs).max() ?? 0 > 6, "\(by)")
    }
  }

  /// A colder relaxation is less biased and varies more.
  @Test func theTemperatureTradesBiasForVariance() throws {
    let exact = try Self.binary.exact()[0]
    func look(_ temperature: Double) throws -> (bias: Double, variance: Double) {
      var relaxed = sampling(.gumbelSoftmax, temperature: temperature)
      relaxed.draws = 80_000
      let g = try Self.binary.estimates(relaxed, seed: 3)[0]
      return (abs(g.value[flat: 0] - exact), try g.variance[flat: 0])
    }
    let (warm, cold) = (try look(0.5), try look(0.1))
    #expect(cold.bias < 0.75 * warm.bias, "\(cold) \(warm)")
    #expect(cold.variance > 2 * warm.variance)
  }

  @Test func variancesAreInTheirOrder() throws {
    func variance(_ model: Model, _ sampling: Sampling) throws -> Double {
      try model.estimates(sampling, seed: 3).reduce(0) { try $0 + $1.variance[flat: 0] }
    }
    for model in [Self.smooth, Self.steep] {
      let pathwise = try variance(model, sampling(.pathwise))
      let score = try variance(model, sampling(.score))
      let baseline = try variance(model, sampling(.score, .constant(1)))
      let leaveOneOut = try variance(model, sampling(.score, .leaveOneOut))
      #expect(pathwise < baseline && baseline < score)
      #expect(pathwise < leaveOneOut && leaveOneOut < score)
    }
    let score = try variance(Self.binary, sampling(.score))
    #expect(try variance(Self.binary, sampling(.score, .leaveOneOut)) < score / 10)
  }

  /// In z ~ bernoulli(p), y ~ normal(m z, 1), E y² = p m² + 1: the score of z and the path of y together.
  @Test func scoresAndPathsGoTogether() throws {
    let (p, m) = (try Tensor(0.3).leaf(), try Tensor(1.5).leaf())
    let value = try Sampling(draws: Self.draws).estimate(
      [
        { _ in .distribution(try Bernoulli(p)) },
        { before in .distribution(try Normal(before[0] * m, Tensor(1))) },
      ], BatchedFunction { try $0[1].square() }, Generator(seed: 3))
    let gradients = try value.gradientsOrZero([p, m], createGraph: true)
    for (gradient, exact) in zip(gradients, [2.25, 0.9]) {
      let g = try #require(try Estimate(of: gradient))
      #expect(abs(g.value[flat: 0] - exact) < 4.5 * g.error[flat: 0])
      #expect(g.error[flat: 0] < 0.03 * exact)
    }
  }

  /// A gradient that is half of what it should be, as by a wrong rule, is many standard errors off.
  @Test func aWrongGradientWouldBeSeen() throws {
    for model in [Self.smooth, Self.steep, Self.binary, Self.classes] {
      let found = try model.estimates(sampling(.score, .leaveOneOut), seed: 3)
      for (g, exact) in zip(found, try model.exact()) where abs(exact) > 0.02 {
        #expect(abs(exact) / 2 > 7 * g.error[flat: 0])
      }
    }
  }
}
