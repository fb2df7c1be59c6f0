/// Makes a tree of tokens by recursive descent; an error ends its statement, never the parse.
package struct Parser {
  /// Carries a diagnostic to the statement that gives up; none where the lexer has reported.
  struct Failure: Error {
    let diagnostic: Diagnostic?
  }

  /// What the text around an expression decides about it; restored when a bracket closes.
  struct Context {
    /// Between brackets line ends do not count.
    var ignoresNewlines = false
    /// In a derivation a relation ends the expression; a comparison there takes parentheses.
    var relationEndsExpression = false
    var isInBlock = false
    var isInLoop = false
    var isInFunction = false
  }

  /// How deep brackets and operators may nest: far beyond what anyone writes, well within the stack.
  static let nestingLimit = 200
  /// How many operations one expression may chain; trees no higher may be walked recursively.
  static let heightLimit = 1000
  static let diagnosticLimit = 50

  let source: Source
  let tokens: [Token]
  /// For each opening bracket the token that closes it, else -1.
  let closers: [Int]
  var index = 0
  var previousEnd: Int
  var context = Context()
  var depth = 0
  var diagnostics: [Diagnostic]
  /// At the end of the text one open bracket is worth a message, not each around it.
  var hasReportedOpenEnd = false

  init(_ source: Source, _ span: Span) {
    self.source = source
    (tokens, diagnostics) = Lexer.tokens(of: source, in: span)
    closers = Brackets.closers(of: tokens)
    previousEnd = span.start
  }

  /// The tree of a source, or of a part of it such as a cell.
  package static func parse(_ source: Source, _ span: Span? = nil) -> SyntaxTree {
    var parser = Parser(source, span ?? source.span)
    let statements = parser.parseStatements()
    if let byte = source.invalidByte(in: span ?? source.span) {
      let code = String(source.bytes[byte], radix: 16, uppercase: true)
      parser.diagnostics.append(
        Diagnostic(
          "byte 0x\(code) is not UTF-8", at: Span(byte, byte + 1),
          hints: ["save the file with the encoding UTF-8"]))
    }
    parser.diagnostics.sort { $0.span.start < $1.span.start }
    return SyntaxTree(
      source: source, statements: statements,
      diagnostics: Array(parser.diagnostics.prefix(diagnosticLimit)))
  }
}

// MARK: Tokens

extension Parser {
  private var position: Int {
    context.ignoresNewlines && tokens[index].kind == .newline ? index + 1 : index
  }

  var token: Token { tokens[position] }

  /// The token after the current one, on the same line unless line ends do not count.
  var following: Token {
    let next = min(position + 1, tokens.count - 1)
    let isSkipped = context.ignoresNewlines && tokens[next].kind == .newline
    return tokens[isSkipped ? next + 1 : next]
  }

  /// The place in `tokens` of the current token.
  var tokenIndex: Int { position }

  @discardableResult
  mutating func advance() -> Token {
    index = position
    let token = tokens[index]
    if index < tokens.count - 1 { index += 1 }
    previousEnd = token.span.end
    return token
  }

  /// Consumes the symbol if it is next.
  mutating func parse(_ symbol: Symbol) -> Bool {
    guard token.is(symbol) else { return false }
    advance()
    return true
  }

  mutating func expect(_ symbol: Symbol, _ place: String = "") throws(Failure) {
    guard token.is(symbol) else {
      throw unexpected("`\(symbol.rawValue)`" + place)
    }
    advance()
  }

  func span(from start: Int) -> Span { Span(start, previousEnd) }

  mutating func skipNewlines() {
    while tokens[index].kind == .newline { index += 1 }
  }

  /// Does `body` in brackets opened by the current token, up to the token that closes them.
  mutating func inBrackets<Result>(
    _ body: (inout Parser) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outer = context
    defer { context = outer }
    let opener = tokenIndex
    let symbol = tokens[opener].kind
    advance()
    context.ignoresNewlines = true
    context.relationEndsExpression = false
    let result = try body(&self)
    guard case .symbol(let open) = symbol, let close = open.closer else { return result }
    guard token.is(close) else { throw unclosed(opener, close) }
    advance()
    return result
  }

  /// Does `body` one level deeper, or fails where the levels are too many.
  mutating func nested<Result>(
    _ body: (inout Parser) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard depth < Parser.nestingLimit else {
      throw failure(
        "nested too deeply: more than \(Parser.nestingLimit) levels", at: token.span)
    }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }
}

// MARK: Statements and recovery

extension Parser {
  /// Statements up to the end, or to the `}` of the block they are in.
  mutating func parseStatements() -> [Statement] {
    var statements: [Statement] = []
    while true {
      while token.kind == .newline || token.is(.semicolon) { advance() }
      if token.kind == .end { return statements }
      if token.is(.closeBrace) && context.isInBlock { return statements }
      let start = index
      let outer = context
      do {
        statements.append(try parseTerminatedStatement())
      } catch {
        context = outer
        if let diagnostic = error.diagnostic { report(diagnostic) }
        recover(from: start)
        statements.append(Statement(.malformed, span(from: tokens[start].span.start)))
      }
    }
  }

  private mutating func parseTerminatedStatement() throws(Failure) -> Statement {
    let statement = try parseStatement()
    guard token.endsStatement else { throw unexpectedAfterStatement() }
    guard token.is(.semicolon), case .expression(let value, _) = statement.kind else {
      return statement
    }
    return Statement(.expression(value, isSilenced: true), statement.span)
  }

  /// To where the next statement may begin: past the brackets that this one opened, and its line.
  private mutating func recover(from start: Int) {
    let failed = index
    var next = start
    scan: while next < tokens.count - 1 {
      switch tokens[next].kind {
      case .newline, .symbol(.semicolon):
        if next + 1 >= failed && next > start { break scan }
      case .symbol(.closeBrace) where context.isInBlock && next > start:
        break scan
      default:
        if closers[next] > 0 { next = closers[next] }
      }
      next += 1
    }
    index = min(next, tokens.count - 1)
    previousEnd = tokens[max(0, index - 1)].span.end
  }
}
