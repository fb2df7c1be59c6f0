import Tensors

/// The categorical distribution on 0, 1, ..., k - 1: p(i) = probs[i], with probs = softmax(logits).
///
/// Shapes: probs or logits [batch, k]; probs need not sum to one, they are divided by their sum.
/// Source: Murphy, "Probabilistic Machine Learning: An Introduction" (2022), section 2.5.
package struct Categorical: Distribution {
  package static let about =
    "one of k categories, an integer from 0, as likely as probs or logits say"
  package static let parameters: [DistributionParameter] = [
    .either("probs", .nonnegative), .either("logits", .real),
  ]
  package static let examples = ["categorical([0.2, 0.3, 0.5]).sample(4)"]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  /// The logarithms of the probabilities.
  ///
  /// Shapes: [batch, k].
  package let logProbs: Tensor
  package let categories: Int

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    let shape = try arguments.broadcastShape()
    guard let k = shape.last, k > 0 else {
      throw TensorError.shape(
        shape, expected: "one number for each category, along the last dimension")
    }
    categories = k
    batchShape = try Shape(Array(shape.dims.dropLast()))
    if let logits = arguments.optional(1) {
      logProbs = try logits.logSoftmax(-1)
    } else {
      let p = try arguments.tensor(0)
      let total = try p.sum([-1], keepdim: true)
      if let bad = try Constraint.positive.violation(in: total) {
        throw DistributionError.constraint("probs", expected: "a positive sum", found: bad)
      }
      logProbs = try (p / total).log()
    }
  }

  package init(logits: Tensor) throws { try self.init(nil, .tensor(logits)) }

  package var probs: Tensor { get throws { try logProbs.exp() } }

  package var support: Support { .integers(below: categories) }
  package var hasPathwiseSample: Bool { false }

  /// Source: the Gumbel-max trick, Maddison, Tarlow and Minka (2014), "A* Sampling", section 2.
  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let noise = try generator.gumbel(
      Shape(n + batchShape.dims + [categories]), logProbs.dtype)
    return try (logProbs.detached + noise).argExtreme(-1, greatest: true)
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let shape = try x.shape.broadcast(with: batchShape)
    let all = try logProbs.expanded(to: Shape(shape.dims + [categories]))
    let range = x.detached.range
    let isWhole = !x.dtype.isFloating || x.values.allSatisfy { $0 == $0.rounded() }
    if isWhole, range.nonfinite == 0, range.least >= 0, range.greatest < Double(categories) {
      return try all.gathered(-1, x.expanded(to: shape).unsqueezed(-1)).squeezed(-1)
    }
    let (isCount, counts) = try x.counts(x.dtype.isFloating ? x.dtype : .float64)
    let inside = try isCount.both(counts.compare(.less, to: Double(categories)))
    let index = try inside.choose(counts, 0).cast(to: .int64).expanded(to: shape)
    let logs = try all.gathered(-1, index.unsqueezed(-1)).squeezed(-1)
    return try inside.choose(logs, outside(x))
  }

  package var mode: Tensor { get throws { try logProbs.detached.argExtreme(-1, greatest: true) } }

  package var rewritten: [(name: String, value: () throws -> Tensor)] {
    [("probs", { try probs }), ("logits", { logProbs })]
  }

  package func entropy() throws -> Tensor {
    let p = try probs
    // 0 log(0) is 0.
    let logs = try logProbs.detached.compare(.equal, to: -.infinity).choose(0, logProbs)
    return try -(p * logs).sum([-1])
  }
}
