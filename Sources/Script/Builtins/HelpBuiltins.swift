/// `help` and `help NAME`.
enum HelpBuiltins {
  static let all: [Builtin] = [help]

  private static let help = Builtin(
    "help", in: "Session", [.optional("name")],
    about: "what a function does and takes; without a name, all there are", actsAlone: true
  ) { call in
    if let value = call.optional(0) {
      call.print(text(of: value, call.interpreter))
    } else {
      call.print(overview(call.interpreter))
    }
    return .none
  }

  /// All builtins under their headings.
  static func overview(_ interpreter: Interpreter) -> String {
    var sections: [(name: String, builtins: [String])] = []
    for builtin in interpreter.builtins {
      if let i = sections.firstIndex(where: { $0.name == builtin.section }) {
        sections[i].builtins.append(builtin.name)
      } else {
        sections.append((builtin.section, [builtin.name]))
      }
    }
    sections.sort { $0.name < $1.name }
    let lines = sections.map { "\($0.name)\n" + wrapped($0.builtins, indent: "  ") }
    return (lines + ["help NAME tells more, as in: help softmax"]).joined(separator: "\n")
  }

  private static func wrapped(_ words: [String], indent: String) -> String {
    var lines = [indent]
    for word in words {
      if lines[lines.count - 1].count + word.count + 1 > 78 { lines.append(indent) }
      if lines[lines.count - 1] != indent { lines[lines.count - 1] += " " }
      lines[lines.count - 1] += word
    }
    return lines.joined(separator: "\n")
  }

  static func text(of value: Value, _ interpreter: Interpreter) -> String {
    switch value {
    case .text(let name):
      if let about = words[name] { return about }
      if let builtin = interpreter.builtin(name) { return text(builtin) }
      return value.typeName + "\n  " + Display.summary(value)
    case .function(let function):
      if let builtin = function as? BuiltinFunction { return text(builtin.builtin) }
      return function.display
    default:
      let methods = interpreter.memberNames(of: value)
      let lines =
        [Display.summary(value)] + (methods.isEmpty ? [] : [wrapped(methods, indent: "  .")])
      return lines.joined(separator: "\n")
    }
  }

  private static func text(_ builtin: Builtin) -> String {
    ([builtin.signature, "  " + builtin.about] + builtin.examples.map { "  > " + $0 })
      .joined(separator: "\n")
  }

  private static let words = [
    "for": "for x in xs { ... }\n  carries out the block for every x; for i, x in enumerate(xs)",
    "in":
      "for x in xs { ... }, [f(x) for x in xs]\n  walks over the elements of xs\nx in xs, x not in xs\n  whether an element of xs equals x",
    "while": "while condition { ... }\n  carries out the block as long as the condition holds",
    "if": "if condition { ... } else { ... }\n  also as a value: y = if quick { 2 } else { 20 }",
    "else": "if condition { ... } else { ... }\n  what happens where the condition does not hold",
    "return":
      "return a, b\n  ends a function with a value; without it the last expression is the value",
    "break": "break\n  leaves the loop around it",
    "continue": "continue\n  goes on with the next turn of the loop",
    "check":
      "check a ≈ b, rtol=1e-4, \"message\"\n  counts as passed where it holds, else prints both sides and goes on\n  of estimates: chance fails a true equality in less than 1 of 10000 cases, from ten draws on,\n  where these are no more skewed than a squared normal number (4 standard errors, more with few draws,\n  skewed ones or many numbers); draws that are all 0, or all 1, tell of a probability up to 9.67 / n",
    "assert": "assert a == b, \"message\"\n  like check, but stops where it does not hold",
    "fails": "fails check a ≈ b\n  passes where the comparison is false",
    "derive":
      "derive \"title\", for x in xs, wrt=[m] { a = b = c }\n  compares each line with the one above, in value and gradient",
    "predict": "predict \"question\", value\n  asks for a number before it shows the value",
    "true": "true\n  the truth value; also True",
    "false": "false\n  the other truth value; also False",
    "none": "none\n  no value; also None",
    "and": "a and b\n  whether both hold; on tensors of booleans one by one",
    "or": "a or b\n  whether one of them holds; on tensors of booleans one by one",
    "not": "not a\n  whether it does not hold; on tensors of booleans one by one",
  ]
}
