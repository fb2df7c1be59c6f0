import Distributions
import Tensors

/// Lifts the families of distributions and their divergence into builtins.
enum DistributionBuiltins {
  static let all: [Builtin] =
    DistributionCatalogue.families.map(lift) + TransformFunction.builtins

  private static func lift(_ family: any Distribution.Type) -> Builtin {
    Builtin(
      family.name, in: "Distributions", family.parameters.map(parameter), about: family.about,
      examples: family.examples
    ) { call in
      let given = try family.parameters.indices.map {
        try argument($0, of: family.parameters, call)
      }
      return .distribution(try family.init(DistributionArguments(family.parameters, given)))
    }
  }

  static func parameter(_ p: DistributionParameter) -> Builtin.Parameter {
    let kind: Builtin.Parameter.Kind =
      switch p.kind {
      case .numbers: .tensor
      case .size: .size
      case .distribution: .distribution
      case .distributions: .list
      case .transforms: .any
      }
    switch p.absence {
    case .required: return .init(p.name, kind)
    case .fallback(let value): return .init(p.name, kind, .number(value))
    case .alternative, .optional: return .optional(p.name, kind)
    }
  }

  private static func distributions(_ value: Value, _ name: String) throws -> [any Distribution] {
    try (value.sequence ?? [value]).map { element in
      guard case .distribution(let distribution) = element else {
        throw ScriptError.kind(name, expected: "a list of distributions", found: element)
      }
      return distribution
    }
  }

  static func argument(
    _ i: Int, of parameters: [DistributionParameter], _ call: Invocation
  ) throws -> DistributionArgument? {
    let value = call.value(i)
    if value.isNone { return nil }
    switch parameters[i].kind {
    case .numbers, .size:
      if case .bool(let flag) = value { return .number(flag ? 1 : 0) }
      if case .number(let number) = value { return .number(number) }
      guard value.isNumeric else { throw call.mismatch(i, "numbers") }
      return .tensor(try call.tensor(i))
    case .distribution: return .distribution(try call.distribution(i))
    case .distributions:
      let all = try distributions(value, parameters[i].name)
      guard !all.isEmpty else { throw call.mismatch(i, "at least one distribution") }
      return .distributions(all)
    case .transforms: return .transforms(try TransformFunction.transforms(value))
    }
  }

  // MARK: Methods

  private static func make(
    _ name: String, _ about: String, isDensity: Bool = false,
    _ value: @escaping (any Distribution, Tensor) throws -> Tensor
  ) -> Builtin {
    Builtin(
      name, in: "Distributions", [.init("q", .distribution), .init("x", .tensor)], about: about
    ) { call in
      let q = try call.distribution(0)
      let isPlain = q.dtype == nil && call.value(1).isPlain
      if isDensity { try call.interpreter.jumps?.noteEdges(of: q, call.tensor(1)) }
      return Conversion.plain(try value(q, call.tensor(1)), if: isPlain)
    }
  }

  private static func draws(
    _ name: String, _ about: String,
    _ draw: @escaping (any Distribution, [Int], Generator) throws -> Tensor
  ) -> Builtin {
    Builtin(
      name, in: "Distributions",
      [.init("q", .distribution), .init("n", .sizes, .tuple([]), form: .spread)], about: about
    ) { call in
      let x = try draw(call.distribution(0), call.sizes(1), call.generator)
      return .tensor(try x.cast(to: call.interpreter.widened(x.dtype)))
    }
  }

  /// Values whose last dimensions are the distribution's event.
  private static func fitting(_ x: Tensor, _ q: any Distribution) throws -> Tensor {
    let event = q.eventShape.dims
    guard x.shape.dims.suffix(event.count) == event[...] else {
      throw TensorError.shape(
        x.shape, expected: "x: a shape that ends in \(q.eventShape), one draw's")
    }
    return x
  }

  static let methods: [Builtin] = [
    make("log_prob", "the log of the density or of the probability at x; nats", isDensity: true) {
      try $0.logProb(fitting($1, $0))
    },
    make("prob", "the density or the probability at x", isDensity: true) {
      try $0.prob(fitting($1, $0))
    },
    make("cdf", "the probability of at most x") { try $0.cdf($1) },
    make("icdf", "the value below which the probability is x") { try $0.icdf($1) },
    draws("sample", "draws through which no gradient flows; sample(n) gives n of them") {
      try $0.sample($1, $2)
    },
    draws("rsample", "draws through which gradients flow to the parameters") {
      try $0.rsample($1, $2)
    },
    Builtin(
      "entropy", in: "Distributions", [.init("q", .distribution)], about: "the entropy; nats"
    ) { call in
      let q = try call.distribution(0)
      return Conversion.plain(try q.entropy(), if: q.dtype == nil)
    },
  ]
}
