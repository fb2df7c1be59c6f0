import Glibc

/// A matrix A = U S Vᵀ with orthonormal columns in U and V and the singular values, in descending order, in S; in
/// float64.
///
/// Rotations of pairs of columns make all of them orthogonal: then their lengths are the singular values. The
/// small ones keep their relative precision.
///
/// Source: Golub and Van Loan, "Matrix Computations", section 8.6.3 (one-sided Jacobi).
struct SingularValues {
  private let m: Int
  private let n: Int
  /// The columns of A, then those of V, one after the other.
  private var columns: [Double]
  private var turned: [Double]

  /// Shapes: the rows of an m x n matrix with m >= n -> u [m, n], s [n], v [n, n], row by row.
  static func solve(_ matrix: [Double], _ m: Int, _ n: Int) throws -> (
    u: [Double], s: [Double], v: [Double]
  ) {
    guard matrix.allSatisfy(\.isFinite) else {
      let nan = { [Double](repeating: .nan, count: $0) }
      return (nan(m * n), nan(n), nan(n * n))
    }
    // Squares of the entries neither overflow nor vanish.
    let top = matrix.lazy.map(abs).max() ?? 0
    let unit = top > 0 ? top.binade : 1
    var problem = SingularValues(matrix.map { $0 / unit }, m, n)
    // The convergence is quadratic; matrices of hundreds of columns take about ten rounds.
    for _ in 0..<60 where try !problem.sweep() { break }
    let (u, s, v) = problem.sorted()
    return (u, s.map { $0 * unit }, v)
  }

  private init(_ matrix: [Double], _ m: Int, _ n: Int) {
    (self.m, self.n) = (m, n)
    columns = (0..<m * n).map { matrix[$0 % m * n + $0 / m] }
    turned = (0..<n * n).map { $0 / n == $0 % n ? 1 : 0 }
  }

  /// Turns each pair of columns that is not orthogonal; whether there was one.
  private mutating func sweep() throws -> Bool {
    var isTurned = false
    for i in 0..<n {
      try Interrupt.poll()
      for j in i + 1..<max(n, i + 1) {
        var (a, b, dot) = (0.0, 0.0, 0.0)
        for k in 0..<m {
          let (p, q) = (columns[i * m + k], columns[j * m + k])
          a += p * p
          b += q * q
          dot += p * q
        }
        if abs(dot) <= 0x1p-52 * (a.squareRoot() * b.squareRoot()) || dot == 0 { continue }
        isTurned = true
        let ratio = (b - a) / (2 * dot)
        let t = (ratio < 0 ? -1 : 1) / (abs(ratio) + hypot(ratio, 1))
        let c = 1 / hypot(t, 1)
        Self.rotate(&columns, i * m, j * m, m, c, c * t)
        Self.rotate(&turned, i * n, j * n, n, c, c * t)
      }
    }
    return isTurned
  }

  private static func rotate(
    _ x: inout [Double], _ i: Int, _ j: Int, _ count: Int, _ c: Double, _ s: Double
  ) {
    for k in 0..<count {
      let (p, q) = (x[i + k], x[j + k])
      x[i + k] = c * p - s * q
      x[j + k] = s * p + c * q
    }
  }

  private func sorted() -> (u: [Double], s: [Double], v: [Double]) {
    let lengths = (0..<n).map { i in
      (0..<m).reduce(0) { hypot($0, columns[i * m + $1]) }
    }
    let order = (0..<n).sorted { lengths[$0] > lengths[$1] }
    var found: [[Double]] = []
    for i in order {
      let length = lengths[i]
      found.append(
        length > 0
          ? (0..<m).map { columns[i * m + $0] / length } : Self.orthogonal(to: found, m))
    }
    return (
      (0..<m * n).map { found[$0 % n][$0 / n] }, order.map { lengths[$0] },
      (0..<n * n).map { turned[order[$0 % n] * n + $0 / n] }
    )
  }

  /// A vector of length 1 beside fewer than m orthonormal ones, where a singular value of 0 leaves it open.
  private static func orthogonal(to others: [[Double]], _ m: Int) -> [Double] {
    // The axis of which the others hold the least.
    let shares = (0..<m).map { i in others.reduce(0) { $0 + $1[i] * $1[i] } }
    let axis = shares.indices.min { shares[$0] < shares[$1] } ?? 0
    var v = (0..<m).map { $0 == axis ? 1.0 : 0 }
    // Once more, for what rounding left.
    for _ in 0..<2 {
      for other in others {
        let dot = zip(v, other).reduce(0) { $0 + $1.0 * $1.1 }
        for i in v.indices { v[i] -= dot * other[i] }
      }
    }
    let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return v.map { $0 / length }
  }
}
