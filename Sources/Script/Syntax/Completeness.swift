/// Whether a prompt has read a whole statement, or should wait for another line.
package enum Completeness: Hashable, Sendable {
  case complete
  /// More must follow; `depth` brackets are open, by which the next line may be indented.
  case incomplete(depth: Int)

  package static func of(_ text: String) -> Completeness {
    let source = Source(name: "", text)
    let (tokens, diagnostics) = Lexer.tokens(of: source, in: source.span)
    // No further line mends what is wrong with this one, such as a text without its end.
    guard !diagnostics.contains(where: { $0.severity == .error }) else { return .complete }
    guard let depth = Brackets.depth(atEndOf: tokens) else { return .complete }
    guard depth == 0 else { return .incomplete(depth: depth) }
    let last = tokens.last { $0.kind != .end && $0.kind != .newline }
    return last?.continuesLine == true ? .incomplete(depth: 0) : .complete
  }
}
