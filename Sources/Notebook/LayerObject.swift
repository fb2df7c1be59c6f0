import Models
import Script
import Tensors

/// A layer as a value of the language: called, composed with `>>`, shown with its parameters.
final class LayerObject: ScriptObject {
  let layer: any Layer
  /// Written out once, for it names the layer at every call.
  private lazy var text = layer.description

  init(_ layer: any Layer) { self.layer = layer }

  let typeName = "layer"
  var description: String { "the layer \(layer.description)" }
  var variables: [Variable] { layer.parameters.map(\.variable) }
  var variableNames: [String] { layer.parameters.map(\.name) }
  var memberNames: [String] { layer.parameters.map(\.name) + ["training", "train", "eval"] }

  /// A layer, or a function that serves as one.
  static func layer(_ value: Value, _ interpreter: Interpreter) throws -> any Layer {
    if case .object(let object) = value, let layer = (object as? LayerObject)?.layer {
      return layer
    }
    if case .text(let name) = value { return try FunctionLayer(activation: name) }
    guard let function = interpreter.callable(value) else {
      throw ScriptError.kind("", expected: "a layer or a function", found: value)
    }
    if function is BuiltinFunction, let layer = try? FunctionLayer(activation: function.name) {
      return layer
    }
    if let partial = function as? PartialOperation { return layer(partial) }
    let used = interpreter.parameterPaths(of: value).enumerated().map { i, used in
      NamedVariable(used.path.isEmpty ? "\(i)" : used.path, used.variable)
    }
    let name = function.name.isEmpty ? function.display : function.name
    return FunctionLayer(name, parameters: used) { x in
      let result = try interpreter.call(function, CallArguments([.tensor(x)]))
      return try Conversion.tensor(result, function.name)
    }
  }

  var callable: (any Callable)? {
    let (layer, text) = (layer, text)
    return NativeFunction(text, display: text, references: [.object(self)]) {
      arguments, interpreter in
      guard arguments.positional.count == 1, arguments.named.isEmpty else {
        let found = arguments.positional.count + arguments.named.count
        throw found == 0
          ? ScriptError.missingArgument("x")
          : ScriptError.tooManyArguments(expected: 1, found: found)
      }
      let x = try Conversion.tensor(arguments.positional[0], "x")
      do {
        return .tensor(try layer.apply(x, interpreter.generator))
      } catch let error as TensorError where error != .interrupted {
        throw ScriptError.message("\(text): \(error.message)")
      }
    }
  }

  func attribute(_ name: String) throws -> Value? {
    if name == "training" { return .bool(layer.isTraining) }
    if let own = layer.parameters.first(where: { $0.name == name }) {
      return .variable(own.variable)
    }
    return layer.buffers.first { $0.name == name }.map { .tensor($0.variable.tensor) }
  }

  /// The layers that `>>` joined: `net[0].weight`, `net[:2]`, `for layer in net`.
  var parts: [Value]? {
    (layer as? Sequential)?.layers.map { .object(LayerObject($0)) }
  }

  func joined(_ parts: [Value]) -> Value {
    let layers = parts.compactMap { part in
      if case .object(let object) = part { (object as? LayerObject)?.layer } else { nil }
    }
    return .object(LayerObject(Sequential(layers)))
  }

  var count: Int? { parts?.count }

  func makeIterator(_ interpreter: Interpreter) throws -> (() throws -> Value?)? {
    var rest = parts?[...]
    return rest == nil ? nil : { rest?.popFirst() }
  }

  func display(width: Int) -> String { Self.table(layer.summary()) }

  /// A row a layer: its place, what it is, the shapes and the number of its parameters; then their sum.
  static func table(_ rows: [LayerSummary]) -> String {
    let cells = rows.map { row in
      [
        row.path, row.description,
        row.shapes.map { "\($0.name) \($0.shape)" }.joined(separator: ", "),
        row.parameterCount == 0 ? "" : grouped(row.parameterCount),
      ]
    }
    let widths = (0..<4).map { i in cells.map { $0[i].columns }.max() ?? 0 }
    var lines = cells.map { row in
      (0..<4).map { i in
        let gap = String(repeating: " ", count: widths[i] - row[i].columns)
        return i == 3 ? gap + row[i] : row[i] + gap
      }.filter { !$0.isEmpty }.joined(separator: "  ").trimmedEnd
    }
    lines.append("\(grouped(rows.reduce(0) { $0 + $1.parameterCount })) parameters")
    return lines.joined(separator: "\n")
  }

  /// 1234567 as 1,234,567.
  private static func grouped(_ n: Int) -> String {
    let digits = String(n)
    var out = ""
    for (i, d) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { out.append(",") }
      out.append(d)
    }
    return out
  }
}

extension LayerObject {
  func operate(_ symbol: BinaryOperator, with other: Value, isLeft: Bool) throws -> Value? {
    guard symbol == .compose else { return nil }
    let others: [any Layer]
    switch other {
    case .object(let object):
      guard let second = (object as? LayerObject)?.layer else { return nil }
      others = [second]
    case .function(let function):
      guard let layers = Self.operations(function) else { return nil }
      others = layers
    default: return nil
    }
    return .object(LayerObject(Sequential(isLeft ? [layer] + others : others + [layer])))
  }

  /// An operation that waits for its tensor, as `leaky_relu(negative_slope=0.2)`, as a layer.
  fileprivate static func layer(_ partial: PartialOperation) -> FunctionLayer {
    let slope = partial.named("negative_slope").flatMap {
      $0.operation == "leaky_relu" && $0.value >= 0 ? $0.value : nil
    }
    return FunctionLayer(partial.name, slope: slope) { try partial.apply($0) }
  }

  /// A function that is an operation of one tensor, or several of them joined, as layers.
  private static func operations(_ function: any Callable) -> [any Layer]? {
    switch function {
    case is BuiltinFunction: return (try? FunctionLayer(activation: function.name)).map { [$0] }
    case let partial as PartialOperation: return [layer(partial)]
    case let chain as Composition:
      let parts = chain.parts.compactMap(operations)
      return parts.count == chain.parts.count ? parts.flatMap(\.self) : nil
    default: return nil
    }
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    var s = self[...]
    while s.last == " " { s.removeLast() }
    return String(s)
  }
}

/// An optimiser as a value of the language.
final class OptimiserObject: ScriptObject {
  let optimiser: any Optimiser

  init(_ optimiser: any Optimiser) { self.optimiser = optimiser }

  var typeName: String { type(of: optimiser).name }
  var description: String { "the optimiser \(typeName)" }
  let memberNames = ["lr", "steps"]

  func attribute(_ name: String) throws -> Value? {
    switch name {
    case "lr": .number(optimiser.lr)
    case "steps": .number(Double(optimiser.steps))
    default: nil
    }
  }

  func setAttribute(_ name: String, _ value: Value) throws -> Bool {
    guard name == "lr" else { return false }
    guard let lr = value.scalar, lr >= 0 else {
      throw ScriptError.kind("lr", expected: "a number of at least 0", found: value)
    }
    optimiser.lr = lr
    return true
  }

  func display(width: Int) -> String {
    let count = optimiser.variables.reduce(0) { $0 + $1.shape.count }
    return "\(typeName), lr=\(optimiser.lr), \(optimiser.steps) steps, \(count) parameters"
  }
}
