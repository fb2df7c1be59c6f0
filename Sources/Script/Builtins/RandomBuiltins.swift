import Tensors

/// Random numbers from the session's generator.
enum RandomBuiltins {
  static let all: [Builtin] = [
    seed, randn, rand, randint, randperm, shuffle, randnLike, randLike, dropout,
  ]

  private static let dtype = Builtin.Parameter.named("dtype", .dtype, .dtype(.float32))
  private static let shape = Builtin.Parameter("shape", .sizes, .tuple([]), form: .spread)

  private static let seed = Builtin(
    "seed", in: "Random", [.init("n", .size)],
    about: "starts the random numbers anew: the same seed gives the same numbers"
  ) { call in
    call.generator.reseed(UInt64(bitPattern: Int64(try call.size(0))))
    return .none
  }

  private static let randn = Builtin(
    "randn", in: "Random", [shape, dtype],
    about: "numbers from the standard normal distribution", examples: ["randn(2, 3)"]
  ) { try $0.widened($0.generator.normal(Shape($0.sizes(0)), $0.floating(1))) }

  private static let rand = Builtin(
    "rand", in: "Random", [shape, dtype], about: "numbers from 0 to before 1, each as likely"
  ) { try $0.widened($0.generator.uniform(Shape($0.sizes(0)), $0.floating(1))) }

  private static let randnLike = Builtin(
    "randn_like", in: "Random", [.init("x", .tensor)],
    about: "numbers from the standard normal distribution, in x's shape and type"
  ) { call in
    let x = try call.tensor(0)
    return .tensor(try call.generator.normal(x.shape, x.dtype))
  }

  private static let randLike = Builtin(
    "rand_like", in: "Random", [.init("x", .tensor)],
    about: "numbers from 0 to before 1, in x's shape and type"
  ) { call in
    let x = try call.tensor(0)
    return .tensor(try call.generator.uniform(x.shape, x.dtype))
  }

  private static let dropout = Builtin(
    "dropout", in: "Random",
    [
      .init("x", .tensor), .init("p", .number, .number(0.5)), .init("training", .flag, .bool(true)),
    ],
    about: "each element 0 with probability p, the others divided by 1 - p"
  ) { call in
    let (x, p) = (try call.tensor(0), try call.number(1))
    guard x.dtype.isFloating else { throw call.mismatch(0, "a tensor of floats") }
    guard (0...1).contains(p) else { throw call.mismatch(1, "a number from 0 to 1") }
    return .tensor(try call.flag(2) ? x.dropout(p, call.generator) : x)
  }

  private static let randint = Builtin(
    "randint", in: "Random",
    [.init("low", .size), .optional("high", .size), .optional("shape", .sizes)],
    about: "integers from low (or 0) to before high, each as likely",
    examples: ["randint(0, 10, (2, 3))"]
  ) { call in
    var (low, high) = (try call.size(0), try call.optionalSizes(1))
    var shape = try call.optionalSizes(2)
    // As torch.randint(high, size): a tuple in high's place is the shape.
    if shape == nil, high == nil || call.value(1).sequence != nil {
      (shape, high, low) = (high, [low], 0)
    }
    guard let top = high?.first, top > low, top.subtractingReportingOverflow(low).overflow == false
    else { throw call.mismatch(1, "a number above low") }
    let extents = try Shape(shape ?? [])
    // Asks for the memory before numbers are listed one by one.
    if extents.count > 1 << 22 { _ = try Tensor.zeros(extents, .int64) }
    let drawn = call.generator.integers(extents.count, below: top - low).map { $0 + low }
    return Conversion.value(try Tensor(drawn, extents))
  }

  private static let randperm = Builtin(
    "randperm", in: "Random", [.init("n", .size)],
    about: "the integers from 0 to n - 1 in random order"
  ) { call in
    let n = try call.size(0)
    guard n >= 0 else { throw call.mismatch(0, "a number of at least 0") }
    if n > 1 << 22 { _ = try Tensor.zeros(Shape([n]), .int64) }
    return .tensor(try Tensor(call.generator.permutation(n)))
  }

  private static let shuffle = Builtin(
    "shuffle", in: "Random", [.init("x")],
    about: "the elements of a list, or the rows of a tensor, in random order"
  ) { call in
    if let elements = call.value(0).sequence {
      let order = call.generator.permutation(elements.count)
      return .list(ListObject(order.map { elements[$0] }))
    }
    let x = try call.tensor(0)
    guard x.rank > 0 else { throw call.mismatch(0, "a list or a tensor with rows") }
    return .tensor(try x.rows(call.generator.permutation(x.shape[0])))
  }
}

extension Invocation {
  /// A type of floats.
  fileprivate func floating(_ i: Int) throws -> DType {
    let type = try dtype(i)
    guard type.isFloating else { throw mismatch(i, "float32 or float64") }
    return type
  }

  /// The same numbers as ever, in float64 while everything is.
  fileprivate func widened(_ x: Tensor) throws -> Value {
    .tensor(try x.cast(to: interpreter.widened(x.dtype)))
  }
}
