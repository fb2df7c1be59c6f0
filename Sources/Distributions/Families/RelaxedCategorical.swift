import Tensors

/// A smooth stand-in for the one-hot categorical distribution: softmax((logits + noise) / temperature)
/// with Gumbel noise.
///
/// Shapes: probs or logits [batch, k], temperature [batch]; event [k]. The density is that of the first
/// k - 1 numbers.
/// Source: Maddison, Mnih and Teh (2017), "The Concrete Distribution", equations 10 and 11.
package struct RelaxedCategorical: Distribution {
  package static let about =
    "vectors near those with a single one, the nearer the lower the temperature, with gradients"
  package static let parameters: [DistributionParameter] = [
    .numbers("temperature", .positive), .either("probs", .nonnegative), .either("logits", .real),
  ]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let eventShape: Shape
  package let temperature: Tensor
  /// The logarithms of the probabilities.
  ///
  /// Shapes: [batch, k].
  let logProbs: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    temperature = try arguments.tensor(0)
    let categorical = try Categorical(
      arguments.optional(1).map { .tensor($0) }, arguments.optional(2).map { .tensor($0) })
    logProbs = categorical.logProbs
    eventShape = try Shape([categorical.categories])
    batchShape = try categorical.batchShape.broadcast(with: temperature.shape)
  }

  package var support: Support { .simplex }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let noise = try generator.gumbel(sampleShape(n), sampleType)
    let z = try (drawn(logProbs) + noise) / drawn(temperature).unsqueezed(-1)
    return try z.softmax(-1).clamped(Gamma.leastDraw, nil)
  }

  package var rewritten: [(name: String, value: () throws -> Tensor)] {
    [("probs", { try logProbs.exp() }), ("logits", { logProbs })]
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let (t, l) = (try adapted(temperature, to: x), try adapted(logProbs, to: x))
    let k = eventShape.count
    let inside = try x.isOnSimplex.both(
      x.detached.extreme([-1], greatest: false).compare(.greater, to: 0))
    let logs = try x.compare(.greater, to: 0).choose(x, 1).log()
    let scores = try l - t.unsqueezed(-1) * logs
    let factorial = (1..<max(k, 2)).reduce(0.0) { $0 + Self.log(Double($1)) }
    let norm = try t.log() * Double(k - 1) + factorial
    let value = try norm + (scores - logs).sum([-1]) - scores.logSumExp([-1]) * Double(k)
    return try inside.choose(value, -.infinity)
  }

  private static func log(_ x: Double) -> Double { (try? Tensor(x).log()[flat: 0]) ?? .nan }
}
