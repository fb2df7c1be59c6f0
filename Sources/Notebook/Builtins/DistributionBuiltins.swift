import Distributions
import Script
import Tensors

/// Every family of distributions by name, as the catalogue declares it, and divergences between them.
enum DistributionBuiltins {
  static var all: [Builtin] { DistributionCatalogue.families.map(family) + [kl] }

  private static func family(_ family: any Distribution.Type) -> Builtin {
    Builtin(
      family.name, in: "distributions", family.parameters.map(\.builtinParameter),
      about: family.about
    ) { call in
      let given = try family.parameters.indices.map {
        try argument(family.parameters[$0], $0, call)
      }
      return .distribution(try family.init(DistributionArguments(family.parameters, given)))
    }
  }

  private static func argument(_ p: DistributionParameter, _ i: Int, _ call: Invocation) throws
    -> DistributionArgument?
  {
    guard let value = call.optional(i) else { return nil }
    if case .distribution = p.kind { return .distribution(try call.distribution(i)) }
    if case .number(let number) = value { return .number(number) }
    return .tensor(try call.tensor(i))
  }

  private static var kl: Builtin {
    Builtin(
      "kl", in: "distributions", [.init("q", .distribution), .init("p", .distribution)],
      about: "the Kullback-Leibler divergence of q from p, E_q[log q(x) - log p(x)], in nats",
      examples: ["kl(normal(1, 2), normal(0, 1))"]
    ) { call in
      .tensor(try Divergence.kl(call.distribution(0), call.distribution(1)))
    }
  }
}

extension DistributionParameter {
  fileprivate var builtinParameter: Builtin.Parameter {
    let fallback: Value? =
      switch absence {
      case .required: nil
      case .fallback(let v): .number(v)
      case .alternative: .some(.none)
      }
    switch kind {
    case .numbers: return Builtin.Parameter(name, .any, fallback)
    case .size: return Builtin.Parameter(name, .size, fallback)
    case .distribution: return Builtin.Parameter(name, .distribution, fallback)
    }
  }
}
