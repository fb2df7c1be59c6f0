import Tensors

@testable import Distributions

/// How far a distribution is from the laws; the bounds' false-alarm rates stand at the tests that use them.
extension Law {
  static let massTolerance = 1e-10
  static let momentTolerance = 1e-9
  /// In standard errors.
  static let scoreBound = 5.0
  /// In units of 1 / sqrt(n).
  static let rankBound = 2.8
  private static let draws = 20_000

  /// The integral of the density, less 1.
  func excessMass() throws -> Double {
    try Quadrature(self) { try distribution().prob($0) } - 1
  }

  /// How far mean and variance are from the density's, the worse of the two.
  func momentDistance() throws -> Double {
    let d = try distribution()
    let integrate = try Quadrature(self)
    let mean = try integrate { try d.prob($0) * $0 }
    let variance = try integrate { try d.prob($0) * ($0 - mean).square() }
    return max(abs(mean - (try d.mean[flat: 0])), abs(variance - (try d.variance[flat: 0])))
  }

  /// How many standard errors the draws' mean and variance are from those stated, the worse of the two.
  func momentScore() throws -> Double {
    let d = try distribution()
    let n = Double(Self.draws)
    let x = try d.sample([Self.draws], Generator(seed: 11))
    let (mean, variance) = (try d.mean[flat: 0], try d.variance[flat: 0])
    let off = abs(try x.mean()[flat: 0] - mean)
    let squares = try (x - mean).square()
    let spread = try squares.variance(nil, correction: 1)[flat: 0]
    let offSquare = max(0, abs(try squares.mean()[flat: 0] - variance) - 1e-12)
    // Draws that are all alike have no standard error, and nothing to be off by.
    func score(_ off: Double, _ spread: Double) -> Double {
      off == 0 ? 0 : off / (spread / n).squareRoot()
    }
    return max(score(off, variance), score(offSquare, spread))
  }

  /// The distance of the draws' distribution from the cdf, times sqrt(n).
  func rankDistance() throws -> Double {
    let d = try distribution()
    let n = Double(Self.draws)
    let ranks = try d.cdf(d.sample([Self.draws], Generator(seed: 5))).values.sorted()
    let distance = ranks.enumerated().map { i, u in
      max(u - Double(i) / n, Double(i + 1) / n - u)
    }.max()
    return (distance ?? 1) * n.squareRoot()
  }

  /// How many standard errors the share of 0, of 1 or of 2 is from its probability, the worst of them.
  func shareScore() throws -> Double {
    let d = try distribution()
    let x = try d.sample([Self.draws], Generator(seed: 7))
    return try (0..<(description.hasPrefix("bernoulli") ? 2 : 3)).map { i in
      let p = try d.prob(Tensor(Double(i)))[flat: 0]
      let share = try x.compare(.equal, to: Double(i)).cast(to: .float64).mean()[flat: 0]
      let off = abs(share - p)
      return off == 0 ? 0 : off / (p * (1 - p) / Double(Self.draws)).squareRoot()
    }.max() ?? 0
  }
}
