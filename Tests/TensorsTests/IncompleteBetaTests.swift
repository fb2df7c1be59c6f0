import Glibc
import Testing

@testable import Tensors

/// The incomplete beta function of large shapes.
struct IncompleteBetaTests {
  struct Reference: Sendable {
    let (a, b, x): (Double, Double, Double)
    let (mass, slopeA, slopeB): (Double, Double, Double)
  }

  /// python3, mpmath 1.3.0, 40 digits: quad of the density of the logit from 40 standard deviations below, and
  /// central differences of it.
  static let references = [
    Reference(
      a: 3e5, b: 7e5, x: 0.300596072632249, mass: 0.90329139293552721,
      slopeA: -0.000261426755267236, slopeB: 0.000112199049527756),
    Reference(
      a: 1e7, b: 3e7, x: 0.24986309436214377, mass: 0.022759992379806918,
      slopeA: -1.47936864146695e-5, slopeB: 4.92942850345246e-6),
    Reference(
      a: 1e9, b: 2e9, x: 0.33333763666205124, mass: 0.69146416568388876,
      slopeA: -9.09022652844003e-6, slopeB: 4.54515727194792e-6),
    Reference(
      a: 3e10, b: 2e10, x: 0.5999967136601551, mass: 0.066807033776669333,
      slopeA: -4.72932201111344e-7, slopeB: 7.09393444766354e-7),
    Reference(
      a: 1e11, b: 5e12, x: 0.019608088716915387, mass: 0.99996832999012018,
      slopeA: -4.19022352015992e-10, slopeB: 8.38050057053626e-12),
    Reference(
      a: 30, b: 1e15, x: 3.600909579436096e-14, mass: 0.86243605884636733,
      slopeA: -0.0391127423012398, slopeB: 1.28019481220533e-15),
    Reference(
      a: 2, b: 9.2e18, x: 1e-19, mass: 0.23484344111773278, slopeA: .nan, slopeB: .nan),
  ]

  @Test(arguments: references.indices) func massesAndSlopesEqualTheReferences(_ i: Int) {
    let r = Self.references[i]
    // The rounding of x itself, times the slope of the logarithm, is all that large shapes forgive.
    let mass = IncompleteBeta.lower(r.a, r.b, r.x)
    let rounding = 1e-15 * max(r.a, r.b).squareRoot()
    #expect(abs(mass / r.mass - 1) < 1e-11 + rounding, "\(mass), not \(r.mass)")
    if r.slopeA.isNaN { return }
    let t = log(r.x) - log1p(-r.x)
    let density = exp(IncompleteBeta.logDensity(r.a, r.b, t))
    for (slope, wanted, order) in [(r.slopeA, "a", (1, 0)), (r.slopeB, "b", (0, 1))] {
      let found = density * IncompleteBeta.slope(order.0, order.1, r.a, r.b, t)
      #expect(abs(found / slope - 1) < 1e-8 + 10 * rounding, "\(wanted): \(found), not \(slope)")
    }
  }

  /// Where the fraction ends and the expansion begins both hold, to all orders that are asked for.
  @Test func theExpansionMeetsTheFraction() {
    let (a, b) = (9e5, 1.3e6)
    for shapes in [(9e7, 2e8), (9e7, 9e7)] {
      let t = log(shapes.0 / shapes.1) + 1e-4
      let (near, far) = (
        IncompleteBeta.logs(shapes.0, shapes.1, t), LargeBeta(shapes.0, shapes.1).logs(t, 0)
      )
      #expect(abs(near.below - far.below) < 1e-8, "\(near.below), \(far.below)")
    }
    let large = LargeBeta(a, b)
    let deviation = (1 / a + 1 / b).squareRoot()
    for z in [-2.5, -0.4, 0.1, 1.7] {
      let t = log(a / b) + z * deviation
      let (near, far) = (IncompleteBeta.logs(a, b, t), large.logs(t, 0))
      #expect(abs(near.below - far.below) < 1e-8 && abs(near.above - far.above) < 1e-8)
      for (i, j) in [(1, 0), (0, 1), (2, 0), (1, 1), (0, 2), (2, 1)] {
        let (exact, found) = (IncompleteBeta.slope(i, j, a, b, t), large.slope(i, j, t))
        #expect(abs(found / exact - 1) < 1e-5, "\(i) \(j) at \(z): \(found), not \(exact)")
      }
    }
  }

  @Test func shapesOfAnySizeTakeNoTime() {
    for (a, b) in [(9.2e18, 2), (2, 9.2e18), (9e18, 8e18), (1e300, 1e299), (1e-300, 1e300)] {
      for x in [1e-19, 0.3, 0.5, 0.999] {
        let t = log(x) - log1p(-x)
        #expect((0...1).contains(IncompleteBeta.lower(a, b, x)), "\(a) \(b) \(x)")
        _ = (IncompleteBeta.slope(1, 0, a, b, t), IncompleteBeta.slope(2, 1, a, b, t))
      }
    }
    #expect(IncompleteBeta.lower(.infinity, 1, 0.5).isNaN)
  }
}
