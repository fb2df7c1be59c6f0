import Tensors

/// The beta distribution: p(x) = x^(a - 1) (1 - x)^(b - 1) / B(a, b) for 0 < x < 1, with
/// a = concentration1 and b = concentration0.
///
/// Source: Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 2 (1995), chapter 25.
package struct Beta: Distribution {
  package static let about =
    "the beta distribution with mean concentration1 / (concentration1 + concentration0)"
  package static let parameters: [DistributionParameter] = [
    .numbers("concentration1", .positive), .numbers("concentration0", .positive),
  ]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let concentration1: Tensor
  package let concentration0: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    batchShape = try arguments.broadcastShape()
    concentration1 = try arguments.tensor(0)
    concentration0 = try arguments.tensor(1)
  }

  package var support: Support {
    get throws { .interval(try Tensor(0), try Tensor(1)) }
  }

  /// x / (x + y) for gamma draws x and y, by their logarithms; never 0 or 1, where the density may be infinite.
  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let x = try generator.logGamma(concentration1.expanded(to: batchShape), n)
    let y = try generator.logGamma(concentration0.expanded(to: batchShape), n)
    let half = sampleType == .float64 ? 0x1p-53 : 0x1p-24
    return try (x - y).sigmoid().cast(to: sampleType).clamped(Gamma.leastDraw, 1 - half)
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let (a, b) = (try adapted(concentration1, to: x), try adapted(concentration0, to: x))
    let inside = try x.compare(.greaterOrEqual, to: 0).both(x.compare(.lessOrEqual, to: 1))
    let value = try inside.choose(x, 0.5)
    let logs = try (a - 1).timesLog(value) + (b - 1).timesLog(1 - value) - Beta.logNorm(a, b)
    return try inside.choose(logs, outside(x))
  }

  /// The logarithm of the beta function.
  static func logNorm(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    try a.lgamma() + b.lgamma() - (a + b).lgamma()
  }

  package var mean: Tensor {
    get throws { try concentration1 / (concentration1 + concentration0) }
  }

  package var variance: Tensor {
    get throws {
      let total = try concentration1 + concentration0
      return try concentration1 * concentration0 / (total.square() * (total + 1))
    }
  }

  /// None (NaN) where all values are alike or both ends are as high.
  package var mode: Tensor {
    get throws {
      let (a, b) = (
        try (concentration1 - 1).clamped(0, nil), try (concentration0 - 1).clamped(0, nil)
      )
      // Where both are below 1, the end at which the density is higher, as of a Dirichlet.
      let isBetween = try (a + b).detached.compare(.greater, to: 0)
      let sign = try (concentration1 - concentration0).detached
      let end = try sign.compare(.greater, to: 0).choose(Tensor(1, sign.dtype), 0)
      let isTied = try sign.compare(.equal, to: 0)
      let alone = try isTied.choose(Tensor(.nan, sign.dtype), end)
      return try isBetween.choose(a / isBetween.choose(a + b, 1), alone)
    }
  }

  package func entropy() throws -> Tensor {
    let (a, b) = (concentration1, concentration0)
    let surprise = try (a - 1) * a.digamma() + (b - 1) * b.digamma()
    return try Beta.logNorm(a, b) - surprise + (a + b - 2) * (a + b).digamma()
  }

  package func cdf(_ x: Tensor) throws -> Tensor {
    try adapted(concentration1, to: x)
      .betaMass(adapted(concentration0, to: x), below: x.clamped(0, 1))
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    try adapted(concentration1, to: p).logitBetaQuantile(adapted(concentration0, to: p), p)
      .sigmoid()
  }
}
