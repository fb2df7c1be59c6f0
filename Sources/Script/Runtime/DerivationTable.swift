import Calculus

/// Lays out a derivation: relation, expression, errors, verdict and reason in columns.
struct DerivationTable {
  private struct Cells {
    var relation: String
    var text: String
    var value: String
    var gradient: String
    var mark: String
    var reason: String
  }

  private let report: DerivationReport
  private let width: Int

  init(_ report: DerivationReport, width: Int) {
    self.report = report
    self.width = max(width, 60)
  }

  var lines: [String] {
    let rows = report.rows.flatMap(cells)
    let numbers = report.differentiates ? 20 : 10
    let reasons = rows.map(\.reason.columns).max() ?? 0
    let room = width - 4 - numbers - 3
    let wanted = rows.map(\.text.columns).max() ?? 0
    let isBeside = reasons > 0 && wanted + reasons + 2 <= room
    let column = min(wanted, room)
    var lines = [heading(column)]
    for row in rows {
      let texts = ExpressionLines(row.text, width: column, indent: 4).lines
      var line =
        "  " + padded(row.relation, 4) + padded(texts[0], column) + leading(row.value, 10)
      if report.differentiates { line += leading(row.gradient, 10) }
      line += "  " + row.mark
      if isBeside, !row.reason.isEmpty { line += "  " + row.reason }
      lines.append(trimmed(line))
      lines += texts.dropFirst().map { "          " + $0 }
      guard !isBeside, !row.reason.isEmpty else { continue }
      lines += ExpressionLines(row.reason, width: width - 12).lines.map { "            " + $0 }
    }
    return lines
  }

  private func heading(_ column: Int) -> String {
    let title = report.title ?? "derivation"
    let room = column + 6
    var line = title.columns <= room ? padded(title, room) : title + " "
    line += leading("value", 10)
    if report.differentiates { line += leading("gradient", 10) }
    return line
  }

  private func cells(_ row: DerivationReport.Row) -> [Cells] {
    guard let verdict = row.verdict else {
      return [
        Cells(
          relation: "", text: row.text, value: "", gradient: "", mark: "", reason: row.reason ?? "")
      ]
    }
    var cells = [cells(row.relation, row.text, verdict.step, row.reason ?? "")]
    if let gap = verdict.gap, let text = row.gapText {
      cells.append(self.cells("", "gap = " + text, gap, ""))
    }
    return cells
  }

  private func cells(
    _ relation: String, _ text: String, _ step: DerivationStep, _ reason: String
  ) -> Cells {
    var reason = reason
    var value = Self.error(step.largestElementError)
    if step.isInequality {
      value = ""
      if let gaps = step.gaps {
        let least = NumberText.rounded(gaps.least, digits: 4)
        let most = NumberText.rounded(gaps.most, digits: 4)
        let range = least == most ? "gap \(least)" : "gap \(least) to \(most)"
        reason = reason.isEmpty ? range : "\(range): \(reason)"
      }
    }
    return Cells(
      relation: relation, text: text, value: value,
      gradient: step.largestGradientError.map(Self.error) ?? "", mark: step.isGood ? "✓" : "✗",
      reason: reason)
  }

  private static func error(_ x: Double) -> String {
    x == 0 ? "0" : x.isFinite ? Formatting.printf("e", x, 1) : x.isNaN ? "nan" : "inf"
  }

  // MARK: Columns

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.columns))
  }

  private func leading(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.columns)) + text
  }

  private func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}
