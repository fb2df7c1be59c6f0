import Tensors

/// The Dirichlet distribution on vectors of k positive numbers that sum to one:
/// p(x) = Γ(sum a) prod x_i^(a_i - 1) / Γ(a_i), with a = concentration.
///
/// Shapes: concentration [batch, k]; the density is that of the first k - 1 numbers.
/// Source: Kotz, Balakrishnan, Johnson, "Continuous Multivariate Distributions" (2000), chapter 49.
package struct Dirichlet: Distribution {
  package static let about = "k positive numbers that sum to one, with mean concentration / its sum"
  package static let parameters: [DistributionParameter] = [.numbers("concentration", .positive)]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let eventShape: Shape
  package let concentration: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    concentration = try arguments.tensor(0)
    guard let k = concentration.shape.last, k > 0 else {
      throw TensorError.shape(
        concentration.shape, expected: "one number for each component, along the last dimension")
    }
    batchShape = try Shape(concentration.shape.dims.dropLast())
    eventShape = try Shape([k])
  }

  package var support: Support { .simplex }

  /// Gamma draws over their sum, by their logarithms.
  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let shares = try generator.logGamma(concentration, n).softmax(-1)
    return try shares.cast(to: sampleType).clamped(Gamma.leastDraw, nil)
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let a = try adapted(concentration, to: x)
    let inside = try x.isOnSimplex
    let value = try x.compare(.greaterOrEqual, to: 0).choose(x, 1)
    let logs = try (a - 1).timesLog(value).sum([-1]) - Dirichlet.logNorm(a)
    return try inside.choose(logs, -.infinity)
  }

  /// The logarithm of the beta function of several numbers.
  ///
  /// Shapes: a [.., k] -> [..].
  static func logNorm(_ a: Tensor) throws -> Tensor {
    try a.lgamma().sum([-1]) - a.sum([-1]).lgamma()
  }

  package var mean: Tensor {
    get throws { try concentration / concentration.sum([-1], keepdim: true) }
  }

  package var variance: Tensor {
    get throws {
      let (mean, total) = (try mean, try concentration.sum([-1], keepdim: true))
      return try mean * (1 - mean) / (total + 1)
    }
  }

  /// Where no concentration is above 1, the corner of the greatest.
  package var mode: Tensor {
    get throws {
      let excess = try (concentration - 1).clamped(0, nil)
      let total = try excess.sum([-1], keepdim: true)
      let isInside = try total.detached.compare(.greater, to: 0)
      let corner = try concentration.detached.argExtreme(-1, greatest: true)
        .oneHot(eventShape.count).cast(to: concentration.dtype)
      return try isInside.choose(excess / isInside.choose(total, 1), corner)
    }
  }

  package func entropy() throws -> Tensor {
    let (a, k) = (concentration, Double(eventShape.count))
    let total = try a.sum([-1])
    let surprise = try ((a - 1) * a.digamma()).sum([-1])
    return try Dirichlet.logNorm(a) + (total - k) * total.digamma() - surprise
  }
}
