import Tensors

/// The log-normal distribution, of exp(z) for a normal z:
/// p(x) = exp(-((log x - loc) / scale)^2 / 2) / (x scale sqrt(2 pi)), x > 0.
///
/// Source: Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 1 (1994), chapter 14.
package struct LogNormal: Distribution {
  package static let about = "e to the power of a normal number with mean loc and deviation scale"
  package static let parameters: [DistributionParameter] = [
    .numbers("loc", .real, 0), .numbers("scale", .positive, 1),
  ]

  package let arguments: DistributionArguments
  /// The distribution of the logarithm.
  let normal: Normal

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    normal = try Normal(arguments)
  }

  package var batchShape: Shape { normal.batchShape }
  package var support: Support { .positive }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    try normal.draw(n, generator).exp()
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let inside = try x.compare(.greater, to: 0)
    let logs = try inside.choose(x, 1).log()
    return try inside.choose(normal.logProb(logs) - logs, outside(x))
  }

  package var mean: Tensor {
    get throws { try (normal.loc + normal.scale.square() * 0.5).exp().expanded(to: batchShape) }
  }

  package var variance: Tensor {
    get throws { try normal.scale.square().expm1() * mean.square() }
  }

  package var mode: Tensor {
    get throws { try (normal.loc - normal.scale.square()).exp().expanded(to: batchShape) }
  }

  package func entropy() throws -> Tensor { try normal.entropy() + normal.loc }

  package func cdf(_ x: Tensor) throws -> Tensor {
    let inside = try x.compare(.greater, to: 0)
    return try inside.choose(normal.cdf(inside.choose(x, 1).log()), 0)
  }

  package func icdf(_ p: Tensor) throws -> Tensor { try normal.icdf(p).exp() }
}
