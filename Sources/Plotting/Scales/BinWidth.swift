import Glibc

/// The width of bins that suits values of unknown spread.
///
/// Source: the narrower of the rules of Freedman and Diaconis (On the histogram as a density estimator, 1981:
/// twice the interquartile range over the cube root of n) and of Sturges (1926: 1 + log2 n bins), and at most
/// 200 bins, for a few stray values would make the first rule ask for millions.
struct BinWidth {
  private let extent: Extent
  private let isWhole: Bool
  let width: Double

  /// Of how many values the quartiles are taken, which sorts them.
  private static let sample = 1 << 16

  init(for values: [Double], within extent: Extent) {
    self.extent = extent
    var inside = values.filter(extent.contains)
    let n = max(inside.count, 1)
    let isNear = max(extent.lower.magnitude, extent.upper.magnitude) < 1e9
    isWhole = isNear && inside.allSatisfy { $0 == $0.rounded() }
    if inside.count > BinWidth.sample {
      let step = Double(inside.count) / Double(BinWidth.sample)
      inside = (0..<BinWidth.sample).map { inside[Int(Double($0) * step)] }
    }
    inside.sort()
    let spread = BinWidth.quantile(inside, 0.75) - BinWidth.quantile(inside, 0.25)
    let sturges = extent.span / (log2(Double(n)).rounded(.up) + 1)
    let diaconis = 2 * spread / cbrt(Double(n))
    let narrow = diaconis > 0 ? min(diaconis, sturges) : sturges
    let bounded = max(narrow, extent.span / 200)
    // Two digits in one bin and three in the next would show a comb where there is none.
    let round = Ticks.step(near: bounded)?.value ?? bounded
    width = isWhole ? (extent.span < 50 ? 1 : max(1, round)) : bounded
  }

  /// Edges at round numbers from below the least value to above the greatest; around whole numbers, half-way.
  var edges: [Double] {
    if isWhole {
      let first = (extent.lower / width).rounded(.down) * width
      let count = Int(((extent.upper - first) / width).rounded(.down)) + 1
      return (0...count).map { first - 0.5 + Double($0) * width }
    }
    guard extent.padded(by: 0) == extent, let step = Ticks.step(near: width) else {
      return Bins.divided(extent.padded(by: 0), into: 1)
    }
    let first = (extent.lower / step.value).rounded(.down)
    let last = (extent.upper / step.value).rounded(.up)
    guard first.magnitude < 9e15, last.magnitude < 9e15, last > first else {
      return Bins.divided(extent, into: max(1, Int((extent.span / width).rounded(.up))))
    }
    return (Int(first)...Int(last)).map {
      DecimalNumber(mantissa: $0 * step.mantissa, exponent: step.exponent).value
    }
  }

  /// Between the sorted values, linearly.
  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    guard let last = sorted.last else { return 0 }
    let place = share * Double(sorted.count - 1)
    let index = Int(place)
    guard index + 1 < sorted.count else { return last }
    return sorted[index] + (sorted[index + 1] - sorted[index]) * (place - Double(index))
  }
}
