import Tensors
import Testing

@testable import Distributions

/// What single families promise beyond the laws.
@Suite struct FamilyTests {
  private func vector(_ x: [Double]) throws -> Tensor { try Tensor(x, Shape([x.count]), .float64) }

  private func message(_ body: () throws -> Any) -> String {
    do {
      return "no error: \(try body())"
    } catch let error as DistributionError {
      return error.message
    } catch let error as TensorError {
      return error.message
    } catch {
      return "\(error)"
    }
  }

  @Test func wrongParametersAreNamed() throws {
    #expect(message { try Gamma(0, 1) } == "concentration: expected positive numbers, found 0")
    #expect(
      message { try Geometric(0) } == "probs: expected probabilities above 0, found 0")
    #expect(message { try Poisson(-1) } == "rate: expected numbers of at least 0, found -1")
    #expect(
      message { try Binomial(2.5, 0.5) } == "total_count: expected whole numbers, found 2.5")
    let loc = try vector([0, 0])
    func matrix(_ x: [Double]) throws -> DistributionArgument {
      .tensor(try vector(x).reshaped(to: [2, 2]))
    }
    #expect(
      message { try MultivariateNormal(.tensor(loc), matrix([1, 2, 2, 1])) }
        == "covariance_matrix: expected a positive definite matrix")
    #expect(
      message { try MultivariateNormal(.tensor(loc), matrix([1, 2, 0, 1])) }
        == "covariance_matrix: expected a symmetric matrix")
    #expect(
      message { try MultivariateNormal(.tensor(loc), nil, nil, matrix([1, 2, 0, 1])) }
        == "scale_tril: expected a lower triangular matrix, found numbers above the diagonal")
    #expect(
      message { try MultivariateNormal(.tensor(loc), nil, nil, matrix([1, 0, 2, -1])) }
        == "scale_tril: expected a positive diagonal, found -1")
    #expect(
      message { try MultivariateNormal(.tensor(loc)) }
        == "expected one of covariance_matrix, precision_matrix and scale_tril, found none")
    let pair: DistributionArgument = .distributions([try Normal(0, 1), try Normal(1, 1)])
    #expect(
      message { try Mixture(.tensor(vector([0.5, 0.6])), pair) }
        == "weights: expected probabilities that sum to 1, found 1.1")
    #expect(
      message { try Mixture(.tensor(vector([1.5, -0.5])), pair) }
        == "weights: expected probabilities from 0 to 1, found -0.5")
    #expect(
      message { try Mixture(.tensor(vector([1])), .distribution(Normal(0, 1))) }
        == "components: expected a list of distributions")
    #expect(
      message { try AffineTransform(Tensor(0), Tensor(0)) }
        == "scale: expected numbers of one sign, none of them 0")
  }

  /// The slope of a gradient by the tape against the difference of gradients.
  @Test func drawsOfShapesHaveSecondDerivatives() throws {
    let makers: [([Tensor]) throws -> any Distribution] = [
      { try Gamma($0[0], $0[1]) }, { try Beta($0[0], $0[1]) }, { try StudentT($0[0], $0[1]) },
      { try Dirichlet(Tensor.stacked([$0[0], $0[1], $0[0] * 0 + 1])) },
    ]
    for make in makers {
      func slopes(_ x: [Tensor], again: Bool) throws -> Tensor {
        let value = try make(x).rsample([3], Generator(seed: 4)).square().sum()
        let g = try value.gradientsOrZero(x, createGraph: again)
        return try g[0] + g[1] * 0.7
      }
      let at = [1.7, 0.9]
      let leaves = try at.map { try Tensor($0).leaf() }
      let found = try slopes(leaves, again: true).gradientsOrZero(leaves).map { $0[flat: 0] }
      let expected = try centralDifferences(at) { x in
        try slopes(x.map { $0.leaf() }, again: false)
      }
      #expect(isClose(found, expected, 1e-6), "\(found) \(expected)")
    }
  }

  @Test func drawsOfSmallAndLargeShapesAreFiniteAndInside() throws {
    for shape in [1e-4, 0.01, 1, 1e3, 1e6] {
      let a = try Tensor(shape, .float32).leaf()
      let rng = Generator(seed: 9)
      let x = try Gamma(.tensor(a)).rsample([200], rng)
      #expect(x.values.allSatisfy { $0 > 0 && $0.isFinite })
      let slope = try x.sum().gradientsOrZero([a])[0][flat: 0]
      #expect(slope.isFinite, "gamma \(shape)")
      let y = try Beta(.tensor(a), .tensor(a)).rsample([200], rng)
      #expect(y.values.allSatisfy { $0 > 0 && $0 < 1 })
      #expect(try y.sum().gradientsOrZero([a])[0][flat: 0].isFinite, "beta \(shape)")
      let both = try Dirichlet(.tensor(Tensor.stacked([a, a]))).rsample([200], rng)
      #expect(both.values.allSatisfy { $0 > 0 && $0 <= 1 })
    }
  }

  /// scipy.stats.cauchy.cdf and ppf, SciPy 1.15: far out nothing of the tail is lost.
  @Test func tailsOfCauchyAreExact() throws {
    let q = try Cauchy(0, 1)
    let mass = try q.cdf(vector([-1e12, -2, 0.5])).values
    #expect(
      isClose(
        mass, [3.183_098_861_837_907e-13, 0.147_583_617_650_433_26, 0.647_583_617_650_433_3], 1e-15)
    )
    let back = try q.icdf(vector([1e-12, 0.25, 0.9])).values
    #expect(isClose(back, [-318_309_886_183.790_7, -1, 3.077_683_537_175_253_6], 1e-4))
    #expect(abs(back[2] - 3.077_683_537_175_253_6) < 1e-14)
    #expect(try q.mean[flat: 0].isNaN)
  }

  @Test func quantilesOfCountsAreTheLeastThatReachTheMass() throws {
    for d in [
      try Poisson(0.3), try Poisson(40), try Binomial(30, 0.2), try Geometric(0.01),
    ] as [any Distribution] {
      let p = try vector([1e-9, 0.1, 0.5, 0.9, 1 - 1e-9])
      let k = try d.icdf(p)
      let (at, before) = (try d.cdf(k), try d.cdf(k - 1))
      #expect(try at.compare(.greaterOrEqual, to: p).values == [1, 1, 1, 1, 1])
      #expect(try before.compare(.less, to: p).values == [1, 1, 1, 1, 1])
    }
    #expect(try Poisson(0).sample([4], Generator(seed: 1)).values == [0, 0, 0, 0])
    #expect(try Binomial(3, 1).sample([2], Generator(seed: 1)).values == [3, 3])
    #expect(try Geometric(1).sample([2], Generator(seed: 1)).values == [0, 0])
    for d in [try Binomial(6, 0.05), try Geometric(0.6)] as [any Distribution] {
      let counts = try d.sample([50], Generator(seed: 1)).values
      #expect(counts.contains(0) && counts.allSatisfy { $0.sign == .plus }, "a count is never -0")
    }
  }

  /// Five standard errors: less than 6e-7 by chance.
  @Test func largeRatesAreDrawnToo() throws {
    let x = try Poisson(1e6).sample([2000], Generator(seed: 3)).cast(to: .float64)
    #expect(abs(try x.mean()[flat: 0] - 1e6) < 5 * 1e3 / 2000.0.squareRoot())
  }

  @Test func countsThatCannotBeHaveNoProbability() throws {
    let x = try vector([-1, 0.5, 6])
    #expect(try Poisson(2).prob(x).values[..<2] == [0, 0])
    #expect(try Binomial(5, 0.5).prob(x).values == [0, 0, 0])
    #expect(try Poisson(2).logProb(Tensor([2])).dtype == .float32)
  }

  @Test func batchesAndEventsHaveTheirShapes() throws {
    let rng = Generator(seed: 5)
    let loc = try rng.normal(Shape([4, 2]), .float64)
    let tril = try Tensor([1, 0, 0.5, 2], Shape([2, 2]), .float64)
    let q = try MultivariateNormal(.tensor(loc), nil, nil, .tensor(tril))
    #expect(q.batchShape.dims == [4] && q.eventShape.dims == [2])
    let x = try q.rsample([3], rng)
    #expect(x.shape.dims == [3, 4, 2])
    #expect(try q.logProb(x).shape.dims == [3, 4] && q.entropy().shape.dims == [4])
    let many = try MultivariateNormal(
      .tensor(loc), nil, nil, .tensor(Tensor.stacked([tril, tril, tril, tril * 2])))
    let same = try many.logProb(x).indexed([.all, .at(0)])
    #expect(try same.isClose(to: q.logProb(x).indexed([.all, .at(0)]), rtol: 1e-12, atol: 0))
    #expect(try many.rsample([3], rng).shape.dims == [3, 4, 2])

    let shares = try Dirichlet(.tensor(loc.exp()))
    #expect(try shares.sample([5], rng).shape.dims == [5, 4, 2])
    #expect(try shares.logProb(shares.mean).shape.dims == [4])

    let mixed = try Mixture(
      .tensor(vector([0.3, 0.7])),
      .distributions([try Normal(.tensor(loc), 1), try Normal(.tensor(loc * 2), 1)]))
    #expect(mixed.batchShape.dims == [4, 2])
    #expect(try mixed.sample([5], rng).shape.dims == [5, 4, 2])
    #expect(try mixed.logProb(loc).shape.dims == [4, 2] && mixed.variance.shape.dims == [4, 2])

    let data = try Empirical(.tensor(loc))
    #expect(try data.sample([7], rng).shape.dims == [7, 2] && data.mean.shape.dims == [2])
    #expect(
      try data.logProb(loc).isClose(to: loc.sum([1]) * 0 - 4.0.logarithm, rtol: 1e-12, atol: 0))
  }

  @Test func aTransformIsUndoneByItsInverse() throws {
    let x = try vector([-3, -0.4, 0.1, 2.5])
    for type in TransformCatalogue.all {
      let t =
        try type.parameters.isEmpty
        ? type.init(DistributionArguments([], [])) : AffineTransform(Tensor(0.5), Tensor(-1.7))
      #expect(try t.inverse(t.forward(x)).isClose(to: x, rtol: 1e-12, atol: 1e-12), "\(t.name)")
      let leaf = x.leaf()
      let slope = try t.forward(leaf).sum().gradientsOrZero([leaf])[0].absolute().log()
      #expect(try slope.isClose(to: t.logSlope(x), rtol: 1e-10, atol: 1e-10), "\(t.name)")
    }
  }
}

extension Double {
  fileprivate var logarithm: Double { (try? Tensor(self).log()[flat: 0]) ?? .nan }
}
