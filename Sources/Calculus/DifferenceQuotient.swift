import Glibc

/// Slopes of a function along a line, at its point 0, by differences, with an account of their error.
///
/// Four values at -2h, -h, h and 2h give a slope that errs by h^4 f'''''/30 from truncation and by about
/// noise/h from rounding. With a fifth derivative of the size of f the best step is the fifth root of
/// the relative noise: 7e-4 in float64, which leaves errors of about 1e-13 of f from either.
/// Source: Fornberg (1988), "Generation of Finite Difference Formulas on Arbitrarily Spaced Grids", table 1.
struct DifferenceQuotient {
  /// The function's value at the line's point 0.
  let center: Double
  /// The standard deviation of the function's rounding errors.
  let noise: Double

  /// What is seen of the function with one step.
  struct Sight {
    let step: Double
    /// The central slope, of fourth order.
    let slope: Double
    /// The slopes of the two sides.
    let left: Double
    let right: Double
    /// How far rounding may move the slopes: ten standard deviations.
    let noise: Double
  }

  /// The step along a line whose point is at a distance of `size` from the origin.
  func step(size: Double) -> Double {
    let relative = center == 0 ? 0 : noise / abs(center)
    return min(max(pow(relative, 0.2), 7e-4), 4e-2) * max(size, 1)
  }

  /// The slopes with step h; nil where the function is not finite there.
  func look(_ h: Double, along f: (Double) throws -> Double) rethrows -> Sight? {
    let (above, below) = (try f(h), try f(-h))
    guard above.isFinite, below.isFinite else { return nil }
    let wide = try f(2 * h) - f(-2 * h)
    guard wide.isFinite else { return nil }
    return Sight(
      step: h, slope: (8 * (above - below) - wide) / (12 * h), left: (center - below) / h,
      right: (above - center) / h, noise: 10 * noise / h)
  }

  /// What a scan over steps of many sizes finds.
  enum Finding {
    /// The steadiest slope, and how far it may be off.
    case slope(Double, error: Double)
    /// One-sided slopes that differ however small the step.
    case kink(left: Double, right: Double)
    /// Not finite nearby.
    case nothing
  }

  /// Looks with steps from a hundredth of `size` (and of 1) downwards, and takes the slope that
  /// changes least from one step to the next: it stands where truncation and the kinks nearby no
  /// longer matter, and rounding does not yet.
  func scan(size: Double, along f: (Double) throws -> Double) rethrows -> Finding {
    let smallest = 3e-9 * (size > 0 ? min(size, 1) : 1)
    var sights: [Sight] = []
    var h = 1e-2 * max(size, 1)
    while h > smallest {
      if let sight = try look(h, along: f) { sights.append(sight) }
      h *= 0.316_227_766
    }
    guard sights.count > 1 else { return .nothing }
    if let kink = kink(sights) { return kink }
    var (best, error) = (sights[0].slope, Double.infinity)
    for (wide, narrow) in zip(sights, sights.dropFirst()) {
      let change = abs(wide.slope - narrow.slope) + narrow.noise
      if change < error { (best, error) = (narrow.slope, change) }
    }
    return .slope(best, error: error)
  }

  /// At a smooth point the one-sided slopes differ by h f'', which a tenth of the step makes a tenth.
  private func kink(_ sights: [Sight]) -> Finding? {
    func jump(_ s: Sight) -> Double { abs(s.right - s.left) }
    let clear = sights.filter {
      jump($0) > 20 * $0.noise && jump($0) > 1e-4 * max(abs($0.left), abs($0.right))
    }
    guard let last = clear.last, last.step < 1e-5 * max(1, sights[0].step * 100),
      let wide = clear.last(where: { $0.step >= 9 * last.step }),
      jump(last) > jump(wide) / 2,
      // The smallest step that could tell sees the jump too, so it is not merely nearby.
      sights.last(where: { 40 * $0.noise < jump(wide) })?.step ?? 0 >= last.step / 2
    else { return nil }
    return .kink(left: last.left, right: last.right)
  }

  /// The noise of a function from eight values on a short, even grid: a smooth trend has no third
  /// differences to speak of, and those of noise have 20 times its variance.
  ///
  /// Source: Hamming, "Introduction to Applied Numerical Analysis" (1971); Moré and Wild (2011),
  /// "Estimating Computational Noise", equation 2.3.
  static func noise(_ values: [Double], epsilon: Double) -> Double {
    var table = values
    for _ in 0..<3 { table = zip(table.dropFirst(), table).map { $0 - $1 } }
    let mean = table.reduce(0) { $0 + $1 * $1 } / Double(max(table.count, 1))
    let size = values.map { abs($0) }.max() ?? 0
    return max((mean / 20).squareRoot(), epsilon * size)
  }
}
