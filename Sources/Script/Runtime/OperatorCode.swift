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
      case .floorDivide, .remainder, .matrixMultiply, .power, .compose, .pipe, .and, .or: break
      }
    }
    do {
      if symbol == .pipe { return try pipe(a, into: b, frame) }
      return try Operators.apply(symbol, a, b)
    } catch { throw frame.located(error, at: operatorSpan) }
  }

  /// `x |> f` is `f(x)`.
  private func pipe(_ value: Value, into target: Value, _ frame: Frame) throws -> Value {
    guard let function = frame.interpreter.callable(target) else {
      throw ScriptError.notCallable(target.description)
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
      return try Operators.apply(symbol, value)
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
  let links: [Link]

  init(_ first: Code, _ links: [Link], _ span: Span) {
    self.first = first
    self.links = links
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    var left = try first.evaluate(frame)
    var result: Value?
    for link in links {
      let right = try link.operand.evaluate(frame)
      do {
        let holds = try Comparisons.compare(link.relation, left, right)
        if let before = result {
          result = try Operators.logic(true, before, holds)
        } else {
          result = holds
        }
      } catch { throw frame.located(error, at: link.span) }
      if case .bool(false) = result { break }
      left = right
    }
    return result ?? .none
  }
}
