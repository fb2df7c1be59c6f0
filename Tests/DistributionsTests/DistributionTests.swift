import Tensors
import Testing

@testable import Distributions

@Suite struct DistributionTests {
  @Test(arguments: Law.all) func densitiesIntegrateToOne(_ law: Law) throws {
    let excess = try law.excessMass()
    #expect(abs(excess) < Law.massTolerance, "\(law): \(excess)")
  }

  @Test(arguments: Law.all.filter(\.hasMoments))
  func meanAndVarianceAreTheDensitysMoments(_ law: Law) throws {
    #expect(try law.momentDistance() < Law.momentTolerance, "\(law)")
  }

  @Test(arguments: Law.all.filter(\.hasEntropy)) func entropyIsTheMeanSurprise(_ law: Law) throws {
    let d = try law.distribution()
    let surprise = try Quadrature(law) { x in
      let p = try d.prob(x)
      // 0 log(0) is 0.
      return try p.compare(.greater, to: 0).choose(-(p * d.logProb(x)), 0)
    }
    #expect(abs(surprise - (try d.entropy()[flat: 0])) < 1e-9, "\(law)")
  }

  @Test(arguments: Law.continuous.filter(\.hasQuantiles)) func icdfInvertsCdf(_ law: Law) throws {
    let d = try law.distribution()
    let p = try Tensor([1e-6, 0.01, 0.2, 0.5, 0.7, 0.99, 0.999_999], Shape([7]), .float64)
    // A float64 next to 1 carries 1e-16 of error, which the tail at 1 - 1e-6 magnifies to 1e-10 of its mass.
    #expect(try d.cdf(d.icdf(p)).isClose(to: p, rtol: 1e-10, atol: 1e-13), "\(law)")
  }

  @Test(arguments: Law.continuous) func theCdfsSlopeIsTheDensity(_ law: Law) throws {
    let d = try law.distribution()
    let x =
      try law.hasQuantiles
      ? d.icdf(Tensor([0.05, 0.3, 0.6, 0.9], Shape([4]), .float64)).detached.leaf()
      : Tensor([0.1, 0.3, 0.6, 0.9], Shape([4]), .float64).leaf()
    let slope = try d.cdf(x).sum().gradientsOrZero([x])[0]
    #expect(try slope.isClose(to: d.prob(x), rtol: 1e-9, atol: 1e-12), "\(law)")
  }

  /// A point mass has no slopes where it is.
  @Test(arguments: Law.all.filter { $0.description != "delta" })
  func gradientsOfLogProbAreItsSlopes(_ law: Law) throws {
    for x in try law.isDiscrete ? [0, 1] : [0.25, 0.6] {
      let f: ([Tensor]) throws -> Tensor = { try law.make($0).logProb(Tensor(x)) }
      let (found, expected) = (
        try gradients(law.parameters, f), try centralDifferences(law.parameters, f)
      )
      #expect(isClose(found, expected, 1e-7), "\(law) at \(x): \(found) \(expected)")
    }
  }

  @Test(arguments: Law.continuous) func gradientsOfLogProbInTheValueAreItsSlopes(_ law: Law) throws
  {
    for x in [0.25, 0.6] {
      let f: ([Tensor]) throws -> Tensor = { try law.distribution().logProb($0[0]) }
      #expect(isClose(try gradients([x], f), try centralDifferences([x], f), 1e-7), "\(law)")
    }
  }

  @Test(arguments: Law.continuous.filter(\.isPathwise)) func gradientsOfDrawsAreTheirSlopes(
    _ law: Law
  ) throws {
    let f: ([Tensor]) throws -> Tensor = {
      try law.make($0).rsample([5], Generator(seed: 3)).square().sum()
    }
    let (found, expected) = (
      try gradients(law.parameters, f), try centralDifferences(law.parameters, f)
    )
    #expect(isClose(found, expected, 1e-7), "\(law): \(found) \(expected)")
  }

  /// Each bound is crossed by chance in fewer than 6e-7 of all seeds: five standard errors.
  @Test(arguments: Law.all.filter(\.hasMoments))
  func drawsHaveTheMoments(_ law: Law) throws {
    #expect(try law.momentScore() <= Law.scoreBound, "\(law)")
  }

  /// Kolmogorov and Smirnov's distance, scaled, is above 2.8 in 2 exp(-2 2.8^2) = 3e-7 of all seeds.
  @Test(arguments: Law.continuous) func drawsFollowTheCdf(_ law: Law) throws {
    #expect(try law.rankDistance() < Law.rankBound, "\(law)")
  }

  /// Five standard errors: less than 6e-7 by chance for each category.
  @Test(arguments: Law.discrete) func drawsFollowTheProbabilities(_ law: Law) throws {
    #expect(try law.shareScore() <= Law.scoreBound, "\(law)")
  }

  @Test func drawsAndDensitiesHaveTheBatchsShape() throws {
    let rng = Generator(seed: 1)
    let loc = try rng.normal(Shape([4, 3]))
    let q = try Normal(.tensor(loc), .number(2))
    #expect(q.batchShape.dims == [4, 3])
    let x = try q.rsample([5], rng)
    #expect(x.shape.dims == [5, 4, 3] && x.dtype == .float32)
    #expect(try q.logProb(x).shape.dims == [5, 4, 3])
    #expect(try q.logProb(Tensor(0, .float32)).shape.dims == [4, 3])
    #expect(try q.entropy().shape.dims == [4, 3] && q.variance.shape.dims == [4, 3])

    let event = try Independent(q, 1)
    #expect(event.batchShape.dims == [4] && event.eventShape.dims == [3])
    #expect(try event.sample([2], rng).shape.dims == [2, 4, 3])
    #expect(try event.logProb(x).shape.dims == [5, 4] && event.entropy().shape.dims == [4])

    let classes = try Categorical(logits: loc)
    #expect(classes.batchShape.dims == [4])
    let labels = try classes.sample([6], rng)
    #expect(labels.shape.dims == [6, 4] && labels.dtype == .int64)
    #expect(try classes.logProb(labels).shape.dims == [6, 4])
    #expect(try classes.entropy().shape.dims == [4])
  }

  @Test func plainNumbersAdaptToWhatTheyMeet() throws {
    let q = try Normal(0, 1)
    #expect(q.dtype == nil)
    #expect(try q.sample([2], Generator(seed: 0)).dtype == .float32)
    for type in [DType.float32, .float64] {
      #expect(try q.logProb(Tensor(0.5, type)).dtype == type)
      #expect(try q.logProb(Tensor.ones(Shape([2]), type)).dtype == type)
      #expect(try q.icdf(Tensor(0.5, type)).dtype == type)
    }
    #expect(try q.logProb(Tensor([1, 2])).dtype == .float32)
    let beside = try Normal(.tensor(Tensor(0, .float32)), 1)
    #expect(beside.dtype == .float32 && beside.scale.dtype == .float32)
    #expect(try Divergence.kl(beside, q).dtype == .float32)
  }

  @Test func drawsWithoutGradientSaySo() throws {
    let q = try Bernoulli(0.5)
    #expect(throws: DistributionError.noPathwiseSample("bernoulli")) {
      try q.rsample([], Generator(seed: 0))
    }
    let loc = try Tensor(0, .float32).leaf()
    #expect(!(try Normal(.tensor(loc), 1).sample([], Generator(seed: 0)).isTracked))
    #expect(try Normal(.tensor(loc), 1).rsample([], Generator(seed: 0)).isTracked)
  }

  @Test func outsideOfTheSupportTheDensityIsZero() throws {
    let x = try Tensor([-0.5, 1.5], Shape([2]), .float64)
    #expect(try Uniform(0, 1).prob(x).values == [0, 0])
    #expect(try Exponential(1).prob(x)[flat: 0] == 0)
    #expect(try Bernoulli(0).logProb(Tensor(0)).values == [0])
    #expect(try Bernoulli(0).logProb(Tensor(1)).values == [-.infinity])
  }
}
