import Tensors

/// Functions of tensors that are no operations of the engine: ranges, facts about a tensor, norms of lists.
enum TensorBuiltins {
  static let all: [Builtin] = [
    arange, range, numel, item, norm, round, view, tensor, unbind,
  ]

  static let methods: [Builtin] = [size, dim, tolist]

  private static let arange = Builtin(
    "arange", in: "Creation",
    [
      .init("start", .number), .optional("end", .number), .init("step", .number, .number(1)),
      .optional("dtype", .dtype),
    ],
    about: "numbers from start (or 0) to before end: integers where all are whole",
    examples: ["arange(5)", "arange(0, 1, 0.25)"]
  ) { call in .tensor(try numbers(call)) }

  private static let range = Builtin(
    "range", in: "Creation",
    [.init("start", .size), .optional("end", .size), .init("step", .size, .number(1))],
    about: "the integers from start (or 0) to before end; 1..n includes n"
  ) { call in
    let first = try call.size(0)
    let (start, end) = call.isGiven(1) ? (first, try call.size(1)) : (0, first)
    return .tensor(try Numbers.range(start, end, call.size(2)))
  }

  private static func numbers(_ call: Invocation) throws -> Tensor {
    let first = try call.number(0)
    let (start, end) = call.isGiven(1) ? (first, try call.number(1)) : (0, first)
    let step = try call.number(2)
    let type = try call.optionalDType(3)
    if let a = Int(exactly: start), let b = Int(exactly: end), let s = Int(exactly: step),
      type == nil || type == .int64, a.magnitude < 1 << 53, b.magnitude < 1 << 53
    {
      return try Numbers.range(a, b, s)
    }
    guard step != 0, start.isFinite, end.isFinite, step.isFinite else {
      throw ScriptError.kind("step", expected: "a step forwards or backwards", found: call.value(2))
    }
    let count = Swift.max(0, ((end - start) / step).rounded(.up))
    guard count < 2e9 else {
      throw TensorError.tooLarge([Int(min(count, 1e15))], elementSize: 4)
    }
    let index = try Tensor.range(0, Int(count)).cast(to: .float64)
    return try (index * step + start).cast(to: type ?? .float32)
  }

  private static let numel = Builtin(
    "numel", in: "Facts", [.init("x", .tensor)], about: "how many elements x has"
  ) { .number(Double(try $0.tensor(0).count)) }

  private static let item = Builtin(
    "item", in: "Facts", [.init("x", .tensor)], about: "the one element of x as a plain number"
  ) { call in
    let tensor = try call.tensor(0)
    guard let item = tensor.item else { throw call.mismatch(0, "a tensor of one element") }
    return tensor.dtype == .bool ? .bool(item != 0) : .number(item)
  }

  private static let norm = Builtin(
    "norm", in: "Reductions",
    [
      .init("x", .tensor), .init("p", .number, .number(2)), .optional("dim", .sizes),
      .init("keepdim", .flag, .bool(false)),
    ],
    about: "the p-norm of x (along dim), or of all tensors of a list together; p may be inf"
  ) { call in
    let (p, dims, keepdim) = (try call.number(1), try call.optionalSizes(2), try call.flag(3))
    if let parts = call.value(0).sequence, dims == nil, parts.contains(where: { !$0.isPlain }) {
      let norms = try parts.map { try Conversion.tensor($0, "x").norm(p, nil).reshaped(to: [1]) }
      guard !norms.isEmpty else { return .number(0) }
      return .tensor(try Tensor.concatenated(norms, 0).norm(p, nil))
    }
    return Conversion.plain(
      try call.tensor(0).norm(p, dims, keepdim: keepdim), if: call.value(0).isPlain)
  }

  private static let round = Builtin(
    "round", in: "Pointwise", [.init("x", .tensor), .init("decimals", .size, .number(0))],
    about: "x to the nearest integer, or to so many decimals; halves to even"
  ) { call in
    guard let operation = OperationCatalogue.all.entries.first(where: { $0.name == "round" })
    else { return call.value(0) }
    let x = try call.tensor(0)
    let scale = Operators.number(.power, 10, Double(try call.size(1)))
    let scaled = scale == 1 ? x : try x * scale
    let arguments = Arguments([.tensor(scaled)], operation.operation.parameters)
    guard case .one(let whole) = try operation.operation.evaluate(arguments) else { return .none }
    return Conversion.plain(scale == 1 ? whole : try whole / scale, if: call.value(0).isPlain)
  }

  private static let view = Builtin(
    "view", in: "Shaping", [.init("x", .tensor), .init("shape", .sizes, form: .spread)],
    about: "the same elements in another shape, as reshape"
  ) { .tensor(try $0.tensor(0).reshaped(to: $0.sizes(1))) }

  private static let tensor = Builtin(
    "tensor", in: "Creation", [.init("x"), .optional("dtype", .dtype)],
    about: "x as a tensor: a number, a list of numbers or of tensors of one shape"
  ) { call in
    let made = try Conversion.tensor(call.value(0), "x")
    let isPlain = call.value(0).isPlain
    let type =
      try call.optionalDType(1) ?? (isPlain && made.dtype == .float64 ? .float32 : made.dtype)
    return .tensor(try made.cast(to: type))
  }

  private static let unbind = Builtin(
    "unbind", in: "Shaping", [.init("x", .tensor), .init("dim", .size, .number(0))],
    about: "the slices of x along dim"
  ) { call in
    let x = try call.tensor(0)
    let dim = try x.shape.dimension(call.size(1))
    let moved = dim == 0 ? x : try x.permuted([dim] + (0..<x.rank).filter { $0 != dim })
    return .tuple(try moved.unstacked().map { .tensor($0) })
  }

  private static let size = Builtin(
    "size", in: "Facts", [.init("x", .tensor), .optional("dim", .size)],
    about: "the extent of x along dim, or all extents"
  ) { call in
    let shape = try call.tensor(0).shape
    guard let dim = try call.optionalSize(1) else { return Members.sizes(shape) }
    let d = try shape.dimension(dim)
    return .number(d < shape.rank ? Double(shape[d]) : 1)
  }

  private static let dim = Builtin(
    "dim", in: "Facts", [.init("x", .tensor)], about: "how many dimensions x has"
  ) { .number(Double(try $0.tensor(0).rank)) }

  private static let tolist = Builtin(
    "tolist", in: "Facts", [.init("x", .tensor)],
    about: "the elements of x as plain numbers in lists"
  ) { try list($0.tensor(0).detached) }

  private static func list(_ tensor: Tensor) throws -> Value {
    guard tensor.rank > 0 else {
      let item = tensor.item ?? .nan
      return tensor.dtype == .bool ? .bool(item != 0) : .number(item)
    }
    return .list(ListObject(try tensor.unstacked().map(list)))
  }
}
