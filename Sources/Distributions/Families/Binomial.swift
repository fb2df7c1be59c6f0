import Tensors

/// The binomial distribution: p(k) = C(n, k) probs^k (1 - probs)^(n - k) for k = 0, ..., n = total_count.
///
/// Source: Johnson, Kemp, Kotz, "Univariate Discrete Distributions" (2005), chapter 3.
package struct Binomial: Distribution {
  package static let about = "the number of ones among total_count, each 1 with probability probs"
  package static let parameters: [DistributionParameter] = [
    .numbers("total_count", .nonnegative), .either("probs", .unitInterval),
    .either("logits", .real),
  ]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let totalCount: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    batchShape = try arguments.broadcastShape()
    totalCount = try arguments.tensor(0).detached
    for n in totalCount.values where n != n.rounded() {
      throw DistributionError.constraint("total_count", expected: "whole numbers", found: n)
    }
  }

  package var probs: Tensor {
    get throws { try arguments.optional(1) ?? arguments.tensor(2).sigmoid() }
  }

  /// One of the draws that are counted.
  var single: Bernoulli {
    get throws {
      try Bernoulli(
        arguments.optional(1).map { .tensor($0) }, arguments.optional(2).map { .tensor($0) })
    }
  }

  package var support: Support { .wholeNumbersUpTo(totalCount) }
  package var hasPathwiseSample: Bool { false }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let u = try generator.openUniform(sampleShape(n), .float64)
    return try quantile(u).cast(to: sampleType)
  }

  /// In float64: terms in the millions cancel.
  package func logProb(_ x: Tensor) throws -> Tensor {
    let type = try adapted(totalCount, to: x).dtype
    let n = try totalCount.cast(to: .float64)
    let (isCount, k) = try x.counts(type)
    let inside = try isCount.both(k.compare(.lessOrEqual, to: n))
    let ones = try inside.choose(k.cast(to: .float64), 0)
    let ways = try (n + 1).lgamma() - (ones + 1).lgamma() - (n - ones + 1).lgamma()
    let logs = try ways + weightedLogs(ones, n - ones)
    return try inside.choose(logs.cast(to: type), outside(x))
  }

  /// ones log(p) + zeros log(1 - p), where 0 log(0) is 0.
  private func weightedLogs(_ ones: Tensor, _ zeros: Tensor) throws -> Tensor {
    if let logits = arguments.optional(2) {
      let l = try logits.cast(to: .float64)
      return try ones * l.logSigmoid() + zeros * (-l).logSigmoid()
    }
    let p = try arguments.tensor(1).cast(to: .float64)
    return try ones.timesLog(p) + zeros.timesLog(1 - p)
  }

  package var mean: Tensor { get throws { try totalCount * probs } }
  package var variance: Tensor {
    get throws {
      let p = try probs
      return try totalCount * p * (1 - p)
    }
  }

  package var mode: Tensor {
    get throws {
      let n = totalCount
      let below = try ((n + 1) * probs.detached).floorDivided(by: Tensor(1, n.dtype))
      return try below.lesser(n)
    }
  }

  package var rewritten: [(name: String, value: () throws -> Tensor)] {
    [("probs", { try probs }), ("logits", { try single.logits })]
  }

  package func entropy() throws -> Tensor {
    let (n, p) = (try totalCount.cast(to: .float64), try probs.cast(to: .float64))
    let given = try arguments.optional(2).map {
      DistributionArgument.tensor(try $0.cast(to: .float64))
    }
    let binomial = try Binomial(.tensor(n), given == nil ? .tensor(p) : nil, given)
    let share = try p * (1 - p)
    let variance = try n * share
    let held = try variance.clamped(1, nil)
    return try Counting.entropy(
      mean: n * p, variance: variance, skewness: (1 - 2 * p) / held.squareRoot(),
      excess: (1 - 6 * share) / held
    ) { try binomial.logProb($0) }.cast(to: dtype ?? .float64)
  }

  package func cdf(_ x: Tensor) throws -> Tensor {
    let (n, p) = (try adapted(totalCount, to: x), try adapted(probs, to: x))
    let (k, isEnd) = try x.countBelow(p.dtype)
    let isBelow = try k.compare(.less, to: 0)
    let isInside = try k.compare(.less, to: n).both(isBelow.negatedLogic())
    let (failures, successes) = (try isInside.choose(n - k, 1), try isInside.choose(k + 1, 1))
    let mass = try failures.betaMass(successes, below: 1 - p)
    return try isEnd.choose(1, isInside.choose(mass, isBelow.choose(0, k * 0 + 1)))
  }

  package func icdf(_ p: Tensor) throws -> Tensor { try quantile(p).cast(to: dtype ?? p.dtype) }

  private func quantile(_ mass: Tensor) throws -> Tensor {
    try Counting.quantile([totalCount, probs], mass) { parameters, mass in
      let (n, p) = (parameters[0], parameters[1])
      return Counting.quantile(
        mass, mean: n * p, deviation: (n * p * (1 - p)).squareRoot(), highest: n
      ) { $0 >= n ? 1 : IncompleteBeta.lower(n - $0, $0 + 1, 1 - p) }
    }
  }
}
