import Tensors

/// The exponential distribution: p(x) = rate exp(-rate x) for x >= 0.
///
/// Source: Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 1 (1994), chapter 19.
package struct Exponential: Distribution {
  package static let about = "the exponential distribution with mean 1 / rate"
  package static let parameters: [DistributionParameter] = [.numbers("rate", .positive, 1)]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let rate: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    batchShape = try arguments.broadcastShape()
    rate = try arguments.tensor(0)
  }

  package var support: Support { .positive }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    try -(-generator.uniform(sampleShape(n), sampleType)).log1p() / drawn(rate)
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let rate = try adapted(rate, to: x)
    return try x.compare(.greaterOrEqual, to: 0).choose(rate.log() - rate * x, outside(x))
  }

  package var mean: Tensor { get throws { try rate.reciprocal() } }
  package var mode: Tensor { get throws { try rate.detached * 0 } }
  package var variance: Tensor { get throws { try rate.square().reciprocal() } }

  package func entropy() throws -> Tensor { try 1 - rate.log() }

  package func cdf(_ x: Tensor) throws -> Tensor {
    try -(adapted(rate, to: x) * -x.clamped(0, nil)).expm1()
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    try -(-p.asShares).log1p() / adapted(rate, to: p)
  }
}
