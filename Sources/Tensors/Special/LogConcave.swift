import Glibc

/// A distribution of one number t whose density is log-concave, as far as its distribution function goes.
///
/// Then the logarithms of both tails are concave, and Newton's method on the logarithm of the nearer
/// tail overshoots at most once: it finds any quantile, however far out.
///
/// Source: Bagnoli and Bergstrom (2005), "Log-concave probability and its applications", theorem 1.
struct LogConcave {
  /// The logarithms of the mass below t, of the mass above t, and of the density at t.
  typealias Logs = (below: Double, above: Double, density: Double)

  let logs: (Double) -> Logs

  /// The t with the mass p below it; `width` is the scale on which the density changes.
  func quantile(_ p: Double, start: Double, width: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    let isLow = p <= 0.5
    let target = isLow ? log(p) : log1p(-p)
    var (t, stride) = (start, 4 * width)
    for _ in 0..<200 {
      let at = logs(t)
      let tail = isLow ? at.below : at.above
      let slope = exp(at.density - tail)
      guard slope > 0, slope.isFinite, tail.isFinite else {
        // Out where the density is 0: back to where the mass is, in growing steps.
        t += isLow || !tail.isFinite ? -stride : stride
        stride *= 2
        continue
      }
      var step = (isLow ? target - tail : tail - target) / slope
      // From below, a flat tail would throw the upper quantile far out.
      if !isLow { step = min(step, 4 * width) }
      t += step
      // The error left is about this step squared, over the width.
      if abs(step) <= 1e-9 * min(width, 1) || abs(step) <= 1e-16 * abs(t) { break }
    }
    return t
  }
}
