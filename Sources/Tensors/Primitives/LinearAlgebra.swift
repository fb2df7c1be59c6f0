import CKernels

/// Matrices as linear maps: their inverses, determinants and factors; leading dimensions are batches.
package struct LinearAlgebra: OperationFamily {
  package init() {}

  private static let batches = [
    Example([Domain.reals.of([3, 3])]), Example([Domain.positiveDefinite.of([2, 2, 2])]),
  ]

  package let trace = Operation(
    "the sum of the diagonal", [.tensor("x")], examples: batches,
    one: { try $0.tensor(0).diagonals().sum([-1]) })
  package let det = Operation(
    "the determinant", [.tensor("x")], examples: batches, one: { try $0.tensor(0).determinant() })
  package let logdet = Operation(
    "the logarithm of the determinant: -inf where it is 0, nan where it is negative",
    [.tensor("x")], examples: [Example([Domain.positiveDefinite.of([2, 2, 2])])],
    one: { try $0.tensor(0).logDeterminant() })
  package let slogdet = Operation(
    "the sign of the determinant and the logarithm of its size", [.tensor("x")],
    examples: [Example([Domain.reals.of([3, 3])]), Example([Domain.reals.of([2, 2, 2])])],
    { a in
      let x = try a.tensor(0)
      return .several([
        try x.determinantSign(), try x.logAbsoluteDeterminant(),
      ])
    })
  package let qr = Operation(
    "q and r with x = q @ r, the columns of q orthonormal and r upper triangular", [.tensor("x")],
    examples: [
      Example([Domain.reals.of([3, 3])]), Example([Domain.reals.of([4, 2])]),
      Example([Domain.reals.of([2, 3, 2])]), Example([Domain.reals.of([2, 3])]),
    ],
    { a in
      let x = try a.tensor(0).floating()
      // Of more columns than rows the first span the space.
      let isWide = x.rank >= 2 && x.shape[x.rank - 1] > x.shape[x.rank - 2]
      let q = try (isWide ? x.sliced(x.rank - 1, 0, x.shape[x.rank - 2]) : x).orthonormalised()
      return .several([q, try q.matmul(x, transposeA: true).triangle { $1 >= $0 }])
    })
  package let solveTriangular = Operation(
    "the x with a @ x = b for a triangular a, whose other triangle is not read",
    [.tensor("a"), .tensor("b"), .flag("upper")],
    examples: [
      Example(
        [Domain.positiveDefinite.of([3, 3]), Domain.reals.of([3, 2])], ["upper": .flag(true)]),
      Example(
        [Domain.positiveDefinite.of([2, 2, 2]), Domain.reals.of([2, 1])], ["upper": .flag(false)]),
    ],
    one: { a in
      let isUpper = try a.flag(2)
      return try a.tensor(0).triangle { isUpper ? $1 >= $0 : $1 <= $0 }.solved(a.tensor(1))
    })
  package let inverse = Operation(
    "the inverse of a square matrix", [.tensor("x")], examples: batches,
    one: { try $0.tensor(0).inverse() })
  package let solve = Operation(
    "the x with a @ x = b, for a square a and a vector or matrix b", [.tensor("a"), .tensor("b")],
    examples: [
      Example([Domain.reals.of([3, 3]), Domain.reals.of([3, 2])]),
      Example([Domain.reals.of([3, 3]), Domain.reals.of([3])]),
      Example([Domain.positiveDefinite.of([2, 2, 2]), Domain.reals.of([2, 1])]),
    ],
    one: { a in
      let (m, b) = (try a.tensor(0), try a.tensor(1))
      let isVector =
        b.rank == 1 || (b.rank == m.rank - 1 && b.shape.dims == m.shape.dims.dropLast())
      return isVector ? try m.solved(b.unsqueezed(-1)).squeezed(-1) : try m.solved(b)
    })
  package let cholesky = Operation(
    "the lower triangular matrix whose product with its transpose is x, which is positive definite",
    [.tensor("x")],
    examples: [
      Example([Domain.positiveDefinite.of([3, 3])]),
      Example([Domain.positiveDefinite.of([2, 2, 2])]),
    ],
    one: { try $0.tensor(0).cholesky() })
}

extension Tensor {
  /// The diagonals of the last two dimensions.
  ///
  /// Shapes: [.., m, n] -> [.., min(m, n)]
  package func diagonals() throws -> Tensor {
    guard rank >= 2 else { throw TensorError.rank(shape, expected: "a matrix") }
    let (m, n) = (shape[rank - 2], shape[rank - 1])
    let batch = shape.product(0..<rank - 2)
    let length = min(m, n)
    let positions = (0..<batch).flatMap { b in (0..<length).map { b * m * n + $0 * (n + 1) } }
    let result = try Shape(shape.dims.dropLast(2) + [length])
    return try taken(IndexPlan(result: result, positions: positions, block: 1))
  }

  /// The entries on and below the diagonals of the last two dimensions, with zeros above.
  package func lowerTriangle() throws -> Tensor { try triangle { $1 <= $0 } }

  /// The determinant of each matrix.
  ///
  /// Shapes: [.., n, n] -> [..]
  package func determinant() throws -> Tensor {
    try ofMatrices {
      try LU($0, $1).determinant
    } pullback: { b in
      let (g, x, y) = (b.g, b[0], try b.y)
      try b.send(to: 0) {
        if try y.isAlmostZero(beside: x) { return try g.perMatrix() * x.cofactors() }
        return try (g * y).perMatrix() * x.inverse().transposed()
      }
    }
  }

  /// Whether a determinant is so small beside its largest possible value, the product of the rows' lengths
  /// (Hadamard), that the inverse has lost its digits or does not exist.
  private func isAlmostZero(beside x: Tensor) throws -> Bool {
    // Cofactors of many rows take long.
    guard x.shape[x.rank - 1] <= 12 else { return false }
    let rows = try x.detached.norm(2, [-1])
    let bound = try rows.shape.last == 0 ? Tensor.ones(shape, dtype) : rows.product(-1)
    return try detached.absolute().compare(.lessOrEqual, to: bound * 1e-5).values.contains(1)
  }

  /// The determinants of what is left without row i and column j, with the sign of i + j: the gradient of the
  /// determinant, defined for singular matrices too.
  ///
  /// Shapes: [.., n, n] -> the same.
  private func cofactors() throws -> Tensor {
    let n = shape[rank - 1]
    if n == 1 { return try Tensor.ones(shape, dtype) }
    let rows = try (0..<n).map { i in
      let others = try Tensor((0..<n).filter { $0 != i })
      let left = try indexSelected(rank - 2, others)
      let row = try (0..<n).map { j in
        try left.indexSelected(rank - 1, Tensor((0..<n).filter { $0 != j })).determinant()
          * ((i + j) % 2 == 0 ? 1 : -1)
      }
      return try Tensor.stacked(row, -1)
    }
    return try Tensor.stacked(rows, -2)
  }

  /// Its sign, also where its size overflows or vanishes; without a gradient.
  ///
  /// Shapes: [.., n, n] -> [..]
  fileprivate func determinantSign() throws -> Tensor {
    try detached.ofMatrices {
      try LU($0, $1).determinantSign
    } pullback: { _ in
    }
  }

  /// Its logarithm: -inf where it is 0, NaN where it is negative.
  ///
  /// Shapes: [.., n, n] -> [..]
  package func logDeterminant() throws -> Tensor {
    try ofMatrices {
      try LU($0, $1).logDeterminant
    } pullback: { b in
      let (g, x) = (b.g, b[0])
      try b.send(to: 0) { try g.perMatrix() * x.inverse().transposed() }
    }
  }

  /// The logarithm of the determinant's size: -inf where it is 0.
  ///
  /// Shapes: [.., n, n] -> [..]
  package func logAbsoluteDeterminant() throws -> Tensor {
    try ofMatrices {
      try LU($0, $1).logAbsoluteDeterminant
    } pullback: { b in
      let (g, x) = (b.g, b[0])
      try b.send(to: 0) { try g.perMatrix() * x.inverse().transposed() }
    }
  }

  /// The factor q of x = q r, whose columns are orthonormal; r's diagonal has the signs that
  /// Householder reflections give it.
  ///
  /// Shapes: [.., m, n] with m >= n -> the same.
  /// Throws: where m < n.
  /// Source: Walter and Lehmann (2018), "Algorithmic differentiation of linear algebra functions", section 4.2,
  /// for the derivative where the columns are independent.
  package func orthonormalised() throws -> Tensor {
    let x = try floating()
    guard rank >= 2, shape[rank - 2] >= shape[rank - 1] else {
      throw TensorError.shape(shape, expected: "matrices with at least as many rows as columns")
    }
    let (m, n) = (shape[rank - 2], shape[rank - 1])
    let all = x.values
    var q: [Double] = []
    q.reserveCapacity(all.count)
    for i in 0..<shape.product(0..<rank - 2) {
      q += try Householder.orthonormal(Array(all[i * m * n..<(i + 1) * m * n]), m, n)
    }
    return try Tensor(q, shape, x.dtype).recorded(x) { b in
      let (g, x, q) = (b.g, b[0], try b.y)
      try b.send(to: 0) {
        // With r = qᵀ x: (g - q (the part of qᵀ g that turning q cannot follow)) r⁻ᵀ.
        let r = try q.matmul(x, transposeA: true)
        let m = try g.matmul(q, transposeA: true)
        let lower = try m.triangle { $1 < $0 }
        let symmetric =
          try m.triangle { $1 <= $0 } + lower.transposed()
        let inner = try g - q.matmul(symmetric)
        return try r.solved(inner.transposed()).transposed()
      }
    }
  }

  /// The inverse of each matrix.
  ///
  /// Shapes: [.., n, n] -> the same.
  /// Throws: where a matrix is singular.
  package func inverse() throws -> Tensor {
    let (x, n) = try squareMatrices()
    let y = try x.eachMatrix(n) { rows in
      var identity = [Double](repeating: 0, count: n * n)
      for i in 0..<n { identity[i * n + i] = 1 }
      return try LU(rows, n).solve(identity, columns: n)
    }
    return y.recorded(x) { b in
      let (g, y) = (b.g, try b.y)
      try b.send(to: 0) {
        try -y.matmul(g, transposeA: true).matmul(y, transposeB: true)
      }
    }
  }

  /// The x with a x = b, or with aᵀ x = b.
  ///
  /// Shapes: a [.., n, n], b [.., n, k] -> [.., n, k].
  /// Throws: where a matrix is singular.
  package func solved(_ b: Tensor, transposed: Bool = false) throws -> Tensor {
    let type = DType.promoted(try floating(), try b.floating())
    let (a, n) = try cast(to: type).squareMatrices()
    guard b.rank >= 2, b.shape[b.rank - 2] == n else {
      throw TensorError.shape(b.shape, expected: "\(n) rows, as \(shape) has")
    }
    let k = b.shape[b.rank - 1]
    let batch = try Shape(shape.dims.dropLast(2)).broadcast(with: Shape(b.shape.dims.dropLast(2)))
    let left = try a.expanded(to: Shape(batch.dims + [n, n]))
    let right = try b.cast(to: type).expanded(to: Shape(batch.dims + [n, k]))
    let matrices = transposed ? try left.detached.transposed().values : left.values
    let columns = right.values
    var solution: [Double] = []
    solution.reserveCapacity(columns.count)
    for i in 0..<batch.count {
      let lu = try LU(Array(matrices[i * n * n..<(i + 1) * n * n]), n)
      solution += try lu.solve(Array(columns[i * n * k..<(i + 1) * n * k]), columns: k)
    }
    return try Tensor(solution, right.shape, type).recorded(left, right) { back in
      let (a, x) = (back[0], try back.y)
      let gb = try a.solved(back.g, transposed: !transposed)
      try back.send(to: 0) {
        transposed ? try -x.matmul(gb, transposeB: true) : try -gb.matmul(x, transposeB: true)
      }
      try back.send(to: 1) { gb }
    }
  }

  /// The Cholesky factor of the symmetric part.
  ///
  /// Shapes: [.., n, n] -> the same.
  /// Throws: where a matrix is not positive definite.
  /// Source: Murray (2016), "Differentiation of the Cholesky decomposition", equation 10.
  package func cholesky() throws -> Tensor {
    let (x, n) = try squareMatrices()
    let symmetric = try (x + x.transposed()) * 0.5
    let y = try symmetric.eachMatrix(n) { try Cholesky.factor($0, n) }
    return y.recorded(symmetric) { b in
      let (g, l) = (b.g, try b.y)
      try b.send(to: 0) {
        let p = try l.matmul(g, transposeA: true)
        let half = try p.triangle { $1 < $0 } + p.triangle { $0 == $1 } * 0.5
        let left = try l.solved(half, transposed: true)
        let s = try l.solved(left.transposed(), transposed: true)
        return try (s + s.transposed()) * 0.5
      }
    }
  }

  /// This number for each matrix, to go with the matrices.
  private func perMatrix() throws -> Tensor { try unsqueezed(-1).unsqueezed(-1) }

  /// As floats, with the extent of their matrices, which are square.
  private func squareMatrices() throws -> (Tensor, Int) {
    guard rank >= 2, shape[rank - 1] == shape[rank - 2] else {
      throw TensorError.shape(shape, expected: "a square matrix")
    }
    return (try floating(), shape[rank - 1])
  }

  /// Applies a function of n x n rows to each matrix, without a record.
  private func eachMatrix(_ n: Int, _ f: ([Double]) throws -> [Double]) throws -> Tensor {
    let all = values
    var results: [Double] = []
    results.reserveCapacity(all.count)
    for i in 0..<shape.product(0..<rank - 2) {
      results += try f(Array(all[i * n * n..<(i + 1) * n * n]))
    }
    return try Tensor(results, shape, dtype)
  }

  /// A number for each matrix.
  private func ofMatrices(
    _ f: ([Double], Int) throws -> Double, pullback: @escaping Pullback
  ) throws -> Tensor {
    let (x, n) = try squareMatrices()
    let all = x.values
    let batch = try Shape(shape.dims.dropLast(2))
    let results = try (0..<batch.count).map {
      try f(Array(all[$0 * n * n..<($0 + 1) * n * n]), n)
    }
    return try Tensor(results, batch, x.dtype).recorded(x, pullback)
  }
}
