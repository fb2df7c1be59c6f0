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
  /// The standard deviation of what is random in the function's values, rounding above all.
  let noise: Double
  /// The part of the noise that rounding the values themselves causes.
  let rounding: Double

  /// Whether there is more noise than a computation in this type must have.
  var isNoisy: Bool { noise > 1e4 * rounding }

  /// What is seen of the function with one step.
  struct Sight {
    let step: Double
    /// The central slope, of fourth order.
    let slope: Double
    /// The slopes of the two sides.
    let left: Double
    let right: Double
    /// What the one-sided slopes of twice the step differ by.
    let wideJump: Double
    /// How far rounding may move the slopes: ten standard deviations.
    let noise: Double

    /// What the one-sided slopes differ by: at a smooth point h f''.
    var jump: Double { abs(right - left) }
    var isJumpClear: Bool { jump > 20 * noise && jump > 1e-4 * max(abs(left), abs(right)) }
    /// Whether twice the step does not double the jump, so that it may be that of a kink.
    var mayHideKink: Bool { isJumpClear && wideJump < 1.5 * jump }
  }

  /// The step along a line whose point is at a distance of `size` from the origin.
  ///
  /// No round number, which would hide values that jump in round ones; in powers of two of the smallest, so
  /// that the outputs of one function mostly share it.
  func step(size: Double) -> Double {
    let relative = center == 0 ? 0 : noise / abs(center)
    let least = 7.03e-4
    let wanted = min(max(pow(relative, 0.2), least), 4e-2)
    return least * exp2(log2(wanted / least).rounded(.down)) * max(size, 1)
  }

  /// The slopes with step h; nil where the function is not finite on either side.
  func look(_ h: Double, along f: (Double) throws -> Double) rethrows -> Sight? {
    let (above, below) = (try f(h), try f(-h))
    guard above.isFinite, below.isFinite else {
      if above.isFinite { return try lookOneWay(h, above, along: f) }
      return below.isFinite ? try lookOneWay(-h, below, along: f) : nil
    }
    let (farAbove, farBelow) = (try f(2 * h), try f(-2 * h))
    guard farAbove.isFinite, farBelow.isFinite else {
      if farAbove.isFinite { return try lookOneWay(h, above, along: f) }
      return farBelow.isFinite ? try lookOneWay(-h, below, along: f) : nil
    }
    return Sight(
      step: h, slope: (8 * (above - below) - (farAbove - farBelow)) / (12 * h),
      left: (center - below) / h, right: (above - center) / h,
      wideJump: abs(farAbove + farBelow - 2 * center) / (2 * h), noise: 10 * noise / h)
  }

  /// The slope at the edge of where the function is defined, from values on the side of `h`, of either sign.
  ///
  /// Five values, the point's own among them, give fourth order too; rounding weighs 67/12 times as much.
  /// Source: Fornberg (1988), table 3.
  private func lookOneWay(
    _ h: Double, _ first: Double, along f: (Double) throws -> Double
  ) rethrows -> Sight? {
    let others = [try f(2 * h), try f(3 * h), try f(4 * h)]
    guard others.allSatisfy(\.isFinite) else { return nil }
    let slope =
      (-25 * center + 48 * first - 36 * others[0] + 16 * others[1] - 3 * others[2]) / (12 * h)
    return Sight(
      step: abs(h), slope: slope, left: slope, right: slope, wideJump: 0,
      noise: 10 * noise * (67 / 12) / abs(h))
  }

  /// What a scan over steps of many sizes finds.
  enum Finding {
    /// The steadiest slope, how far it may be off, and how far known noise may move it.
    case slope(Double, error: Double, noise: Double)
    /// One-sided slopes that differ however small the step.
    case kink(left: Double, right: Double)
    /// Not finite nearby.
    case nothing
  }

  /// Looks with steps from a hundredth of `size` (and of 1) downwards, and takes a slope that hardly
  /// changes from one step to the next: it stands where truncation and the kinks nearby no longer
  /// matter, and rounding does not yet.
  func scan(size: Double, along f: (Double) throws -> Double) rethrows -> Finding {
    let smallest = 3e-9 * (size > 0 ? min(size, 1) : 1)
    var sights: [Sight] = []
    var h = 1.03e-2 * max(size, 1)
    while h > smallest {
      if let sight = try look(h, along: f) { sights.append(sight) }
      h *= 0.316_227_766
    }
    guard sights.count > 1 else { return .nothing }
    if let kink = kink(sights) { return kink }
    // A single small change may be luck: a slope stands where neither neighbour differs.
    let changes = zip(sights, sights.dropFirst()).map { abs($0.slope - $1.slope) }
    let errors = sights.indices.map { i in
      max(i > 0 ? changes[i - 1] : changes[i], i < changes.count ? changes[i] : 0)
        + sights[i].noise
    }
    let best = steadiest(sights, errors)
    return .slope(sights[best].slope, error: errors[best], noise: sights[best].noise)
  }

  /// The derivative is a limit: of several steady slopes the one of the smallest steps counts, and
  /// of the steps that agree on it the one with the least error.
  private func steadiest(_ sights: [Sight], _ errors: [Double]) -> Int {
    let steepest = sights.map { abs($0.slope) }.max() ?? 0
    guard let finest = sights.indices.last(where: { errors[$0] <= 1e-3 * steepest }) else {
      return errors.indices.min { errors[$0] < errors[$1] } ?? 0
    }
    var best = finest
    for i in sights.indices[..<finest].reversed() {
      guard abs(sights[i].slope - sights[finest].slope) <= errors[i] + errors[finest] else { break }
      if errors[i] < errors[best] { best = i }
    }
    return best
  }

  /// At a smooth point a tenth of the step makes the jump a tenth.
  private func kink(_ sights: [Sight]) -> Finding? {
    let clear = sights.filter(\.isJumpClear)
    guard let last = clear.last, last.step < 1e-5 * max(1, sights[0].step * 100),
      let wide = clear.last(where: { $0.step >= 9 * last.step }),
      last.jump > wide.jump / 2,
      // The smallest step that could tell sees the jump too, so it is not merely nearby.
      sights.last(where: { 40 * $0.noise < wide.jump })?.step ?? 0 >= last.step / 2
    else { return nil }
    return .kink(left: last.left, right: last.right)
  }

  /// The noise of a function from eight values on a short, even grid: a smooth trend has no third
  /// differences to speak of, and those of noise have 20 times its variance.
  ///
  /// Source: Hamming, "Introduction to Applied Numerical Analysis" (1971); Moré and Wild (2011),
  /// "Estimating Computational Noise", equation 2.3.
  static func noise(_ values: [Double]) -> Double {
    var table = values
    for _ in 0..<3 { table = zip(table.dropFirst(), table).map { $0 - $1 } }
    let mean = table.reduce(0) { $0 + $1 * $1 } / Double(max(table.count, 1))
    return (mean / 20).squareRoot()
  }
}
