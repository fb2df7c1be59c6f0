import Tensors

/// The Poisson distribution: p(k) = rate^k exp(-rate) / k! for k = 0, 1, 2, ...
///
/// Source: Johnson, Kemp, Kotz, "Univariate Discrete Distributions" (2005), chapter 4.
package struct Poisson: Distribution {
  package static let about = "the number of events where rate are expected: 0, 1, 2, ..."
  package static let parameters: [DistributionParameter] = [.numbers("rate", .nonnegative)]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let rate: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    batchShape = try arguments.broadcastShape()
    rate = try arguments.tensor(0)
  }

  package var support: Support { .wholeNumbers }
  package var hasPathwiseSample: Bool { false }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let u = try generator.openUniform(sampleShape(n), .float64)
    return try quantile(u).cast(to: sampleType)
  }

  /// In float64: terms in the millions cancel.
  package func logProb(_ x: Tensor) throws -> Tensor {
    let type = try adapted(rate, to: x).dtype
    let rate = try rate.cast(to: .float64)
    let (inside, count) = try x.counts(type)
    let whole = try count.cast(to: .float64)
    let logs = try whole.timesLog(rate) - rate - (whole + 1).lgamma()
    return try inside.choose(logs.cast(to: type), outside(x))
  }

  package var mean: Tensor { rate }
  package var variance: Tensor { rate }
  package var mode: Tensor {
    get throws { try rate.detached.floorDivided(by: Tensor(1, rate.dtype)) }
  }

  package func entropy() throws -> Tensor {
    let rate = try rate.cast(to: .float64)
    let poisson = try Poisson(rate)
    let skewness = try rate.clamped(1, nil).squareRoot().reciprocal()
    return try Counting.entropy(
      mean: rate, variance: rate, skewness: skewness, excess: skewness.square()
    ) { try poisson.logProb($0) }.cast(to: dtype ?? .float64)
  }

  package func cdf(_ x: Tensor) throws -> Tensor {
    let rate = try adapted(rate, to: x)
    let (count, isEnd) = try x.countBelow(rate.dtype)
    let mass = try (count.clamped(0, nil) + 1).gammaMass(above: rate)
    return try isEnd.choose(1, count.compare(.less, to: 0).choose(0, mass))
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    try quantile(p).cast(to: dtype ?? p.dtype)
  }

  private func quantile(_ p: Tensor) throws -> Tensor {
    try Counting.quantile([rate], p) { parameters, p in
      let rate = parameters[0]
      return Counting.quantile(p, mean: rate, deviation: rate.squareRoot(), highest: .infinity) {
        IncompleteGamma.upper($0 + 1, rate)
      }
    }
  }
}
