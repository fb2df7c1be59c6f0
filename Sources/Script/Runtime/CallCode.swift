/// One argument of a call, compiled.
struct ArgumentCode {
  /// Empty for one by position.
  let label: String
  let value: Code
}

/// Arguments by position, each with the next.
final class ArgumentChain {
  private let value: Code
  private let next: ArgumentChain?

  private init(_ value: Code, _ next: ArgumentChain?) {
    self.value = value
    self.next = next
  }

  static func of(_ codes: ArraySlice<Code>) -> ArgumentChain? {
    codes.reversed().reduce(nil) { ArgumentChain($1, $0) }
  }

  /// Puts the arguments, worked out in one frame, into the first slots of another.
  func fill(_ inner: Frame, _ slot: Int, _ frame: Frame) throws {
    inner[slot] = try value.evaluate(frame)
    try next?.fill(inner, slot + 1, frame)
  }
}

extension Frame {
  /// Calls a function for the code at a span; errors within it learn who called.
  ///
  /// `parts` are the arguments as they are written, for errors that blame one of them.
  func call(
    _ function: any Callable, _ arguments: CallArguments, at span: Span, parts: [ArgumentCode] = []
  ) throws -> Value {
    do {
      let value = try interpreter.call(function, arguments)
      mark(value, at: span)
      return value
    } catch let error as ArgumentError {
      let before = parts.prefix(error.index + 1)
      let isThere = before.count == error.index + 1 && before.allSatisfy(\.label.isEmpty)
      throw located(error.error, at: isThere ? before.last?.value.span ?? span : span)
    } catch {
      let blamed = (function as? BuiltinFunction)?.builtin.argument(blamedBy: error, parts)
      throw traced(error, function.name, at: blamed ?? span, isScript: function is Closure)
    }
  }

  /// Calls a function of the script whose arguments are in its frame already.
  func run(_ closure: Closure, _ frame: Frame, at span: Span) throws -> Value {
    do {
      try interpreter.enter()
      defer { interpreter.depth -= 1 }
      return try closure.run(frame)
    } catch { throw traced(error, closure.name, at: span, isScript: true) }
  }

  private func traced(
    _ error: any Error, _ name: String, at span: Span, isScript: Bool
  ) -> any Error {
    guard var inner = error as? LocatedError else { return located(error, at: span) }
    if isScript { inner.add(LocatedError.Caller(function: name, span: span, source: source)) }
    return inner
  }

  func arguments(_ codes: [ArgumentCode]) throws -> CallArguments {
    var arguments = CallArguments()
    for code in codes {
      let value = try code.value.evaluate(self)
      if code.label.isEmpty {
        arguments.positional.append(value)
      } else {
        arguments.named.append((code.label, value))
      }
    }
    return arguments
  }
}

/// `f(a, b=c)`.
final class CallCode: Code {
  private let callee: Code
  private let arguments: [ArgumentCode]
  /// The arguments, where all are by position.
  private let chain: ArgumentChain?
  private let isPositional: Bool
  private let count: Int
  private let isCommand: Bool
  /// For an argument that is a plain name, how to set it: what `step opt, loss` needs.
  private let targets: [TargetCode?]

  init(
    _ callee: Code, _ arguments: [ArgumentCode], isCommand: Bool, targets: [TargetCode?],
    _ span: Span
  ) {
    self.callee = callee
    self.arguments = arguments
    self.isCommand = isCommand
    self.targets = targets
    isPositional = arguments.allSatisfy(\.label.isEmpty)
    count = arguments.count
    chain = ArgumentChain.of(arguments.map(\.value)[...])
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let target = try callee.evaluate(frame)
    if isPositional, case .function(let function) = target, let closure = function as? Closure,
      count <= closure.code.parameterCount
    {
      return try call(closure, frame)
    }
    guard let function = frame.interpreter.callable(target) else {
      throw frame.located(notCallable(target), at: callee.span)
    }
    let given: CallArguments
    do {
      given = try frame.arguments(arguments)
    } catch let error as LocatedError {
      guard let builtin = (function as? BuiltinFunction)?.builtin else { throw error }
      throw builtin.hinting(at: error, arguments, frame.source)
    }
    let value = try frame.call(
      function, given, at: callee.span, parts: arguments)
    if let i = (function as? BuiltinFunction)?.rebinds, i < targets.count, let name = targets[i] {
      try name.assign(value, frame)
    }
    return value
  }

  /// The arguments go straight to their places in the function's frame.
  private func call(_ closure: Closure, _ frame: Frame) throws -> Value {
    let inner = closure.makeFrame(frame.interpreter)
    try chain?.fill(inner, 0, frame)
    if count < closure.code.parameterCount {
      do {
        try closure.fillDefaults(inner)
      } catch { throw frame.located(error, at: callee.span) }
    }
    return try frame.run(closure, inner, at: callee.span)
  }

  private func notCallable(_ value: Value) -> ScriptError {
    let error = ScriptError.notCallable(value.description)
    guard isCommand else {
      guard value.isNumeric else { return error }
      return .message(error.message, hints: ["a product needs its `*`: `(a + b) * (c + d)`"])
    }
    return .message(
      error.message,
      hints: [
        "a name, a blank and a value make a call; a difference has a blank on both sides: `x - 1`"
      ]
    )
  }
}

/// `x.f(b)`: the record's field, else the value's own method, else `f(x, b)`.
final class MethodCallCode: Code {
  private let base: Code
  private let name: Name
  private let arguments: [ArgumentCode]
  /// What the name means as a function.
  private let function: Code

  init(_ base: Code, _ name: Name, _ arguments: [ArgumentCode], function: Code, _ span: Span) {
    self.base = base
    self.name = name
    self.arguments = arguments
    self.function = function
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let receiver = try base.evaluate(frame)
    let interpreter = frame.interpreter
    if case .record(let record) = receiver, let field = record[name.text],
      let target = interpreter.callable(field)
    {
      return try frame.call(target, frame.arguments(arguments), at: name.span)
    }
    if let method = Members.method(receiver, name.text, interpreter) {
      return try frame.call(
        method, frame.arguments(arguments), at: name.span, parts: arguments)
    }
    if case .object = receiver, let value = try Members.attribute(receiver, name.text),
      let target = interpreter.callable(value)
    {
      return try frame.call(target, frame.arguments(arguments), at: name.span)
    }
    return try call(receiver, frame)
  }

  private func call(_ receiver: Value, _ frame: Frame) throws -> Value {
    let target: Value
    do {
      target = try function.evaluate(frame)
    } catch let error as LocatedError {
      // The name means nothing at all: it might be a misspelt method or attribute.
      if try Members.attribute(receiver, name.text) != nil {
        throw valueNotCallable(receiver, frame)
      }
      if receiver.storedTensor != nil, frame.interpreter.methods["list"]?[name.text] != nil {
        throw frame.located(
          ScriptError.message(
            "\(receiver.description) has no `\(name.text)`",
            hints: ["a bracket of numbers is a tensor: start from an empty list, `[]`"]),
          at: name.span)
      }
      let known = frame.interpreter.memberNames(of: receiver)
      let near = DidYouMean.suggestion(for: name.text, among: known)
      let isMethod = frame.interpreter.methods.values.contains { $0[name.text] != nil }
      guard near != nil || isMethod else { throw error }
      let missing = ScriptError.noMember(name.text, of: receiver.description, suggestion: near)
      throw frame.located(missing, at: name.span)
    }
    guard let callable = frame.interpreter.callable(target) else {
      throw frame.located(ScriptError.notCallable(target.description), at: name.span)
    }
    var given = try frame.arguments(arguments)
    if arguments.isEmpty, case .distribution = receiver,
      let value = try Members.attribute(receiver, name.text)
    {
      return value
    }
    given.positional.insert(receiver, at: 0)
    // The receiver is the first argument by position: only those by name keep their places.
    let named = arguments.filter { !$0.label.isEmpty }
    return try frame.call(callable, given, at: name.span, parts: named)
  }

  private func valueNotCallable(_ receiver: Value, _ frame: Frame) -> any Error {
    frame.located(
      ScriptError.message(
        "`\(name.text)` of \(receiver.description) is no function",
        hints: ["write it without parentheses: `.\(name.text)`"]), at: name.span)
  }
}

/// `E(z ~ q, f(z), n=100)`: the draws and what comes after them are handed over unevaluated.
final class DrawingCallCode: Code {
  struct Draw {
    let pattern: PatternCode
    let source: Code
  }

  private let callee: Code
  private let draws: [Draw]
  private let bodies: [Code]
  private let named: [ArgumentCode]

  init(_ callee: Code, _ draws: [Draw], _ bodies: [Code], _ named: [ArgumentCode], _ span: Span) {
    self.callee = callee
    self.draws = draws
    self.bodies = bodies
    self.named = named
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let target = try callee.evaluate(frame)
    guard let function = frame.interpreter.callable(target) else {
      throw frame.located(ScriptError.notCallable(target.description), at: callee.span)
    }
    guard (function as? BuiltinFunction)?.builtin.takesDraws ?? false else {
      throw frame.located(
        ScriptError.message("\(target.description) takes no draws: `~` has no place in its call"),
        at: callee.span)
    }
    var arguments = try frame.arguments(named)
    arguments.draws = DrawnArguments(
      sources: draws.enumerated().map { place, draw in part(draw.source, after: place, frame) },
      bodies: bodies.map { part($0, after: draws.count, frame) })
    return try frame.call(function, arguments, at: callee.span, parts: named)
  }

  private func part(_ code: Code, after count: Int, _ frame: Frame) -> DrawnArguments.Part {
    DrawnArguments.Part(
      value: { [draws] values in
        for (draw, value) in zip(draws[..<count], values) { try draw.pattern.bind(value, frame) }
        return try code.evaluate(frame)
      },
      located: { frame.located($0, at: code.span) })
  }
}

/// `x.f` without a call.
final class MemberCode: Code {
  private let base: Code
  private let name: Name

  init(_ base: Code, _ name: Name, _ span: Span) {
    self.base = base
    self.name = name
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let value = try base.evaluate(frame)
    if case .record(let record) = value, let field = record[name.text] { return field }
    do {
      return try Members.read(value, name.text, frame.interpreter)
    } catch { throw frame.located(error, at: name.span) }
  }
}

/// `builtin.kl`: what a name meant before the script gave it another meaning.
final class BuiltinNameCode: Code {
  private let cell: Globals.Cell

  init(_ cell: Globals.Cell, _ span: Span) {
    self.cell = cell
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    if let value = cell.builtin { return value }
    let known = frame.interpreter.builtins.map(\.name)
    let suggestion = DidYouMean.suggestion(for: cell.name, among: known)
    throw frame.located(
      ScriptError.noMember(cell.name, of: "builtin", suggestion: suggestion), at: span)
  }
}

/// `x[i, a:b]`.
final class IndexCode: Code {
  private let base: Code
  private let subscripts: [SubscriptCode]

  init(_ base: Code, _ subscripts: [SubscriptCode], _ span: Span) {
    self.base = base
    self.subscripts = subscripts
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let value = try base.evaluate(frame)
    let indices = try subscripts.map { try $0.evaluate(frame) }
    do {
      return try Indexing.element(value, indices)
    } catch { throw frame.located(error, at: Span(base.span.end, span.end)) }
  }
}

/// One subscript, compiled.
enum SubscriptCode {
  case value(Code)
  case slice(Code?, Code?, Code?)
  case ellipsis
  case newAxis

  func evaluate(_ frame: Frame) throws -> Index {
    switch self {
    case .value(let code): return .value(try code.evaluate(frame))
    case .slice(let low, let high, let step):
      return .slice(try bound(low, frame), try bound(high, frame), try bound(step, frame))
    case .ellipsis: return .ellipsis
    case .newAxis: return .newAxis
    }
  }

  private func bound(_ code: Code?, _ frame: Frame) throws -> Int? {
    guard let code else { return nil }
    let value = try code.evaluate(frame)
    if value.isNone { return nil }
    if let whole = Conversion.whole(value) {
      // Far beyond any extent; sums with extents stay within Int.
      return min(max(whole, -(1 << 48)), 1 << 48)
    }
    throw frame.located(
      ScriptError.kind("slice", expected: "a whole number", found: value), at: code.span)
  }
}

/// A function where it is written: it takes the variables around it along.
final class FunctionLiteralCode: Code {
  private let code: FunctionCode

  init(_ code: FunctionCode, _ span: Span) {
    self.code = code
    super.init(span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let defaults = try code.parameters.map { try $0.defaultValue?.evaluate(frame) }
    return .function(Closure(code, defaults: defaults, parent: frame))
  }
}
