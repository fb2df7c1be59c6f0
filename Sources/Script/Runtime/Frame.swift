/// The variables of one call, or of one run of a cell.
@safe final class Frame {
  let parent: Frame?
  let interpreter: Interpreter
  let source: Source
  /// What a `return` under way gives.
  var returned: Value = .none

  /// As many as `slotCount`; the compiler hands out no other slots.
  private let slots: UnsafeMutablePointer<Value?>
  let slotCount: Int

  init(slotCount: Int, parent: Frame?, _ interpreter: Interpreter, _ source: Source) {
    unsafe slots = .allocate(capacity: slotCount)
    unsafe slots.initialize(repeating: nil, count: slotCount)
    self.slotCount = slotCount
    self.parent = parent
    self.interpreter = interpreter
    self.source = source
  }

  deinit {
    unsafe slots.deinitialize(count: slotCount)
    unsafe slots.deallocate()
  }

  subscript(slot: Int) -> Value? {
    get {
      assert(slot < slotCount)
      return unsafe slots[slot]
    }
    set {
      assert(slot < slotCount)
      unsafe slots[slot] = newValue
    }
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
    return LocatedError(diagnostic: diagnostic(error, at: span), source: source)
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
