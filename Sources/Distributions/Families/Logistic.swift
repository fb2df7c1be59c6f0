import Tensors

/// The logistic distribution: p(x) = sigmoid(z) sigmoid(-z) / scale with z = (x - loc) / scale.
///
/// Source: Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 2 (1995), chapter 23.
package struct Logistic: Distribution {
  package static let about = "the distribution whose cdf is sigmoid((x - loc) / scale)"
  package static let parameters: [DistributionParameter] = [
    .numbers("loc", .real, 0), .numbers("scale", .positive, 1),
  ]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let loc: Tensor
  package let scale: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    batchShape = try arguments.broadcastShape()
    loc = try arguments.tensor(0)
    scale = try arguments.tensor(1)
  }

  package var support: Support { .real }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    try drawn(loc) + drawn(scale) * generator.logistic(sampleShape(n), sampleType)
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let scale = try adapted(scale, to: x)
    let z = try (x - adapted(loc, to: x)) / scale
    return try z.logSigmoid() + (-z).logSigmoid() - scale.log()
  }

  package var mean: Tensor { get throws { try loc.expanded(to: batchShape) } }
  package var variance: Tensor {
    get throws { try (scale.square() * (Double.pi * Double.pi / 3)).expanded(to: batchShape) }
  }

  package var mode: Tensor { get throws { try loc.expanded(to: batchShape) } }

  package func entropy() throws -> Tensor { try (scale.log() + 2).expanded(to: batchShape) }

  package func cdf(_ x: Tensor) throws -> Tensor {
    try ((x - adapted(loc, to: x)) / adapted(scale, to: x)).sigmoid()
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    try adapted(loc, to: p) + adapted(scale, to: p) * (p.log() - (-p).log1p())
  }
}

extension Generator {
  /// Numbers from the standard logistic distribution, all finite.
  func logistic(_ shape: Shape, _ dtype: DType) throws -> Tensor {
    let u = try openUniform(shape, dtype)
    return try u.log() - (-u).log1p()
  }
}
