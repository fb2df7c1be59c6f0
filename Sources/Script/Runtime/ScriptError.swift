import Calculus
import Distributions
import Tensors

/// What can go wrong while a script runs, as yet without a place: the interpreter adds it.
package enum ScriptError: Error {
  /// An argument or operand of the wrong kind; `what` is its name, empty where it has none.
  case mismatch(_ what: String, expected: String, found: String)
  case undefined(String, suggestion: String?)
  /// A variable of a function, read before the function has set it.
  case unset(String)
  case noMember(String, of: String, suggestion: String?)
  case missingArgument(String)
  case tooManyArguments(expected: Int, found: Int)
  case unknownArgument(String, suggestion: String?, known: [String])
  case repeatedArgument(String)
  case operands(String, String, String)
  case count(expected: Int, found: Int)
  case notCallable(String)
  /// A condition that is no single true or false; `isMany` where it is a tensor of them.
  case truth(String, isMany: Bool)
  case tooDeep(Int)
  /// A result that had to be finite; where it stopped being so, if that is known.
  case notFinite(String, NonFiniteOrigin?)
  /// Anything else.
  case message(String, hints: [String])

  package static func message(_ text: String) -> ScriptError { .message(text, hints: []) }

  package static func kind(_ what: String, expected: String, found: Value) -> ScriptError {
    .mismatch(what, expected: expected, found: found.description)
  }

  package static func operands(_ symbol: String, _ left: Value, _ right: Value) -> ScriptError {
    .operands(symbol, left.description, right.description)
  }

  package var message: String {
    switch self {
    case .mismatch(let what, let expected, let found):
      return (what.isEmpty ? "" : what + ": ") + "expected \(expected), found \(found)"
    case .undefined(let name, _): return "`\(name)` is not defined"
    case .unset(let name): return "`\(name)` has no value yet"
    case .noMember(let name, let value, _): return "\(value) has no `\(name)`"
    case .missingArgument(let name): return "`\(name)` is missing"
    case .tooManyArguments(let expected, let found):
      let most = expected == 1 ? "1 argument" : "\(expected) arguments"
      return "expected \(expected == 0 ? "no arguments" : "at most " + most), found \(found)"
    case .unknownArgument(let name, _, _): return "there is no argument named `\(name)`"
    case .repeatedArgument(let name): return "`\(name)` is given twice"
    case .operands(let symbol, let left, let right):
      return "`\(symbol)` does not go with \(left) and \(right)"
    case .count(let expected, let found):
      return expected == 1
        ? "expected one value for the one name, found \(found)"
        : "expected \(expected) values, one for each name, found \(found)"
    case .notCallable(let value): return "\(value) is no function"
    case .truth(let value, _): return "expected a single true or false, found \(value)"
    case .tooDeep(let depth): return "calls are nested too deeply: \(depth) of them"
    case .notFinite(let text, _): return text
    case .message(let text, _): return text
    }
  }

  package var hints: [String] {
    switch self {
    case .undefined(let name, let suggestion), .noMember(let name, _, let suggestion):
      if let hint = ForeignNames.hint(for: name) { return [hint] }
      return suggestion.map { ["did you mean `\($0)`?"] } ?? []
    case .unset:
      return ["a name that a function assigns is its own; pass the outer value as an argument"]
    case .unknownArgument(_, let suggestion, let known):
      if let suggestion { return ["did you mean `\(suggestion)`?"] }
      return known.isEmpty ? [] : ["it takes " + known.joined(separator: ", ")]
    case .truth(_, let isMany): return isMany ? ["all(m) and any(m) make one of many"] : []
    case .tooDeep: return ["does a function call itself without end?"]
    case .message(_, let hints): return hints
    default: return []
    }
  }
}

/// An error that one of the arguments by position is to blame for; it is shown there.
struct ArgumentError: Error {
  let function: String
  let index: Int
  let error: any Error
}

/// An error with its place: what a run ends with.
package struct LocatedError: Error {
  /// A call on the way to the error.
  package struct Caller {
    package var function: String
    package var span: Span
    package var source: Source
    /// How many calls in a row this is, of a function that calls itself.
    package var repeats = 1
  }

  private static let tracedCalls = 8

  package var diagnostic: Diagnostic
  package var source: Source
  /// Innermost first; the first few of them.
  package var trace: [Caller] = []
  package var omittedCalls = 0
  /// What was going on around these calls: `line 4 of the derivation, at x = 0.4`.
  package var circumstances: [String] = []

  mutating func add(_ caller: Caller) {
    if let last = trace.last, last.span == caller.span, last.source === caller.source {
      trace[trace.count - 1].repeats += 1
      return
    }
    if trace.count < Self.tracedCalls { trace.append(caller) } else { omittedCalls += 1 }
  }

  /// As the program prints it, without a line feed at the end.
  package var text: String {
    var lines = [DiagnosticRenderer.text(diagnostic, in: source)]
    for caller in trace {
      let position = caller.source.position(of: caller.span.start)
      let name = caller.function.isEmpty ? "a function" : caller.function
      let times = caller.repeats > 1 ? " (\(caller.repeats) times)" : ""
      lines.append(
        "   in \(name), called at \(caller.source.name):\(position.line):\(position.column)\(times)"
      )
    }
    if omittedCalls > 0 { lines.append("   and \(omittedCalls) calls around these") }
    lines += circumstances.map { "   in \($0)" }
    return lines.joined(separator: "\n")
  }
}

/// The message and the hints of any error that a lower layer throws.
enum Explanation {
  static func message(_ error: any Error) -> String {
    switch error {
    case let error as ScriptError: error.message
    case let error as TensorError: error.message
    case let error as DistributionError: error.message
    case let error as LocatedError: error.diagnostic.message
    case let error as ArgumentError: message(error.error)
    default: String(describing: error)
    }
  }

  static func hints(_ error: any Error) -> [String] {
    switch error {
    case let error as ScriptError: error.hints
    case let error as LocatedError: error.diagnostic.hints
    case let error as ArgumentError: hints(error.error)
    case let error as DistributionError: error.hint.map { [$0] } ?? []
    case let error as CalculusError: error.hint.map { [$0] } ?? []
    default: []
    }
  }

  static func isInterrupt(_ error: any Error) -> Bool {
    error as? TensorError == .interrupted
  }
}
