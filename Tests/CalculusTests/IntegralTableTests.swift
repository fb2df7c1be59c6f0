import Distributions
import Glibc
import Tensors
import Testing

@testable import Calculus

/// Integrals and averages with known values: each comes out to 1e-10 of its scale, or it is said not to be exact.
struct IntegralTableTests {
  /// What is integrated, and the value as mathematics has it.
  struct Case: CustomStringConvertible, Sendable {
    let description: String
    let truth: Double
    /// Where terms cancel, their size.
    let scale: Double?
    let value: @Sendable () throws -> Tensor?
  }

  private static func average(
    _ name: String, _ q: @autoclosure @escaping @Sendable () throws -> any Distribution,
    _ truth: Double, scale: Double? = nil, _ f: @escaping @Sendable (Tensor) throws -> Tensor
  ) -> Case {
    Case(description: name, truth: truth, scale: scale) {
      try Expectation.exact(.distribution(q()), BatchedFunction { try f($0[0]) })
    }
  }

  private static func integral(
    _ name: String, _ a: Double, _ b: Double, _ truth: Double, scale: Double? = nil,
    _ f: @escaping @Sendable (Tensor) throws -> Tensor
  ) -> Case {
    Case(description: name, truth: truth, scale: scale) {
      try Integral.value(BatchedFunction { try f($0[0]) }, Tensor(a), Tensor(b))
    }
  }

  private static func step(_ z: Tensor, _ a: Double) throws -> Tensor {
    try z.compare(.greater, to: a).cast(to: .float64)
  }

  private static func normal(_ x: Double, _ variance: Double) -> Double {
    exp(-x * x / (2 * variance)) / (2 * .pi * variance).squareRoot()
  }

  /// The likelihood of z at x.
  private static func likelihood(_ z: Tensor, _ x: Double, _ noise: Double) throws -> Tensor {
    try Normal(.tensor(z), .number(noise)).prob(Tensor(x))
  }

  private static let folded =
    (2 / Double.pi).squareRoot() * exp(-0.37 * 0.37 / 2) + 0.37 * erf(0.37 / 2.0.squareRoot())

  // Truths without a comment are textbook formulas of the families.
  static let smooth: [Case] = [
    average("a tenth moment", try Normal(0, 1), 945) { try $0.power(10) },
    average("an odd moment", try Normal(0, 1), 0, scale: 1) { try $0.power(3) },
    average("a sine", try Normal(0, 1), 0, scale: 1) { try $0.sin() },
    average("cos 5z", try Normal(0, 1), exp(-12.5)) { try ($0 * 5).cos() },
    average("cos 50z", try Normal(0, 1), 0, scale: 1) { try ($0 * 50).cos() },
    average("exp 20z", try Normal(0, 1), exp(200)) { try ($0 * 20).exp() },
    average("exp 0.4z^2", try Normal(0, 1), 5.0.squareRoot()) { try ($0.square() * 0.4).exp() },
    average("a far, narrow normal", try Normal(50, 1e-3), 1e-6) { try ($0 - 50).square() },
    average("a wide normal", try Normal(0, 1e8), 1e16) { try $0.square() },
    average(
      "a Lorentzian", try Normal(0, 1),
      1e2 * (Double.pi / 2).squareRoot() * exp(0.5e-4) * erfc(0.01 / 2.0.squareRoot())
    ) {
      try ($0.square() + 1e-4).reciprocal()
    },
    average("a steep logistic", try Normal(0, 1), 0.5) { try ($0 * 1e4).sigmoid() },
    // mpmath: quad(lambda z: npdf(z) * log(1 + exp(z)), [-40, -5, 0, 5, 40]) with 30 digits.
    average("softplus", try Normal(0, 1), 0.806_059_183_347_439_78) { try $0.softplus() },
    average("log of a square", try Normal(0, 1), -1.270_362_845_461_478_2) {
      try $0.square().log()
    },
    average("heavy tails", try StudentT(3, 0, 1), 3) { try $0.square() },
    average("heavy tails, folded", try StudentT(3, 0, 1), 2 * 3.0.squareRoot() / .pi) {
      try $0.absolute()
    },
    average("a gamma singular at 0", try Gamma(0.1, 1), 0.1) { $0 },
    average("its logarithm", try Gamma(0.1, 1), -10.423_754_940_411_076) { try $0.log() },
    average("a narrow gamma", try Gamma(1e4, 1), 1e4) { $0 },
    average("a narrow beta", try Beta(300, 500), 0.375) { $0 },
    average("a beta singular at 0", try Beta(0.3, 2), 0.3 / 2.3) { $0 },
    average("z log z of uniforms", try Uniform(0, 1), -0.25) { try $0 * $0.log() },
    average("1/sqrt of uniforms", try Uniform(0, 1), 2) { try $0.power(-0.5) },
    average("a wide log-normal", try LogNormal(0, 3), exp(4.5)) { $0 },
    average("a narrow log-normal", try LogNormal(0, 1e-6), exp(0.5e-12)) { $0 },
    average("a long exponential", try Exponential(1e-6), 1e6) { $0 },
    average("an exponential, growing", try Exponential(1), 10) { try ($0 * 0.9).exp() },
    average("a logistic", try Logistic(0, 1), .pi * .pi / 3) { try $0.square() },
    average(
      "modes far apart",
      try Mixture(
        .tensor(Tensor([0.5, 0.5], Shape([2]), .float64)),
        .distributions([try Normal(-3000, 1e-2), try Normal(3000, 1e-2)])), 9_000_000.0001
    ) {
      try $0.square()
    },
    average("counts", try Poisson(3), exp(4.5)) { try ($0 * log(2.5)).exp() },
    average("a KL of near points", try Normal(0, 1e-6), 0.5e12) { z in
      try Normal(0, 1e-6).logProb(z) - Normal(1, 1e-6).logProb(z)
    },
    average("two numbers", try Normal(.tensor(Tensor.zeros(Shape([2]), .float64)), 1), M_E) {
      try $0.sum([-1]).exp()
    },
    average("three numbers", try Normal(.tensor(Tensor.zeros(Shape([3]), .float64)), 1), exp(1.5)) {
      try $0.sum([-1]).exp()
    },
  ]

  static let rough: [Case] = [
    average("P(z > 1)", try Normal(0, 1), erfc(1 / 2.0.squareRoot()) / 2) { try step($0, 1) },
    average("P(z > 5)", try Normal(0, 1), erfc(5 / 2.0.squareRoot()) / 2) { try step($0, 5) },
    average("P(z > 0)", try Normal(0, 1), 0.5) { try step($0, 0) },
    average(
      "a narrow window", try Normal(0, 1),
      (erf(0.1001 / 2.0.squareRoot()) - erf(0.1 / 2.0.squareRoot())) / 2
    ) {
      try step($0, 0.1) * (1 - step($0, 0.1001))
    },
    average("P(z > 1) of a gamma", try Gamma(0.5, 1), erfc(1)) { try step($0, 1) },
    average("|z|", try Normal(0, 1), (2 / Double.pi).squareRoot()) { try $0.absolute() },
    average("|z - 0.37|", try Normal(0, 1), folded) { try ($0 - 0.37).absolute() },
    average("a tiny one", try Normal(0, 1), 1e-12 * folded) { try ($0 - 0.37).absolute() * 1e-12 },
    average("a huge one", try Normal(0, 1), 1e8 * folded) { try ($0 - 0.37).absolute() * 1e8 },
    average("relu", try Normal(0, 1), (folded - 0.37) / 2) { try ($0 - 0.37).relu() },
    average("floor", try Normal(0, 1), -0.5) { try $0.floorDivided(by: Tensor(1)) },
    average("1/sqrt|z|", try Normal(0, 1), pow(2, -0.25) * tgamma(0.25) / Double.pi.squareRoot()) {
      try $0.absolute().power(-0.5)
    },
    average("a tiny component beside a huge one", try Normal(0, 1), 1e-8 * folded) { z in
      try Tensor.stacked([(z - 0.37).absolute() * 1e-8, z * 0 + 1e8], -1)
    },
    average("an evidence, noise 0.1", try Normal(0, 1), normal(0.4, 1.01)) {
      try likelihood($0, 0.4, 0.1)
    },
    average("an evidence, noise 0.01", try Normal(0, 1), normal(0.4, 1.0001)) {
      try likelihood($0, 0.4, 0.01)
    },
    average("an evidence, noise 1e-4", try Normal(0, 1), normal(0.4, 1 + 1e-8)) {
      try likelihood($0, 0.4, 1e-4)
    },
    average("an evidence, noise 1e-6", try Normal(0, 1), normal(0.4, 1 + 1e-12)) {
      try likelihood($0, 0.4, 1e-6)
    },
    average("an evidence far out", try Normal(0, 1), normal(4.1, 1 + 1e-8)) {
      try likelihood($0, 4.1, 1e-4)
    },
    average(
      "a narrow likelihood beside a wide one", try Normal(0, 1),
      normal(0.41, 1 + 1e-6) / 2 + normal(0.41, 4) / 2
    ) { z in
      try likelihood(z, 0.41, 1e-3) * 0.5 + likelihood(z * 0, 0.41, 2) * 0.5
    },
    // mpmath: quad of npdf(z) npdf(0.8, 2 sin z, 0.01) around the roots of 2 sin z = 0.8, with 30 digits.
    average("a non-linear decoder", try Normal(0, 1), 0.205_606_811_307_515_68) {
      try likelihood($0.sin() * 2, 0.8, 0.01)
    },
  ]

  static let integrals: [Case] = [
    integral("a narrow peak on a floor", 0, 1, 2) { try Normal(0.3, 1e-3).prob($0) + 1 },
    integral("a narrow peak", 0, 1, 1) { try Normal(0.3, 1e-4).prob($0) },
    integral("a far, narrow peak", -.infinity, .infinity, 1) { try Normal(50, 1e-3).prob($0) },
    integral("of a half-line", 0, .infinity, 1) { try Normal(50, 1e-3).prob($0) },
    integral("two peaks far apart", -.infinity, .infinity, 1) { x in
      try Normal(0, 1).prob(x) * 0.5 + Normal(300, 1).prob(x) * 0.5
    },
    integral("a narrow peak beside a wide one", -.infinity, .infinity, 1) { x in
      try Normal(0, 1).prob(x) * 0.5 + Normal(0.537, 1e-3).prob(x) * 0.5
    },
    integral("cos 50x", 0, 1, sin(50) / 50, scale: 1) { try ($0 * 50).cos() },
    integral("a full sine", 0, 2 * .pi, 0, scale: 1) { try $0.sin() },
    integral("x log x", 0, 1, -0.25) { try $0 * $0.log() },
    integral("x^-0.9", 0, 1, 10) { try $0.power(-0.9) },
    integral("sqrt(1 - x^2)", -1, 1, .pi / 2) { try (1 - $0.square()).squareRoot() },
    integral("a slow tail", 1, .infinity, 10) { try $0.power(-1.1) },
    integral("a long decay", 0, .infinity, 1e6) { try ($0 * -1e-6).exp() },
    integral("a short decay", 0, .infinity, 1e-6) { try ($0 * -1e6).exp() },
    integral("a damped sine", 0, .infinity, 0.5) { try (-$0).exp() * $0.sin() },
    integral("steps", 0, 1, 4.5) { try ($0 * 10).floorDivided(by: Tensor(1)) },
  ]

  @Test(arguments: smooth + rough + integrals) func isExact(_ it: Case) throws {
    let value = try #require(try it.value())
    let found = value[flat: 0]
    #expect(abs(found - it.truth) <= 1e-10 * (it.scale ?? abs(it.truth)), "\(it): \(found)")
  }

  /// What is not known to ten digits is left to chance.
  static let inexact: [Case] = [
    // What lies within 1e-16 of the upper edge counts, and cannot be told from it.
    average("a beta singular at 1", try Beta(0.3, 0.3), 0.5) { $0 },
    average("at an edge", try Uniform(0, 1), 2) { try (1 - $0).power(-0.5) },
    average("a gamma of mass below 1e-290", try Gamma(0.01, 1), 0.01) { $0 },
    average("a large number", try Normal(1e8, 1), 1e8) { $0 },
    average("endless waves", try Normal(0, 1), 0) { try $0.reciprocal().sin() },
  ]

  @Test(arguments: inexact) func isSaidNotToBeExact(_ it: Case) throws {
    #expect(try it.value() == nil)
  }

  static let divergent: [Case] = [
    average("Cauchy's mean", try StudentT(1, 0, 1), 0) { $0 },
    average("a variance", try StudentT(2, 0, 1), 0) { try $0.square() },
    average("1/z", try Normal(0, 1), 0) { try $0.reciprocal() },
    average("1/(z - 0.123)", try Normal(0, 1), 0) { try ($0 - 0.123).reciprocal() },
    average("tan z", try Normal(0, 1), 0) { try $0.sin() / $0.cos() },
    average("exp z^2", try Normal(0, 1), 0) { try $0.square().exp() },
    average("exp z^2 / 2", try Normal(0, 1), 0) { try ($0.square() * 0.5).exp() },
    average("1/z of a gamma", try Gamma(0.1, 1), 0) { try $0.reciprocal() },
    average("exp z of an exponential", try Exponential(1), 0) { try $0.exp() },
    average("exp k^2 of counts", try Poisson(3), 0) { try $0.square().exp() },
    average("log z of both signs", try Normal(0, 1), 0) { try $0.log() },
    integral("1/x", 0, 1, 0) { try $0.reciprocal() },
    integral("1/x over its pole", -1, 2, 0) { try $0.reciprocal() },
    integral("1/(x - 0.7)^2", 0, 1, 0) { try ($0 - 0.7).square().reciprocal() },
    integral("sin x without end", 0, .infinity, 0) { try $0.sin() },
    integral("x/(1 + x^2)", -.infinity, .infinity, 0) { try $0 / ($0.square() + 1) },
  ]

  @Test(arguments: divergent) func isRefused(_ it: Case) throws {
    #expect(throws: CalculusError.self) { try it.value() }
  }
}
