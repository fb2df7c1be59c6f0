import Glibc

final class BinaryCode: Code {
  private let symbol: BinaryOperator
  private let operatorSpan: Span
  private let left: Code
  private let right: Code

  init(
    _ symbol: BinaryOperator, _ operatorSpan: Span, _ left: Code, _ right: Code, _ span: Span
  ) {
    self.symbol = symbol
    self.operatorSpan = operatorSpan
    self.left = left
    self.right = right
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let a = try left.evaluate(frame)
    let b = try right.evaluate(frame)
    if case .number(let x) = a, case .number(let y) = b {
      switch symbol {
      case .add: return .number(x + y)
      case .subtract: return .number(x - y)
      case .multiply: return .number(x * y)
      case .divide: return .number(x / y)
      case .floorDivide, .remainder, .power: return .number(Operators.number(symbol, x, y))
      case .matrixMultiply, .compose, .pipe, .and, .or, .member: break
      }
    }
    do {
      if symbol == .pipe { return try pipe(a, into: b, frame) }
      if symbol == .member { return .bool(try Comparisons.isMember(a, of: b, frame.interpreter)) }
      let value = try Operators.apply(symbol, a, b)
      if let jumps = frame.interpreter.jumps, symbol == .floorDivide || symbol == .remainder {
        let ratio = try Conversion.tensor(Operators.apply(.divide, a, b))
        try jumps.noteSteps(ObjectIdentifier(self), SteppingFunctions.wholes(ratio))
      }
      frame.mark(value, at: operatorSpan)
      return value
    } catch { throw frame.located(error, at: operatorSpan) }
  }

  /// `x |> f` is `f(x)`.
  private func pipe(_ value: Value, into target: Value, _ frame: Frame) throws -> Value {
    guard let function = frame.interpreter.callable(target) else {
      throw ScriptError.message(
        "\(target.description) is no function",
        hints: ["`x |> f(2)` is `f(2)(x)`; more arguments take a dot: `x.clamp(0, 1)`"])
    }
    return try frame.call(function, CallArguments([value]), at: operatorSpan)
  }
}

/// `and` and `or`: the right side is left alone where the left one decides.
final class LogicCode: Code {
  private let isAnd: Bool
  private let operatorSpan: Span
  private let left: Code
  private let right: Code

  init(_ isAnd: Bool, _ operatorSpan: Span, _ left: Code, _ right: Code, _ span: Span) {
    self.isAnd = isAnd
    self.operatorSpan = operatorSpan
    self.left = left
    self.right = right
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let a = try left.evaluate(frame)
    do {
      if let mask = a.storedTensor, mask.rank > 0 {
        return try Operators.logic(isAnd, a, try right.evaluate(frame))
      }
      let isTrue = try Truth.of(a)
      if isTrue != isAnd { return .bool(isTrue) }
    } catch { throw frame.located(error, at: operatorSpan) }
    let b = try right.evaluate(frame)
    if let mask = b.storedTensor, mask.rank > 0 { return b }
    do {
      return .bool(try Truth.of(b))
    } catch { throw frame.located(error, at: operatorSpan) }
  }
}

final class UnaryCode: Code {
  private let symbol: UnaryOperator
  private let operand: Code

  init(_ symbol: UnaryOperator, _ operand: Code, _ span: Span) {
    self.symbol = symbol
    self.operand = operand
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let value = try operand.evaluate(frame)
    if case .number(let x) = value {
      switch symbol {
      case .negate: return .number(-x)
      case .plus: return value
      case .not: return .bool(x == 0)
      }
    }
    do {
      let result = try Operators.apply(symbol, value)
      frame.mark(result, at: span)
      return result
    } catch { throw frame.located(error, at: span) }
  }
}

/// `a < b <= c`: each operand is worked out once, and none after a link that fails.
final class ComparisonCode: Code {
  struct Link {
    let relation: ComparisonOperator
    let span: Span
    let operand: Code
  }

  let first: Code
  private let link: Link
  private let more: [Link]

  var links: [Link] { [link] + more }

  init(_ first: Code, _ link: Link, _ more: [Link], _ span: Span) {
    self.first = first
    self.link = link
    self.more = more
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let left = try first.evaluate(frame)
    let right = try link.operand.evaluate(frame)
    let result: Value
    if case .number(let a) = left, case .number(let b) = right {
      result = .bool(Comparisons.numbers(link.relation, a, b, .float64))
    } else {
      result = try compare(link, left, right, frame)
    }
    return more.isEmpty ? result : try chain(result, right, frame)
  }

  private func compare(
    _ link: Link, _ left: Value, _ right: Value, _ frame: Frame
  ) throws -> Value {
    do {
      if frame.interpreter.jumps != nil, !link.relation.isEquality, link.relation != .notEqual {
        try frame.interpreter.note(ObjectIdentifier(link.operand), left, right)
      }
      return try Comparisons.compare(link.relation, left, right)
    } catch { throw frame.located(error, at: link.span) }
  }

  private func chain(_ first: Value, _ operand: Value, _ frame: Frame) throws -> Value {
    var (result, left) = (first, operand)
    for link in more {
      if case .bool(false) = result { break }
      let right = try link.operand.evaluate(frame)
      let holds = try compare(link, left, right, frame)
      do {
        result = try Operators.logic(true, result, holds)
      } catch { throw frame.located(error, at: link.span) }
      left = right
    }
    return result
  }
}
