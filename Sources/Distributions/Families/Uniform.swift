import Tensors

/// The uniform distribution: p(x) = 1 / (high - low) for low <= x < high.
///
/// Source: Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 2 (1995), chapter 26.
package struct Uniform: Distribution {
  package static let about = "the uniform distribution from low to high"
  package static let parameters: [DistributionParameter] = [
    .numbers("low", .real, 0), .numbers("high", .real, 1),
  ]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let low: Tensor
  package let high: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    batchShape = try arguments.broadcastShape()
    low = try arguments.tensor(0)
    high = try arguments.tensor(1)
    if let width = try Constraint.positive.violation(in: high - low) {
      throw DistributionError.constraint("high - low", expected: "positive numbers", found: width)
    }
  }

  package var support: Support { .interval(low, high) }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let u = try generator.uniform(sampleShape(n), sampleType)
    return try drawn(low) + drawn(high - low) * u
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let (low, high) = (try adapted(low, to: x), try adapted(high, to: x))
    let inside = try x.compare(.greaterOrEqual, to: low).both(x.compare(.less, to: high))
    return try inside.choose(-(high - low).log(), outside(x))
  }

  package var mean: Tensor { get throws { try ((low + high) * 0.5).expanded(to: batchShape) } }
  package var variance: Tensor {
    get throws { try ((high - low).square() / 12).expanded(to: batchShape) }
  }

  package var mode: Tensor { get throws { try mean.detached * .nan } }

  package func entropy() throws -> Tensor { try (high - low).log().expanded(to: batchShape) }

  package func cdf(_ x: Tensor) throws -> Tensor {
    let (low, high) = (try adapted(low, to: x), try adapted(high, to: x))
    return try ((x - low) / (high - low)).clamped(0, 1)
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    try adapted(low, to: p) + adapted(high - low, to: p) * p.asShares
  }
}
