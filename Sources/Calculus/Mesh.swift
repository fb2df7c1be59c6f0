import Glibc
import Tensors

/// The first places that are looked at: an even mesh for the trapezoidal rule, and more between them,
/// to see that nothing stands there that the mesh misses.
enum Mesh {
  private static let step = 1.0 / 12
  private static let half = 36
  /// Further out, to see that nothing comes any more.
  private static let beyond = [3.25, 3.5, 3.75, 4]

  /// In ascending order.
  static let places: [Double] =
    beyond.reversed().map { -$0 } + (-half...half).map { Double($0) * step } + beyond
  private static let nothing = [Double](repeating: 0, count: beyond.count)
  static let weights: [Double] = nothing + (-half...half).map { _ in step } + nothing

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
        let y = samples[beyond.count + i, c]
        fine += y
        total += abs(y)
        if i % 2 == 0 { coarse += 2 * y }
      }
      total *= step
      let difference = abs(fine - coarse) * step
      guard difference <= aim * total else { return nil }
      // The outermost places of the mesh and all beyond.
      let outermost = Array(0...beyond.count) + Array((beyond.count + 2 * half)..<places.count)
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

  /// Meshes moved sideways, one after the other, and what lies out to a reach.
  ///
  /// The moves are multiples of the golden ratio: however many there are, none of the gaps they leave is
  /// much wider than the others, and no oscillation keeps step with them.
  ///
  /// Source: Sós (1958), "On the Distribution mod 1 of the Sequence n alpha".
  struct Scan {
    /// In ascending order.
    let places: [Double]
    private let moves: Int
    private let outward: Int

    init(moves: Range<Int>, outward: Int = 0, to reach: Double = 3) {
      (self.moves, self.outward) = (moves.count, outward)
      let golden = (5.0.squareRoot() - 1) / 2
      let shares = moves.map { (Double($0) * golden).truncatingRemainder(dividingBy: 1) }.sorted()
      let inner = (-half..<half).flatMap { i in shares.map { (Double(i) + $0) * step } }
      let outer = (0..<outward).map { 3 + (reach - 3) * (Double($0) + 0.5) / Double(outward) }
      places = outer.reversed().map { -$0 } + inner + outer
    }

    static let count = 2 * half

    /// Whether each moved mesh has the same sum, and nothing stands further out.
    func agrees(_ verdict: Verdict, _ samples: Samples, aim: Double) -> Bool {
      let end = outward + Self.count * moves
      for c in 0..<samples.width {
        let total = verdict.totals[c]
        for k in 0..<moves {
          let mesh = stride(from: outward + k, to: end, by: moves)
          let sum = mesh.reduce(0) { $0 + samples[$1, c] } * step
          guard abs(sum - verdict.sums[c]) <= aim * total else { return false }
        }
        for i in Array(0..<outward) + Array(end..<places.count) {
          guard abs(samples[i, c]) <= 1e-16 * total else { return false }
        }
      }
      return true
    }
  }

  /// Where an integrand stands out among its neighbours: its largest local maxima, each with the places beside it.
  ///
  /// The places are in ascending order.
  static func peaks(_ places: [Double], _ sizes: [Double]) -> [Double] {
    let (t, y) = (places, sizes.map { $0.isFinite ? $0 : 0 })
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
