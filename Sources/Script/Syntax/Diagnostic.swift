/// What is to be said about a place in a source; `DiagnosticRenderer` makes text of it.
package struct Diagnostic: Error, Hashable, Sendable {
  package enum Severity: Hashable, Sendable {
    case error
    case warning
  }

  /// A second place that explains the first, such as the bracket that was never closed.
  package struct Label: Hashable, Sendable {
    package var span: Span
    package var text: String

    package init(_ span: Span, _ text: String) {
      self.span = span
      self.text = text
    }
  }

  package var severity: Severity
  package var message: String
  package var span: Span
  package var labels: [Label]
  package var hints: [String]

  package init(
    _ message: String, at span: Span, severity: Severity = .error, labels: [Label] = [],
    hints: [String] = []
  ) {
    self.severity = severity
    self.message = message
    self.span = span
    self.labels = labels
    self.hints = hints
  }
}
