import Tensors

/// The normal distribution: p(x) = exp(-((x - loc) / scale)^2 / 2) / (scale sqrt(2 pi)).
///
/// Source: Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 1 (1994), chapter 13.
package struct Normal: Distribution {
  package static let about = "the normal distribution with mean loc and standard deviation scale"
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
    let noise = try generator.normal(sampleShape(n), sampleType)
    return try drawn(loc) + drawn(scale) * noise
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let scale = try adapted(scale, to: x)
    let square = try ((x - adapted(loc, to: x)) / scale).square()
    return try square * -0.5 - (scale.log() + Normal.halfLogTwoPi)
  }

  package var mean: Tensor { get throws { try loc.expanded(to: batchShape) } }
  package var variance: Tensor { get throws { try scale.square().expanded(to: batchShape) } }

  package var mode: Tensor { get throws { try loc.expanded(to: batchShape) } }

  package func entropy() throws -> Tensor {
    try (scale.log() + (0.5 + Normal.halfLogTwoPi)).expanded(to: batchShape)
  }

  package func cdf(_ x: Tensor) throws -> Tensor {
    try ((x - adapted(loc, to: x)) / adapted(scale, to: x)).normalCDF()
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    try adapted(loc, to: p) + adapted(scale, to: p) * p.normalQuantile()
  }

  /// Half the logarithm of 2 pi.
  static let halfLogTwoPi = 0.918_938_533_204_672_741_8
}
