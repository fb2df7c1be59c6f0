import Glibc
import Tensors

/// The geometric distribution: p(k) = (1 - probs)^k probs for k = 0, 1, 2, ...
///
/// Source: Johnson, Kemp, Kotz, "Univariate Discrete Distributions" (2005), chapter 5.
package struct Geometric: Distribution {
  package static let about = "the number of zeros before the first 1, which has probability probs"
  package static let parameters: [DistributionParameter] = [
    .either("probs", .unitInterval), .either("logits", .real),
  ]

  package let arguments: DistributionArguments
  package let batchShape: Shape

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    batchShape = try arguments.broadcastShape()
    for p in arguments.optional(0)?.detached.values ?? [] where p == 0 {
      throw DistributionError.constraint("probs", expected: "probabilities above 0", found: p)
    }
  }

  package var probs: Tensor {
    get throws { try arguments.optional(0) ?? arguments.tensor(1).sigmoid() }
  }

  package var logits: Tensor {
    get throws {
      if let logits = arguments.optional(1) { return logits }
      let p = try arguments.tensor(0)
      return try p.log() - (-p).log1p()
    }
  }

  package var support: Support { .wholeNumbers }
  package var hasPathwiseSample: Bool { false }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let u = try generator.openUniform(sampleShape(n), .float64)
    let zero = try probability(.float64).zero.detached.log()
    return try u.log().floorDivided(by: zero).cast(to: sampleType)
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let type = try adapted(probs, to: x).dtype
    let (isCount, count) = try x.counts(type)
    let logs: Tensor
    if let logits = try arguments.optional(1)?.cast(to: type) {
      logs = try count * (-logits).logSigmoid() + logits.logSigmoid()
    } else {
      let (one, zero) = try probability(type)
      logs = try count.timesLog(zero) + one.log()
    }
    return try isCount.choose(logs, outside(x))
  }

  /// probs and 1 - probs.
  private func probability(_ type: DType) throws -> (one: Tensor, zero: Tensor) {
    if let logits = try arguments.optional(1)?.cast(to: type) {
      return (try logits.sigmoid(), try (-logits).sigmoid())
    }
    let p = try arguments.tensor(0).cast(to: type)
    return (p, try 1 - p)
  }

  package var mean: Tensor { get throws { try probs.reciprocal() - 1 } }
  package var variance: Tensor {
    get throws {
      let p = try probs
      return try (1 - p) / p.square()
    }
  }

  package var mode: Tensor { get throws { try (probs.detached * 0).expanded(to: batchShape) } }

  package var rewritten: [(name: String, value: () throws -> Tensor)] {
    [("probs", { try probs }), ("logits", { try logits })]
  }

  package func entropy() throws -> Tensor {
    let p = try probs
    return try -((1 - p).timesLog(1 - p) + p * p.log()) / p
  }

  package func cdf(_ x: Tensor) throws -> Tensor {
    let type = try adapted(probs, to: x).dtype
    let (count, isEnd) = try x.countBelow(type)
    let mass = try -((count.clamped(0, nil) + 1) * (-adapted(probs, to: x)).log1p()).expm1()
    return try isEnd.choose(1, count.compare(.less, to: 0).choose(0, mass))
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    try Counting.quantile([probs], p) { parameters, mass in
      let p = parameters[0]
      return Counting.quantile(
        mass, mean: (1 - p) / p, deviation: (1 - p).squareRoot() / p, highest: .infinity
      ) { 1 - pow(1 - p, $0 + 1) }
    }.cast(to: dtype ?? p.dtype)
  }
}
