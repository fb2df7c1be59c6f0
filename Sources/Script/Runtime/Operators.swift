import Glibc
import Tensors

/// What the operators do with values.
enum Operators {
  /// Any operator but `|>`, `and` and `or`.
  static func apply(_ symbol: BinaryOperator, _ left: Value, _ right: Value) throws -> Value {
    if symbol != .compose, let value = try direct(symbol, left, right) { return value }
    if case .object(let object) = left,
      let value = try object.operate(symbol, with: right, isLeft: true)
    {
      return value
    }
    if case .object(let object) = right,
      let value = try object.operate(symbol, with: left, isLeft: false)
    {
      return value
    }
    if symbol == .compose { return try composed(left, right) }
    if let value = try joined(symbol, left, right) { return value }
    guard let a = try Operand(left), let b = try Operand(right) else {
      throw ScriptError.operands(symbol.rawValue, left, right)
    }
    switch (a, b) {
    case (.number(let x), .number(let y)):
      guard symbol != .matrixMultiply else {
        throw ScriptError.operands(symbol.rawValue, left, right)
      }
      return .number(number(symbol, x, y))
    case (.tensor(let x), .number(let y)): return .tensor(try tensor(symbol, x, y))
    case (.number(let x), .tensor(let y)): return .tensor(try tensor(symbol, x, y))
    case (.tensor(let x), .tensor(let y)):
      do {
        return .tensor(try tensor(symbol, x, y))
      } catch let error as TensorError { throw sharpened(error, symbol) }
    }
  }

  /// Of tensors, and of a tensor and a plain number, as most operands are: without looking at what else they might be.
  private static func direct(_ symbol: BinaryOperator, _ left: Value, _ right: Value) throws
    -> Value?
  {
    if let x = left.storedTensor {
      if case .number(let y) = right { return .tensor(try tensor(symbol, x, y)) }
      guard let y = right.storedTensor else { return nil }
      do {
        return .tensor(try tensor(symbol, x, y))
      } catch let error as TensorError { throw sharpened(error, symbol) }
    }
    if case .number(let x) = left, let y = right.storedTensor {
      return .tensor(try tensor(symbol, x, y))
    }
    return nil
  }

  /// One side of an operator of arithmetic.
  private enum Operand {
    case number(Double)
    case tensor(Tensor)

    /// Nil for what is no number and makes no tensor.
    init?(_ value: Value) throws {
      switch value {
      case .number(let number): self = .number(number)
      case .bool(let flag): self = .number(flag ? 1 : 0)
      case .tensor(let tensor): self = .tensor(tensor)
      case .variable(let variable): self = .tensor(variable.tensor)
      case .list, .tuple: self = .tensor(try Conversion.tensor(value))
      case .object(let object):
        guard let number = object.scalar else { return nil }
        self = .number(number)
      case .none, .text, .record, .function, .distribution, .dtype: return nil
      }
    }
  }

  // MARK: Numbers and tensors

  static func number(_ symbol: BinaryOperator, _ x: Double, _ y: Double) -> Double {
    switch symbol {
    case .add: return x + y
    case .subtract: return x - y
    case .multiply: return x * y
    case .divide: return x / y
    case .floorDivide: return (x / y).rounded(.down)
    case .remainder:
      if let a = Int32(exactly: x), let b = Int32(exactly: y), b > 0 {
        let rest = a % b
        return Double(rest < 0 ? rest + b : rest)
      }
      let rest = fmod(x, y)
      return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
    case .power: return y == 2 ? x * x : pow(x, y)
    case .matrixMultiply, .compose, .pipe, .and, .or, .member: return .nan
    }
  }

  private static func tensor(_ symbol: BinaryOperator, _ x: Tensor, _ y: Tensor) throws -> Tensor {
    switch symbol {
    case .add: return try x + y
    case .subtract: return try x - y
    case .multiply: return try x * y
    case .divide: return try x / y
    case .floorDivide: return try x.floorDivided(by: y)
    case .remainder: return try x.remainder(y)
    case .power: return try x.power(y)
    case .matrixMultiply: return try x.matmul(y)
    case .compose, .pipe, .and, .or, .member:
      throw ScriptError.message("`\(symbol.rawValue)` is no sum")
    }
  }

  private static func tensor(_ symbol: BinaryOperator, _ x: Tensor, _ y: Double) throws -> Tensor {
    switch symbol {
    case .add: return try x + y
    case .subtract: return try x - y
    case .multiply: return try x * y
    case .divide: return try x / y
    case .power: return try x.power(y)
    case .floorDivide, .remainder, .matrixMultiply, .compose, .pipe, .and, .or, .member:
      return try tensor(symbol, x, adapted(y, to: x))
    }
  }

  private static func tensor(_ symbol: BinaryOperator, _ x: Double, _ y: Tensor) throws -> Tensor {
    switch symbol {
    case .add: return try x + y
    case .subtract: return try x - y
    case .multiply: return try x * y
    case .divide: return try x / y
    case .power, .floorDivide, .remainder, .matrixMultiply, .compose, .pipe, .and, .or, .member:
      return try tensor(symbol, adapted(x, to: y), y)
    }
  }

  /// A plain number in the type of the tensor it meets; a fraction makes floats of integers.
  static func adapted(_ number: Double, to tensor: Tensor) throws -> Tensor {
    if tensor.dtype.isFloating { return try Tensor(number, tensor.dtype) }
    let isWhole = number == number.rounded() && abs(number) < 9e15
    return try Tensor(number, isWhole ? .int64 : .float32)
  }

  /// `shapes do not fit: [2, 3] + [4] needs 3 = 4 in dimension -1`.
  private static func sharpened(_ error: TensorError, _ symbol: BinaryOperator) -> any Error {
    guard case .broadcast(let a, let b) = error else { return error }
    let text = error.message.replacing(
      "\(a) and \(b) need", with: "\(a) \(symbol.rawValue) \(b) needs")
    return ScriptError.message(text)
  }

  // MARK: Texts, lists, functions

  /// Of a text's bytes: what grows beyond this has no end.
  private static let longest = 50_000_000

  /// Texts and lists one after the other; a text several times, and a list of no numbers.
  private static func joined(_ symbol: BinaryOperator, _ left: Value, _ right: Value) throws
    -> Value?
  {
    switch (symbol, left, right) {
    case (.add, .text(let a), .text(let b)):
      guard a.utf8.count + b.utf8.count <= longest else {
        throw ScriptError.message("a text of more than \(longest) bytes")
      }
      return .text(a + b)
    case (.add, .list(let a), .list(let b)):
      try ListObject.checkCount(a.elements.count + b.elements.count)
      return .list(ListObject(a.elements + b.elements))
    case (.add, .tuple(let a), .tuple(let b)): return .tuple(a + b)
    case (.add, .list(let a), _) where !a.isNumeric:
      return elements(right).map { .list(ListObject(a.elements + $0)) }
    case (.add, _, .list(let b)) where !b.isNumeric:
      return elements(left).map { .list(ListObject($0 + b.elements)) }
    case (.multiply, .text(let text), .number(let n)), (.multiply, .number(let n), .text(let text)):
      guard let count = Int(exactly: n), n * Double(text.utf8.count) <= Double(longest) else {
        return nil
      }
      return .text(String(repeating: text, count: max(0, count)))
    case (.multiply, .list(let list), .number(let n)) where !list.isNumeric,
      (.multiply, .number(let n), .list(let list)) where !list.isNumeric:
      guard let count = Int(exactly: n), n * Double(list.elements.count) <= Double(longest) else {
        return nil
      }
      let all = repeatElement(list.elements, count: max(0, count)).joined()
      return .list(ListObject(Array(all)))
    default: return nil
    }
  }

  /// What a list is extended by: the elements of a list or a tuple, the numbers of a vector such as `[3]`.
  static func elements(_ value: Value) -> [Value]? {
    if let elements = value.sequence { return elements }
    guard let tensor = value.storedTensor, tensor.rank > 0 else { return nil }
    if tensor.rank == 1, !tensor.isTracked, tensor.dtype != .bool {
      return tensor.values.map { .number($0) }
    }
    return (try? tensor.unstacked())?.map { Conversion.value($0) }
  }

  private static func composed(_ left: Value, _ right: Value) throws -> Value {
    guard let first = function(left), let second = function(right) else {
      throw composeError(left, right)
    }
    return .function(Composition(first, second))
  }

  /// `>> leaky_relu(0.2)`: the function was applied to the number.
  private static func composeError(_ left: Value, _ right: Value) -> ScriptError {
    guard left.isNumeric != right.isNumeric else { return .operands(">>", left, right) }
    let number = (left.isNumeric ? left : right).description
    return .message(
      "`>>` joins functions and layers, found \(number)",
      hints: [
        "f(0.2) is f applied to 0.2; a layer takes its settings by name: leaky_relu(negative_slope=0.2)"
      ])
  }

  private static func function(_ value: Value) -> (any Callable)? {
    switch value {
    case .function(let function): function
    case .object(let object): object.callable
    default: nil
    }
  }

  // MARK: One operand, and logic

  static func apply(_ symbol: UnaryOperator, _ value: Value) throws -> Value {
    switch symbol {
    case .not:
      if let tensor = value.storedTensor, tensor.rank > 0 {
        guard tensor.dtype == .bool else {
          throw ScriptError.kind("not", expected: "booleans", found: value)
        }
        return .tensor(try tensor.negatedLogic())
      }
      return .bool(try !Truth.of(value))
    case .negate:
      if case .object(let object) = value,
        let result = try object.operate(.multiply, with: .number(-1), isLeft: true)
      {
        return result
      }
      switch try Operand(value) {
      case .number(let number): return .number(-number)
      case .tensor(let tensor): return .tensor(try -tensor)
      case nil: throw ScriptError.message("`-` does not go with \(value.description)")
      }
    case .plus:
      guard try Operand(value) != nil else {
        throw ScriptError.message("`+` does not go with \(value.description)")
      }
      return value
    }
  }

  /// `and` or `or`, one by one on tensors of booleans.
  static func logic(_ isAnd: Bool, _ left: Value, _ right: Value) throws -> Value {
    if case .bool(let a) = left, case .bool(let b) = right { return .bool(isAnd ? a && b : a || b) }
    let (a, b) = (try Conversion.tensor(left), try Conversion.tensor(right))
    guard a.dtype == .bool, b.dtype == .bool else {
      throw ScriptError.operands(isAnd ? "and" : "or", left, right)
    }
    return Conversion.value(try isAnd ? a.both(b) : a.either(b))
  }
}

extension ListObject {
  /// Whether arithmetic may take it for a tensor.
  fileprivate var isNumeric: Bool { !elements.isEmpty && elements.allSatisfy(\.isNumeric) }
}
