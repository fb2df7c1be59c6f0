import Tensors

/// What `for x in values` walks over.
package enum Iteration {
  /// A function that gives one element after the other, then nil.
  package typealias Next = () throws -> Value?

  /// Throws: where the value cannot be walked.
  static func start(_ value: Value, _ interpreter: Interpreter) throws -> Next {
    switch value {
    case .list(let list):
      var next = 0
      // The list may grow or shrink meanwhile.
      return {
        guard next < list.elements.count else { return nil }
        next += 1
        return list.elements[next - 1]
      }
    case .tuple(let elements): return over(elements)
    case .text(let text): return over(text.map { .text(String($0)) })
    case .record(let record): return over(record.names.map { .text($0) })
    case .tensor(let tensor): return try start(tensor, value)
    case .variable(let variable): return try start(variable.tensor, value)
    case .object(let object):
      if let next = try object.makeIterator(interpreter) { return next }
    case .none:
      throw ScriptError.message(
        "expected something to walk over, found none",
        hints: [
          "what changes a list in place gives nothing back: `reversed(xs)` and `sorted(xs)` make a new one"
        ])
    case .number:
      throw ScriptError.message(
        "expected something to walk over, found \(value.description)",
        hints: ["`1..n` counts from 1 to n"])
    case .bool, .function, .distribution, .dtype: break
    }
    throw ScriptError.kind("", expected: "something to walk over", found: value)
  }

  /// The whole numbers from one to another, both included.
  static func start(from low: Int, through high: Int) -> Next {
    var next = low
    return {
      guard next <= high else { return nil }
      next += 1
      return .number(Double(next - 1))
    }
  }

  private static func over(_ elements: [Value]) -> Next {
    var rest = elements[...]
    return { rest.popFirst() }
  }

  /// Integers and booleans of a vector come as plain ones, everything else as slices.
  private static func start(_ tensor: Tensor, _ value: Value) throws -> Next {
    guard tensor.rank > 0 else {
      throw ScriptError.message(
        "expected something to walk over, found a single number",
        hints: ["`1..n` counts from 1 to n"])
    }
    let count = tensor.shape[0]
    var next = 0
    let isPlain = tensor.rank == 1 && !tensor.dtype.isFloating
    return {
      guard next < count else { return nil }
      next += 1
      if isPlain {
        let item = tensor[flat: next - 1]
        return tensor.dtype == .bool ? .bool(item != 0) : .number(item)
      }
      return .tensor(try tensor.indexed([.at(next - 1)]))
    }
  }

  /// All elements; nil where the value cannot be walked.
  package static func elements(of value: Value, _ interpreter: Interpreter) throws -> [Value]? {
    switch value {
    case .list(let list): return list.elements
    case .tuple(let elements): return elements
    case .none, .bool, .number, .function, .distribution, .dtype: return nil
    case .tensor(let tensor) where tensor.rank == 0: return nil
    case .variable(let variable) where variable.tensor.rank == 0: return nil
    case .text, .record, .tensor, .variable: break
    case .object(let object):
      guard let next = try object.makeIterator(interpreter) else { return nil }
      return try all(next)
    }
    return try all(start(value, interpreter))
  }

  private static func all(_ next: Next) throws -> [Value] {
    var elements: [Value] = []
    while let value = try next() {
      try Interrupt.poll()
      elements.append(value)
    }
    return elements
  }

  /// How many elements `len(x)` finds; nil where it has none.
  static func count(of value: Value) -> Int? {
    switch value {
    case .list(let list): list.elements.count
    case .tuple(let elements): elements.count
    case .text(let text): text.count
    case .record(let record): record.count
    case .tensor(let tensor): tensor.rank == 0 ? nil : tensor.shape[0]
    case .variable(let variable): variable.tensor.rank == 0 ? nil : variable.tensor.shape[0]
    case .object(let object): object.count
    case .none, .bool, .number, .function, .distribution, .dtype: nil
    }
  }
}
