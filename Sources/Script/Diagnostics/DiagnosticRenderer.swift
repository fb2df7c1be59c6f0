/// Makes text of diagnostics: place and message, the line, a caret under the span, hints.
///
///     lesson.dg:3:7: expected a value, found `)`
///        x = f()) + 1
///               ^
package enum DiagnosticRenderer {
  private static let indentation = "   "
  /// Longer lines are shown in part, around the caret.
  private static let widestLine = 120

  /// The text of a diagnostic, without a line feed at its end.
  package static func text(_ diagnostic: Diagnostic, in source: Source) -> String {
    let prefix =
      switch diagnostic.severity {
      case .error: ""
      case .warning: "warning: "
      }
    var lines = place(diagnostic.span, prefix + diagnostic.message, in: source)
    lines += diagnostic.hints.map { indentation + "hint: " + $0 }
    for label in diagnostic.labels { lines += place(label.span, label.text, in: source) }
    return lines.joined(separator: "\n")
  }

  package static func text(_ diagnostics: [Diagnostic], in source: Source) -> String {
    diagnostics.map { text($0, in: source) }.joined(separator: "\n")
  }

  private static func place(_ span: Span, _ message: String, in source: Source) -> [String] {
    let position = source.position(of: span.start)
    return ["\(source.name):\(position.line):\(position.column): \(message)"]
      + excerpt(span, in: source)
  }

  /// The source line and the caret line.
  private static func excerpt(_ span: Span, in source: Source) -> [String] {
    let line = source.lineSpan(at: span.start)
    let start = min(max(span.start, line.start), line.end)
    let end = min(max(span.end, start), line.end)
    var before = source.text(Span(line.start, start)).map(visible)
    let under = source.text(Span(start, end)).map(visible)
    var after = source.text(Span(end, line.end)).map(visible)
    before = Array(before.drop { $0 == " " || $0 == "\t" })
    if before.isEmpty && under.isEmpty { after = Array(after.drop { $0 == " " || $0 == "\t" }) }
    if before.count + under.count + after.count > widestLine {
      before = clipped(before.reversed(), to: widestLine / 2).reversed()
      after = clipped(after, to: max(0, widestLine / 2 - under.count))
    }
    let shown = clipped(under, to: widestLine / 2)
    let padding = before.map { $0 == "\t" ? "\t" : String(repeating: " ", count: $0.columns) }
    let width = max(1, shown.reduce(0) { $0 + $1.columns })
    let text = String(before + shown + after)
    return [
      indentation + text,
      indentation + padding.joined() + "^" + String(repeating: "~", count: width - 1),
    ].map(trimmed)
  }

  private static func clipped(_ text: [Character], to length: Int) -> [Character] {
    text.count <= length ? text : text.prefix(length) + ["…"]
  }

  /// What cannot be seen, and might steer a terminal, shows as U+FFFD.
  private static func visible(_ character: Character) -> Character {
    let isControl = character.unicodeScalars.contains {
      $0.properties.generalCategory == .control && $0 != "\t"
    }
    return isControl ? "\u{FFFD}" : character
  }

  private static func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
