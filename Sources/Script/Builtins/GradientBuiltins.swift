import Tensors

/// Derivatives of functions and of values.
enum GradientBuiltins {
  static let all: [Builtin] = [
    grad, valueAndGrad, jacobian, hessian, jvp, vjp, param, params, GradcheckBuiltin.gradcheck,
  ]

  private static func make(
    _ name: String, _ parameters: [Builtin.Parameter], _ about: String, _ examples: [String],
    _ call: @escaping (Invocation) throws -> Value
  ) -> Builtin {
    Builtin(name, in: "Derivatives", parameters, about: about, examples: examples, call)
  }

  private static let grad = make(
    "grad",
    [.init("f"), .optional("inputs"), .named("create_graph", .flag, .bool(false))],
    "the gradient of a function, as a function; or of a value already computed, with respect to params",
    ["grad(x -> x^3)(2)", "grad(f, [0, 1])(x, y)", "grad(loss, w)"]
  ) { call in
    guard let function = call.interpreter.callable(call.value(0)), !isTensor(call.value(0)) else {
      return try gradient(call)
    }
    let (which, isSingle) = try arguments(call, 1)
    return derived("grad", function, call) { given, interpreter in
      let run = try Differentiation(function, which, given, interpreter)
      return run.shaped(try run.gradients(), isSingle: isSingle)
    }
  }

  private static let valueAndGrad = make(
    "value_and_grad", [.init("f", .function), .optional("inputs", .sizes)],
    "a function that gives the value of f and its gradient", ["value, slope = value_and_grad(f)(x)"]
  ) { call in
    let function = try call.function(0)
    let (which, isSingle) = try arguments(call, 1)
    return derived("value_and_grad", function, call) { given, interpreter in
      let run = try Differentiation(function, which, given, interpreter)
      let gradient = run.shaped(try run.gradients(), isSingle: isSingle)
      return .tuple([run.value, gradient])
    }
  }

  private static func isTensor(_ value: Value) -> Bool { value.storedTensor != nil }

  /// Which arguments to differentiate in, and whether one gradient comes as itself.
  private static func arguments(_ call: Invocation, _ i: Int) throws -> ([Int], Bool) {
    guard call.isGiven(i) else { return ([0], true) }
    let which = try call.sizes(i)
    guard !which.isEmpty, which.allSatisfy({ $0 >= 0 }) else {
      throw call.mismatch(i, "the places of arguments, as [0, 1]")
    }
    if let closure = call.interpreter.callable(call.value(0)) as? Closure,
      let last = which.max(), last >= closure.parameterNames.count
    {
      let n = closure.parameterNames.count
      throw ScriptError.message(
        "inputs: expected places of arguments, from 0, of a function that has \(n), found \(which)",
        hints: ["`\(call.builtin.name)(f)(x)` works it out at x"])
    }
    return (which, call.value(i).isNumber)
  }

  private static func derived(
    _ name: String, _ function: any Callable, _ call: Invocation,
    _ body: @escaping (CallArguments, Interpreter) throws -> Value
  ) -> Value {
    let inner = function.name.isEmpty ? function.display : function.name
    let text = "\(name)(\(inner))"
    return .function(NativeFunction(text, references: [call.value(0)], body))
  }

  /// `grad(loss, w)`, `grad(loss, [w, b])`: zeros where nothing depends on w.
  private static func gradient(_ call: Invocation) throws -> Value {
    let value = call.value(0)
    guard isTensor(value) || value.isPlain || value.sequence != nil else {
      throw call.mismatch(0, "a function, or a value computed from params")
    }
    guard call.isGiven(1) else {
      guard value.storedTensor?.isTracked == true else { throw call.noFunction(0) }
      throw ScriptError.message(
        "the gradient of a value is taken with respect to something: grad(loss, w)",
        hints: ["grad(f)(x) takes a function"])
    }
    let loss = try call.tensor(0)
    let structure = try Structure(call.value(1))
    guard let first = structure.tensors.first else {
      throw call.mismatch(1, "a param, or a list of them")
    }
    if !first.isTracked, structure.tensors.count == 1 {
      throw ScriptError.message(
        "inputs: expected a param(...), found \(call.value(1).description)",
        hints: [
          "`w = param(w)` before the value is computed tracks it; `grad(f)(x)` takes a function"
        ])
    }
    // The gradient of an estimate is one too.
    let create = try call.flag(2) || loss.isNoisy
    guard loss.dtype.isFloating else { throw call.mismatch(0, "a value of floats") }
    let found = try loss.gradientsOrZero(structure.tensors, createGraph: create)
    return structure.value(create ? found : found.map(\.detached), plainly: false)
  }

  // MARK: Matrices of derivatives, and products with them

  private static let jacobian = make(
    "jacobian", [.init("f", .function), .optional("inputs", .sizes)],
    "a function that gives the derivative of each output in each input: the output's shape, then the input's",
    ["jacobian(x -> x^2)([1, 2, 3])", "jacobian(f, [0, 1])(x, y)"]
  ) { call in
    let function = try call.function(0)
    let (which, isSingle) = try arguments(call, 1)
    return derived("jacobian", function, call) { given, interpreter in
      try jacobian(function, which, given, interpreter, isSingle: isSingle)
    }
  }

  private static let hessian = make(
    "hessian", [.init("f", .function), .optional("inputs", .sizes)],
    "a function that gives the second derivatives of f: the input's shape, twice; of several inputs a tuple of tuples",
    ["hessian(x -> sum(x^3))([1, 2])", "hessian(f, [0, 1])(x, y)"]
  ) { call in
    let function = try call.function(0)
    let (which, isSingle) = try arguments(call, 1)
    return derived("hessian", function, call) { given, interpreter in
      let rows = try which.map { place in
        let gradient = NativeFunction("grad", references: [call.value(0)]) { given, interpreter in
          let run = try Differentiation(function, [place], given, interpreter)
          return run.shaped(try run.gradients(), isSingle: true)
        }
        return try jacobian(
          gradient, which, given.inPlaces(of: function), interpreter, isSingle: isSingle)
      }
      return isSingle ? rows[0] : .tuple(rows)
    }
  }

  /// One derivative for each tensor in the arguments, in their structure.
  private static func jacobian(
    _ function: any Callable, _ which: [Int], _ given: CallArguments, _ interpreter: Interpreter,
    isSingle: Bool
  ) throws -> Value {
    let run = try Differentiation(function, which, given, interpreter)
    let y = try run.output()
    let flat = try y.reshaped(to: [y.count])
    var rows = run.inputs.map { _ in [Tensor]() }
    for i in 0..<y.count {
      try Interrupt.poll()
      let found = try run.gradients(of: flat.sliced(0, i, i + 1), seed: nil)
      for (k, slope) in found.enumerated() { rows[k].append(slope) }
    }
    let matrices = try zip(run.inputs, rows).map { x, rows in
      let shape = y.shape.dims + x.shape.dims
      guard !rows.isEmpty else { return try Tensor.zeros(Shape(shape), x.dtype) }
      return try Tensor.stacked(rows, 0).reshaped(to: shape)
    }
    return run.shaped(matrices, isSingle: isSingle)
  }

  private static let vjp = make(
    "vjp", [.init("f", .function), .optional("x"), .optional("v")],
    "the value of f at x, and the product of v with its jacobian, in x's shape; x may be a tuple of arguments",
    ["value, product = vjp(f, x, v)"]
  ) { call in
    try product(call) { function, x, v, interpreter in
      let points = arguments(x, of: function)
      let run = try Differentiation(
        function, Array(points.indices), CallArguments(points), interpreter)
      let y = try run.output()
      let seed = try Conversion.tensor(v, "v").cast(to: y.dtype)
      let found = try run.gradients(of: y, seed: seed)
      return .tuple([run.value, run.shaped(found, isSingle: points.count == 1)])
    }
  }

  private static let jvp = make(
    "jvp", [.init("f", .function), .optional("x"), .optional("v")],
    "the value of f at x, and the product of its jacobian with v, in the value's shape",
    ["value, product = jvp(f, x, v)"]
  ) { call in
    try product(call) { function, x, v, interpreter in
      let points = arguments(x, of: function)
      let run = try Differentiation(
        function, Array(points.indices), CallArguments(points), interpreter)
      let y = try run.output()
      let directions =
        run.inputs.count == 1 ? [try Conversion.tensor(v, "v")] : try Structure(v).tensors
      guard directions.map(\.shape) == run.inputs.map(\.shape) else {
        let (wanted, found) = (run.inputs.map(\.shape), directions.map(\.shape))
        throw ScriptError.message("v: expected x's shape \(text(wanted)), found \(text(found))")
      }
      // v J^T is linear in its seed: its derivative in the seed, in direction v, is J v.
      let seed = try Tensor.zeros(y.shape, y.dtype).leaf()
      let back = try y.gradientsOrZero(run.inputs, seed: seed, createGraph: true)
      var along = try Tensor(0, y.dtype)
      for (slope, direction) in zip(back, directions) {
        along = try along + (slope * direction.cast(to: slope.dtype)).sum()
      }
      let product = try along.gradientsOrZero([seed], createGraph: run.isNested)[0]
      return .tuple([run.value, .tensor(run.isNested ? product : product.detached)])
    }
  }

  private static func text(_ shapes: [Shape]) -> String {
    shapes.map { "\($0)" }.joined(separator: ", ")
  }

  /// A tuple of as many values as a function of several has parameters is its arguments, else the only one.
  private static func arguments(_ x: Value, of function: any Callable) -> [Value] {
    guard case .tuple(let values) = x, values.count > 1, let closure = function as? Closure,
      closure.parameterNames.count == values.count
    else { return [x] }
    return values
  }

  /// `vjp(f, x, v)` at once, `vjp(f)(x, v)` later.
  private static func product(
    _ call: Invocation,
    _ body: @escaping (any Callable, Value, Value, Interpreter) throws -> Value
  ) throws -> Value {
    let function = try call.function(0)
    if call.isGiven(1), call.isGiven(2) {
      return try body(function, call.value(1), call.value(2), call.interpreter)
    }
    guard !call.isGiven(1), !call.isGiven(2) else {
      throw ScriptError.missingArgument(call.isGiven(1) ? "v" : "x")
    }
    return derived(call.builtin.name, function, call) { given, interpreter in
      guard given.positional.count == 2, given.named.isEmpty else {
        throw ScriptError.message("expected x and v, found \(given.positional.count) arguments")
      }
      return try body(function, given.positional[0], given.positional[1], interpreter)
    }
  }

  // MARK: Parameters

  private static let param = make(
    "param", [.init("x", .tensor)],
    "a tensor, or a number, that gradients are taken with respect to and training changes",
    ["w = param(randn(3, 1))"]
  ) { call in
    let tensor = try call.tensor(0)
    return .variable(Variable(tensor.dtype.isFloating ? tensor : try tensor.cast(to: .float32)))
  }

  private static let params = make(
    "params", [.init("model")],
    "the params of a model: of layers, records, lists, and of what a function uses; each once",
    ["adam(params(model), lr=1e-3)"]
  ) { call in
    .list(
      ListObject(call.interpreter.parameterPaths(of: call.value(0)).map { .variable($0.variable) }))
  }
}
