import Glibc
import Testing

@testable import Calculus

/// A line that is `f` at each of the points, with its derivative.
private func line(
  _ f: (Double) -> Double, _ slope: (Double) -> Double
) -> [LineValue] {
  [0.3, 1.1, 2].map { LineValue([f($0)], gradients: [[slope($0)]]) }
}

private func step(
  _ above: [LineValue], _ here: [LineValue], _ relation: DerivationStep.Relation = .equal
) -> DerivationStep {
  DerivationStep(relation, zip(above, here).map { LinePair($0, $1) })
}

private let square = line({ $0 * $0 }, { 2 * $0 })
private let sine = line({ sin($0) }, { cos($0) })

private func sum(_ a: [LineValue], _ b: [LineValue], times k: Double = 1) -> [LineValue] {
  zip(a, b).map { x, y in
    LineValue(
      zip(x.elements, y.elements).map { $0 + k * $1 },
      gradients: zip(x.gradients, y.gradients).map { zip($0, $1).map { $0 + k * $1 } })
  }
}

private func scaled(_ a: [LineValue], _ k: Double) -> [LineValue] { sum(a, a, times: k - 1) }

@Suite("Diagnosis")
struct DiagnosisTests {
  @Test("a step that holds has none")
  func good() {
    #expect(Diagnosis(step(square, square)) == nil)
  }

  @Test("nothing is near an infinite number but itself")
  func infinite() {
    func isGood(
      _ above: Double, _ relation: DerivationStep.Relation, _ here: Double, slope: Double = 1
    ) -> Bool {
      let above = LineValue([above], gradients: [[1]])
      return DerivationStep(relation, [LinePair(above, LineValue([here], gradients: [[slope]]))])
        .isGood
    }
    #expect(!isGood(3, .equal, -.infinity))
    #expect(!isGood(3, .equal, 3, slope: .infinity))
    #expect(!isGood(-.infinity, .greaterOrEqual, 3))
    #expect(!isGood(3, .greaterOrEqual, .nan))
    #expect(isGood(.infinity, .greater, 3))
    #expect(isGood(.infinity, .equal, .infinity))
  }

  @Test("a dropped constant")
  func constant() throws {
    let here = line({ $0 * $0 - log(2.0) }, { 2 * $0 })
    let diagnosis = try #require(Diagnosis(step(square, here)))
    #expect(diagnosis.findings.count == 1)
    guard case .constant(let c, name: "-log 2")? = diagnosis.findings.first else {
      Issue.record("\(diagnosis.findings)")
      return
    }
    #expect(abs(c + log(2.0)) < 1e-12)
  }

  @Test("a factor, and a flipped sign")
  func factors() {
    let half = Diagnosis(step(square, scaled(square, 0.5)))
    #expect(half?.findings == [.factor(0.5, name: "½")])
    let flipped = Diagnosis(step(square, scaled(square, -1)))
    #expect(flipped?.findings == [.signFlipped])
  }

  @Test("a blocked path, on either side")
  func blocked() {
    let detached = line({ $0 * $0 }, { _ in 0 })
    #expect(
      Diagnosis(step(square, detached))?.findings
        == [.gradientOnly(name: 0, isBlocked: true, isAboveBlocked: false)])
    #expect(
      Diagnosis(step(detached, square))?.findings
        == [.gradientOnly(name: 0, isBlocked: false, isAboveBlocked: true)])
    let half = line({ $0 * $0 }, { $0 })
    #expect(
      Diagnosis(step(square, half))?.findings
        == [.gradientOnly(name: 0, isBlocked: false, isAboveBlocked: false)])
  }

  @Test("the term that two sums differ in, and what is wrong with it")
  func terms() throws {
    let (above, here) = (sum(square, sine), sum(square, sine, times: -1))
    let flipped = Diagnosis(
      step(above, here), terms: ([square, sine], [square, scaled(sine, -1)]))
    #expect(flipped?.findings.last == .terms(above: [1], here: [1], .signFlipped))
    let dropped = Diagnosis(step(above, square), terms: ([square, sine], [square]))
    #expect(dropped?.findings.last == .terms(above: [1], here: [], nil))
    let extra = Diagnosis(step(square, above), terms: ([square], [sine, square]))
    #expect(extra?.findings.last == .terms(above: [], here: [0], nil))
  }

  @Test("a term that is wrong where the line above hides its terms in a name")
  func hidden() throws {
    let (above, here) = (sum(square, sine), sum(square, sine, times: -1))
    let diagnosis = try #require(
      Diagnosis(step(above, here), terms: ([above], [square, scaled(sine, -1)])))
    guard case .repeated(term: 1, isAbove: false, let times, _)? = diagnosis.findings.last else {
      Issue.record("\(diagnosis.findings)")
      return
    }
    #expect(abs(times + 1) < 1e-9)
  }

  @Test("an inequality the other way round, and one that fails at one point only")
  func inequalities() {
    let larger = line({ $0 * $0 + 1 }, { 2 * $0 })
    #expect(Diagnosis(step(square, larger, .greaterOrEqual))?.findings.first == .reversed)
    #expect(step(square, larger, .lessOrEqual).isGood)
    let mixed = step(square, sine, .greaterOrEqual)
    #expect(mixed.break?.point == 1 || mixed.break?.point == 0)
    #expect(Diagnosis(mixed)?.findings.contains(.reversed) == false)
  }

  @Test("what is infinite or no number is never equal to anything else")
  func notFinite() {
    let bad = line({ $0 > 1 ? .nan : $0 * $0 }, { 2 * $0 })
    #expect(Diagnosis(step(square, bad))?.findings == [.notFinite])
    #expect(step(square, bad).break?.point == 1)
    let top = line({ _ in .infinity }, { _ in 0 })
    #expect(step(top, top).isGood)
  }

  @Test("shapes are compared first")
  func shapes() {
    let (a, b) = (LineValue([1, 2], dims: [2]), LineValue([1, 2, 3], dims: [3]))
    #expect(Diagnosis(step([a], [b]))?.findings == [.shapes([2], [3])])
    #expect(step([LineValue([1, 1], dims: [2])], [LineValue([1])]).isGood)
  }

  @Test("estimates may differ by four standard errors of their difference")
  func estimates() {
    func pair(_ error: Double) -> LinePair {
      LinePair(LineValue([1]), LineValue([1.1]), elementErrors: [error], gradientErrors: [])
    }
    #expect(DerivationStep(.equal, [pair(0.026)]).isGood)
    #expect(!DerivationStep(.equal, [pair(0.024)]).isGood)
  }

  @Test("≈ compares values alone, and less strictly")
  func approximately() {
    let near = line({ $0 * $0 * (1 + 1e-5) }, { _ in 0 })
    #expect(step(square, near, .approximately).isGood)
    #expect(!step(square, near).isGood)
    #expect(!step(square, scaled(square, 1.01), .approximately).isGood)
  }
}
