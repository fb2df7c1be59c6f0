import Glibc
import Tensors
import Testing

@testable import Calculus

struct QuadratureTests {
  private func integral(
    _ a: Double, _ b: Double, _ f: @escaping (Tensor) throws -> Tensor
  ) throws -> Double {
    let value = try Integral.value(
      BatchedFunction { try f($0[0]) }, Tensor(a), Tensor(b), tolerance: Quadrature.exactness)
    return value[flat: 0]
  }

  private func message(_ a: Double, _ b: Double, _ f: @escaping (Tensor) throws -> Tensor) -> String
  {
    do {
      return "\(try integral(a, b, f))"
    } catch { return "\(error)" }
  }

  @Test func theKronrodRuleIsExactToDegree31AndTheGaussRuleTo19() {
    for (weights, degree) in [(GaussKronrod.kronrod, 31), (GaussKronrod.gauss, 19)] {
      for k in stride(from: 0, through: degree, by: 1) {
        let sum = zip(GaussKronrod.places, weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(k)) }
        #expect(abs(sum - (k % 2 == 0 ? 2 / Double(k + 1) : 0)) < 1e-15)
      }
    }
  }

  @Test func finiteAndInfiniteRangesComeOutToTenDigits() throws {
    #expect(
      abs(try integral(-.infinity, .infinity) { try (-$0.square()).exp() } - Double.pi.squareRoot())
        < 1e-13)
    #expect(abs(try integral(0, .infinity) { try (-$0).exp() } - 1) < 1e-13)
    #expect(abs(try integral(-.infinity, 1) { try $0.exp() } - M_E) < 1e-13)
    #expect(abs(try integral(0, 1) { try $0.log() } + 1) < 1e-13)
    #expect(abs(try integral(0, 1) { try $0.power(-0.5) } - 2) < 1e-13)
    #expect(abs(try integral(2, 1) { try 1 / $0 } + M_LN2) < 1e-13)
    #expect(abs(try integral(-.infinity, .infinity) { try 1 / ($0.square() + 1) } - .pi) < 1e-12)
  }

  @Test func kinksAndStepsAreFound() throws {
    #expect(abs(try integral(0, 1) { try ($0 - 0.3).absolute() } - 0.29) < 1e-11)
    let step = try integral(0, 1) { try $0.compare(.greater, to: 1 / 3).cast(to: .float64) }
    #expect(abs(step - 2 / 3) < 1e-11)
  }

  /// The range that is cut into panels ends where nothing is left, and may end just beyond a step.
  @Test func aStepJustInsideTheLastPanelIsFound() throws {
    for (edge, distance) in [(0.5, 4e-4), (1, 1e-6), (1.5, 9e-4), (2, 2e-4), (-1, 3e-5)] {
      let c = sinh(edge - distance * (edge > 0 ? 1 : -1))
      let value = try integral(-.infinity, .infinity) { x in
        let isInside = try x.compare(edge > 0 ? .less : .greater, to: c)
        return try isInside.cast(to: .float64) / (x.square() + 1)
      }
      #expect(abs(value - atan(abs(c)) - .pi / 2) < 1e-10, "\(edge)")
    }
  }

  @Test func aNarrowPeakFarAwayIsFound() throws {
    for center in [0.0, 3, 1000, 12345] {
      let value = try integral(-.infinity, .infinity) {
        try (($0 - center) / 0.5).square().exp().reciprocal()
      }
      #expect(abs(value - 0.5 * Double.pi.squareRoot()) < 1e-9)
    }
  }

  @Test func whatDivergesOrHasAPoleIsRefused() {
    let tooSlow = "the integral diverges or converges too slowly"
    #expect(
      message(-1, 1) { try 1 / $0 } == "the integral diverges: the integrand has a pole at 0")
    #expect(
      message(0, 1) { try 1 / ($0 - 0.3) }
        == "the integrand has a pole near 0.3, or grows too fast there")
    #expect(message(0, .infinity) { try 1 / $0 }.hasPrefix(tooSlow))
    #expect(
      message(0, 1) { try 1 / $0 }
        == "the integral diverges: the integrand grows too fast towards 0")
    #expect(
      message(1, .infinity) { $0 }
        == "\(tooSlow): the integrand does not die away fast enough towards inf")
  }

  @Test func anIntegrandMayBeInfiniteWithinTheRange() throws {
    for (low, high) in [(-1.0, 1.0), (-1, 2), (-0.3, 0.7)] {
      let f = BatchedFunction { try $0[0].absolute().power(-0.5) }
      let value = try Integral.value(f, Tensor(low), Tensor(high))[flat: 0]
      #expect(abs(value - 2 * ((-low).squareRoot() + high.squareRoot())) < 1e-10)
    }
  }

  @Test func whatCannotBeKnownToTenDigitsSaysSo() {
    #expect(
      message(0, 1) { try (1 - $0).power(-0.5) }
        == "the integral does not settle near 1: 1e-08 of 2 stays uncertain")
  }

  @Test func gradientsFlowToTheIntegrandAndTheLimitsToEveryOrder() throws {
    let (a, b, k) = (try Tensor(0.5).leaf(), try Tensor(2).leaf(), try Tensor(1.5).leaf())
    let value = try Integral.value(BatchedFunction { try ($0[0] * k).exp() }, a, b)
    let first = try value.gradientsOrZero([a, b, k], createGraph: true)
    #expect(abs(first[0][flat: 0] + exp(0.75)) < 1e-12)
    #expect(abs(first[1][flat: 0] - exp(3)) < 1e-11)
    let second = try first[1].gradientsOrZero([k])
    #expect(abs(second[0][flat: 0] - 2 * exp(3)) < 1e-10)
  }
}
