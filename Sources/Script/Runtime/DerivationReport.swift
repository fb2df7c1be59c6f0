import Calculus

/// What came of a derivation: one row for each line, and what is wrong where one breaks.
package struct DerivationReport {
  struct Verdict {
    var step: DerivationStep
    /// `gap = e` beside what the gap is.
    var gap: DerivationStep?

    var isGood: Bool { step.isGood && gap?.isGood ?? true }
  }

  struct Row {
    let relation: String
    let text: String
    let gapText: String?
    let reason: String?
    /// Nil for the first line.
    let verdict: Verdict?
  }

  let title: String?
  let rows: [Row]
  let isExpectedToFail: Bool
  let differentiates: Bool
  let breaks: [DerivationBreak]
  let source: Source
  let span: Span

  package var holds: Bool { rows.allSatisfy { $0.verdict?.isGood ?? true } }

  /// How many checks it counts as: one a step, and one in all where it is to fail.
  package var tally: CheckTally {
    if isExpectedToFail { return CheckTally(passed: holds ? 0 : 1, failed: holds ? 1 : 0) }
    let steps = rows.compactMap(\.verdict)
    let passed = steps.count(where: \.isGood)
    return CheckTally(passed: passed, failed: steps.count - passed)
  }

  /// The numbers, from 1, of the lines that the diagnosis blames; none where it does not say what is wrong.
  package var blamedLines: [Int] {
    guard let first = breaks.first, first.diagnosis.isSpecific || !first.mends.isEmpty else {
      return []
    }
    return first.blamedLines
  }

  /// As the program prints it, without a line feed at the end.
  package func text(width: Int) -> String {
    var lines = DerivationTable(self, width: width).lines
    if isExpectedToFail, holds {
      let position = source.position(of: span.start)
      lines.append(
        "\(source.name):\(position.line):\(position.column): check failed: the derivation holds, and was expected to fail"
      )
    }
    for broken in breaks { lines += broken.lines(isExpected: isExpectedToFail) }
    return lines.joined(separator: "\n")
  }
}
