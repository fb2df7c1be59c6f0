/// What an assignment changes.
class TargetCode {
  let span: Span

  init(_ span: Span) { self.span = span }

  func assign(_ value: Value, _ frame: Frame) throws {}

  /// Changes the present value in place where it can be; the value is held by nobody else meanwhile.
  func modify(_ frame: Frame, _ body: (inout Value) throws -> Void) throws {}
}

final class LocalTarget: TargetCode {
  private let slot: Int
  private let name: String

  init(_ slot: Int, _ name: String, _ span: Span) {
    self.slot = slot
    self.name = name
    super.init(span)
  }

  override func assign(_ value: Value, _ frame: Frame) throws { frame[slot] = value }

  override func modify(_ frame: Frame, _ body: (inout Value) throws -> Void) throws {
    guard var value = frame[slot] else {
      throw frame.located(ScriptError.unset(name), at: span)
    }
    frame[slot] = Value.none
    defer { frame[slot] = value }
    try body(&value)
  }
}

/// A variable of a function around this one, changed by `x[0] = 3`; assigning a name makes it local.
final class CapturedTarget: TargetCode {
  private let depth: Int
  private let local: LocalTarget

  init(_ depth: Int, _ slot: Int, _ name: String, _ span: Span) {
    self.depth = depth
    local = LocalTarget(slot, name, span)
    super.init(span)
  }

  override func assign(_ value: Value, _ frame: Frame) throws {
    try local.assign(value, frame.outer(depth))
  }

  override func modify(_ frame: Frame, _ body: (inout Value) throws -> Void) throws {
    try local.modify(frame.outer(depth), body)
  }
}

final class GlobalTarget: TargetCode {
  private let cell: Globals.Cell

  init(_ cell: Globals.Cell, _ span: Span) {
    self.cell = cell
    super.init(span)
  }

  override func assign(_ value: Value, _ frame: Frame) throws { cell.value = value }

  override func modify(_ frame: Frame, _ body: (inout Value) throws -> Void) throws {
    guard var value = cell.value else {
      var builtin = try GlobalCode(cell, span).evaluate(frame)
      try body(&builtin)
      cell.value = builtin
      return
    }
    cell.value = Value.none
    defer { cell.value = value }
    try body(&value)
  }
}

final class MemberTarget: TargetCode {
  private let base: TargetCode
  private let name: Name

  init(_ base: TargetCode, _ name: Name, _ span: Span) {
    self.base = base
    self.name = name
    super.init(span)
  }

  override func assign(_ value: Value, _ frame: Frame) throws {
    try base.modify(frame) { owner in
      do {
        try Members.assign(owner, name.text, value)
      } catch { throw frame.located(error, at: name.span) }
    }
  }

  override func modify(_ frame: Frame, _ body: (inout Value) throws -> Void) throws {
    try base.modify(frame) { owner in
      if case .record(let record) = owner, var field = record.take(name.text) {
        defer { record[name.text] = field }
        try body(&field)
        return
      }
      do {
        var value = try Members.read(owner, name.text, frame.interpreter)
        try body(&value)
        try Members.assign(owner, name.text, value)
      } catch { throw frame.located(error, at: name.span) }
    }
  }
}

final class IndexTarget: TargetCode {
  private let base: TargetCode
  private let subscripts: [SubscriptCode]

  init(_ base: TargetCode, _ subscripts: [SubscriptCode], _ span: Span) {
    self.base = base
    self.subscripts = subscripts
    super.init(span)
  }

  override func assign(_ value: Value, _ frame: Frame) throws {
    let indices = try subscripts.map { try $0.evaluate(frame) }
    try base.modify(frame) { owner in
      do {
        try Indexing.assign(&owner, indices, value)
      } catch { throw frame.located(error, at: span) }
    }
  }

  override func modify(_ frame: Frame, _ body: (inout Value) throws -> Void) throws {
    let indices = try subscripts.map { try $0.evaluate(frame) }
    try base.modify(frame) { owner in
      do {
        try Indexing.modify(&owner, indices, body)
      } catch { throw frame.located(error, at: span) }
    }
  }
}

/// The value of an expression that is no path, as in `f(x)[0] = 3`: changed if it is shared, else in vain.
final class ValueTarget: TargetCode {
  private let code: Code

  init(_ code: Code) {
    self.code = code
    super.init(code.span)
  }

  override func modify(_ frame: Frame, _ body: (inout Value) throws -> Void) throws {
    var value = try code.evaluate(frame)
    try body(&value)
  }
}

final class TupleTarget: TargetCode {
  private let parts: [TargetCode]

  init(_ parts: [TargetCode], _ span: Span) {
    self.parts = parts
    super.init(span)
  }

  override func assign(_ value: Value, _ frame: Frame) throws {
    let values = try Destructuring.parts(of: value, parts.count, at: span, frame)
    for (part, value) in zip(parts, values) { try part.assign(value, frame) }
  }
}

/// `a = b = value`.
final class SeveralTargets: TargetCode {
  private let targets: [TargetCode]

  init(_ targets: [TargetCode], _ span: Span) {
    self.targets = targets
    super.init(span)
  }

  override func assign(_ value: Value, _ frame: Frame) throws {
    for target in targets { try target.assign(value, frame) }
  }
}

enum Destructuring {
  /// Takes apart a tuple, a list, or a tensor along its first dimension.
  static func parts(
    of value: Value, _ count: Int, at span: Span, _ frame: Frame
  ) throws -> [Value] {
    do {
      guard let parts = try Iteration.elements(of: value, frame.interpreter) else {
        throw ScriptError.kind(
          "", expected: count == 1 ? "a single value in a tuple" : "\(count) values", found: value)
      }
      guard parts.count == count else {
        throw ScriptError.count(expected: count, found: parts.count)
      }
      return parts
    } catch { throw frame.located(error, at: span) }
  }
}

/// The names that a `for`, a draw or a clause binds.
enum PatternCode {
  case name(TargetCode)
  case tuple([PatternCode], Span)

  func bind(_ value: Value, _ frame: Frame) throws {
    switch self {
    case .name(let target): try target.assign(value, frame)
    case .tuple(let parts, let span):
      let values = try Destructuring.parts(of: value, parts.count, at: span, frame)
      for (part, value) in zip(parts, values) { try part.bind(value, frame) }
    }
  }
}
