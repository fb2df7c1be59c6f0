import Tensors

/// What a running script has to say; whoever owns the interpreter decides how it looks.
package enum Output {
  /// Whole lines; the last one's line feed is not in the text.
  case text(String)
  /// `print x, end=""`: text that does not end its line.
  case part(String)
  /// The value of a bare expression.
  case value(Value)
  /// One check, as soon as it is worked out.
  case check(CheckReport)
  case derivation(DerivationReport)
  /// `predict "question", value`.
  case prediction(question: String, value: Value)
}

/// How a script ended.
package enum Outcome {
  case finished
  /// The script could not be read: nothing of it ran.
  case malformed([Diagnostic], Source)
  case failed(LocatedError)
  case interrupted

  /// As the program prints it, without a line feed at the end; nil where there is nothing to say.
  package var text: String? {
    switch self {
    case .finished, .interrupted: nil
    case .malformed(let diagnostics, let source): DiagnosticRenderer.text(diagnostics, in: source)
    case .failed(let error): error.text
    }
  }
}

/// What came of one check.
package struct CheckReport {
  package var passed: Bool
  package var source: Source
  package var span: Span
  /// What was checked, in the words of the script.
  package var expression: String
  package var message: String?
  /// On failure, and of a failure that was expected, both sides and by how much they differ, one line each.
  package var details: [String]

  /// As the program prints it; nil for a check that passed.
  package var text: String? {
    passed ? nil : text("check failed")
  }

  /// What `fails check` caught; nil for any other check.
  package var caughtText: String? { passed && !details.isEmpty ? text("caught") : nil }

  private func text(_ verdict: String) -> String {
    let position = source.position(of: span.start)
    let reason = message.map { ": \($0)" } ?? ""
    let head =
      "\(source.name):\(position.line):\(position.column): \(verdict)\(reason)\n   \(expression)"
    return ([head] + details.map { "   " + $0 }).joined(separator: "\n")
  }
}

/// How many checks passed and failed in a session.
package struct CheckTally: Equatable {
  package var passed = 0
  package var failed = 0

  package var total: Int { passed + failed }

  package static func - (a: CheckTally, b: CheckTally) -> CheckTally {
    CheckTally(passed: a.passed - b.passed, failed: a.failed - b.failed)
  }

  /// `37 checks passed, 1 failed`.
  package var summary: String {
    let noun = passed == 1 ? "check" : "checks"
    return "\(passed) \(noun) passed" + (failed > 0 ? ", \(failed) failed" : "")
  }
}
