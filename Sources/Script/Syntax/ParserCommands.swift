/// Commands, and arguments in general: `plot losses, title="ELBO"`, `E(z ~ q, f(z), n=100)`.
extension Parser {
  /// A command if the line is one: a name, a blank, and what begins a value and cannot go on one.
  mutating func parseCommand() throws(Failure) -> Statement.Kind? {
    guard startsCommand() else { return nil }
    let start = token.span.start
    let callee = try expectName()
    if token.is(.openParenthesis) {
      let closer = closers[tokenIndex]
      let next = tokens[closer + 1]
      guard next.is(.comma) || next.is(.arrow) else { throw ambiguousCommand(callee, closer) }
    }
    return .expression(try expectCommand(callee, from: start), isSilenced: false)
  }

  private func startsCommand() -> Bool {
    let next = tokens[min(tokenIndex + 1, tokens.count - 1)]
    guard next.followsBlank else { return false }
    switch next.kind {
    case .name, .number, .string, .word(.true), .word(.false), .word(.none), .word(.not),
      .symbol(.openBracket), .symbol(.openBrace):
      return true
    case .word:
      return token.is(name: "help")
    case .symbol(.minus):
      let operand = tokens[min(tokenIndex + 2, tokens.count - 1)]
      return !operand.followsBlank && operand.kind != .newline && operand.kind != .end
    case .symbol(.openParenthesis):
      // `f (x)` is a call and `f (x) = ...` a definition without further ado.
      let closer = closers[tokenIndex + 1]
      guard closer > 0 else { return false }
      return !tokens[closer + 1].endsStatement && !tokens[closer + 1].is(.assign)
    default:
      return false
    }
  }

  private mutating func expectName() throws(Failure) -> Expression {
    guard case .name(let text) = token.kind else { throw unexpected("a name") }
    return Expression(.name(text), advance().span)
  }

  private mutating func expectCommand(
    _ callee: Expression, from start: Int
  ) throws(Failure) -> Expression {
    var arguments: [Argument] = []
    if callee.kind.isName("help"), let word = languageWord {
      arguments.append(wordArgument(word))
    } else {
      arguments = try expectArguments()
    }
    guard token.endsStatement else { throw unexpectedInCommand(callee, arguments) }
    let call = Call(callee: callee, arguments: arguments, isCommand: true)
    return Expression(.call(call), span(from: start))
  }

  /// `?kl` is `help kl`; a word of the language, which has no value, goes as a string.
  mutating func parseHelp() throws(Failure) -> Statement.Kind {
    let question = advance().span
    let callee = Expression(.name("help"), question)
    if token.endsStatement {
      let call = Call(callee: callee, arguments: [], isCommand: true)
      return .expression(Expression(.call(call), question), isSilenced: false)
    }
    return .expression(try expectCommand(callee, from: question.start), isSilenced: false)
  }

  /// The word of the language here, one of those included that are words only where a statement begins.
  private var languageWord: String? {
    switch token.kind {
    case .word(let word): return word.rawValue
    case .name(let name): return Word.all.contains(name) ? name : nil
    default: return nil
    }
  }

  private mutating func wordArgument(_ word: String) -> Argument {
    let span = advance().span
    let value = Expression(.string([.text(word)]), span)
    return Argument(role: .positional, value: value, span: span)
  }

  /// One argument or more, separated by commas; a comma may end them.
  mutating func expectArguments() throws(Failure) -> [Argument] {
    var arguments = [try expectArgument()]
    while parse(.comma) {
      if case .symbol(let symbol) = token.kind, symbol.isCloser { break }
      arguments.append(try expectArgument())
    }
    var labels: Set<String> = []
    for case (.labelled(let name), let span) in arguments.map({ ($0.role, $0.span) })
    where !labels.insert(name.text).inserted {
      throw failure("two arguments named `\(name.text)`", at: span)
    }
    return arguments
  }

  mutating func expectArgument() throws(Failure) -> Argument {
    let start = token.span.start
    if following.is(.assign), let label = parseLabel() {
      advance()
      let value = try expectExpression()
      return Argument(role: .labelled(label), value: value, span: span(from: start))
    }
    var value = try expectExpression()
    if parse(.tilde) {
      let pattern = try pattern(value)
      let source = try expectExpression()
      return Argument(role: .drawn(pattern), value: source, span: span(from: start))
    }
    if token.is(.for) {
      value = Expression(
        .comprehension(element: value, clauses: try expectClauses()), span(from: start))
    }
    return Argument(role: .positional, value: value, span: span(from: start))
  }

  /// A name, or a word of the language where no value can stand, as in `r.in` or `f(for=2)`.
  mutating func parseLabel() -> Name? {
    switch token.kind {
    case .name(let text):
      return Name(text, advance().span)
    case .word(let word):
      return Name(word.rawValue, advance().span)
    default:
      return nil
    }
  }
}

extension Expression.Kind {
  func isName(_ text: String) -> Bool {
    if case .name(let name) = self { name == text } else { false }
  }
}
