import Tensors
import Testing

@testable import Distributions

@Suite struct VectorDistributionTests {
  @Test(arguments: VectorLaw.all) func densitiesIntegrateToOne(_ law: VectorLaw) throws {
    let (x, w) = try law.grid()
    let total = try (law.distribution().prob(x) * w).sum()[flat: 0]
    #expect(abs(total - 1) < 1e-5, "\(law): \(total)")
  }

  @Test(arguments: VectorLaw.all) func momentsAndEntropyAreTheDensitys(_ law: VectorLaw) throws {
    let d = try law.distribution()
    let (x, w) = try law.grid()
    let mass = try d.prob(x) * w
    if let mean = try? d.mean, let variance = try? d.variance {
      let found = try (mass.unsqueezed(-1) * x).sum([0])
      #expect(try found.isClose(to: mean, rtol: 1e-4, atol: 1e-5), "\(law)")
      let squares = try (mass.unsqueezed(-1) * (x - mean).square()).sum([0])
      #expect(try squares.isClose(to: variance, rtol: 1e-4, atol: 1e-5), "\(law)")
    }
    guard let entropy = try? d.entropy() else { return }
    let surprise = try -(mass * d.logProb(x)).sum()[flat: 0]
    #expect(abs(surprise - entropy[flat: 0]) < 1e-4, "\(law): \(surprise)")
  }

  @Test(arguments: VectorLaw.all) func gradientsOfLogProbAreItsSlopes(_ law: VectorLaw) throws {
    for value in law.values {
      let x = try Tensor(value, Shape([value.count]), .float64)
      let f: ([Tensor]) throws -> Tensor = { try law.make($0).logProb(x) }
      let (found, expected) = (
        try gradients(law.parameters, f), try centralDifferences(law.parameters, f)
      )
      #expect(isClose(found, expected, 1e-7), "\(law): \(found) \(expected)")
    }
  }

  @Test(arguments: VectorLaw.all) func gradientsOfDrawsAreTheirSlopes(_ law: VectorLaw) throws {
    guard try law.distribution().hasPathwiseSample else { return }
    let f: ([Tensor]) throws -> Tensor = {
      try law.make($0).rsample([5], Generator(seed: 3)).square().sum()
    }
    let (found, expected) = (
      try gradients(law.parameters, f), try centralDifferences(law.parameters, f)
    )
    #expect(isClose(found, expected, 1e-6), "\(law): \(found) \(expected)")
  }

  /// Five standard errors: less than 6e-7 by chance for each number.
  ///
  /// Moments come from the grid, which adds its own error of 1e-5.
  @Test(arguments: VectorLaw.all) func drawsHaveTheMomentsOfTheDensity(_ law: VectorLaw) throws {
    let d = try law.distribution()
    let n = 20_000
    let draws = try d.sample([n], Generator(seed: 11)).cast(to: .float64)
    let (x, w) = try law.grid()
    let mass = try (d.prob(x) * w).unsqueezed(-1)
    // Products of all pairs of the numbers hold the correlations too.
    func products(_ x: Tensor) throws -> Tensor {
      let all = try x.unsqueezed(-1) * x.unsqueezed(-2)
      return try Tensor.concatenated([x, all.reshaped(to: [x.shape[0], -1])], -1)
    }
    let expected = try (mass * products(x)).sum([0])
    let found = try products(draws)
    let errors = try (found.variance([0], correction: 1) / Double(n)).squareRoot()
    let distance = try (found.mean([0]) - expected).absolute() - errors * 5
    #expect(distance.values.allSatisfy { $0 < 2e-5 }, "\(law): \(distance.values)")
  }
}
