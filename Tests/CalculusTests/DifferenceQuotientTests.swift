import Testing

@testable import Calculus

@Suite struct DifferenceQuotientTests {
  private func slope(_ f: (Double) -> Double, size: Double = 1) -> Double? {
    let rounding = 2e-16 * abs(f(0))
    let q = DifferenceQuotient(center: f(0), noise: rounding, rounding: rounding)
    guard case .slope(let slope, _, _) = q.scan(size: size, along: f) else { return nil }
    return slope
  }

  @Test func aScanFindsTheSlope() throws {
    #expect(abs((slope { (3 + $0) * (3 + $0) } ?? 0) - 6) < 1e-8)
    #expect(abs((slope { 1 / (1e-3 + $0) } ?? 0) + 1e6) < 1e-2)
    // A term of high frequency, which a step of a thousandth would miss altogether.
    #expect(abs((slope { $0 + 1e-3 * (1000 * $0) / (1 + 1e6 * $0 * $0) } ?? 0) - 2) < 1e-6)
  }

  @Test func aScanTellsAKinkFromACurve() {
    let q = DifferenceQuotient(center: 0, noise: 1e-17, rounding: 1e-17)
    guard case .kink(let left, let right) = q.scan(size: 1, along: { max($0, 0) }) else {
      Issue.record("expected a kink")
      return
    }
    #expect(left == 0 && right == 1)
    if case .kink = q.scan(size: 1, along: { 1e4 * $0 * $0 + $0 }) { Issue.record("a curve") }
    // A kink at a distance of 1e-6 is none here.
    if case .kink = q.scan(size: 1, along: { max($0 - 1e-6, 0) }) { Issue.record("not here") }
  }

  @Test func noiseIsItsStandardDeviation() {
    // Third differences of 0 1 0 1 ... are 4 and -4: a deviation of sqrt(16 / 20).
    let values = (0..<8).map { Double($0 % 2) }
    let found = DifferenceQuotient.noise(values)
    #expect(abs(found - 0.8.squareRoot()) < 1e-12)
    #expect(DifferenceQuotient.noise((0..<8).map { Double($0 * $0) }) == 0)
  }
}
