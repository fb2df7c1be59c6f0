/// The words that take the rest of their line: check, assert, fails, predict, derive.
extension Parser {
  /// A statement of one of these words, unless the line uses it as a name of its own.
  mutating func parseWordStatement(_ name: String) throws(Failure) -> Statement.Kind? {
    switch name {
    case "check", "assert", "fails", "predict", "derive":
      guard !usesWordAsName() else { return nil }
    default:
      return nil
    }
    let word = advance()
    guard !token.endsStatement else {
      throw failure("`\(name)` needs \(subject(of: name)) after it", at: word.span)
    }
    switch name {
    case "check": return .check(try expectCheck())
    case "assert": return .assert(try expectCheck())
    case "predict": return .predict(try expectArguments())
    case "derive": return .derive(try expectDerivation())
    default: return try expectFails()
    }
  }

  private func subject(of word: String) -> String {
    switch word {
    case "check", "assert": "a condition"
    case "fails": "`check` or `derive`"
    case "predict": "a question and a value"
    default: "a title and a block"
    }
  }

  /// Whether this is `check = 3`, `predict(x) = net(x)` or the like.
  private func usesWordAsName() -> Bool {
    let next = tokens[min(tokenIndex + 1, tokens.count - 1)]
    guard case .symbol(let symbol) = next.kind else { return false }
    switch symbol {
    case .assign, .dot, .comma, .tilde, .arrow:
      return true
    case .openParenthesis where !next.followsBlank:
      let closer = closers[tokenIndex + 1]
      return closer > 0 && tokens[closer + 1].is(.assign)
    default:
      return symbol.augmentedOperator != nil
    }
  }

  private mutating func expectCheck() throws(Failure) -> Check {
    let condition = try expectExpression()
    if token.is(.assign) {
      throw failure(
        "`=` assigns; a condition compares", at: token.span,
        hints: ["write `==` for equality, `≈` or `~=` for equality up to rounding"])
    }
    var options: [Argument] = []
    var message: Expression?
    while parse(.comma) {
      let argument = try expectArgument()
      switch argument.role {
      case .labelled:
        options.append(argument)
      case .positional where message == nil:
        message = argument.value
      case .positional, .drawn:
        throw failure(
          "after the condition stand options, such as rtol=1e-4, and one message", at: argument.span
        )
      }
    }
    return Check(condition: condition, options: options, message: message)
  }

  private mutating func expectFails() throws(Failure) -> Statement.Kind {
    guard token.is(name: "check") || token.is(name: "derive") else {
      throw unexpected("`check` or `derive` after `fails`")
    }
    return .fails(try parseStatement())
  }
}
