import Glibc

/// The eigenvalues of a symmetric matrix in ascending order, each with an eigenvector of length 1, in float64.
///
/// Householder reflections make it tridiagonal; rotations with implicit shifts then take the entries beside
/// the diagonal to zero.
///
/// Source: Golub and Van Loan, "Matrix Computations", algorithms 8.3.1, 8.3.2 and 8.3.3.
struct SymmetricEigenproblem {
  private let n: Int
  private var diagonal: [Double] = []
  /// Entry k stands beside the diagonal's k and k + 1.
  private var beside: [Double] = []
  /// Row by row the vectors in which the matrix looks as `diagonal` and `beside` say.
  private var rows: [Double] = []

  /// Shapes: the rows of a symmetric n x n matrix -> values [n], vectors [n, n] as columns.
  static func solve(_ matrix: [Double], _ n: Int) throws -> (values: [Double], vectors: [Double]) {
    guard matrix.allSatisfy(\.isFinite) else {
      return (Array(repeating: .nan, count: n), Array(repeating: .nan, count: n * n))
    }
    var problem = SymmetricEigenproblem(n: n)
    try problem.tridiagonalise(matrix)
    try problem.diagonalise()
    return problem.sorted()
  }

  private init(n: Int) { self.n = n }

  private mutating func tridiagonalise(_ matrix: [Double]) throws {
    var a = matrix
    var reflections: [(vector: [Double], beta: Double)] = []
    for k in 0..<max(n - 2, 0) {
      try Interrupt.poll()
      let first = k + 1
      var v = (first..<n).map { a[$0 * n + k] }
      let isReduced = v.dropFirst().allSatisfy { $0 == 0 }
      // The length of its parts beside the greatest cannot overflow.
      let top = v.lazy.map(abs).max() ?? 0
      let norm = top == 0 ? 0 : v.reduce(0) { $0 + ($1 / top) * ($1 / top) }.squareRoot() * top
      beside.append(isReduced ? v[0] : v[0] < 0 ? norm : -norm)
      if isReduced {
        reflections.append(([], 0))
        continue
      }
      v[0] += v[0] < 0 ? -norm : norm
      for i in v.indices { v[i] /= norm }
      let beta = 2 / v.reduce(0) { $0 + $1 * $1 }
      reflections.append((v, beta))
      var w = v.indices.map { i in
        let row = (first + i) * n + first
        return v.indices.reduce(0) { $0 + a[row + $1] * v[$1] } * beta
      }
      let half = beta / 2 * zip(v, w).reduce(0) { $0 + $1.0 * $1.1 }
      for i in w.indices { w[i] -= half * v[i] }
      for i in v.indices {
        let row = (first + i) * n + first
        for j in v.indices { a[row + j] -= v[i] * w[j] + w[i] * v[j] }
      }
    }
    if n > 1 { beside.append(a[(n - 1) * n + n - 2]) }
    diagonal = (0..<n).map { a[$0 * n + $0] }
    try accumulate(reflections)
  }

  /// The product of the reflections, transposed: each acts on the columns from its own on.
  private mutating func accumulate(_ reflections: [(vector: [Double], beta: Double)]) throws {
    rows = [Double](repeating: 0, count: n * n)
    for i in 0..<n { rows[i * n + i] = 1 }
    for (k, (v, beta)) in reflections.enumerated().reversed() where beta != 0 {
      try Interrupt.poll()
      for i in k + 1..<n {
        let row = i * n + k + 1
        let factor = beta * v.indices.reduce(0) { $0 + rows[row + $1] * v[$1] }
        for j in v.indices { rows[row + j] -= factor * v[j] }
      }
    }
  }

  private mutating func diagonalise() throws {
    var last = n - 1
    while last > 0 {
      try Interrupt.poll()
      for k in 0..<last where isNegligible(k) { beside[k] = 0 }
      if beside[last - 1] == 0 {
        last -= 1
        continue
      }
      let first = (0..<last).last { beside[$0] == 0 }.map { $0 + 1 } ?? 0
      chase(first, last)
    }
  }

  private func isNegligible(_ k: Int) -> Bool {
    abs(beside[k]) <= 0x1p-53 * (abs(diagonal[k]) + abs(diagonal[k + 1]))
      || abs(beside[k]) < .leastNormalMagnitude
  }

  /// One step with Wilkinson's shift on the rows from `first` to `last`.
  private mutating func chase(_ first: Int, _ last: Int) {
    let (corner, off) = (diagonal[last], beside[last - 1])
    let half = (diagonal[last - 1] - corner) / 2
    let shift = corner - off / (half / off + (half / off < 0 ? -1 : 1) * hypot(half / off, 1))
    var (x, z) = (diagonal[first] - shift, beside[first])
    for k in first..<last {
      let r = hypot(x, z)
      let (c, s) = r == 0 ? (1, 0) : (x / r, z / r)
      if k > first { beside[k - 1] = r }
      let (a, b, d) = (diagonal[k], beside[k], diagonal[k + 1])
      diagonal[k] = c * c * a + 2 * c * s * b + s * s * d
      diagonal[k + 1] = s * s * a - 2 * c * s * b + c * c * d
      beside[k] = c * s * (d - a) + (c * c - s * s) * b
      if k + 1 < last {
        (x, z) = (beside[k], s * beside[k + 1])
        beside[k + 1] *= c
      }
      let (upper, lower) = (k * n, (k + 1) * n)
      for j in 0..<n {
        let (p, q) = (rows[upper + j], rows[lower + j])
        rows[upper + j] = c * p + s * q
        rows[lower + j] = c * q - s * p
      }
    }
  }

  private func sorted() -> (values: [Double], vectors: [Double]) {
    let order = (0..<n).sorted { diagonal[$0] < diagonal[$1] }
    var vectors = [Double](repeating: 0, count: n * n)
    for (column, k) in order.enumerated() {
      for i in 0..<n { vectors[i * n + column] = rows[k * n + i] }
    }
    return (order.map { diagonal[$0] }, vectors)
  }
}
