import Tensors

/// The Bernoulli distribution: p(1) = probs, p(0) = 1 - probs, with probs = sigmoid(logits).
///
/// A value between 0 and 1, such as a grey pixel, counts as the mean of so many ones and zeros: the
/// density is then the cross entropy's.
///
/// Source: Johnson, Kemp, Kotz, "Univariate Discrete Distributions" (2005), chapter 3.
package struct Bernoulli: Distribution {
  package static let about = "1 with probability probs, else 0; logits are log(probs / (1 - probs))"
  package static let parameters: [DistributionParameter] = [
    .either("probs", .unitInterval), .either("logits", .real),
  ]

  package let arguments: DistributionArguments
  package let batchShape: Shape

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    batchShape = try arguments.broadcastShape()
  }

  package init(logits: Tensor) throws { try self.init(nil, .tensor(logits)) }

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

  package var support: Support { .boolean }
  package var hasPathwiseSample: Bool { false }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let u = try generator.uniform(sampleShape(n), sampleType)
    return try u.compare(.less, to: drawn(probs)).cast(to: sampleType)
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let range = x.detached.range
    guard range.least < 0 || range.greatest > 1 else { return try weightedLog(x) }
    let inside = try x.compare(.greaterOrEqual, to: 0).both(x.compare(.lessOrEqual, to: 1))
    return try inside.choose(weightedLog(inside.choose(x, 0)), outside(x))
  }

  private func weightedLog(_ x: Tensor) throws -> Tensor {
    if let logits = arguments.optional(1) {
      return try -adapted(logits, to: x).crossEntropyOfLogits(x)
    }
    let p = try adapted(arguments.tensor(0), to: x)
    return try Bernoulli.weightedLogs(x, p)
  }

  /// x log(p) + (1 - x) log(1 - p), where 0 log(0) is 0, and so is its gradient.
  static func weightedLogs(_ x: Tensor, _ p: Tensor) throws -> Tensor {
    let never = try x.compare(.equal, to: 0).both(p.compare(.equal, to: 0))
    let always = try x.compare(.equal, to: 1).both(p.compare(.equal, to: 1))
    let ones = try never.choose(1, p).log()
    let zeros = try (-always.choose(0, p)).log1p()
    return try x * ones + (1 - x) * zeros
  }

  package var mean: Tensor { get throws { try probs } }
  package var variance: Tensor {
    get throws {
      if let logits = arguments.optional(1) { return try logits.sigmoid() * (-logits).sigmoid() }
      let p = try probs
      return try p * (1 - p)
    }
  }

  package func entropy() throws -> Tensor {
    if let logits = arguments.optional(1) {
      return try logits.softplus() - logits * logits.sigmoid()
    }
    let p = try probs
    return try -Bernoulli.weightedLogs(p, p)
  }

  /// 1 where it is likelier than 0.
  package var mode: Tensor {
    get throws { try mean.detached.compare(.greater, to: 0.5).cast(to: sampleType) }
  }

  package var rewritten: [(name: String, value: () throws -> Tensor)] {
    [("probs", { try probs }), ("logits", { try logits })]
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    let isOne = try p.compare(.greater, to: adapted(1 - probs, to: p).detached)
    return try isOne.cast(to: dtype ?? p.dtype) + p.detached.asShares * 0
  }

  package func cdf(_ x: Tensor) throws -> Tensor {
    let q = try adapted(1 - probs, to: x)
    return try x.compare(.less, to: 0).choose(0, x.compare(.less, to: 1).choose(q, 1))
  }
}
