/// The variables of one call, or of one run of a cell.
final class Frame {
  var slots: ContiguousArray<Value?>
  let parent: Frame?
  let interpreter: Interpreter
  let source: Source
  /// What a `return` under way gives.
  var returned: Value = .none

  init(slotCount: Int, parent: Frame?, _ interpreter: Interpreter, _ source: Source) {
    slots = ContiguousArray(repeating: nil, count: slotCount)
    self.parent = parent
    self.interpreter = interpreter
    self.source = source
  }

  /// The frame so many functions out.
  func outer(_ depth: Int) -> Frame {
    var frame = self
    for _ in 0..<depth {
      guard let parent = frame.parent else { break }
      frame = parent
    }
    return frame
  }

  /// The error with a place, unless it has one already or is no error of the script's.
  func located(_ error: any Error, at span: Span) -> any Error {
    if error is LocatedError || error is Leap || Explanation.isInterrupt(error) { return error }
    let diagnostic = Diagnostic(
      Explanation.message(error), at: span, hints: Explanation.hints(error))
    return LocatedError(diagnostic: diagnostic, source: source)
  }
}

/// How a statement ended.
enum Flow {
  case normal
  case broken
  case continued
  /// The value is in the frame.
  case returned
}

/// A `break`, `continue` or `return` that leaves an expression from within, as in `x = if c { return 3 }`.
struct Leap: Error {
  let flow: Flow
}
