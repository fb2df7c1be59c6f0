import Distributions
import Glibc
import Tensors
import Testing

@testable import Calculus

struct ExpectationTests {
  private func exact(
    _ q: any Distribution, _ f: @escaping (Tensor) throws -> Tensor
  ) throws -> Tensor? {
    try Expectation.exact(.distribution(q), BatchedFunction { try f($0[0]) })
  }

  private func number(_ q: any Distribution, _ f: @escaping (Tensor) throws -> Tensor) throws
    -> Double
  {
    try #require(try exact(q, f))[flat: 0]
  }

  @Test func momentsAreExact() throws {
    #expect(abs(try number(Normal(0.8, 0.5)) { try $0.square() } - 0.89) < 1e-13)
    #expect(abs(try number(Exponential(2)) { $0 } - 0.5) < 1e-13)
    #expect(abs(try number(Uniform(0, 2)) { try $0.square() } - 4 / 3) < 1e-13)
    #expect(abs(try number(Laplace(0, 1)) { try $0.absolute() } - 1) < 1e-12)
    #expect(abs(try number(Gumbel(0, 1)) { $0 } - 0.577_215_664_901_532_9) < 1e-12)
    #expect(abs(try number(Bernoulli(0.3)) { try $0 + 1 } - 1.3) < 1e-15)
  }

  @Test func aStepIsExact() throws {
    let above = try number(Normal(0, 1)) { try $0.compare(.greater, to: 1).cast(to: .float64) }
    #expect(abs(above - 0.158_655_253_931_457_05) < 1e-11)
  }

  /// The evidence of x = 1.5 z + 0.3 + noise at x = 0.4 is normal: how narrow the likelihood is makes no difference.
  @Test(arguments: [1, 0.1, 0.01, 0.001]) func anEvidenceWithLittleNoiseIsExact(_ noise: Double)
    throws
  {
    let evidence = try number(Normal(0, 1)) { z in
      let u = try (0.1 - z * 1.5) / noise
      return try (u.square() * -0.5).exp() / (noise * (2 * Double.pi).squareRoot())
    }
    let variance = 2.25 + noise * noise
    let known = exp(-0.01 / (2 * variance)) / (2 * Double.pi * variance).squareRoot()
    #expect(abs(evidence - known) < 1e-11)
  }

  @Test func gradientsIncludeTheDensity() throws {
    let mu = try Tensor(0.8).leaf()
    let value = try #require(
      try exact(Normal(mu, Tensor(0.5))) { try $0.square() + ($0 * 3).sin() })
    let slope = try value.gradientsOrZero([mu], createGraph: true)[0]
    #expect(abs(slope[flat: 0] - 0.881_809_932_504_98) < 1e-12)
    let curvature = try slope.gradientsOrZero([mu])[0][flat: 0]
    #expect(abs(curvature - (2 - 9 * exp(-1.125) * sin(2.4))) < 1e-11)
  }

  @Test func termsThatCancelKeepTheirGradients() throws {
    let mu = try Tensor(0.3).leaf()
    let q = try Normal(mu, Tensor(1))
    let value = try #require(
      try exact(q) {
        try (($0 - mu.detached).square() - ($0 - mu.detached).square()) + ($0 - mu) * 1e-17
      })
    #expect(abs(try value.gradientsOrZero([mu])[0][flat: 0]) < 1e-14)
    let small = try number(Normal(0, 1)) { z in
      try (z.square() + 7.3).log() - (z.square() + (7.3 + 1e-9)).log()
    }
    #expect(abs(small) < 1e-9)
  }

  @Test func whatDivergesIsRefused() throws {
    #expect(throws: CalculusError.self) { try exact(Normal(0, 1)) { try $0.square().exp() } }
    #expect(throws: CalculusError.self) { try exact(Normal(0, 1)) { try 1 / $0 } }
  }

  @Test func aLogarithmThatIsLostFarOutAddsNothing() throws {
    let (p, q) = (try Normal(0, 1), try Normal(4, 1))
    let value = try number(q) { x in
      let d = try p.prob(x) / (p.prob(x) + q.prob(x))
      return try (1 - d).log()
    }
    #expect(value.isFinite && value < 0 && value > -0.1)
  }

  @Test func functionsThatReduceGoOneByOne() throws {
    #expect(abs(try number(Normal(0, 1)) { try $0.sum().square() } - 1) < 1e-12)
    #expect(abs(try number(Normal(0, 1)) { try $0.mean() * 2 + 3 } - 3) < 1e-12)
    #expect(try number(Normal(0, 1)) { _ in try Tensor(3) } == 3)
  }
}
