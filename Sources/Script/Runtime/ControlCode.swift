import Tensors

/// Two statements, one after the other; a block is a balanced tree of these, since reading two constants
/// costs less than walking an array.
final class SequenceCode: Code {
  private let first: Code
  private let second: Code

  private init(_ first: Code, _ second: Code, _ span: Span) {
    self.first = first
    self.second = second
    super.init(span)
  }

  static func of(_ statements: ArraySlice<Code>, _ span: Span) -> Code {
    guard let only = statements.first else { return ConstantCode(.none, span) }
    if statements.count == 1 { return only }
    let middle = statements.startIndex + statements.count / 2
    return SequenceCode(of(statements[..<middle], span), of(statements[middle...], span), span)
  }

  override func execute(_ frame: Frame) throws -> Flow {
    let flow = try first.execute(frame)
    return flow == .normal ? try second.execute(frame) : flow
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let flow = try first.execute(frame)
    if flow != .normal { throw Leap(flow: flow) }
    return try second.evaluate(frame)
  }

  override func tail(_ frame: Frame) throws -> Value {
    switch try first.execute(frame) {
    case .normal: try second.tail(frame)
    case .returned: frame.returned
    case .broken, .continued: .none
    }
  }
}

/// A function's body: a `return` within an expression ends here.
final class BodyCode: Code {
  private let body: Code

  init(_ body: Code) {
    self.body = body
    super.init(body.span)
  }

  override func tail(_ frame: Frame) throws -> Value {
    do {
      return try body.tail(frame)
    } catch is Leap { return frame.returned }
  }
}

final class ConditionalCode: Code {
  private let condition: Code
  private let body: Code
  /// Another condition, or the block after `else`.
  private let otherwise: Code?

  init(_ condition: Code, _ body: Code, _ otherwise: Code?, _ span: Span) {
    self.condition = condition
    self.body = body
    self.otherwise = otherwise
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    if try condition.isTrue(frame) { return try body.evaluate(frame) }
    return try otherwise?.evaluate(frame) ?? .none
  }

  override func execute(_ frame: Frame) throws -> Flow {
    if try condition.isTrue(frame) { return try body.execute(frame) }
    return try otherwise?.execute(frame) ?? .normal
  }

  override func tail(_ frame: Frame) throws -> Value {
    if try condition.isTrue(frame) { return try body.tail(frame) }
    return try otherwise?.tail(frame) ?? .none
  }
}

extension Code {
  /// The value as a condition.
  func isTrue(_ frame: Frame) throws -> Bool {
    let value = try evaluate(frame)
    if case .bool(let flag) = value { return flag }
    do {
      return try Truth.of(value)
    } catch { throw frame.located(error, at: span) }
  }
}

/// A statement: as an expression it has no value.
class StatementCode: Code {
  override func evaluate(_ frame: Frame) throws -> Value {
    let flow = try execute(frame)
    if flow != .normal { throw Leap(flow: flow) }
    return .none
  }

  override func tail(_ frame: Frame) throws -> Value {
    switch try execute(frame) {
    case .returned: frame.returned
    case .normal, .broken, .continued: .none
    }
  }
}

final class WhileCode: StatementCode {
  private let condition: Code
  private let body: Code

  init(_ condition: Code, _ body: Code, _ span: Span) {
    self.condition = condition
    self.body = body
    super.init(span)
  }

  override func execute(_ frame: Frame) throws -> Flow {
    while try condition.isTrue(frame) {
      try Interrupt.poll()
      switch try body.inLoop(frame) {
      case .normal, .continued: break
      case .broken: return .normal
      case .returned: return .returned
      }
    }
    return .normal
  }
}

final class ForCode: StatementCode {
  private let pattern: PatternCode
  private let values: Code
  private let body: Code

  init(_ pattern: PatternCode, _ values: Code, _ body: Code, _ span: Span) {
    self.pattern = pattern
    self.values = values
    self.body = body
    super.init(span)
  }

  override func execute(_ frame: Frame) throws -> Flow {
    // A range needs no tensor to be walked.
    if let range = values as? RangeCode {
      let (low, high) = try range.bounds(frame)
      var next = low
      while next <= high {
        if let flow = try turn(.number(Double(next)), frame) { return flow }
        next += 1
      }
      return .normal
    }
    let value = try values.evaluate(frame)
    let next: Iteration.Next
    do {
      next = try Iteration.start(value, frame.interpreter)
    } catch { throw frame.located(error, at: values.span) }
    while let element = try element(next, frame) {
      if let flow = try turn(element, frame) { return flow }
    }
    return .normal
  }

  private func element(_ next: Iteration.Next, _ frame: Frame) throws -> Value? {
    do {
      return try next()
    } catch { throw frame.located(error, at: values.span) }
  }

  /// One turn; a flow where the loop ends with it.
  private func turn(_ value: Value, _ frame: Frame) throws -> Flow? {
    try Interrupt.poll()
    try pattern.bind(value, frame)
    switch try body.inLoop(frame) {
    case .normal, .continued: return nil
    case .broken: return .normal
    case .returned: return .returned
    }
  }
}

extension Code {
  /// As the body of a loop: a `break` within an expression ends here.
  fileprivate func inLoop(_ frame: Frame) throws -> Flow {
    do {
      return try execute(frame)
    } catch let leap as Leap { return leap.flow }
  }
}

final class JumpCode: StatementCode {
  private let flow: Flow

  init(_ flow: Flow, _ span: Span) {
    self.flow = flow
    super.init(span)
  }

  override func execute(_ frame: Frame) throws -> Flow { flow }
}

final class ReturnCode: StatementCode {
  private let value: Code?

  init(_ value: Code?, _ span: Span) {
    self.value = value
    super.init(span)
  }

  override func execute(_ frame: Frame) throws -> Flow {
    frame.returned = try value?.evaluate(frame) ?? .none
    return .returned
  }
}

final class AssignCode: StatementCode {
  private let target: TargetCode
  private let value: Code

  init(_ target: TargetCode, _ value: Code, _ span: Span) {
    self.target = target
    self.value = value
    super.init(span)
  }

  override func execute(_ frame: Frame) throws -> Flow {
    try target.assign(value.evaluate(frame), frame)
    return .normal
  }
}

/// `n += 1`.
final class AugmentCode: StatementCode {
  private let target: TargetCode
  private let symbol: BinaryOperator
  private let operatorSpan: Span
  private let value: Code

  init(
    _ target: TargetCode, _ symbol: BinaryOperator, _ operatorSpan: Span, _ value: Code,
    _ span: Span
  ) {
    self.target = target
    self.symbol = symbol
    self.operatorSpan = operatorSpan
    self.value = value
    super.init(span)
  }

  override func execute(_ frame: Frame) throws -> Flow {
    let operand = try value.evaluate(frame)
    try target.modify(frame) { current in
      do {
        // A list is extended in place, as in Python.
        if symbol == .add, case .list(let list) = current, let more = Operators.elements(operand) {
          list.elements += more
        } else {
          current = try Operators.apply(symbol, current, operand)
        }
      } catch { throw frame.located(error, at: operatorSpan) }
    }
    return .normal
  }
}

/// `z ~ q`: draws and binds z.
final class DrawCode: StatementCode {
  private let pattern: PatternCode
  private let source: Code

  init(_ pattern: PatternCode, _ source: Code, _ span: Span) {
    self.pattern = pattern
    self.source = source
    super.init(span)
  }

  override func execute(_ frame: Frame) throws -> Flow {
    let value = try source.evaluate(frame)
    do {
      try pattern.bind(Drawing.draw(from: value, frame.interpreter), frame)
    } catch { throw frame.located(error, at: source.span) }
    return .normal
  }
}

/// `[element for x in xs if c]`.
final class ComprehensionCode: Code {
  enum Clause {
    case each(PatternCode, Code)
    case only(Code)
  }

  private let element: Code
  private let clauses: [Clause]
  private let isNested: Bool

  init(_ element: Code, _ clauses: [Clause], isNested: Bool, _ span: Span) {
    self.element = element
    self.clauses = clauses
    self.isNested = isNested
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    var values: [Value] = []
    try run(0, frame, &values)
    return try ListCode.bracket(
      values, isNested: isNested, type: frame.interpreter.defaultType)
  }

  private func run(_ depth: Int, _ frame: Frame, _ values: inout [Value]) throws {
    guard depth < clauses.count else {
      do {
        try ListObject.checkCount(values.count + 1)
      } catch { throw frame.located(error, at: span) }
      values.append(try element.evaluate(frame))
      return
    }
    switch clauses[depth] {
    case .only(let condition):
      if try condition.isTrue(frame) { try run(depth + 1, frame, &values) }
    case .each(let pattern, let code):
      let (next, count) = try walk(code, frame)
      do {
        // The last clause gives an element for each.
        if depth + 1 == clauses.count, let count {
          try ListObject.checkCount(values.count + count)
        }
        while let value = try next() {
          try Interrupt.poll()
          try pattern.bind(value, frame)
          try run(depth + 1, frame, &values)
        }
      } catch { throw frame.located(error, at: code.span) }
    }
  }

  /// What a clause walks over, and how many there are of it where that is known.
  private func walk(_ code: Code, _ frame: Frame) throws -> (next: Iteration.Next, count: Int?) {
    // A range needs no tensor to be walked.
    if let range = code as? RangeCode {
      let (low, high) = try range.bounds(frame)
      return (Iteration.start(from: low, through: high), max(0, high - low + 1))
    }
    let source = try code.evaluate(frame)
    do {
      return (try Iteration.start(source, frame.interpreter), Iteration.count(of: source))
    } catch { throw frame.located(error, at: code.span) }
  }
}
