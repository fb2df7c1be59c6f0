import Tensors

/// The categorical distribution with its values as vectors: k zeros but for a single one.
///
/// A vector of shares that sum to one counts as the mean of so many vectors: the density is then the
/// cross entropy's.
///
/// Shapes: probs or logits [batch, k]; event [k]; probs are divided by their sum.
/// Source: Murphy, "Probabilistic Machine Learning: An Introduction" (2022), section 2.5.
package struct OneHotCategorical: Distribution {
  package static let about =
    "a vector of k zeros but for a single one, as likely as probs or logits say"
  package static let parameters: [DistributionParameter] = [
    .either("probs", .nonnegative), .either("logits", .real),
  ]

  package let arguments: DistributionArguments
  package let eventShape: Shape
  let categorical: Categorical

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    categorical = try Categorical(arguments)
    eventShape = try Shape([categorical.categories])
  }

  package init(logits: Tensor) throws { try self.init(nil, .tensor(logits)) }

  package var batchShape: Shape { categorical.batchShape }
  package var support: Support { .oneHot }
  package var hasPathwiseSample: Bool { false }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    try categorical.draw(n, generator).oneHot(categorical.categories).cast(to: sampleType)
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let logs = categorical.logProbs
    let type = x.dtype.isFloating ? x.dtype : logs.dtype
    // 0 log(0) is 0.
    let never = try x.detached.compare(.equal, to: 0)
    let sum = try never.choose(0, x.cast(to: type) * never.choose(0, logs)).sum([-1])
    return try x.isOnSimplex.choose(sum, -.infinity)
  }

  package var mode: Tensor {
    get throws { try categorical.mode.oneHot(categorical.categories).cast(to: sampleType) }
  }

  package var rewritten: [(name: String, value: () throws -> Tensor)] { categorical.rewritten }

  package var mean: Tensor { get throws { try categorical.probs } }
  package var variance: Tensor {
    get throws {
      let p = try categorical.probs
      return try p * (1 - p)
    }
  }

  package func entropy() throws -> Tensor { try categorical.entropy() }
}
