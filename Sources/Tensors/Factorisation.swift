import Glibc

/// A square matrix as a product of triangular ones, in float64: P A = L U, by Gaussian elimination with
/// the largest pivot of each column.
///
/// Source: Golub and Van Loan, "Matrix Computations", algorithm 3.4.1.
struct LU {
  private let n: Int
  /// L below the diagonal, where its own is 1, and U from the diagonal on.
  private var entries: [Double]
  /// Row i of P A is row `order[i]` of A.
  private var order: [Int]
  private var sign = 1.0

  /// Shapes: rows of an n x n matrix, one after the other.
  init(_ rows: [Double], _ n: Int) throws {
    self.n = n
    entries = rows
    order = Array(0..<n)
    for k in 0..<n {
      try Interrupt.poll()
      let pivot = (k..<n).max { magnitude($0, k) < magnitude($1, k) } ?? k
      if pivot != k {
        for j in 0..<n { entries.swapAt(k * n + j, pivot * n + j) }
        order.swapAt(k, pivot)
        sign = -sign
      }
      let top = entries[k * n + k]
      if top == 0 { continue }
      for i in k + 1..<max(n, k + 1) {
        let factor = entries[i * n + k] / top
        entries[i * n + k] = factor
        for j in k + 1..<max(n, k + 1) { entries[i * n + j] -= factor * entries[k * n + j] }
      }
    }
  }

  private func magnitude(_ i: Int, _ k: Int) -> Double { abs(entries[i * n + k]) }

  var diagonal: [Double] { (0..<n).map { entries[$0 * n + $0] } }

  var determinant: Double { diagonal.reduce(sign, *) }

  /// The determinant's sign, also where its size overflows or vanishes.
  var determinantSign: Double { diagonal.reduce(sign) { $0 * ($1 > 0 ? 1 : $1 < 0 ? -1 : $1) } }

  /// The logarithm of the determinant's size: -inf where it is 0.
  var logAbsoluteDeterminant: Double { diagonal.reduce(0) { $0 + log(abs($1)) } }

  /// The logarithm of the determinant: -inf where it is 0, NaN where it is negative.
  var logDeterminant: Double {
    let negatives = diagonal.filter { $0 < 0 }.count + (sign < 0 ? 1 : 0)
    let size = logAbsoluteDeterminant
    return negatives % 2 == 0 || size == -.infinity ? size : .nan
  }

  /// The solution of A X = B.
  ///
  /// Shapes: B and X [n, k], row by row.
  /// Throws: where A is singular.
  func solve(_ b: [Double], columns k: Int) throws -> [Double] {
    guard diagonal.allSatisfy({ $0 != 0 }) else { throw TensorError.singularMatrix }
    var x: [Double] = []
    x.reserveCapacity(n * k)
    for i in order { x += b[i * k..<(i + 1) * k] }
    for i in 0..<n {
      for p in 0..<i { subtract(entries[i * n + p], p, from: i, &x, k) }
    }
    for i in (0..<n).reversed() {
      for p in i + 1..<max(n, i + 1) { subtract(entries[i * n + p], p, from: i, &x, k) }
      for j in 0..<k { x[i * k + j] /= entries[i * n + i] }
      try Interrupt.poll()
    }
    return x
  }

  private func subtract(_ factor: Double, _ p: Int, from i: Int, _ x: inout [Double], _ k: Int) {
    for j in 0..<k { x[i * k + j] -= factor * x[p * k + j] }
  }
}

enum Householder {
  /// The orthonormal columns that span those of A, from the first to each: the factor Q of A = Q R.
  ///
  /// Shapes: rows of an m x n matrix with m >= n -> the same.
  /// Source: Golub and Van Loan, "Matrix Computations", algorithms 5.1.1, 5.2.1 and section 5.1.6.
  static func orthonormal(_ a: [Double], _ m: Int, _ n: Int) throws -> [Double] {
    var a = a
    var reflections: [(vector: [Double], beta: Double)] = []
    for k in 0..<n {
      try Interrupt.poll()
      var v = (k..<m).map { a[$0 * n + k] }
      let isReduced = v.dropFirst().allSatisfy { $0 == 0 }
      let norm = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      v[0] += v[0] < 0 ? -norm : norm
      let square = v.reduce(0) { $0 + $1 * $1 }
      reflections.append((v, isReduced ? 0 : 2 / square))
      reflect(&a, n, by: reflections[k], from: k)
    }
    var q = [Double](repeating: 0, count: m * n)
    for i in 0..<n { q[i * n + i] = 1 }
    for k in (0..<n).reversed() { reflect(&q, n, by: reflections[k], from: k) }
    return q
  }

  /// A - beta v vᵀ A, for a v whose first entry stands in row k.
  private static func reflect(
    _ a: inout [Double], _ n: Int, by reflection: (vector: [Double], beta: Double), from k: Int
  ) {
    let (v, beta) = reflection
    guard beta != 0 else { return }
    for j in 0..<n {
      var dot = 0.0
      for (i, x) in v.enumerated() { dot += x * a[(k + i) * n + j] }
      for (i, x) in v.enumerated() { a[(k + i) * n + j] -= beta * dot * x }
    }
  }
}

enum Cholesky {
  /// The lower triangular L with L Lᵀ = A, for rows of a symmetric n x n matrix.
  ///
  /// Throws: where A is not positive definite.
  static func factor(_ a: [Double], _ n: Int) throws -> [Double] {
    var l = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      try Interrupt.poll()
      for j in 0...i {
        var rest = a[i * n + j]
        for p in 0..<j { rest -= l[i * n + p] * l[j * n + p] }
        if i == j {
          guard rest > 0 else { throw TensorError.notPositiveDefinite }
          l[i * n + i] = rest.squareRoot()
        } else {
          l[i * n + j] = rest / l[j * n + j]
        }
      }
    }
    return l
  }
}
