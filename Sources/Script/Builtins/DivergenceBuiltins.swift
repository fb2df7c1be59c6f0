import Calculus
import Distributions
import Tensors

/// Distances between distributions.
enum DivergenceBuiltins {
  static let all: [Builtin] = [kl, js, totalVariation, fDivergence]

  private static func make(
    _ name: String, _ about: String, _ examples: [String],
    _ value: @escaping (any Distribution, any Distribution, Generator) throws -> Tensor
  ) -> Builtin {
    Builtin(
      name, in: "Distributions", [.init("q", .distribution), .init("p", .distribution)],
      about: about, examples: examples
    ) { call in
      let (q, p) = (try call.distribution(0), try call.distribution(1))
      return Conversion.plain(
        try value(q, p, call.generator), if: q.dtype == nil && p.dtype == nil)
    }
  }

  private static let kl = make(
    "kl",
    "the Kullback-Leibler divergence KL(q | p) in nats: in closed form, by quadrature, or an estimate",
    ["kl(normal(1, 2), normal(0, 1))"], Divergences.kl)

  private static let js = make(
    "js", "the Jensen-Shannon divergence of q and p in nats, at most log 2",
    ["js(normal(1, 2), normal(0, 1))"], Divergences.js)

  private static let totalVariation = make(
    "total_variation", "the largest difference of the probabilities of one event under q and p",
    ["total_variation(normal(1, 1), normal(0, 1))"], Divergences.totalVariation)

  private static let fDivergence = Builtin(
    "f_divergence", in: "Distributions",
    [.init("f", .function), .init("p", .distribution), .init("q", .distribution)],
    about: "the average of f(p/q) under q, for a convex f with f(1) = 0",
    examples: ["f_divergence(u -> u * log(u), normal(1, 1), normal(0, 1))"]
  ) { call in
    let f = try call.function(0)
    let (p, q) = (try call.distribution(1), try call.distribution(2))
    let interpreter = call.interpreter
    let value = try Divergences.f(
      { try Conversion.tensor(interpreter.call(f, CallArguments([.tensor($0)])), "f") }, p, q,
      call.generator)
    return Conversion.plain(value, if: q.dtype == nil && p.dtype == nil)
  }
}
