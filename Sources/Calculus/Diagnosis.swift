import Glibc

/// What is wrong with a step of a derivation.
///
///     let diagnosis = Diagnosis(step, terms: (above, here), names: ["m", "s"])
///     diagnosis?.findings         // [.constant(0.9189, "½ log 2π")]
package struct Diagnosis: Sendable {
  package indirect enum Finding: Equatable, Sendable {
    case shapes([Int], [Int])
    /// One of the sides is infinite or no number.
    case notFinite
    /// What the line has more than the one above is the same at every point and no derivative differs.
    case constant(Double, name: String?)
    /// here = factor · above, at every point and in every derivative.
    case factor(Double, name: String?)
    case signFlipped
    /// The two sides at one point, of which nothing general can be said.
    case apart(difference: Double, name: String?, ratio: Double, ratioName: String?)
    /// The values agree. `isBlocked`: the derivative here is zero throughout, and above it is not.
    case gradientOnly(name: Int, isBlocked: Bool, isAboveBlocked: Bool)
    /// The lines agree but for these terms; where each has one, what is wrong with it.
    case terms(above: [Int], here: [Int], Finding?)
    /// All would be well if this term of the line, or a term of the line above, came `times` as often here.
    case repeated(term: Int, isAbove: Bool, times: Double, name: String?)
    /// An inequality the other way round, at every point.
    case reversed
    /// The line above is this function of the line itself, at every point: a `log` on one side only.
    case function(String)
  }

  package let `break`: DerivationStep.Break
  package private(set) var findings: [Finding] = []

  /// One term of a line, its sign included, at every point.
  package typealias Term = [LineValue]

  private let step: DerivationStep
  private let constants: FamiliarConstants
  private let tolerance: Double

  /// Nil where the step holds.
  ///
  /// `terms` are those of the line above and of the line itself.
  package init?(
    _ step: DerivationStep, terms: (above: [Term], here: [Term]) = ([], []),
    constants: FamiliarConstants = FamiliarConstants()
  ) {
    guard let broken = step.break else { return nil }
    self.step = step
    self.break = broken
    self.constants = constants
    tolerance = step.pairs.reduce(1e-8) {
      max($0, $1.above.precision.rtol, $1.here.precision.rtol)
    }
    findings = diagnose(terms)
  }

  /// Whether more is known than that the sides differ.
  package var isSpecific: Bool {
    findings.contains { finding in
      switch finding {
      case .apart(_, let name, _, let ratioName): name != nil || ratioName != nil
      default: true
      }
    }
  }

  private func diagnose(_ terms: (above: [Term], here: [Term])) -> [Finding] {
    let pair = step.pairs[self.break.point]
    if self.break.place == .shapes { return [.shapes(pair.above.dims, pair.here.dims)] }
    guard self.break.above.isFinite, self.break.here.isFinite else { return [.notFinite] }
    if step.isInequality {
      let flipped = step.pairs.allSatisfy { pair in
        pair.matchedElements.allSatisfy {
          step.relation.isDescending ? $0.above <= $0.here : $0.above >= $0.here
        }
      }
      return (flipped ? [.reversed] : []) + [apart(self.break.above, self.break.here)]
    }
    let above = step.pairs.map(\.above)
    let here = step.pairs.map(\.here)
    let whole = relationship(above, here)
    switch whole {
    case .apart, nil:
      return [apart(self.break.above, self.break.here)]
        + [parted(terms) ?? repeated(terms) ?? function(above, here)].compactMap { $0 }
    default: return [whole].compactMap { $0 } + constantTerm(terms)
    }
  }

  /// A constant or a factor of the whole may be the doing of one term.
  private func constantTerm(_ terms: (above: [Term], here: [Term])) -> [Finding] {
    guard case .terms(let above, let here, let inner)? = parted(terms),
      above.count + here.count < terms.above.count + terms.here.count
    else { return [] }
    return [.terms(above: above, here: here, inner)]
  }

  // MARK: Two sides

  /// What holds between two lines or terms at every point; nil where they are equal.
  private func relationship(_ above: [LineValue], _ here: [LineValue]) -> Finding? {
    guard !areEqual(above, here) else { return nil }
    if let gradient = gradientOnly(above, here) { return gradient }
    let numbers = pairs(above, here)
    let slopes = slopes(above, here)
    let isGeneral = numbers.count + slopes.count > 1
    if let factor = factor(numbers + slopes) {
      if isNear(factor, -1) { return .signFlipped }
      if isGeneral { return .factor(factor, name: constants.name(of: factor, within: tolerance)) }
    }
    if let difference = difference(numbers), slopes.allSatisfy({ isNear($0.0, $0.1) }), isGeneral {
      return .constant(difference, name: name(ofDifference: difference, numbers))
    }
    guard let worst = numbers.first(where: { !isNear($0.0, $0.1) }) else { return nil }
    return apart(worst.0, worst.1)
  }

  private func apart(_ above: Double, _ here: Double) -> Finding {
    let (difference, ratio) = (here - above, here / above)
    return .apart(
      difference: difference, name: name(ofDifference: difference, [(above, here)]), ratio: ratio,
      ratioName: abs(ratio) == 1 ? nil : constants.name(of: ratio, within: tolerance))
  }

  /// Cancellation leaves fewer digits in a difference than in its sides.
  private func name(ofDifference x: Double, _ numbers: [(Double, Double)]) -> String? {
    let size = numbers.map { max(abs($0.0), abs($0.1)) }.max() ?? 0
    return constants.name(of: x, within: tolerance * max(1, size / max(abs(x), 1e-300)))
  }

  private func gradientOnly(_ above: [LineValue], _ here: [LineValue]) -> Finding? {
    guard pairs(above, here).allSatisfy({ isNear($0.0, $0.1) }) else { return nil }
    let count = above.first?.gradients.count ?? 0
    for name in 0..<count {
      let a = above.flatMap { $0.gradients[checked: name] ?? [] }
      let b = here.flatMap { $0.gradients[checked: name] ?? [] }
      if zip(a, b).allSatisfy({ isNear($0, $1) }) { continue }
      return .gradientOnly(
        name: name, isBlocked: b.allSatisfy { $0 == 0 }, isAboveBlocked: a.allSatisfy { $0 == 0 })
    }
    return nil
  }

  private func factor(_ numbers: [(Double, Double)]) -> Double? {
    guard let largest = numbers.max(by: { abs($0.0) < abs($1.0) }), largest.0 != 0 else {
      return nil
    }
    let factor = largest.1 / largest.0
    guard factor != 0, factor.isFinite else { return nil }
    return numbers.allSatisfy { isNear($0.0 * factor, $0.1, scale: abs(largest.1)) } ? factor : nil
  }

  private func difference(_ numbers: [(Double, Double)]) -> Double? {
    guard let first = numbers.first else { return nil }
    let difference = first.1 - first.0
    let size = numbers.map { max(abs($0.0), abs($0.1)) }.max() ?? 0
    return numbers.allSatisfy { isNear($0.1 - $0.0, difference, scale: size) } ? difference : nil
  }

  private func pairs(_ above: [LineValue], _ here: [LineValue]) -> [(Double, Double)] {
    zip(above, here).flatMap {
      LinePair.matched($0.elements, $1.elements).map { ($0.above, $0.here) }
    }
  }

  private func slopes(_ above: [LineValue], _ here: [LineValue]) -> [(Double, Double)] {
    zip(above, here).flatMap { a, b in
      zip(a.gradients, b.gradients).flatMap {
        LinePair.matched($0, $1).map { ($0.above, $0.here) }
      }
    }
  }

  private func areEqual(_ above: [LineValue], _ here: [LineValue]) -> Bool {
    zip(above, here).allSatisfy { LinePair($0, $1).shapesFit }
      && (pairs(above, here) + slopes(above, here)).allSatisfy { isNear($0.0, $0.1) }
  }

  private func isNear(_ a: Double, _ b: Double, scale: Double = 0) -> Bool {
    let size = max(abs(a), abs(b))
    return a == b || size.isFinite && abs(a - b) <= 10 * tolerance * max(size, scale, 1e-3)
  }

  /// What was put on one side and not on the other.
  private static let functions: [(name: String, value: @Sendable (Double) -> Double)] = [
    ("log", { log($0) }), ("-log", { -log($0) }), ("exp", { exp($0) }),
    ("the square", { $0 * $0 }), ("the root", { $0.squareRoot() }), ("the inverse", { 1 / $0 }),
  ]

  private func function(_ above: [LineValue], _ here: [LineValue]) -> Finding? {
    let numbers = pairs(above, here)
    guard numbers.count > 1 else { return nil }
    return Self.functions.first { function in
      numbers.allSatisfy { isNear($0.0, function.value($0.1)) }
    }.map { .function($0.name) }
  }

  // MARK: Terms

  /// What is left of both lines once equal terms are taken away in pairs.
  private func parted(_ terms: (above: [Term], here: [Term])) -> Finding? {
    guard terms.above.count + terms.here.count > 2 else { return nil }
    var here = Array(terms.here.indices)
    var above: [Int] = []
    for i in terms.above.indices {
      if let match = here.firstIndex(where: { areEqual(terms.above[i], terms.here[$0]) }) {
        here.remove(at: match)
      } else {
        above.append(i)
      }
    }
    guard above.count + here.count > 0,
      above.count + here.count < terms.above.count + terms.here.count
    else { return nil }
    guard above.count == 1, here.count == 1 else {
      return .terms(above: above, here: here, nil)
    }
    return .terms(
      above: above, here: here, relationship(terms.above[above[0]], terms.here[here[0]]))
  }

  /// The term that the lines differ by a multiple of, where the rest of the line above is hidden in a name.
  private func repeated(_ terms: (above: [Term], here: [Term])) -> Finding? {
    let gap = zip(step.pairs.map(\.above), step.pairs.map(\.here)).map { above, here in
      here.plus(above, times: -1)
    }
    for (candidates, isAbove) in [(terms.here, false), (terms.above, true)]
    where candidates.count > 1 {
      for (i, term) in candidates.enumerated() {
        let numbers = pairs(term, gap) + slopes(term, gap)
        guard numbers.count > 1, let multiple = factor(numbers) else { continue }
        let times = isAbove ? -multiple : 1 - multiple
        return .repeated(
          term: i, isAbove: isAbove, times: isNear(times, 0) ? 0 : times,
          name: constants.name(of: times, within: 10 * tolerance))
      }
    }
    return nil
  }
}
