import Calculus
import Tensors

extension DerivationRun {
  /// The first broken step, looked into.
  mutating func breakOf(
    _ i: Int, _ verdicts: [DerivationReport.Verdict?], _ points: DerivationPoints
  ) throws -> DerivationBreak? {
    guard let verdict = verdicts[i] else { return nil }
    let isGap = verdict.step.isGood
    let step = isGap ? verdict.gap ?? verdict.step : verdict.step
    let found = isGap ? ([], []) : (terms[i - 1] ?? [], terms[i] ?? [])
    guard let diagnosis = Diagnosis(step, terms: found, constants: constants(step)) else {
      return nil
    }
    let blame = isGap ? .one(i) : blame(i, verdicts)
    // A change that mends says what is wrong where nothing else does, and which of two lines is.
    let needsMend = !diagnosis.isSpecific || blame.lines(at: i).count > 1
    let mends =
      needsMend || frame.interpreter.seeksMends ? try mends(i, isGap, step, blame, points) : []
    return DerivationBreak(
      line: i, isGap: isGap, diagnosis: diagnosis, point: pointNames[diagnosis.break.point],
      span: isGap ? code.lines[i].gap?.span ?? code.span : code.lines[i].value.span,
      leaves: code.leaves.map(\.name),
      terms: (code.lines[i - 1].terms.map(\.text), code.lines[i].terms.map(\.text)),
      blame: blame, mends: mends, source: frame.source)
  }

  private mutating func mends(
    _ i: Int, _ isGap: Bool, _ step: DerivationStep, _ blame: DerivationBreak.Blame,
    _ points: DerivationPoints
  ) throws -> [DerivationMend] {
    guard let broken = step.break, broken.place != .shapes else { return [] }
    if isGap { return try gapMends(i, broken.point, points) }
    guard step.relation == .equal else { return [] }
    return try blame.lines(at: i).compactMap { line in
      let wanted = pairs[i].map { line == i ? $0.above : $0.here }
      let expression = code.lines[line].syntax.expression
      let worth = work[line == i ? i - 1 : i]
      return try mend(line, expression, to: wanted, worth, brokenAt: broken.point, points)
    }
  }

  /// Changes to the stated gap, or to the line itself so that the gap is as stated.
  private mutating func gapMends(
    _ i: Int, _ point: Int, _ points: DerivationPoints
  ) throws -> [DerivationMend] {
    let line = code.lines[i].syntax
    guard let gap = line.gap, let relation = line.relation?.step else { return [] }
    let found = gapPairs[i].map(\.here)
    let worth = min(work[i - 1], work[i])
    if var mend = try mend(i, gap, to: found, worth, brokenAt: point, points) {
      mend.isGap = true
      return [mend]
    }
    let wanted = zip(pairs[i].map(\.above), gapPairs[i].map(\.above)).map { above, gap in
      above.plus(gap, times: relation.isDescending ? -1 : 1)
    }
    return [try mend(i, line.expression, to: wanted, worth, brokenAt: point, points)]
      .compactMap { $0 }
  }

  /// Which of two lines that differ is the wrong one, as far as the lines around them tell.
  private func blame(_ i: Int, _ verdicts: [DerivationReport.Verdict?]) -> DerivationBreak.Blame {
    guard code.lines[i].syntax.relation == .equal else { return .one(i) }
    func isJoined(_ line: Int) -> Bool {
      code.lines.indices.contains(line) && code.lines[line].syntax.relation == .equal
        && verdicts[line]?.isGood == true
    }
    if i + 1 < code.lines.count, code.lines[i + 1].syntax.relation == .equal, !isJoined(i + 1) {
      let around = zip(pairs[i], pairs[i + 1]).map { LinePair($0.above, $1.here) }
      if DerivationStep(.equal, around, precision: precision).isGood { return .oddAmongLines(i) }
    }
    if isJoined(i - 1) { return .one(i) }
    if isJoined(i + 1) { return .oddBefore(i - 1) }
    return .either(i)
  }

  private func constants(_ step: DerivationStep) -> FamiliarConstants {
    let sizes = Set(surroundings.inputs.flatMap { $0 }.map(\.tensor.count)).filter {
      $0 > 1 && $0 < 1000
    }
    return FamiliarConstants(sizes.sorted().map { ("\($0)", Double($0)) })
  }
}
