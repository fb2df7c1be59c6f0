import Tensors

/// What concerns the session: printing, options, the names there are.
enum SessionBuiltins {
  static let all: [Builtin] = [print, str, type, option, whos]

  private static let print = Builtin(
    "print", in: "Session",
    [.rest("values"), .named("sep", .text, .text(" ")), .named("end", .text, .text("\n"))],
    about: "shows values, with blanks between them", examples: ["print \"loss {loss:.3f}\", x"]
  ) { call in
    let (separator, end) = (try call.text(1), try call.text(2))
    let line = call.rest.map { Display.printed($0) }.joined(separator: separator)
    call.interpreter.output(end == "\n" ? .text(line) : .part(line + end))
    return .none
  }

  private static let str = Builtin(
    "str", in: "Session", [.init("x")], about: "x as text, as print shows it"
  ) { .text(Display.printed($0.value(0))) }

  private static let type = Builtin(
    "type", in: "Session", [.init("x")], about: "what x is: \"number\", \"tensor\", \"list\" ..."
  ) { .text($0.value(0).typeName) }

  private static let option = Builtin(
    "option", in: "Session", [.init("name", .text), .init("default"), .named("quick")],
    about: "what --set name=... says, else quick under --quick, else the default; in its type",
    examples: ["epochs = option(\"epochs\", 20, quick=2)"]
  ) { call in
    let name = try call.text(0)
    call.interpreter.optionsAsked.insert(name)
    guard let text = call.interpreter.options[name] else {
      return call.interpreter.isQuick && call.isGiven(2) ? call.value(2) : call.value(1)
    }
    return try converted(text, like: call.value(1), name)
  }

  private static func converted(_ text: String, like value: Value, _ name: String) throws -> Value {
    func mismatch(_ expected: String) -> ScriptError {
      .message("--set \(name): expected \(expected), found \(TextDisplay.quoted(text))")
    }
    switch value {
    case .text: return .text(text)
    case .bool:
      switch text.lowercased() {
      case "true", "yes", "1": return .bool(true)
      case "false", "no", "0": return .bool(false)
      default: throw mismatch("true or false")
      }
    case .number, .none:
      if let number = Double(text) { return .number(number) }
      if value.isNone { return .text(text) }
      throw mismatch("a number")
    default:
      let parts = text.split(separator: ",").map { Double($0.filter { !" []()".contains($0) }) }
      let numbers = parts.compactMap { $0 }
      guard numbers.count == parts.count, !numbers.isEmpty else { throw mismatch("numbers") }
      if case .tuple = value { return .tuple(numbers.map { .number($0) }) }
      return .tensor(try Tensor(numbers, Shape([numbers.count])))
    }
  }

  private static let whos = Builtin(
    "whos", in: "Session", about: "the names that the script has given, and what they name",
    actsAlone: true
  ) { call in
    let variables = call.interpreter.variables
    let width = variables.map(\.name.columns).max() ?? 0
    for (name, value) in variables {
      let blanks = String(repeating: " ", count: width - name.columns)
      call.print("\(name)\(blanks)  \(Display.summary(value))")
    }
    return .none
  }
}
