import Distributions
import Tensors

/// One call of a builtin: its arguments, matched with its parameters, and the session around it.
///
/// An accessor takes the place of a parameter in the signature, checks the kind of its argument, and
/// throws an error that names it: `dim: expected a whole number, found "x"`.
package struct Invocation {
  /// By reference: a builtin has many parts, and is not to be copied at each call.
  private let function: BuiltinFunction
  package let interpreter: Interpreter
  /// One for each parameter; nil where it was left out or is collective.
  private var values: [Value?]
  /// Positional arguments beyond the parameters.
  package private(set) var rest: [Value] = []
  /// Named arguments beyond the parameters.
  package private(set) var options: [(name: String, value: Value)] = []
  package let draws: DrawnArguments?

  /// Throws: where arguments are missing, unknown, given twice or too many.
  init(_ function: BuiltinFunction, _ arguments: CallArguments, _ interpreter: Interpreter) throws {
    self.function = function
    self.interpreter = interpreter
    draws = arguments.draws
    values = [Value?](repeating: nil, count: function.builtin.parameters.count)
    try bindPositional(arguments.positional)
    for (name, value) in arguments.named { try bind(name, value) }
    for (i, p) in function.builtin.parameters.enumerated()
    where values[i] == nil && p.fallback == nil {
      throw ScriptError.missingArgument(p.name)
    }
  }

  private mutating func bindPositional(_ given: [Value]) throws {
    let parameters = function.builtin.parameters
    var next = 0
    for (place, value) in given.enumerated() {
      guard next < parameters.count, parameters[next].form != .named,
        parameters[next].form != .options
      else {
        let most = parameters.count { $0.form == .one || $0.form == .spread }
        throw ScriptError.tooManyArguments(expected: most, found: given.count)
      }
      switch parameters[next].form {
      case .rest:
        rest = Array(given[place...])
        return
      case .spread where isWhole(value):
        let numbers = given[place...].prefix { isWhole($0) }
        values[next] = numbers.count == 1 ? value : .tuple(Array(numbers))
        if place + numbers.count == given.count { return }
        var remaining = Array(given[(place + numbers.count)...])
        if parameters.count > next + 1 {
          try bindRemaining(&remaining, from: next + 1)
          return
        }
        throw ScriptError.tooManyArguments(expected: next + 1, found: given.count)
      default: values[next] = value
      }
      next += 1
    }
  }

  private mutating func bindRemaining(_ given: inout [Value], from first: Int) throws {
    for (offset, value) in given.enumerated() {
      let i = first + offset
      guard i < function.builtin.parameters.count, function.builtin.parameters[i].form == .one
      else {
        throw ScriptError.tooManyArguments(expected: i, found: first + given.count)
      }
      values[i] = value
    }
  }

  private func isWhole(_ value: Value) -> Bool {
    if case .bool = value { return false }
    return value.sequence == nil && value.scalar != nil
  }

  private mutating func bind(_ name: String, _ value: Value) throws {
    if let i = parameter(name) ?? ForeignNames.arguments[name]?.lazy.compactMap(parameter).first {
      guard values[i] == nil else { throw ScriptError.repeatedArgument(name) }
      values[i] = value
    } else if function.builtin.parameters.contains(where: { $0.form == .options }) {
      options.append((name, value))
    } else {
      let known = function.builtin.parameters.filter { !$0.isCollective }.map(\.name)
      throw ScriptError.unknownArgument(
        name, suggestion: DidYouMean.suggestion(for: name, among: known), known: known)
    }
  }

  private func parameter(_ name: String) -> Int? {
    function.builtin.parameters.firstIndex { $0.name == name && !$0.isCollective }
  }
}

// MARK: Reading

extension Invocation {
  package var builtin: Builtin { function.builtin }

  package var generator: Generator { interpreter.generator }

  /// Shows whole lines of text.
  package func print(_ text: String) { interpreter.output(.text(text)) }

  /// Whether an argument was given, and is not none.
  package func isGiven(_ i: Int) -> Bool { optional(i) != nil }

  /// Whether an argument was given, be it none.
  package func wasGiven(_ i: Int) -> Bool { values.indices.contains(i) && values[i] != nil }

  /// The argument or the parameter's default.
  package func value(_ i: Int) -> Value {
    values.indices.contains(i)
      ? values[i] ?? function.builtin.parameters[i].fallback ?? .none : .none
  }

  /// The argument or the parameter's default; nil where that is none.
  package func optional(_ i: Int) -> Value? {
    let value = value(i)
    return value.isNone ? nil : value
  }

  func name(_ i: Int) -> String {
    function.builtin.parameters.indices.contains(i)
      ? function.builtin.parameters[i].name : "argument \(i + 1)"
  }

  /// The error of an argument that is not what was expected.
  package func mismatch(_ i: Int, _ expected: String) -> ScriptError {
    .kind(name(i), expected: expected, found: value(i))
  }

  /// A tensor, or what makes one: a number, a boolean, a list or tuple of such.
  package func tensor(_ i: Int) throws -> Tensor {
    try Conversion.tensor(value(i), name(i))
  }

  package func optionalTensor(_ i: Int) throws -> Tensor? { isGiven(i) ? try tensor(i) : nil }

  /// The tensors of a list or a tuple, or a tensor's slices.
  package func tensors(_ i: Int) throws -> [Tensor] { try Conversion.tensors(value(i), name(i)) }

  package func number(_ i: Int) throws -> Double {
    guard let number = value(i).scalar else { throw mismatch(i, "a number") }
    return number
  }

  package func optionalNumber(_ i: Int) throws -> Double? { isGiven(i) ? try number(i) : nil }

  /// A whole number.
  package func size(_ i: Int) throws -> Int {
    guard let size = Conversion.whole(value(i)) else { throw mismatch(i, "a whole number") }
    return size
  }

  package func optionalSize(_ i: Int) throws -> Int? { isGiven(i) ? try size(i) : nil }

  /// Whole numbers: one, a tuple, a list, or a tensor such as `[0, 1]`.
  package func sizes(_ i: Int) throws -> [Int] {
    guard let sizes = Conversion.wholes(value(i)) else {
      throw mismatch(i, "a whole number or several")
    }
    return sizes
  }

  package func optionalSizes(_ i: Int) throws -> [Int]? { isGiven(i) ? try sizes(i) : nil }

  package func text(_ i: Int) throws -> String {
    guard case .text(let text) = value(i) else { throw mismatch(i, "a text") }
    return text
  }

  package func optionalText(_ i: Int) throws -> String? { isGiven(i) ? try text(i) : nil }

  package func flag(_ i: Int) throws -> Bool {
    switch value(i) {
    case .bool(let flag): return flag
    case let value:
      guard let tensor = value.storedTensor, tensor.dtype == .bool, let item = tensor.item else {
        throw mismatch(i, "true or false")
      }
      return item != 0
    }
  }

  /// Anything that can be called, layers included.
  package func function(_ i: Int) throws -> any Callable {
    guard let function = interpreter.callable(value(i)) else { throw noFunction(i) }
    return function
  }

  /// Another value than the function that was expected: of a number it was the formula that was meant.
  func noFunction(_ i: Int) -> ScriptError {
    let error = mismatch(i, "a function")
    guard value(i).isNumeric else { return error }
    return .message(
      error.message, hints: ["a function is written `x -> x^2`; a formula is a number"])
  }

  /// The elements of a list, a tuple, or a tensor's first dimension.
  package func list(_ i: Int) throws -> [Value] {
    guard let elements = try Iteration.elements(of: value(i), interpreter) else {
      throw mismatch(i, "a list")
    }
    return elements
  }

  package func record(_ i: Int) throws -> RecordObject {
    guard case .record(let record) = value(i) else { throw mismatch(i, "a record") }
    return record
  }

  package func dtype(_ i: Int) throws -> DType {
    guard let type = value(i).asDType else {
      throw mismatch(i, "float32, float64, int64 or bool")
    }
    return type
  }

  package func optionalDType(_ i: Int) throws -> DType? { isGiven(i) ? try dtype(i) : nil }

  package func distribution(_ i: Int) throws -> any Distribution {
    guard case .distribution(let distribution) = value(i) else {
      throw mismatch(i, "a distribution")
    }
    return distribution
  }

  package func variable(_ i: Int) throws -> Variable {
    guard case .variable(let variable) = value(i) else { throw mismatch(i, "a param(...)") }
    return variable
  }

  /// Calls a function with positional arguments.
  package func apply(_ function: any Callable, _ arguments: Value...) throws -> Value {
    try interpreter.call(function, CallArguments(arguments))
  }
}
