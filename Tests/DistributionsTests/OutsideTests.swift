import Tensors
import Testing

@testable import Distributions

/// What every family says of values that cannot be, of its likeliest value and of its entropy.
@Suite struct OutsideTests {
  /// Values outside of a support, and whether they lie above it.
  private func outside(_ support: Support) -> [(x: Double, isAbove: Bool)] {
    switch support {
    case .real: [(-.infinity, false), (.infinity, true)]
    case .positive: [(-1, false), (-.infinity, false), (.infinity, true)]
    case .interval(let low, let high):
      [
        (low[flat: 0] - 1, false), (high[flat: 0] + 1, true), (-.infinity, false),
        (.infinity, true),
      ]
    case .boolean: [(-1, false), (2, true)]
    case .integers(let end): [(-1, false), (Double(end), true)]
    case .wholeNumbers: [(-1, false), (-.infinity, false), (.infinity, true)]
    case .wholeNumbersUpTo(let end): [(-1, false), (end[flat: 0] + 1, true), (.infinity, true)]
    case .points: [(-1, false), (77, true)]
    case .simplex, .oneHot: []
    }
  }

  @Test(arguments: Law.all) func whatCannotBeHasNoDensity(_ law: Law) throws {
    let d = try law.distribution()
    for (x, isAbove) in outside(try d.support) {
      #expect(try d.logProb(Tensor(x))[flat: 0] == -.infinity, "\(law) at \(x)")
      guard let mass = try? d.cdf(Tensor(x)) else { continue }
      #expect(mass[flat: 0] == (isAbove ? 1 : 0), "\(law) at \(x)")
    }
  }

  @Test(arguments: Law.continuous) func whatIsNothingHasNoDensityEither(_ law: Law) throws {
    #expect(try law.distribution().logProb(Tensor(.nan))[flat: 0].isNaN, "\(law)")
  }

  @Test func gapsBetweenCountsAndCategoriesHaveNoProbability() throws {
    let x = try Tensor([0.5, 1.5, -0.5], Shape([3]), .float64)
    for law in Law.discrete where !law.description.hasPrefix("bernoulli") {
      let logs = try law.distribution().logProb(x).values
      #expect(logs.allSatisfy { $0 == -.infinity }, "\(law)")
    }
    // A grey pixel is the mean of many black and white ones.
    #expect(try Bernoulli(0.3).logProb(Tensor(0.5))[flat: 0].isFinite)
  }

  @Test func vectorsOffTheSimplexHaveNoDensity() throws {
    let a = try Tensor([1.5, 2, 3], Shape([3]), .float64)
    let families: [any Distribution] = [
      try Dirichlet(a), try OneHotCategorical(a), try RelaxedCategorical(.number(0.7), .tensor(a)),
    ]
    for d in families {
      for x in [[0.3, 0.3, 0.3], [1.2, -0.1, -0.1], [0.2, 0.3, 0.6]] {
        let y = try Tensor(x, Shape([3]), .float64)
        #expect(try d.logProb(y)[flat: 0] == -.infinity, "\(d.name) at \(x)")
      }
      #expect(try d.logProb(Tensor([0.2, 0.3, 0.5], Shape([3]), .float64))[flat: 0].isFinite)
    }
  }

  @Test(arguments: Law.all.filter(\.hasQuantiles)) func shareOutsideOfOneHasNoQuantile(
    _ law: Law
  ) throws {
    guard law.description != "delta" else { return }
    let d = try law.distribution()
    for p in [-0.1, 1.5] { #expect(try d.icdf(Tensor(p))[flat: 0].isNaN, "\(law)") }
    let ends = try d.icdf(Tensor([0, 1], Shape([2]), .float64)).values
    #expect(ends[0] < ends[1], "\(law): \(ends)")
  }

  @Test func aChainOfTransformsHasItsMassWithinItsImage() throws {
    let base = try Normal(0.2, 0.5)
    func chain(_ scale: Double) throws -> Transformed {
      try Transformed(
        .distribution(base),
        .transforms([TanhTransform(), AffineTransform(Tensor(0), Tensor(scale))]))
    }
    let x = try Tensor([-99, -2, 2, 99], Shape([4]), .float64)
    #expect(try chain(2).cdf(x).values == [0, 0, 1, 1])
    #expect(try chain(-2).cdf(x).values == [0, 0, 1, 1])
  }

  // MARK: Modes

  private static let withMode = Law.all.filter { law in
    guard let mode = try? law.distribution().mode else { return false }
    return mode[flat: 0].isFinite
  }

  @Test(arguments: withMode) func noValueIsLikelierThanTheMode(_ law: Law) throws {
    let d = try law.distribution()
    let top = try d.logProb(d.mode)[flat: 0]
    let points = try Quadrature(law).points
    let best = try d.logProb(points).values.max() ?? .nan
    #expect(best <= top + 1e-12, "\(law): \(best) \(top)")
  }

  @Test func modesAreThere() {
    let tested = Set(Self.withMode.map { String($0.description.prefix { $0 != " " }) })
    #expect(
      tested == [
        "normal", "laplace", "exponential", "gumbel", "half_normal", "gamma", "beta", "logistic",
        "student_t", "cauchy", "geometric", "log_normal", "bernoulli", "categorical", "poisson",
        "binomial", "delta",
      ])
  }

  // MARK: Entropies

  @Test(arguments: Law.all.filter(\.hasEntropy)) func gradientsOfEntropyAreItsSlopes(
    _ law: Law
  ) throws {
    guard !["delta", "empirical"].contains(law.description) else { return }
    let f: ([Tensor]) throws -> Tensor = { try law.make($0).entropy() }
    let (found, expected) = (
      try gradients(law.parameters, f), try centralDifferences(law.parameters, f)
    )
    #expect(isClose(found, expected, 1e-7), "\(law): \(found) \(expected)")
  }

  /// The sum and the series meet where the variance is 10^4.
  @Test func entropiesOfCountsAreSums() throws {
    // torch.distributions.Binomial(20, 0.3).entropy() and (100000, 0.3), PyTorch 2.15 in float64.
    #expect(abs(try Binomial(20, 0.3).entropy()[flat: 0] - 2.132538641661487) < 1e-13)
    #expect(abs(try Binomial(1e5, 0.3).entropy()[flat: 0] - 6.395076756613366) < 1e-9)
    let seam = try [9_999.999, 10_000].map { try Poisson(.number($0)).entropy()[flat: 0] }
    // The slope there is 1 / (2 rate).
    #expect(abs(seam[1] - seam[0] - 5e-8) < 2e-10, "\(seam)")
    #expect(try Poisson(0).entropy()[flat: 0] == 0 && Binomial(3, 1).entropy()[flat: 0] == 0)
    let both = try Poisson(Tensor([1, 1e6], Shape([2]), .float32)).entropy()
    #expect(both.dtype == .float32 && both.shape.dims == [2])
    #expect(abs(both[flat: 0] - 1.304_842_2) < 1e-6 && abs(both[flat: 1] - 8.326_694) < 1e-5)
  }

  @Test func largeCountsKeepTheirDigitsInFloat32() throws {
    let k = try Tensor([30_000], Shape([1]), .float32)
    let q = try Binomial(1e5, 0.3)
    let (coarse, fine) = (try q.logProb(k), try q.logProb(k.cast(to: .float64)))
    #expect(abs(coarse[flat: 0] - fine[flat: 0]) < 1e-6)
  }
}
