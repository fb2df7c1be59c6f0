import Distributions
import Glibc
import Tensors
import Testing

@testable import Calculus

/// Averages and integrals as functions of one parameter, with their known derivatives.
struct IntegralGradientTests {
  struct Case: CustomStringConvertible, Sendable {
    let description: String
    let at: Double
    let first: Double
    /// Nil where it is refused.
    let second: Double?
    let value: @Sendable (Tensor) throws -> Tensor?
  }

  private static func average(
    _ name: String, at: Double, _ first: Double, _ second: Double?,
    _ q: @escaping @Sendable (Tensor) throws -> any Distribution,
    _ f: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) -> Case {
    Case(description: name, at: at, first: first, second: second) { p in
      try Expectation.exact(.distribution(q(p)), BatchedFunction { try f($0[0], p) })
    }
  }

  private static func integral(
    _ name: String, at: Double, _ first: Double, _ second: Double?,
    _ a: @escaping @Sendable (Tensor) throws -> Tensor,
    _ b: @escaping @Sendable (Tensor) throws -> Tensor,
    _ f: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) -> Case {
    Case(description: name, at: at, first: first, second: second) { p in
      try Integral.value(BatchedFunction { try f($0[0], p) }, a(p), b(p))
    }
  }

  private static func step(_ z: Tensor, _ a: Double) throws -> Tensor {
    try z.compare(.greater, to: a).cast(to: .float64)
  }

  private static func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * .pi).squareRoot() }
  private static func above(_ x: Double) -> Double { erfc(x / 2.0.squareRoot()) / 2 }
  private static let standard: @Sendable (Tensor) throws -> any Distribution = { _ in
    try Normal(0, 1)
  }

  static let cases: [Case] = [
    average(
      "a step under a moving mean", at: 0.3, density(0.7), 0.7 * density(0.7),
      { try Normal($0, Tensor(1)) }, { z, _ in try step(z, 1) }),
    average(
      "|z| under a moving mean", at: 0.3, erf(0.3 / 2.0.squareRoot()), 2 * density(0.3),
      { try Normal($0, Tensor(1)) }, { z, _ in try z.absolute() }),
    average(
      "a kink off the centre", at: 0.37, erf(0.17 / 2.0.squareRoot()), 2 * density(0.17),
      { try Normal($0, Tensor(1)) }, { z, _ in try (z - 0.2).absolute() }),
    average(
      "a fourth moment in the scale", at: 0.5, 12 * 0.5 + 12 * 0.125, 21,
      { try Normal(Tensor(1), $0) }, { z, _ in try z.power(4) }),
    average("a moving kink", at: 0.37, -above(0.37), nil, standard, { z, a in try (z - a).relu() }),
    average(
      "a moving kink of a slope", at: 0.37, -2 * (density(0.37) - 0.37 * above(0.37)),
      2 * above(0.37), standard, { z, a in try (z - a).relu().square() }),
    average("a kink that stays", at: 0.37, density(0), 0, standard, { z, w in try (z * w).relu() }),
    average(
      "an evidence in its noise", at: 0.01, evidenceSlope(0.01), nil, standard,
      { z, s in
        try Normal(z, s).prob(Tensor(0.4))
      }),
    average(
      "an evidence in its prior", at: 0.1, 0.3 * narrow, narrow * (0.09 / 1.0001 - 1),
      { try Normal($0, Tensor(1)) },
      { z, _ in
        try Normal(z, Tensor(0.01)).prob(Tensor(0.4))
      }),
    average(
      "a heavy tail in its degrees", at: 3, -2, 4, { try StudentT($0, Tensor(0), Tensor(1)) },
      { z, _ in try z.square() }),
    average(
      "a gamma's mean in its shape", at: 0.1, 1, 0, { try Gamma($0, Tensor(1)) },
      { z, _ in z
      }),
    average("a narrow gamma's mean", at: 1e4, 1, 0, { try Gamma($0, Tensor(1)) }, { z, _ in z }),
    average(
      "a beta's mean in its shape", at: 0.5, 2 / 6.25, -4 / 15.625, { try Beta($0, Tensor(2)) },
      { z, _ in z }),
    average(
      "a uniform's bound", at: 2, 4.0 / 3, 2.0 / 3, { try Uniform(Tensor(0), $0) },
      { z, _ in
        try z.square()
      }),
    average(
      "a step under a uniform's bound", at: 2, 0.25, -0.25, { try Uniform(Tensor(0), $0) },
      { z, _ in try step(z, 1) }),
    average("an exponential's mean", at: 2, -0.25, 0.25, { try Exponential($0) }, { z, _ in z }),
    average(
      "a near point's KL", at: 1e-3, 1e3, 1e6, { try Normal($0, Tensor(1e-3)) },
      { z, m in
        try Normal(m, Tensor(1e-3)).logProb(z) - Normal(0, 1e-3).logProb(z)
      }),
    average(
      "a tiny kink", at: 0.3, 1e-8 * erf(0.3 / 2.0.squareRoot()), 2e-8 * density(0.3),
      { try Normal($0, Tensor(1)) }, { z, _ in try z.absolute() * 1e-8 }),
    integral("a limit", at: 3, 9, 6, { _ in try Tensor(0) }, { $0 }, { x, _ in try x.square() }),
    integral(
      "a limit beyond a step", at: 3, 1, 0, { _ in try Tensor(0) }, { $0 },
      { x, _ in
        try step(x, 1)
      }),
    integral(
      "an empty range", at: 1, 1, 3, { _ in try Tensor(1) }, { $0 },
      { x, _ in try x.power(3)
      }),
    integral(
      "a rate", at: 3, -1.0 / 9, 2.0 / 27, { _ in try Tensor(0) },
      { _ in try Tensor(Double.infinity) }, { x, b in try (-(x * b)).exp() }),
    integral(
      "a limit and the integrand", at: 2, 19.75, 40, { _ in try Tensor(1) }, { $0 },
      { x, b in try x.power(3) * b }),
    integral(
      "a moving kink", at: 0.3, -0.4, nil, { _ in try Tensor(0) }, { _ in try Tensor(1) },
      { x, b in try (x - b).absolute() }),
  ]

  private static let narrow = density(0.3 / 1.0001.squareRoot()) / pow(1.0001, 1.5)

  private static func evidenceSlope(_ s: Double) -> Double {
    let v = 1 + s * s
    return density(0.4 / v.squareRoot()) / v.squareRoot() * s * (0.16 / (v * v) - 1 / v)
  }

  @Test(arguments: cases) func derivativesAreExact(_ it: Case) throws {
    let p = try Tensor(it.at).leaf()
    let value = try #require(try it.value(p))
    let first = try value.gradientsOrZero([p], createGraph: true)[0]
    #expect(abs(first[flat: 0] - it.first) <= 1e-10 * abs(it.first), "\(it): \(first[flat: 0])")
    guard let second = it.second else { return }
    let found = try first.gradientsOrZero([p])[0][flat: 0]
    #expect(abs(found - second) <= 1e-9 * max(abs(second), abs(it.first)), "\(it): \(found)")
  }

  @Test func aKinkThatMovesHasNoSecondDerivative() throws {
    let a = try Tensor(0.37).leaf()
    let value = try #require(
      try Expectation.exact(
        .distribution(Normal(0, 1)), BatchedFunction { try ($0[0] - a).relu() }))
    let slope = try value.gradientsOrZero([a], createGraph: true)[0]
    let error = #expect(throws: CalculusError.self) { try slope.gradientsOrZero([a]) }
    #expect(
      error?.message
        == "no exact derivative of order 2: the integrand has a kink near 0.37 that moves with a parameter"
    )
  }

  @Test func aSlopeWithAPoleIsRefusedAndTheValueStands() throws {
    let a = try Tensor(0.37).leaf()
    let value = try #require(
      try Expectation.exact(
        .distribution(Normal(0, 1)), BatchedFunction { try ($0[0] - a).absolute().log() }))
    #expect(value[flat: 0].isFinite)
    #expect(throws: CalculusError.self) { try value.gradientsOrZero([a]) }
  }
}
