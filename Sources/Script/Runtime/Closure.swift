/// A function of the script, compiled.
final class FunctionCode {
  struct Parameter {
    let name: String
    let defaultValue: Code?
  }

  let name: String
  /// In this order in the first slots of a frame.
  let parameters: [Parameter]
  let parameterCount: Int
  let source: Source
  /// From its first parameter to the end of its body.
  let span: Span
  let body: Code
  private(set) var slotCount = 0
  private(set) var usedGlobals: [Globals.Cell] = []
  private(set) var usedSlots: [(depth: Int, index: Int)] = []

  init(_ name: String, _ parameters: [Parameter], _ body: Code, _ source: Source, _ span: Span) {
    self.name = name
    self.parameters = parameters
    parameterCount = parameters.count
    self.body = body
    self.source = source
    self.span = span
  }

  func finish(_ scope: Scope) {
    slotCount = scope.slotCount
    usedGlobals = scope.usedGlobals
    usedSlots = scope.usedSlots
  }

  func indexOfParameter(_ name: String) -> Int? { parameters.firstIndex { $0.name == name } }
}

/// A function of the script with the variables around it, which it shares.
final class Closure: Callable {
  let code: FunctionCode
  private let defaults: [Value?]
  private let parent: Frame

  init(_ code: FunctionCode, defaults: [Value?], parent: Frame) {
    self.code = code
    self.defaults = defaults
    self.parent = parent
  }

  var name: String { code.name }
  var display: String { code.source.text(code.span) }
  var source: Source { code.source }
  var parameterNames: [String] { code.parameters.map(\.name) }

  /// `f(x, beta=1)`.
  var signature: String {
    let parameters = zip(code.parameters, defaults).map { parameter, value in
      parameter.name + (value.map { "=" + Display.short($0) } ?? "")
    }
    return "\(name.isEmpty ? "f" : name)(\(parameters.joined(separator: ", ")))"
  }

  /// Does not count the call: see `Interpreter.call`.
  func call(_ arguments: CallArguments, in interpreter: Interpreter) throws -> Value {
    let frame = makeFrame(interpreter)
    try bind(arguments, frame)
    return try run(frame)
  }

  func makeFrame(_ interpreter: Interpreter) -> Frame {
    Frame(slotCount: code.slotCount, parent: parent, interpreter, code.source)
  }

  func run(_ frame: Frame) throws -> Value { try code.body.tail(frame) }

  private func bind(_ arguments: CallArguments, _ frame: Frame) throws {
    let parameters = code.parameters
    guard arguments.positional.count <= parameters.count else {
      throw prefixed(
        .tooManyArguments(expected: parameters.count, found: arguments.positional.count))
    }
    for (slot, value) in arguments.positional.enumerated() { frame[slot] = value }
    for (name, value) in arguments.named {
      guard let i = code.indexOfParameter(name) else {
        let known = parameters.map(\.name)
        throw prefixed(
          .unknownArgument(
            name, suggestion: DidYouMean.suggestion(for: name, among: known), known: known))
      }
      guard frame[i] == nil else { throw prefixed(.repeatedArgument(name)) }
      frame[i] = value
    }
    try fillDefaults(frame)
  }

  /// Gives parameters without an argument their defaults.
  func fillDefaults(_ frame: Frame) throws {
    for (i, parameter) in code.parameters.enumerated() where frame[i] == nil {
      guard let value = defaults[i] else { throw prefixed(.missingArgument(parameter.name)) }
      frame[i] = value
    }
  }

  private func prefixed(_ error: ScriptError) -> ScriptError {
    guard !name.isEmpty else { return error }
    return .message("\(name): \(error.message)", hints: error.hints)
  }

  func referenced(in interpreter: Interpreter) -> [Value] {
    let captured = code.usedSlots.compactMap { place in
      let frame = parent.outer(place.depth - 1)
      return place.index < frame.slotCount ? frame[place.index] : nil
    }
    let globals = code.usedGlobals.compactMap { $0.value }
    return captured + globals + defaults.compactMap { $0 }
  }
}

/// `f >> g`: first f, then g.
package final class Composition: Callable {
  package let parts: [any Callable]

  init(_ first: any Callable, _ second: any Callable) {
    parts = Self.parts(first) + Self.parts(second)
  }

  private static func parts(_ function: any Callable) -> [any Callable] {
    (function as? Composition)?.parts ?? [function]
  }

  package var name: String { "" }
  package var display: String {
    parts.map { $0.name.isEmpty ? "(\($0.display))" : $0.name }.joined(separator: " >> ")
  }

  package func call(_ arguments: CallArguments, in interpreter: Interpreter) throws -> Value {
    var arguments = arguments
    for part in parts.dropLast() {
      arguments = CallArguments([try interpreter.call(part, arguments)])
    }
    guard let last = parts.last else { return .none }
    return try interpreter.call(last, arguments)
  }

  package func referenced(in interpreter: Interpreter) -> [Value] { parts.map { .function($0) } }
}
