/// A text and the name by which messages call it: a file, or a line typed at the prompt.
package final class Source: Sendable {
  package let name: String
  package let bytes: [UInt8]

  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  package convenience init(name: String, _ text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  package var span: Span { Span(0, bytes.count) }

  /// The text of a span, with U+FFFD where bytes are no UTF-8.
  package func text(_ span: Span) -> String {
    let start = min(max(span.start, 0), bytes.count)
    let end = min(max(span.end, start), bytes.count)
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}

/// What the parser makes of a source: always a tree, and what is to be said about it.
package struct SyntaxTree: Sendable {
  package let source: Source
  package let statements: [Statement]
  package let diagnostics: [Diagnostic]

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
