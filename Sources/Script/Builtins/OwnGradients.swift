import Tensors

/// Gradients that a script says itself, or cuts.
enum OwnGradients {
  static let all: [Builtin] = [stopGradient, customGradient]

  private static let stopGradient = Builtin(
    "stop_gradient", in: "Derivatives", [.init("x", .tensor)],
    about: "x, through which no gradient flows; as detach",
    examples: ["grad(x -> x * stop_gradient(x))(3)"]
  ) { call in
    Conversion.plain(try call.tensor(0).detached, if: call.value(0).isPlain)
  }

  private static let customGradient = Builtin(
    "custom_gradient", in: "Derivatives",
    [.init("f", .function), .init("pullback", .function)],
    about:
      "f with a gradient of your own: pullback(g, x, ...) gets the gradient g of the value and f's arguments, and gives the gradient of each",
    examples: ["straight = custom_gradient(x -> round(x), (g, x) -> g); grad(straight)(0.3)"]
  ) { call in
    let (f, pullback) = (try call.function(0), try call.function(1))
    let name = f.name.isEmpty ? f.display : f.name
    return .function(
      NativeFunction("custom_gradient(\(name))", references: [call.value(0), call.value(1)]) {
        given, interpreter in
        guard given.named.isEmpty else {
          throw ScriptError.message(
            "expected arguments by position, found one named `\(given.named[0].name)`")
        }
        let inputs = try given.positional.map { try Conversion.tensor($0, name) }
        let values = inputs.map { Value.tensor($0.detached) }
        let y = try Conversion.tensor(interpreter.call(f, CallArguments(values)), "f's value")
        let result = try y.detached.floating().recorded(inputs) { b in
          let own = inputs.indices.map { Value.tensor(b[$0]) }
          let passed = try interpreter.call(pullback, CallArguments([.tensor(b.g)] + own))
          let gradients = try gradients(passed, for: inputs)
          for (i, gradient) in gradients.enumerated() { try b.send(to: i) { gradient } }
        }
        return Conversion.plain(result, if: given.positional.allSatisfy(\.isPlain))
      })
  }

  /// What a pullback gave: one gradient for each argument, of its shape or spread over it.
  private static func gradients(_ value: Value, for inputs: [Tensor]) throws -> [Tensor] {
    let values = inputs.count == 1 ? [value] : value.sequence ?? [value]
    guard values.count == inputs.count else {
      throw ScriptError.message(
        "pullback: expected \(inputs.count) gradients, one for each argument, found \(value.description)"
      )
    }
    return try zip(values, inputs).map { value, x in
      let g = try Conversion.tensor(value, "pullback's gradient").cast(to: x.dtype)
      guard try g.shape.broadcast(with: x.shape) == x.shape else {
        throw ScriptError.message(
          "pullback: expected a gradient of shape \(x.shape), found shape \(g.shape)")
      }
      return try g.expanded(to: x.shape)
    }
  }
}
