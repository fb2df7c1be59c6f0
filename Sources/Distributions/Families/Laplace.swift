import Tensors

/// The Laplace distribution: p(x) = exp(-|x - loc| / scale) / (2 scale).
///
/// Source: Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 2 (1995), chapter 24.
package struct Laplace: Distribution {
  package static let about = "the Laplace distribution with mean loc and mean deviation scale"
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

  /// A sign and an exponential size, neither of which is ever infinite.
  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let shape = try sampleShape(n)
    let size = try (-generator.uniform(shape, sampleType)).log1p()
    let noise = try generator.uniform(shape, sampleType).compare(.less, to: 0.5).choose(size, -size)
    return try drawn(loc) + drawn(scale) * noise
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let scale = try adapted(scale, to: x)
    return try -((x - adapted(loc, to: x)).absolute() / scale) - (scale * 2).log()
  }

  package var mean: Tensor { get throws { try loc.expanded(to: batchShape) } }
  package var variance: Tensor { get throws { try (scale.square() * 2).expanded(to: batchShape) } }

  package var mode: Tensor { get throws { try loc.expanded(to: batchShape) } }

  package func entropy() throws -> Tensor {
    try ((scale * 2).log() + 1).expanded(to: batchShape)
  }

  package func cdf(_ x: Tensor) throws -> Tensor {
    let z = try (x - adapted(loc, to: x)) / adapted(scale, to: x)
    let tail = try (-z.absolute()).exp() * 0.5
    return try z.compare(.less, to: 0).choose(tail, 1 - tail)
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    let lower = try p.compare(.less, to: 0.5)
    // The logarithm of twice the nearer tail, which is exact on either side.
    let size = try (lower.choose(p, 1 - p) * 2).log()
    return try adapted(loc, to: p) + adapted(scale, to: p) * lower.choose(size, -size)
  }
}
