import Tensors

/// The gamma distribution: p(x) = rate^a x^(a - 1) exp(-rate x) / Γ(a) with a = concentration, x > 0.
///
/// Source: Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 1 (1994), chapter 17.
package struct Gamma: Distribution {
  package static let about = "the gamma distribution with mean concentration / rate"
  package static let parameters: [DistributionParameter] = [
    .numbers("concentration", .positive), .numbers("rate", .positive, 1),
  ]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let concentration: Tensor
  package let rate: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    batchShape = try arguments.broadcastShape()
    concentration = try arguments.tensor(0)
    rate = try arguments.tensor(1)
  }

  package var support: Support { .positive }

  /// By inversion, so that the same noise gives draws that move smoothly with the parameters.
  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let noise = try generator.logGamma(concentration.expanded(to: batchShape), n)
    return try noise.exp().cast(to: sampleType).clamped(Self.leastDraw, nil) / drawn(rate)
  }

  /// The smallest normal float32: a draw of 0 would have an infinite density.
  static let leastDraw = 0x1p-126

  package func logProb(_ x: Tensor) throws -> Tensor {
    let (a, rate) = (try adapted(concentration, to: x), try adapted(rate, to: x))
    let inside = try x.compare(.greaterOrEqual, to: 0).both(x.compare(.less, to: .infinity))
    let value = try inside.choose(x, 1)
    let logs = try a.timesLog(rate) + (a - 1).timesLog(value) - rate * value - a.lgamma()
    return try inside.choose(logs, outside(x))
  }

  package var mean: Tensor { get throws { try concentration / rate } }
  package var mode: Tensor { get throws { try (concentration - 1).clamped(0, nil) / rate } }
  package var variance: Tensor { get throws { try concentration / rate.square() } }

  package func entropy() throws -> Tensor {
    let a = concentration
    return try a - rate.log() + a.lgamma() + (1 - a) * a.digamma()
  }

  package func cdf(_ x: Tensor) throws -> Tensor {
    try adapted(concentration, to: x).gammaMass(below: x.clamped(0, nil) * adapted(rate, to: x))
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    try adapted(concentration, to: p).logGammaQuantile(p).exp() / adapted(rate, to: p)
  }
}

extension Generator {
  /// Logarithms of gamma draws of rate 1, in float64; gradients flow to the concentration.
  ///
  /// The logarithm stays finite at small concentrations, where the draw itself would round to 0.
  ///
  /// Shapes: n + the concentration's.
  func logGamma(_ concentration: Tensor, _ n: [Int]) throws -> Tensor {
    let u = try openUniform(Shape(n + concentration.shape.dims), .float64)
    return try concentration.cast(to: .float64).logGammaQuantile(u)
  }
}
