import Models
import Script
import Tensors

/// Layers and optimisers by name, as their catalogues declare them, and what trains with them.
enum ModelBuiltins {
  static var all: [Builtin] {
    LayerCatalogue.families.map(layer) + OptimiserCatalogue.families.map(optimiser) + [step]
      + [mode("train", true), mode("eval", false)]
  }

  // MARK: Layers

  private static func layer(_ family: any LayerFamily.Type) -> Builtin {
    Builtin(
      family.name, in: "Layers", family.settings.map(\.parameter), about: family.about
    ) { call in
      let values = try SettingValues(
        family.settings,
        family.settings.indices.map { try value(of: family.settings[$0], $0, call) })
      return .object(LayerObject(try family.make(values, call.generator)))
    }
  }

  /// A builtin for a name that makes a layer of sizes and applies to a tensor.
  static func merged(_ layer: Builtin, _ operation: Builtin) -> Builtin {
    var merged = Builtin(
      layer.name, in: layer.section, [.rest("arguments"), .options("options")],
      about: "\(layer.about); of a tensor: \(operation.about)",
      examples: layer.examples + operation.examples
    ) { call in
      // The second too: embedding(3, weight) looks up a single row.
      let isApplied = call.rest.prefix(2).contains { $0.storedTensor != nil && $0.scalar == nil }
      let chosen = BuiltinFunction(isApplied ? operation : layer)
      return try chosen.call(CallArguments(call.rest, named: call.options), in: call.interpreter)
    }
    merged.usage = layer.signature + "\n" + operation.signature
    return merged
  }

  private static func value(of setting: Setting, _ i: Int, _ call: Invocation) throws
    -> SettingValues.Value?
  {
    guard call.wasGiven(i) else { return nil }
    switch setting.kind {
    case .size: return .size(try call.size(i))
    case .sizes, .widths:
      let sizes = try call.sizes(i)
      return sizes.count == 1 ? .size(sizes[0]) : .sizes(sizes)
    case .sizesOrText:
      if let text = try? call.text(i) { return .text(text) }
      let sizes = try call.sizes(i)
      return sizes.count == 1 ? .size(sizes[0]) : .sizes(sizes)
    case .number: return .number(try call.number(i))
    case .numbers:
      return .numbers(
        try call.list(i).map {
          guard let number = $0.scalar else { throw call.mismatch(i, "numbers") }
          return number
        })
    case .flag: return .flag(try call.flag(i))
    case .text: return .text(try call.text(i))
    case .layer: return .layer(try LayerObject.layer(call.value(i), call.interpreter))
    }
  }

  // MARK: Training

  private static func optimiser(_ family: any Optimiser.Type) -> Builtin {
    Builtin(
      family.name, in: "Training", [.init("params")] + family.settings.map(\.parameter),
      about: family.about, examples: ["opt = \(family.name)(params(model), lr=1e-3)"]
    ) { call in
      let values = try SettingValues(
        family.settings,
        family.settings.indices.map { try value(of: family.settings[$0], $0 + 1, call) })
      let variables = call.interpreter.parameterPaths(of: call.value(0)).map(\.variable)
      guard !variables.isEmpty else {
        throw call.mismatch(0, "params(model), a model, or a list of params")
      }
      return .object(OptimiserObject(try family.init(variables, values)))
    }
  }

  private static var step: Builtin {
    var step = Builtin(
      "step", in: "Training",
      [.init("optimiser", .object), .init("loss", .tensor), .named("clip", .number)],
      about:
        "takes the gradients of the loss, moves the parameters, and gives the loss as a plain number",
      examples: ["step opt, loss"]
    ) { call in
      guard case .object(let object) = call.value(0), let optimiser = object as? OptimiserObject
      else {
        throw call.mismatch(0, "an optimiser, as adam(params(model)) makes")
      }
      do {
        return .number(
          try optimiser.optimiser.step(call.tensor(1), clip: call.optionalNumber(2)))
      } catch let error as ModelError {
        guard let origin = error.origin else { throw error }
        throw ScriptError.notFinite(error.message, origin)
      }
    }
    step.rebinds = 1
    return step
  }

  /// `train(model)` and `eval(model)`, also as methods.
  private static func mode(_ name: String, _ isTraining: Bool) -> Builtin {
    Builtin(
      name, in: "Layers", [.init("model")],
      about: isTraining
        ? "lets dropout and batch_norm behave as in training"
        : "lets dropout and batch_norm behave as after training"
    ) { call in
      var switching = ModeSwitch(isTraining: isTraining, interpreter: call.interpreter)
      switching.visit(call.value(0))
      return .none
    }
  }
}

/// Switches every layer in a value, those included that a function uses.
private struct ModeSwitch {
  let isTraining: Bool
  let interpreter: Interpreter
  private var seen: Set<ObjectIdentifier> = []

  init(isTraining: Bool, interpreter: Interpreter) {
    self.isTraining = isTraining
    self.interpreter = interpreter
  }

  mutating func visit(_ value: Value) {
    switch value {
    case .object(let object): (object as? LayerObject)?.layer.isTraining = isTraining
    case .record(let record): visit(record.values, of: record)
    case .list(let list): visit(list.elements, of: list)
    case .tuple(let elements): for element in elements { visit(element) }
    case .function(let function): visit(function.referenced(in: interpreter), of: function)
    case .none, .bool, .number, .text, .tensor, .variable, .distribution, .dtype: break
    }
  }

  private mutating func visit(_ values: [Value], of owner: AnyObject) {
    guard seen.insert(ObjectIdentifier(owner)).inserted else { return }
    for value in values { visit(value) }
  }
}

extension Setting {
  /// The setting as a parameter of a builtin.
  fileprivate var parameter: Builtin.Parameter {
    let kind: Builtin.Parameter.Kind =
      switch self.kind {
      case .size: .size
      case .sizes, .widths: .sizes
      case .number: .number
      case .numbers: .list
      case .flag: .flag
      case .text: .text
      case .layer, .sizesOrText: .any
      }
    let fallback: Value? =
      switch self.fallback {
      case nil: nil
      case .some(.none): .some(.none)
      case .size(let n): .number(Double(n))
      case .number(let v): .number(v)
      case .numbers(let v): .tuple(v.map { .number($0) })
      case .flag(let b): .bool(b)
      case .text(let s), .activation(let s): .text(s)
      }
    return Builtin.Parameter(name, kind, fallback, form: self.kind == .widths ? .spread : .one)
  }
}
