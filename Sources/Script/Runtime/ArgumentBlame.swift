/// Which of a call's arguments an error is about, and what was meant by one.
extension Builtin {
  /// Where the argument stands with whose name the message of an error begins.
  func argument(blamedBy error: any Error, _ parts: [ArgumentCode]) -> Span? {
    guard !(error is LocatedError) else { return nil }
    let message = Explanation.message(error)
    let given = parts.prefix { $0.label.isEmpty }.count
    return parts.enumerated().first { i, part in
      let label = part.label.isEmpty ? i < given ? placed(i) : nil : part.label
      guard let label else { return false }
      return ["\(label): ", "there is no argument named `\(label)`"].contains {
        message.hasPrefix("\(name): \($0)")
      }
    }?.element.value.span
  }

  /// The name of the argument at a place.
  private func placed(_ i: Int) -> String? {
    guard i < parameters.count, parameters[...i].allSatisfy({ $0.form == .one }) else { return nil }
    return parameters[i].name
  }

  /// An error in an argument, with a hint where a name stands for nothing because a function, or a draw, was
  /// meant: `integrate(x^2, 0, 1)`, `E(normal(0, 1), z^2)`.
  func hinting(
    at error: LocatedError, _ arguments: [ArgumentCode], _ source: Source
  ) -> LocatedError {
    let found = error.diagnostic
    guard error.source === source, error.trace.isEmpty,
      let i = arguments.firstIndex(where: {
        $0.value.span.start <= found.span.start && found.span.end <= $0.value.span.end
      })
    else { return error }
    let missing = source.text(found.span)
    // A name alone may be misspelt, and one with a hint is.
    guard found.hints.isEmpty, arguments[i].value.span != found.span else { return error }
    guard found.message == ScriptError.undefined(missing, suggestion: nil).message else {
      return error
    }
    func text(_ i: Int) -> String {
      let text = source.text(arguments[i].value.span)
      return text.count > 40 || text.contains("\n") ? "..." : text
    }
    var hinted = error
    if takesDraws {
      let call =
        arguments.count == 2 && i == 1
        ? "\(name)(\(missing) ~ \(text(0)), \(text(1)))" : examples.first ?? signature
      hinted.diagnostic.hints = ["what is drawn comes first, with a `~`: `\(call)`"]
    } else if arguments[i].label.isEmpty, i < parameters.count, parameters[i].isFunction {
      hinted.diagnostic.hints = ["a function of \(missing) is written `\(missing) -> \(text(i))`"]
    }
    return hinted
  }
}

extension Builtin.Parameter {
  fileprivate var isFunction: Bool { kind == .function || (kind == .any && name == "f") }
}
