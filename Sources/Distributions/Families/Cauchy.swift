import Tensors

/// The Cauchy distribution: p(x) = 1 / (pi scale (1 + z^2)), z = (x - loc) / scale.
///
/// It has no mean.
///
/// Source: Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 1 (1994), chapter 16.
package struct Cauchy: Distribution {
  package static let about =
    "the Cauchy distribution around loc, half of it within scale; it has no mean"
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
    let noise = try Self.standardQuantile(generator.openUniform(sampleShape(n), .float64))
    return try drawn(loc) + drawn(scale) * noise.cast(to: sampleType)
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let scale = try adapted(scale, to: x)
    let z = try (x - adapted(loc, to: x)) / scale
    return try -(z.square().log1p()) - (scale * Double.pi).log()
  }

  package var mean: Tensor { get throws { try (loc * 0 + .nan).expanded(to: batchShape) } }
  package var variance: Tensor { get throws { try (scale * 0 + .nan).expanded(to: batchShape) } }
  package var mode: Tensor { get throws { try loc.expanded(to: batchShape) } }

  package func entropy() throws -> Tensor {
    try (scale * (4 * Double.pi)).log().expanded(to: batchShape)
  }

  /// In the tails the angle of 1 / z, of which nothing is lost beside a half.
  package func cdf(_ x: Tensor) throws -> Tensor {
    let z = try (x - adapted(loc, to: x)) / adapted(scale, to: x)
    let isFar = try z.detached.absolute().compare(.greater, to: 1)
    let angle = try isFar.choose(isFar.choose(z, 1).reciprocal(), z).atan() / Double.pi
    let isLow = try z.detached.compare(.less, to: 0)
    return try isFar.choose(isLow.choose(-angle, 1 - angle), angle + 0.5)
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    try adapted(loc, to: p) + adapted(scale, to: p) * Self.standardQuantile(p)
  }

  /// From the nearer end, where tan is large: there p itself is exact, p - 1/2 is not.
  private static func standardQuantile(_ p: Tensor) throws -> Tensor {
    let isLow = try p.detached.compare(.less, to: 0.5)
    let tail = try isLow.choose(p, 1 - p)
    let isShare = try tail.detached.compare(.greaterOrEqual, to: 0)
    let size = try isShare.choose((tail * Double.pi).tan().reciprocal(), .nan)
    return try isLow.choose(-size, size)
  }
}
