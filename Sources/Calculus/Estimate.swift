import Glibc
import Tensors

/// What is known of a quantity made from Monte Carlo estimates: its value, and how far off chance may have put it.
///
/// Each estimate is a weighted sum of its draws, the weights 1/n leaves of the tape. The derivative of a
/// quantity in a draw's weight is what that draw contributes, whatever was computed in between, and the
/// spread of the contributions gives the standard error. Draws of the same noise are added up first.
///
/// Source: Jaeckel (1972), "The Infinitesimal Jackknife"; Efron (1982), "The Jackknife, the Bootstrap
/// and Other Resampling Plans", chapter 6.
package struct Estimate {
  /// Without history.
  package let value: Tensor
  /// The standard error of each element.
  package let error: Tensor
  /// The skewness of each element's error, by the third moments of its draws: 0 for an even spread.
  package let skewness: Tensor
  /// How many draws stand behind it: of several samples the smallest.
  package let draws: Int
  /// By how much each element may err though its draws, all alike, have no spread.
  ///
  /// Of an event that occurs in none of the draws, or in all, they tell that it is less likely than 9.67 / n,
  /// or likelier than 1 - 9.67 / n: another would have shown in all but 6.3e-5 of cases.
  package let unseen: Tensor

  /// Nil for what is no estimate.
  package init?(of tensor: Tensor) throws {
    let sources = tensor.drawWeights
    guard !sources.isEmpty else { return nil }
    let flat = try tensor.reshaped(to: [tensor.count])
    var (errors, skewness, unseen): ([Double], [Double], [Double]) = ([], [], [])
    errors.reserveCapacity(tensor.count)
    for i in 0..<tensor.count {
      try Interrupt.poll()
      let spread = try Self.spread(of: flat.sliced(0, i, i + 1), sources)
      errors.append(spread.error)
      skewness.append(spread.skewness)
      unseen.append(spread.unseen)
    }
    value = tensor.detached
    error = try Tensor(errors, tensor.shape, .float64)
    self.skewness = try Tensor(skewness, tensor.shape, .float64)
    self.unseen = try Tensor(unseen, tensor.shape, .float64)
    draws = sources.map(\.noise.draws).min() ?? 0
  }

  private static func spread(
    of number: Tensor, _ sources: [(noise: Noise, weights: Tensor)]
  ) throws -> (error: Double, skewness: Double, unseen: Double) {
    let found = try number.gradients(sources.map(\.weights))
    var contributions: [Noise: Tensor] = [:]
    var unseen = 0.0
    for (source, gradient) in zip(sources, found) {
      guard let gradient else { continue }
      if source.noise.isOneSided {
        let (low, high) = (gradient.values.min() ?? 0, gradient.values.max() ?? 0)
        // How much the event counts is not known where it never occurs.
        if low == high { unseen += (low == 0 ? 1 : abs(low)) * 9.67 / Double(source.noise.draws) }
      }
      let sum = try contributions[source.noise].map { try $0 + gradient } ?? gradient
      contributions[source.noise] = sum
    }
    // Cumulants of independent samples add up; the order of a dictionary must not show in the last digit.
    var (second, third): ([Double], [Double]) = ([], [])
    for (noise, each) in contributions {
      let n = Double(noise.draws)
      second.append(try each.variance([0], correction: 1)[flat: 0] / n)
      let centred = try each - each.mean()
      third.append(try (centred.square() * centred).mean()[flat: 0] / (n * n))
    }
    let variance = second.sorted().reduce(0, +)
    let skewness = variance > 0 ? third.sorted().reduce(0, +) / pow(variance, 1.5) : 0
    return (variance.squareRoot(), skewness, unseen)
  }

  /// The variance of one draw.
  package var variance: Tensor {
    get throws { try error.square() * Double(draws) }
  }

  /// How many standard errors count as chance: 4 for one number of many draws, as many more as it takes
  /// to keep the false-alarm rate of a whole comparison below 1e-4 with several numbers, few draws or skewed ones.
  ///
  /// For z of n normal draws a rate of 6.3e-5 is t, the quantile of Student's distribution with n - 1
  /// degrees of freedom. The studentised mean of skewed draws has a heavier tail: to first order
  /// t^2 skewness / 3, of which the threefold makes up for its being taken from the same draws. Of ten
  /// to a hundred draws neither is known well enough, hence 1 + 30 / n. Found by simulation to keep the
  /// rate from ten draws on where these are no more skewed than chi-square's of one degree of freedom.
  ///
  /// Source: Bonferroni's inequality; Abramowitz and Stegun, 26.7.5, for Student's distribution; Hall
  /// (1992), "On the Removal of Skewness by Transformation", for the skewness.
  package static func allowance(
    elements: Int, draws: Int, skewness: Double = 0
  ) throws -> Double {
    let tail = 3.167e-5 / Double(max(elements, 1))
    let z = try elements <= 1 ? 4 : -Tensor(tail).normalQuantile()[flat: 0]
    let (square, v) = (z * z, Double(max(draws - 1, 1)))
    let first = z * (square + 1) / 4
    let second = z * ((5 * square + 16) * square + 3) / 96
    let third = z * (((3 * square + 19) * square + 17) * square - 15) / 384
    let t = z + (first + (second + third / v) / v) / v
    return t * (1 + 30 / (v + 1)) + t * t * abs(skewness)
  }

  /// How far chance may have put each element, where so many are compared in all.
  package func slack(elements: Int) throws -> Tensor {
    let straight = try Self.allowance(elements: elements, draws: draws)
    let skewed = try Self.allowance(elements: elements, draws: draws, skewness: 1) - straight
    return try error * (skewness.absolute() * skewed + straight) + unseen
  }
}
