import Tensors

/// The Gumbel distribution: p(x) = exp(-z - exp(-z)) / scale with z = (x - loc) / scale.
///
/// Source: Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 2 (1995), chapter 22.
package struct Gumbel: Distribution {
  package static let about = "the Gumbel distribution (type I, of maxima) with mode loc"
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
    try drawn(loc) + drawn(scale) * generator.gumbel(sampleShape(n), sampleType)
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let scale = try adapted(scale, to: x)
    let z = try (x - adapted(loc, to: x)) / scale
    let inside = try z.detached.compare(.greater, to: -.infinity)
    let held = try inside.choose(z, 0)
    return try inside.choose(-(held + (-held).exp() + scale.log()), outside(x))
  }

  package var mean: Tensor {
    get throws { try (loc + scale * Gumbel.eulerGamma).expanded(to: batchShape) }
  }
  package var mode: Tensor { get throws { try loc.expanded(to: batchShape) } }
  package var variance: Tensor {
    get throws { try (scale.square() * (Double.pi * Double.pi / 6)).expanded(to: batchShape) }
  }

  package func entropy() throws -> Tensor {
    try (scale.log() + (1 + Gumbel.eulerGamma)).expanded(to: batchShape)
  }

  package func cdf(_ x: Tensor) throws -> Tensor {
    let z = try (x - adapted(loc, to: x)) / adapted(scale, to: x)
    return try (-(-z).exp()).exp()
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    try adapted(loc, to: p) - adapted(scale, to: p) * (-p.log()).log()
  }

  /// Euler's constant.
  static let eulerGamma = 0.577_215_664_901_532_860_6
}

extension Generator {
  /// Numbers from the standard Gumbel distribution, all finite.
  func gumbel(_ shape: Shape, _ dtype: DType) throws -> Tensor {
    try -(-openUniform(shape, dtype).log()).log()
  }
}
