/// Patterns, targets and parameters; the last two are expressions until an `=` says what they are.
extension Parser {
  /// The names of a `for`: `x`, `i, x` or `(a, b), c`.
  mutating func expectPattern() throws(Failure) -> Pattern {
    let start = token.span.start
    let first = try expectSinglePattern()
    guard token.is(.comma) else { return first }
    var patterns = [first]
    while parse(.comma) {
      if token.is(.in) || token.is(.closeParenthesis) { break }
      patterns.append(try expectSinglePattern())
    }
    return .tuple(patterns, span: span(from: start))
  }

  private mutating func expectSinglePattern() throws(Failure) -> Pattern {
    switch token.kind {
    case .name(let text):
      return .name(Name(text, advance().span))
    case .symbol(.openParenthesis):
      return try nested { (parser) throws(Failure) in
        try parser.inBrackets { (parser) throws(Failure) in try parser.expectPattern() }
      }
    case .word(let word):
      throw failure("`\(word.rawValue)` is a word of the language, no name", at: token.span)
    default:
      throw unexpected("a name")
    }
  }

  func pattern(_ expression: Expression) throws(Failure) -> Pattern {
    switch expression.kind {
    case .name(let text):
      return .name(Name(text, expression.span))
    case .tuple(let elements) where !elements.isEmpty:
      var patterns: [Pattern] = []
      for element in elements { patterns.append(try pattern(element)) }
      return .tuple(patterns, span: expression.span)
    default:
      throw failure("`~` binds a name, not \(description(expression))", at: expression.span)
    }
  }

  func target(_ expression: Expression) throws(Failure) -> Target {
    switch expression.kind {
    case .name(let text):
      return .name(Name(text, expression.span))
    case .member(let base, let name):
      return .member(base: base, name: name, span: expression.span)
    case .index(let base, let subscripts):
      return .index(base: base, subscripts: subscripts, span: expression.span)
    case .tuple(let elements) where !elements.isEmpty, .list(let elements) where !elements.isEmpty:
      var targets: [Target] = []
      for element in elements { targets.append(try target(element)) }
      return .tuple(targets, span: expression.span)
    case .comparison:
      throw failure(
        "`=` assigns to a name, not to a comparison", at: expression.span,
        hints: ["write `==` for equality"])
    default:
      throw failure(
        "`=` assigns to a name, an index or a field, not to \(description(expression))",
        at: expression.span)
    }
  }

  /// The parameters that the arguments of a call turn out to be, when `=` follows.
  func parameters(
    _ arguments: [Argument], hint: String? = nil
  ) throws(Failure) -> [Parameter] {
    var parameters: [Parameter] = []
    for argument in arguments {
      switch (argument.role, argument.value.kind) {
      case (.positional, .name(let text)):
        parameters.append(Parameter(name: Name(text, argument.span), defaultValue: nil))
      case (.labelled(let name), _):
        parameters.append(Parameter(name: name, defaultValue: argument.value))
      default:
        throw failure(
          "a parameter is a name, with or without a default, not \(description(argument.value))",
          at: argument.span, hints: [hint].compactMap { $0 })
      }
    }
    try checkParameters(parameters)
    return parameters
  }

  func checkParameters(_ parameters: [Parameter]) throws(Failure) {
    var seen: Set<String> = []
    var hasDefault = false
    for parameter in parameters {
      guard seen.insert(parameter.name.text).inserted else {
        throw failure("two parameters named `\(parameter.name.text)`", at: parameter.name.span)
      }
      if hasDefault && parameter.defaultValue == nil {
        throw failure(
          "`\(parameter.name.text)` needs a default, since the parameter before it has one",
          at: parameter.name.span)
      }
      hasDefault = parameter.defaultValue != nil
    }
  }
}
