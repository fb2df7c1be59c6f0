import Tensors

/// A smooth stand-in for the Bernoulli distribution: sigmoid((logits + noise) / temperature) with logistic noise.
///
/// Source: Maddison, Mnih and Teh (2017), "The Concrete Distribution", appendix B, equation 24.
package struct RelaxedBernoulli: Distribution {
  package static let about =
    "numbers near 0 or 1, the nearer the lower the temperature, with gradients"
  package static let parameters: [DistributionParameter] = [
    .numbers("temperature", .positive), .either("probs", .unitInterval), .either("logits", .real),
  ]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let temperature: Tensor
  package let logits: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    batchShape = try arguments.broadcastShape()
    temperature = try arguments.tensor(0)
    if let given = arguments.optional(2) {
      logits = given
    } else {
      let p = try arguments.tensor(1)
      logits = try p.log() - (-p).log1p()
    }
  }

  package var support: Support {
    get throws { .interval(try Tensor(0), try Tensor(1)) }
  }

  /// Never 0 or 1, where the density may be infinite.
  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let noise = try generator.logistic(sampleShape(n), sampleType)
    let half = sampleType == .float64 ? 0x1p-53 : 0x1p-24
    return try ((drawn(logits) + noise) / drawn(temperature)).sigmoid()
      .clamped(Gamma.leastDraw, 1 - half)
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let (t, l) = (try adapted(temperature, to: x), try adapted(logits, to: x))
    let inside = try x.compare(.greater, to: 0).both(x.compare(.less, to: 1))
    let held = try inside.choose(x, 0.5)
    let logit = try held.log() - (-held).log1p()
    let z = try l - t * logit
    let logs = try t.log() + z - z.softplus() * 2 - held.log() - (-held).log1p()
    return try inside.choose(logs, outside(x))
  }

  package var rewritten: [(name: String, value: () throws -> Tensor)] {
    [("probs", { try logits.sigmoid() }), ("logits", { logits })]
  }

  package func cdf(_ x: Tensor) throws -> Tensor {
    let inside = try x.clamped(0, 1)
    let logit = try inside.log() - (-inside).log1p()
    return try (adapted(temperature, to: x) * logit - adapted(logits, to: x)).sigmoid()
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    let noise = try p.log() - (-p).log1p()
    return try ((adapted(logits, to: p) + noise) / adapted(temperature, to: p)).sigmoid()
  }
}
