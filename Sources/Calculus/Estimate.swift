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
  /// How many draws stand behind it: of several samples the smallest.
  package let draws: Int

  /// Nil for what is no estimate.
  package init?(of tensor: Tensor) throws {
    let sources = tensor.drawWeights
    guard !sources.isEmpty else { return nil }
    let flat = try tensor.reshaped(to: [tensor.count])
    var errors: [Double] = []
    errors.reserveCapacity(tensor.count)
    for i in 0..<tensor.count {
      try Interrupt.poll()
      errors.append(try Self.error(of: flat.sliced(0, i, i + 1), sources))
    }
    value = tensor.detached
    error = try Tensor(errors, tensor.shape, .float64)
    draws = sources.map(\.noise.draws).min() ?? 0
  }

  private static func error(
    of number: Tensor, _ sources: [(noise: Noise, weights: Tensor)]
  ) throws -> Double {
    let found = try number.gradients(sources.map(\.weights))
    var contributions: [Noise: Tensor] = [:]
    for (source, gradient) in zip(sources, found) {
      guard let gradient else { continue }
      let sum = try contributions[source.noise].map { try $0 + gradient } ?? gradient
      contributions[source.noise] = sum
    }
    let variances = try contributions.map { noise, each in
      try each.variance([0], correction: 1)[flat: 0] / Double(noise.draws)
    }
    return variances.reduce(0, +).squareRoot()
  }

  /// The variance of one draw.
  package var variance: Tensor {
    get throws { try error.square() * Double(draws) }
  }

  /// How many standard errors count as chance: 4 for one number; with more numbers, or few draws,
  /// as many more as leave the false-alarm rate of the whole where it was, at 6.3e-5.
  ///
  /// Source: Bonferroni's inequality; Abramowitz and Stegun, 26.7.5, for Student's distribution.
  package static func allowance(elements: Int, draws: Int) throws -> Double {
    let tail = 3.167e-5 / Double(max(elements, 1))
    let z = try elements <= 1 ? 4 : -Tensor(tail).normalQuantile()[flat: 0]
    let (square, v) = (z * z, Double(max(draws - 1, 1)))
    let first = z * (square + 1) / 4
    let second = z * ((5 * square + 16) * square + 3) / 96
    let third = z * (((3 * square + 19) * square + 17) * square - 15) / 384
    return z + (first + (second + third / v) / v) / v
  }
}
