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

  package func logProb(_ x: Tensor) throws -> Tensor {
    let rate = try adapted(rate, to: x)
    let (inside, count) = try x.counts(rate.dtype)
    let logs = try count.timesLog(rate) - rate - (count + 1).lgamma()
    return try inside.choose(logs, -.infinity)
  }

  package var mean: Tensor { rate }
  package var variance: Tensor { rate }

  package func cdf(_ x: Tensor) throws -> Tensor {
    let rate = try adapted(rate, to: x)
    let count = try x.cast(to: rate.dtype).detached.floorDivided(by: Tensor(1, rate.dtype))
    let mass = try (count.clamped(0, nil) + 1).gammaMass(above: rate)
    return try count.compare(.less, to: 0).choose(0, mass)
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
