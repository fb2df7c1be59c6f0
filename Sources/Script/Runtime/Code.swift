import Tensors

/// A compiled node of the tree: names are resolved, nothing is looked up twice.
class Code {
  let span: Span

  init(_ span: Span) { self.span = span }

  func evaluate(_ frame: Frame) throws -> Value { .none }

  /// As a statement: control may leave it otherwise than at its end.
  func execute(_ frame: Frame) throws -> Flow {
    _ = try evaluate(frame)
    return .normal
  }

  /// As the last thing a function does: a `return` in it gives its value.
  func tail(_ frame: Frame) throws -> Value { try evaluate(frame) }
}

final class ConstantCode: Code {
  private let value: Value

  init(_ value: Value, _ span: Span) {
    self.value = value
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value { value }
}

/// A variable of the function itself.
final class LocalCode: Code {
  let slot: Int
  private let name: String

  init(_ slot: Int, _ name: String, _ span: Span) {
    self.slot = slot
    self.name = name
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    if let value = frame[slot] { return value }
    throw frame.located(ScriptError.unset(name), at: span)
  }
}

/// A variable of a function around this one.
final class CapturedCode: Code {
  private let depth: Int
  private let slot: Int
  private let name: String

  init(_ depth: Int, _ slot: Int, _ name: String, _ span: Span) {
    self.depth = depth
    self.slot = slot
    self.name = name
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    if let value = frame.outer(depth)[slot] { return value }
    throw frame.located(ScriptError.unset(name), at: span)
  }
}

final class GlobalCode: Code {
  let cell: Globals.Cell

  init(_ cell: Globals.Cell, _ span: Span) {
    self.cell = cell
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    if let value = cell.value ?? cell.builtin { return value }
    let names = frame.interpreter.names
    let suggestion = DidYouMean.suggestion(for: cell.name, among: names)
    throw frame.located(ScriptError.undefined(cell.name, suggestion: suggestion), at: span)
  }
}

final class ListCode: Code {
  private let elements: [Code]
  /// Whether every element is a bracket itself: `[[1, 2], [3, 4]]` is a matrix, `[w, b]` a list.
  private let isNested: Bool

  init(_ elements: [Code], isNested: Bool, _ span: Span) {
    self.elements = elements
    self.isNested = isNested
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for element in elements { values.append(try element.evaluate(frame)) }
    do {
      return try Self.bracket(
        values, isNested: isNested, type: frame.interpreter.defaultType)
    } catch { throw frame.located(error, at: span) }
  }

  /// Numbers make a tensor, and so do brackets of numbers of one shape; anything else makes a list.
  static func bracket(
    _ values: [Value], isNested: Bool, type: DType
  ) throws -> Value {
    if let tensor = try Conversion.tensorOfNumbers(values, type) { return .tensor(tensor) }
    let rows = isNested ? values.compactMap(\.storedTensor) : []
    if let first = rows.first, rows.count == values.count,
      rows.allSatisfy({ $0.shape == first.shape })
    {
      return .tensor(try Conversion.tensor(.tuple(values)))
    }
    return .list(ListObject(values))
  }
}

final class TupleCode: Code {
  private let elements: [Code]

  init(_ elements: [Code], _ span: Span) {
    self.elements = elements
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    .tuple(try elements.map { try $0.evaluate(frame) })
  }
}

final class RecordCode: Code {
  private let fields: [(name: String, value: Code)]

  init(_ fields: [(name: String, value: Code)], _ span: Span) {
    self.fields = fields
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    .record(RecordObject(try fields.map { ($0.name, try $0.value.evaluate(frame)) }))
  }
}

/// `low..high`, both included.
final class RangeCode: Code {
  let low: Code
  let high: Code

  init(_ low: Code, _ high: Code, _ span: Span) {
    self.low = low
    self.high = high
    super.init(span)
  }

  func bounds(_ frame: Frame) throws -> (low: Int, high: Int) {
    func bound(_ code: Code) throws -> Int {
      let value = try code.evaluate(frame)
      if let whole = Conversion.whole(value), whole.magnitude < 1 << 53 { return whole }
      throw frame.located(
        ScriptError.kind("", expected: "a whole number", found: value), at: code.span)
    }
    return (try bound(low), try bound(high))
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let (low, high) = try bounds(frame)
    do {
      return .tensor(try Numbers.range(low, high + 1, 1))
    } catch { throw frame.located(error, at: span) }
  }
}

/// A text with values in it.
final class TextCode: Code {
  enum Part {
    case text(String)
    case value(Code, FormatSpecification?)
  }

  private let parts: [Part]

  init(_ parts: [Part], _ span: Span) {
    self.parts = parts
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    var text = ""
    for part in parts {
      switch part {
      case .text(let piece): text += piece
      case .value(let code, let format):
        let value = try code.evaluate(frame)
        do {
          text += try Formatting.text(value, format)
        } catch { throw frame.located(error, at: code.span) }
      }
    }
    return .text(text)
  }
}
