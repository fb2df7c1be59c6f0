import Tensors
import Testing

@testable import Distributions

/// The law tests catch what they are there for: distributions with an error planted in them fall outside
/// of the bounds that the right ones are held to.
///
/// The bounds on integrals are no matter of chance. Those on draws are crossed by a right sampler in fewer
/// than 6e-7 of seeds; the errors planted put a wrong one beyond them in all but 1e-3, and seeds are fixed.
struct PlantedErrorTests {
  @Test(arguments: Law.all.filter { $0.description != "delta" })
  func aDensityOfOnePercentTooMuchIsCaught(_ law: Law) throws {
    let wrong = law.planted { Planted($0, factor: 1.01) }
    #expect(try abs(wrong.excessMass()) > 1e6 * Law.massTolerance, "\(law)")
  }

  /// A density that integrates to one, of parameters 1 % off, has not the moments stated.
  @Test(arguments: Law.all.filter(\.hasMoments).filter { $0.description != "delta" })
  func aDensityOfOtherParametersIsCaught(_ law: Law) throws {
    let wrong = law.planted {
      Planted($0, density: try law.make(law.parameters.map { try Tensor($0 * 1.01) }))
    }
    let isShares = law.description == "empirical"
    // Shares that are all scaled alike are the same shares.
    #expect(try (wrong.momentDistance() > 1e3 * Law.momentTolerance) != isShares, "\(law)")
  }

  /// 8 % of a standard deviation: 11 standard errors of the mean of the draws.
  @Test(arguments: Law.continuous.filter(\.hasMoments))
  func aShiftedSamplerIsCaught(_ law: Law) throws {
    let wrong = law.planted { q in
      Planted(q) { x, _ in try x + q.variance.squareRoot() * 0.08 }
    }
    #expect(try wrong.momentScore() > Law.scoreBound, "\(law)")
    #expect(try wrong.rankDistance() > Law.rankBound, "\(law)")
  }

  /// 6 % more standard deviation where the mean is right.
  @Test(
    arguments: Law.continuous.filter { ["normal", "uniform", "beta"].contains($0.description) })
  func aWiderSamplerIsCaught(_ law: Law) throws {
    let wrong = law.planted { q in
      Planted(q) { x, _ in try x + (x - q.mean) * 0.06 }
    }
    #expect(try wrong.momentScore() > Law.scoreBound, "\(law)")
  }

  /// Every twentieth draw or so is given as 1.
  @Test(arguments: Law.discrete.filter { $0.description != "delta" })
  func aSamplerThatFavoursANumberIsCaught(_ law: Law) throws {
    let wrong = law.planted { q in
      Planted(q) { x, rng in
        try rng.uniform(x.shape, .float64).compare(.less, to: 0.05).choose(1, x)
      }
    }
    #expect(try wrong.shareScore() > Law.scoreBound, "\(law)")
  }
}

extension Law {
  fileprivate func planted(
    _ plant: @escaping @Sendable (any Distribution) throws -> Planted
  ) -> Law {
    Law(description, parameters, split: split) { try plant(make($0)) }
  }
}

/// A distribution but for its density or its draws.
private struct Planted: Distribution {
  static let about = "a distribution with an error"
  static let parameters: [DistributionParameter] = []

  private let base: any Distribution
  private let density: any Distribution
  private let factor: Double
  private let spoil: (Tensor, Generator) throws -> Tensor

  init(
    _ base: any Distribution, density: (any Distribution)? = nil, factor: Double = 1,
    _ spoil: @escaping (Tensor, Generator) throws -> Tensor = { x, _ in x }
  ) {
    self.base = base
    self.density = density ?? base
    self.factor = factor
    self.spoil = spoil
  }

  init(_ arguments: DistributionArguments) throws {
    throw DistributionError.noClosedForm("a distribution", of: "nothing")
  }

  var arguments: DistributionArguments { base.arguments }
  var batchShape: Shape { base.batchShape }
  var eventShape: Shape { base.eventShape }
  var support: Support { get throws { try base.support } }
  var mean: Tensor { get throws { try base.mean } }
  var variance: Tensor { get throws { try base.variance } }

  func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    try spoil(base.draw(n, generator), generator)
  }
  func logProb(_ x: Tensor) throws -> Tensor {
    try density.logProb(x) + Tensor(factor).log()
  }
  func cdf(_ x: Tensor) throws -> Tensor { try base.cdf(x) }
}
