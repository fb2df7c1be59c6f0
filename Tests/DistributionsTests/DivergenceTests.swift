import Tensors
import Testing

@testable import Distributions

@Suite struct DivergenceTests {
  /// Pairs with a closed form, and where their integrands have kinks that the quadrature must meet.
  static let pairs: [(Law, Law)] = {
    var pairs: [(Law, Law)] = []
    for q in Law.all {
      let family = q.description.prefix { $0 != " " }
      for p in others where p.description.hasPrefix(family) { pairs.append((q, p)) }
    }
    return pairs + [(Law.continuous[2], others[0]), (Law.continuous[0], others[2])]
  }()

  /// Other members of the families; kinks are where those of `Law.continuous` are.
  static let others: [Law] = [
    Law("normal", [-0.7, 0.9]) { try Normal($0[0], $0[1]) },
    Law("uniform", [-1.9, 1.4]) { try Uniform($0[0], $0[1]) },
    Law("laplace", [0.3, 1.1]) { try Laplace($0[0], $0[1]) },
    Law("exponential", [0.7]) { try Exponential($0[0]) },
    Law("gumbel", [0.5, 1.3]) { try Gumbel($0[0], $0[1]) },
    Law("log_normal", [0.5, 0.8]) { try LogNormal($0[0], $0[1]) },
    Law("binomial of probs", [0.6]) { try Binomial(.number(5), .tensor($0[0])) },
    Law("half_normal", [0.8]) { try HalfNormal($0[0]) },
    Law("gamma", [1.4, 0.9]) { try Gamma($0[0], $0[1]) },
    Law("beta", [0.8, 1.3]) { try Beta($0[0], $0[1]) },
    Law("poisson", [1.9]) { try Poisson($0[0]) },
    Law("bernoulli of probs", [0.6]) { try Bernoulli($0[0]) },
    Law("bernoulli of logits", [0.4]) { try Bernoulli(logits: $0[0]) },
    Law("categorical of probs", [0.7, 0.2, 0.1]) { try Categorical(Tensor.stacked($0)) },
  ]

  @Test(arguments: pairs) func theClosedFormIsTheIntegral(_ q: Law, _ p: Law) throws {
    let (a, b) = (try q.distribution(), try p.distribution())
    let integral = try Quadrature(q) { x in
      let mass = try a.prob(x)
      return try mass.compare(.greater, to: 0).choose(mass * (a.logProb(x) - b.logProb(x)), 0)
    }
    let closed = try Divergence.kl(a, b)[flat: 0]
    #expect(abs(closed - integral) < 1e-9, "\(q) from \(p): \(closed), integral \(integral)")
  }

  @Test(arguments: pairs) func itsGradientsAreItsSlopes(_ q: Law, _ p: Law) throws {
    let all = q.parameters + p.parameters
    let f: ([Tensor]) throws -> Tensor = { x in
      let n = q.parameters.count
      return try Divergence.kl(q.make(Array(x[..<n])), p.make(Array(x[n...])))
    }
    // |x| has a kink where two Laplace distributions have the same centre.
    if q.description == "laplace", p.description == "laplace" { return }
    let (found, expected) = (try gradients(all, f), try centralDifferences(all, f))
    #expect(isClose(found, expected, 1e-7), "\(q) from \(p): \(found) \(expected)")
  }

  static let withClosedForm = Law.all.filter { law in
    (try? Divergence.closedForm(law.distribution(), law.distribution())) ?? nil != nil
  }

  @Test(arguments: withClosedForm)
  func fromItselfItIsZero(_ law: Law) throws {
    let d = try law.distribution()
    #expect(abs(try Divergence.kl(d, d)[flat: 0]) < 1e-12)
  }

  @Test func laplaceDistributionsApartAgreeWithTheIntegral() throws {
    let q = try Laplace(0.3, 0.6)
    let p = try Laplace(-0.5, 1.1)
    // The integrand has kinks at both centres, so a fine midpoint rule stands in: error about h^2 / 24.
    let n = 400_000
    let x = try Tensor.linspace(-20, 20, n + 1, .float64).sliced(0, 0, n) + 20 / Double(n)
    let integral = try (q.prob(x) * (q.logProb(x) - p.logProb(x))).mean()[flat: 0] * 40
    #expect(abs(try Divergence.kl(q, p)[flat: 0] - integral) < 1e-8)
    let f: ([Tensor]) throws -> Tensor = {
      try Divergence.kl(Laplace($0[0], $0[1]), Laplace($0[2], $0[3]))
    }
    let at = [0.3, 0.6, -0.5, 1.1]
    #expect(isClose(try gradients(at, f), try centralDifferences(at, f), 1e-7))
  }

  @Test func aWiderSupportIsInfinitelyFar() throws {
    #expect(try Divergence.kl(Uniform(0, 2), Uniform(0, 1))[flat: 0] == .infinity)
    #expect(try Divergence.kl(Bernoulli(0.5), Bernoulli(0))[flat: 0] == .infinity)
    #expect(try Divergence.kl(Bernoulli(0), Bernoulli(0.5))[flat: 0] == Tensor(2).log()[flat: 0])
  }

  @Test func eventsAddUp() throws {
    let loc = try Generator(seed: 2).normal(Shape([4, 3]), .float64)
    let (q, p) = (try Normal(.tensor(loc), 1), try Normal(.tensor(loc * 0), 2))
    let whole = try Divergence.kl(Independent(q, 1), Independent(p, 1))
    #expect(whole.shape.dims == [4])
    #expect(try whole.isClose(to: Divergence.kl(q, p).sum([1]), rtol: 1e-14, atol: 0))
  }

  @Test func aPairWithoutClosedFormSaysSo() throws {
    let error = #expect(throws: DistributionError.self) {
      try Divergence.kl(Normal(0, 1), Gumbel(0, 1))
    }
    #expect(error?.message == "kl(normal, gumbel) has no closed form here")
  }
}
