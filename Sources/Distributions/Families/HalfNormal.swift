import Tensors

/// The half normal distribution, of |x| for a normal x: p(x) = sqrt(2 / pi) exp(-x^2 / (2 scale^2)) / scale, x >= 0.
///
/// Source: Leone, Nelson and Nottingham (1961), "The Folded Normal Distribution", with mean 0.
package struct HalfNormal: Distribution {
  package static let about = "the size of a normal number with mean 0 and standard deviation scale"
  package static let parameters: [DistributionParameter] = [.numbers("scale", .positive, 1)]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let scale: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    batchShape = try arguments.broadcastShape()
    scale = try arguments.tensor(0)
  }

  package var support: Support { .positive }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    try drawn(scale) * generator.normal(sampleShape(n), sampleType).absolute()
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let scale = try adapted(scale, to: x)
    let inside = try (x / scale).square() * -0.5 - (scale.log() + Self.logNorm)
    return try x.compare(.greaterOrEqual, to: 0).choose(inside, outside(x))
  }

  package var mean: Tensor { get throws { try scale * (2 / Double.pi).squareRoot() } }
  package var mode: Tensor { get throws { try scale.detached * 0 } }
  package var variance: Tensor { get throws { try scale.square() * (1 - 2 / Double.pi) } }

  package func entropy() throws -> Tensor { try scale.log() + (0.5 + Self.logNorm) }

  package func cdf(_ x: Tensor) throws -> Tensor {
    try (x.clamped(0, nil) / adapted(scale, to: x) * 0.5.squareRoot()).erf()
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    try adapted(scale, to: p) * p.asShares.erfinv() * 2.squareRoot()
  }

  /// Half the logarithm of pi / 2.
  private static let logNorm = 0.225_791_352_644_727_432_4
}
