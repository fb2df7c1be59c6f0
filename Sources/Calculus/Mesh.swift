import Glibc
import Tensors

/// The first places that are looked at: an even mesh for the trapezoidal rule, and more between them,
/// to see that nothing stands there that the mesh misses.
enum Mesh {
  private static let step = 1.0 / 12
  private static let half = 36
  /// Further out, to see that nothing comes any more.
  private static let beyond = [3.25, 3.5, 3.75, 4]

  static let places: [Double] =
    (-half...half).map { Double($0) * step } + beyond + beyond.map { -$0 }
  static let weights: [Double] =
    (-half...half).map { _ in step } + [Double](repeating: 0, count: 2 * beyond.count)

  /// Far out: in steps of a quarter, then of one, then of eight.
  static let outward: [Double] =
    (1...32).map { Double($0) * 0.25 } + (9...48).map { Double($0) }
    + stride(from: 56.0, through: 680, by: 8)

  /// The sum with the weights of the places, if it is the integral as far as they tell.
  struct Verdict {
    let error: Double
    /// The integral of the absolute value of each component, and the integral.
    fileprivate let totals: [Double]
    fileprivate let sums: [Double]
  }

  /// Nil where the sums of the mesh and of every other place differ.
  static func verdict(
    _ samples: Samples, _ scale: Quadrature.Scale, aim: Double
  ) -> Verdict? {
    let sizes = samples.sizes
    guard sizes.allSatisfy(\.isFinite) else { return nil }
    var (totals, sums, error, isNothing) = ([Double](), [Double](), 0.0, true)
    for c in 0..<samples.width {
      var (fine, coarse, total) = (0.0, 0.0, 0.0)
      for i in 0...(2 * half) {
        let y = samples[i, c]
        fine += y
        total += abs(y)
        if i % 2 == 0 { coarse += 2 * y }
      }
      total *= step
      let difference = abs(fine - coarse) * step
      guard difference <= aim * total else { return nil }
      // The outermost places of the mesh and all beyond.
      let outermost = [0, 2 * half] + Array((2 * half + 1)..<places.count)
      guard outermost.allSatisfy({ abs(samples[$0, c]) <= 1e-16 * total }) else { return nil }
      if total > 0 { isNothing = false }
      error = max(error, difference)
      totals.append(total)
      sums.append(fine * step)
    }
    guard !isNothing else { return nil }
    let largest = sizes.max() ?? 0
    guard !zip(places, sizes).contains(where: { $1 > aim * largest && scale.isLost($0) }) else {
      return nil
    }
    return Verdict(error: error, totals: totals, sums: sums)
  }

  // MARK: Between the places

  /// Meshes moved sideways, one after the other, and what lies out to the reach.
  ///
  /// A mesh that lies symmetrically sees nothing of an odd integrand, so that one moved aside is the least.
  struct Scan {
    let places: [Double]
    private let shifts: Int

    init(_ scan: Quadrature.Scale.Scan) {
      switch scan {
      case .coarse:
        shifts = 1
        places = (-half..<half).filter { $0 % 2 == 0 }.map { (Double($0) + 0.62) * step }
      case .fine(let shifts, let reach):
        self.shifts = shifts - 1
        let inner = (1..<shifts).flatMap { k in
          (-half..<half).map { (Double($0) + Double(k) / Double(shifts)) * step }
        }
        let outer = stride(from: 3 + spacing, to: reach, by: spacing).map { $0 }
        places = inner + outer + outer.map { -$0 }
      }
    }

    private let spacing = 0.002

    /// Whether each moved mesh has the same sum, and nothing stands further out.
    func agrees(_ verdict: Verdict, _ samples: Samples, aim: Double) -> Bool {
      let isCoarse = shifts == 1 && places.count == half
      let count = isCoarse ? half : 2 * half
      let width = isCoarse ? 2 * step : step
      for c in 0..<samples.width {
        let total = verdict.totals[c]
        for k in 0..<shifts {
          let sum = (k * count..<(k + 1) * count).reduce(0) { $0 + samples[$1, c] } * width
          guard abs(sum - verdict.sums[c]) <= aim * total else { return false }
        }
        for i in (shifts * count)..<places.count {
          guard abs(samples[i, c]) <= 1e-16 * total else { return false }
        }
      }
      return true
    }
  }

  /// Where an integrand stands out among its neighbours: its largest local maxima, each with the places beside it.
  static func peaks(_ places: [Double], _ sizes: [Double]) -> [Double] {
    var (t, y) = (places, sizes.map { $0.isFinite ? $0 : 0 })
    if !zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }) {
      let order = places.indices.sorted { places[$0] < places[$1] }
      (t, y) = (order.map { t[$0] }, order.map { y[$0] })
    }
    guard t.count > 2, let top = y.max(), top > 0 else { return [] }
    var maxima: [Int] = []
    for i in 1..<(t.count - 1) where y[i] > 1e-14 * top {
      let (left, right) = (y[i - 1], y[i + 1])
      if y[i] >= left, y[i] >= right, y[i] > min(left, right) { maxima.append(i) }
    }
    let largest = maxima.sorted { y[$0] > y[$1] }.prefix(mostPeaks)
    return largest.flatMap { i in [t[i - 1], t[i], t[i + 1]] }
  }

  private static let mostPeaks = 40
}
