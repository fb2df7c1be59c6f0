import Tensors

/// Student's t distribution: p(x) = (1 + z^2 / df)^(-(df + 1) / 2) / (scale sqrt(df) B(df / 2, 1 / 2)),
/// z = (x - loc) / scale.
///
/// Source: Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 2 (1995), chapter 28.
package struct StudentT: Distribution {
  package static let about = "Student's t distribution with df degrees of freedom, around loc"
  package static let parameters: [DistributionParameter] = [
    .numbers("df", .positive), .numbers("loc", .real, 0), .numbers("scale", .positive, 1),
  ]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let df: Tensor
  package let loc: Tensor
  package let scale: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    batchShape = try arguments.broadcastShape()
    df = try arguments.tensor(0)
    loc = try arguments.tensor(1)
    scale = try arguments.tensor(2)
  }

  package var support: Support { .real }

  /// A normal number over the root of a gamma draw with mean 1.
  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let normal = try generator.normal(sampleShape(n), sampleType)
    let half = try (df * 0.5).expanded(to: batchShape)
    let logs = try generator.logGamma(half, n) - half.cast(to: .float64).log()
    return try drawn(loc) + drawn(scale) * normal * (logs * -0.5).exp().cast(to: sampleType)
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let (df, scale) = (try adapted(df, to: x), try adapted(scale, to: x))
    let z = try (x - adapted(loc, to: x)) / scale
    let half = try df * 0.5
    let norm = try scale.log() + df.log() * 0.5 + 0.5 * Self.logPi + half.lgamma()
    return try (half + 0.5).lgamma() - norm - (half + 0.5) * (z.square() / df).log1p()
  }

  /// The logarithm of pi.
  private static let logPi = 1.144_729_885_849_400_174_1

  /// None (NaN) for df <= 1.
  package var mean: Tensor {
    get throws {
      try df.compare(.greater, to: 1).choose(loc, .nan).expanded(to: batchShape)
    }
  }

  /// Infinite for 1 < df <= 2, none (NaN) below.
  package var variance: Tensor {
    get throws {
      let wide = try df.compare(.greater, to: 2)
      let finite = try scale.square() * (1 + 2 / (wide.choose(df, 3) - 2))
      let tail = try df.compare(.greater, to: 1).choose(Tensor(.infinity, df.dtype), .nan)
      return try wide.choose(finite, tail).expanded(to: batchShape)
    }
  }

  package var mode: Tensor { get throws { try loc.expanded(to: batchShape) } }

  package func entropy() throws -> Tensor {
    let half = try df * 0.5
    let slope = try (half + 0.5) * ((half + 0.5).digamma() - half.digamma())
    let norm = try half.lgamma() - (half + 0.5).lgamma() + df.log() * 0.5 + 0.5 * Self.logPi
    return try (slope + norm + scale.log()).expanded(to: batchShape)
  }

  /// From the beta distribution of z^2 / (df + z^2), of the nearer tail.
  package func cdf(_ x: Tensor) throws -> Tensor {
    let df = try adapted(df, to: x)
    let z = try (x - adapted(loc, to: x)) / adapted(scale, to: x)
    let isNear = try z.detached.square().compare(.less, to: df.detached)
    // Half the mass beyond |z|, by whichever of two shares is the smaller one.
    let near = try z.square() / (df + z.square())
    let far = try df / (df + z.square())
    let half = try df * 0.5
    let middle = try (half * 0 + 0.5).betaMass(half, below: isNear.choose(near, 0.5)) * 0.5
    let tail = try half.betaMass(half * 0 + 0.5, below: isNear.choose(0.5, far)) * 0.5
    let sign = try z.detached.compare(.less, to: 0)
    let nearer = try sign.choose(0.5 - middle, middle + 0.5)
    return try isNear.choose(nearer, sign.choose(tail, 1 - tail))
  }

  /// The quantile by the beta distribution of df / (df + z^2).
  package func icdf(_ p: Tensor) throws -> Tensor {
    let df = try adapted(df, to: p)
    let isLow = try p.detached.compare(.less, to: 0.5)
    let tail = try isLow.choose(p, 1 - p) * 2
    let half = try df * 0.5
    let logit = try half.logitBetaQuantile(half * 0 + 0.5, tail)
    let size = try df.squareRoot() * (logit * -0.5).exp()
    let z = try isLow.choose(-size, size)
    return try adapted(loc, to: p) + adapted(scale, to: p) * z
  }
}
