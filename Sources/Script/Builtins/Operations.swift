import Tensors

/// Lifts the engine's operations into builtins: name, arguments and help follow from each declaration.
enum Operations {
  static func builtins() -> [Builtin] {
    OperationCatalogue.all.entries.map { lift($0.name, $0.section, $0.operation) }
  }

  private static func lift(_ name: String, _ family: String, _ operation: Operation) -> Builtin {
    let all = operation.parameters
    var parameters = all.enumerated().map { i, p in
      parameter(p, followers: all[(i + 1)...])
    }
    if let rest = all.firstIndex(where: { $0.kind == .operands }) {
      for i in (rest + 1)..<max(parameters.count, rest + 1) { parameters[i].form = .named }
    }
    let readsText = ["int", "float", "double"].contains(name)
    var builtin = Builtin(name, in: family, parameters, about: operation.about) { call in
      if readsText, case .text(let text) = call.value(0) { return try number(in: text, name) }
      return try evaluate(operation, call)
    }
    builtin.waitsForTensor = true
    builtin.layerDefaults = operation.layerDefaults.map { ($0.key, value($0.value)) }
    if let unary = operation.unary {
      builtin.onTensor = { Conversion.plain(try unary($0), if: false) }
    } else if all.first?.kind == .tensor, all.dropFirst().allSatisfy({ !$0.isRequired }) {
      builtin.onTensor = { tensor in
        var arguments = all.map { $0.fallback ?? .none }
        arguments[0] = .tensor(tensor)
        return try value(operation, arguments, isPlain: false)
      }
    }
    return builtin
  }

  /// `int("3")`, `float("2.5")`.
  private static func number(in text: String, _ type: String) throws -> Value {
    let trimmed = String(text.filter { !$0.isWhitespace })
    guard let number = type == "int" ? Int(trimmed).map(Double.init) : Double(trimmed) else {
      let kind = type == "int" ? "a whole number" : "a number"
      throw ScriptError.message(
        "\(type): expected a text that holds \(kind), found \(TextDisplay.quoted(text))")
    }
    return .number(number)
  }

  private static func parameter(
    _ p: Operation.Parameter, followers: ArraySlice<Operation.Parameter>
  ) -> Builtin.Parameter {
    // `zeros(2, 3)`, `x.permute(2, 0, 1)`; but in `full((2, 3), v)` and `split(x, 2, 1)` more follows.
    if p.kind == .operands { return .rest(p.name, .tensor) }
    let mayBeSpread =
      ["shape", "dims"].contains(p.name) && !followers.contains(where: \.isRequired)
      || p.name == "repeats" && followers.isEmpty
    let isSpread = p.kind == .sizes && mayBeSpread
    return Builtin.Parameter(
      p.name, kind(p.kind), p.fallback.map(value), form: isSpread ? .spread : .one)
  }

  private static func kind(_ kind: Operation.Kind) -> Builtin.Parameter.Kind {
    switch kind {
    case .tensor: .tensor
    case .tensors, .operands: .tensors
    case .size: .size
    case .sizes, .sizesOrText, .index: .sizes
    case .number: .number
    case .numberOrText: .any
    case .flag: .flag
    case .text: .text
    case .dtype: .dtype
    }
  }

  private static func value(_ argument: Operation.Argument) -> Value {
    switch argument {
    case .none, .tensor, .tensors: .none
    case .size(let size): .number(Double(size))
    case .sizes(let sizes): .tuple(sizes.map { .number(Double($0)) })
    case .number(let number): .number(number)
    case .flag(let flag): .bool(flag)
    case .text(let text): .text(text)
    case .dtype(let type): .dtype(type)
    }
  }

  private static func evaluate(
    _ operation: Operation, _ call: Invocation
  ) throws -> Value {
    var arguments: [Operation.Argument] = []
    arguments.reserveCapacity(operation.parameters.count)
    for (i, p) in operation.parameters.enumerated() {
      arguments.append(try argument(p, i, call))
    }
    let isPlain = adaptNumbers(&arguments, operation, call)
    return try value(operation, arguments, isPlain: isPlain)
  }

  private static func value(
    _ operation: Operation, _ arguments: [Operation.Argument], isPlain: Bool
  ) throws -> Value {
    switch try operation.evaluate(Arguments(arguments, operation.parameters)) {
    case .one(let tensor): return Conversion.plain(tensor, if: isPlain)
    case .several(let tensors): return .tuple(tensors.map { .tensor($0) })
    case .number(let number): return .number(number)
    }
  }

  private static func argument(
    _ p: Operation.Parameter, _ i: Int, _ call: Invocation
  ) throws -> Operation.Argument {
    if p.kind == .operands {
      let given = call.rest.count == 1 ? call.rest[0].sequence ?? call.rest : call.rest
      return .tensors(try given.map { try Conversion.tensor($0, p.name) })
    }
    guard call.isGiven(i) else {
      if p.isRequired { throw call.mismatch(i, "a value") }
      return .none
    }
    switch p.kind {
    case .tensor:
      // Where a tensor may also be a dimension, as in max(x, 0), a whole number is one, unless x is
      // itself a single number and has none.
      if p.name == "dim", call.value(i).isNumber,
        call.value(0).storedTensor.map({ $0.rank > 0 }) ?? (call.value(0).sequence != nil)
      {
        return .size(try call.size(i))
      }
      return .tensor(try call.tensor(i))
    case .tensors, .operands: return .tensors(try call.tensors(i))
    case .sizesOrText:
      if case .text(let text) = call.value(i) { return .text(text) }
      return .sizes(try call.sizes(i))
    case .size: return .size(try call.size(i))
    case .sizes: return .sizes(try call.sizes(i))
    case .number: return .number(try call.number(i))
    case .numberOrText:
      if case .text(let text) = call.value(i) { return .text(text) }
      return .number(try call.number(i))
    case .flag: return .flag(try call.flag(i))
    case .text: return .text(try call.text(i))
    case .dtype: return .dtype(call.interpreter.widened(try call.dtype(i)))
    case .index:
      if let tensor = call.value(i).storedTensor { return .tensor(tensor) }
      return .sizes(try call.sizes(i))
    }
  }

  /// Gives plain numbers among the tensors the type of the tensors they meet; whether all were plain numbers.
  private static func adaptNumbers(
    _ arguments: inout [Operation.Argument], _ operation: Operation, _ call: Invocation
  ) -> Bool {
    var numbers: [Int] = []
    var tensors: [Tensor] = []
    for (i, argument) in arguments.enumerated() {
      guard case .tensor(let handle) = argument else { continue }
      if call.value(i).isPlain { numbers.append(i) } else { tensors.append(handle.tensor) }
    }
    guard !tensors.isEmpty else {
      return !numbers.isEmpty
    }
    let floats = tensors.filter(\.dtype.isFloating)
    let type = (floats.first { $0.rank > 0 } ?? floats.first)?.dtype
    let hasIntegers = tensors.contains { $0.dtype == .int64 }
    for i in numbers {
      guard case .tensor(let handle) = arguments[i], let number = handle.tensor.item else {
        continue
      }
      let isWhole = hasIntegers && number == number.rounded() && abs(number) < 9e15
      if let adapted = try? Tensor(number, type ?? (isWhole ? .int64 : .float32)) {
        arguments[i] = .tensor(adapted)
      }
    }
    return false
  }
}

extension Value {
  /// Whether it is a number or a boolean that is no tensor.
  var isPlain: Bool {
    switch self {
    case .number, .bool: true
    default: false
    }
  }
}

/// An operation called without its tensor: `leaky_relu(negative_slope=0.2)` is a function of the tensor.
package final class PartialOperation: Callable {
  package let name: String
  package var display: String { name }
  private let whole: BuiltinFunction
  private let arguments: CallArguments
  private weak let interpreter: Interpreter?

  /// Nil where the arguments hold the tensor, or there is no tensor to wait for.
  init?(_ builtin: Builtin, _ arguments: CallArguments, _ interpreter: Interpreter) {
    guard let first = builtin.parameters.first, first.kind == .tensor, first.fallback == nil,
      first.form == .one,
      !arguments.named.contains(where: {
        $0.name == first.name || ForeignNames.arguments[$0.name]?.contains(first.name) == true
      })
    else { return nil }
    let takesSizes =
      ["Shaping", "Padding", "Pooling"].contains(builtin.section) && builtin.parameters.count > 1
    let holdsSizes = takesSizes && arguments.positional.allSatisfy(\.isSizes)
    guard arguments.positional.isEmpty || holdsSizes else { return nil }
    if arguments.positional.isEmpty, arguments.named.isEmpty,
      builtin.parameters.dropFirst().contains(where: { $0.fallback == nil })
    {
      return nil
    }
    let shown =
      arguments.positional.map { Display.short($0) }
      + arguments.named.map { "\($0.name)=\(Display.short($0.value))" }
    name = "\(builtin.name)(\(shown.joined(separator: ", ")))"
    whole = BuiltinFunction(builtin)
    var arguments = arguments
    if arguments.positional.isEmpty {
      let given = arguments.named.map(\.name)
      arguments.named += builtin.layerDefaults.filter { !given.contains($0.name) }
    }
    self.arguments = arguments
    self.interpreter = interpreter
  }

  package func call(_ given: CallArguments, in interpreter: Interpreter) throws -> Value {
    var all = arguments
    all.positional = given.positional + all.positional
    all.named += given.named
    return try whole.call(all, in: interpreter)
  }

  /// Its name and one argument by name, where that is all there is.
  package func named(_ argument: String) -> (operation: String, value: Double)? {
    guard arguments.positional.isEmpty, arguments.named.count == 1,
      arguments.named[0].name == argument,
      case .number(let value) = arguments.named[0].value
    else { return nil }
    return (whole.name, value)
  }

  /// As a layer.
  package func apply(_ x: Tensor) throws -> Tensor {
    guard let interpreter else { return x }
    return try Conversion.tensor(call(CallArguments([.tensor(x)]), in: interpreter), name)
  }
}

extension Value {
  /// Whether it can only be sizes: a whole number, or a tuple of them.
  fileprivate var isSizes: Bool {
    switch self {
    case .number(let number): number == number.rounded()
    case .tuple(let elements): elements.allSatisfy(\.isSizes)
    default: false
    }
  }
}
