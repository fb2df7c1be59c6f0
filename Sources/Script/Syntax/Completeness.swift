/// Whether a prompt has read a whole statement, or should wait for another line.
package enum Completeness: Hashable, Sendable {
  case complete
  /// More must follow; `depth` brackets are open, by which the next line may be indented.
  case incomplete(depth: Int)

  package static func of(_ text: String) -> Completeness {
    let source = Source(name: "", text)
    let (tokens, _) = Lexer.tokens(of: source, in: source.span)
    guard let depth = Brackets.depth(atEndOf: tokens) else { return .complete }
    guard depth == 0 else { return .incomplete(depth: depth) }
    let last = tokens.last { $0.kind != .end && $0.kind != .newline }
    return last?.continuesLine == true ? .incomplete(depth: 0) : .complete
  }
}
