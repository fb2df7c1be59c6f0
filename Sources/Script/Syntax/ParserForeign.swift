/// Hints for those who write Python, or another language, from habit.
extension Parser {
  /// What to say of a statement that begins with a word of another language, if this one does.
  func foreignStatement(_ name: String) -> Failure? {
    let next = tokens[min(tokenIndex + 1, tokens.count - 1)]
    guard let habit = Parser.habits[name], habit.isFollowed(by: next) else { return nil }
    return failure("`\(name)` is no word of the language", at: token.span, hints: [habit.hint])
  }

  /// The same inside an expression: `lambda x: x^2`.
  func foreignExpression(_ name: String) -> Failure? {
    guard name == "lambda", following.name != nil || following.is(.colon) else { return nil }
    return failure(
      "`lambda` is no word of the language", at: token.span, hints: ["write `x -> x^2`"])
  }

  /// A word, the tokens that show it to be meant as one, and what to write.
  private struct Habit {
    enum Sign {
      case name
      case nameOrString
      case end
      case colon
    }

    let signs: [Sign]
    let hint: String

    func isFollowed(by token: Token) -> Bool {
      signs.contains { sign in
        switch (sign, token.kind) {
        case (.name, .name), (.nameOrString, .name), (.nameOrString, .string): true
        case (.end, _): token.endsStatement
        case (.colon, .symbol(.colon)): true
        default: false
        }
      }
    }
  }

  private static let habits: [String: Habit] = {
    let function = Habit(signs: [.name], hint: "a function is written `f(x) = x^2`")
    let binding = Habit(signs: [.name], hint: "a name is given its value by `x = 3` alone")
    let built = Habit(
      signs: [.nameOrString], hint: "everything is at hand without it; `help` lists what there is"
    )
    let scope = Habit(
      signs: [.name], hint: "a function's names are its own; return the value instead")
    let errors = Habit(signs: [.name, .colon], hint: "an error ends its cell and says where it is")
    return [
      "def": function, "fn": function, "func": function, "function": function, "let": binding,
      "var": binding, "const": binding, "val": binding, "import": built, "from": built,
      "include": built, "using": built, "global": scope, "nonlocal": scope, "try": errors,
      "except": errors, "raise": errors,
      "class": Habit(signs: [.name], hint: "a record holds fields: `{a: 1, f: x -> x^2}`"),
      "lambda": Habit(signs: [.name, .colon], hint: "write `x -> x^2`"),
      "elif": Habit(signs: [.name], hint: "write `} else if c {` on one line"),
      "with": Habit(signs: [.name], hint: "a block needs no `with`"),
      "del": Habit(signs: [.name], hint: "set the name to `none` instead"),
      "pass": Habit(signs: [.end], hint: "an empty block is `{ }`"),
    ]
  }()
}
