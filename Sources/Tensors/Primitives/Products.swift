/// Products of vectors and matrices.
package struct Products: OperationFamily {
  package init() {}

  package let matmul = Operation(
    "the matrix product x @ y; leading dimensions are batches and broadcast",
    [.tensor("x"), .tensor("y")],
    examples: [
      Example([Domain.reals.of([2, 3]), Domain.reals.of([3, 4])]),
      Example([Domain.reals.of([3]), Domain.reals.of([3, 2])]),
      Example([Domain.reals.of([2, 3]), Domain.reals.of([3])]),
      Example([Domain.reals.of([3]), Domain.reals.of([3])]),
      Example([Domain.reals.of([2, 1, 2, 3]), Domain.reals.of([2, 3, 2])]),
    ],
    one: { try $0.tensor(0).matmul($0.tensor(1)) })
  package let bmm = Operation(
    "the products of two batches of matrices", [.tensor("x"), .tensor("y")],
    examples: [Example([Domain.reals.of([2, 2, 3]), Domain.reals.of([2, 3, 2])])],
    one: { try $0.tensor(0).product($0.tensor(1), rank: 3, "a batch of matrices") })
  package let mm = Operation(
    "the product of two matrices", [.tensor("x"), .tensor("y")],
    examples: [Example([Domain.reals.of([2, 3]), Domain.reals.of([3, 2])])],
    one: { try $0.tensor(0).product($0.tensor(1), rank: 2, "a matrix") })
  package let linear = Operation(
    "x @ weight.T + bias, for weight [out, in]",
    [.tensor("x"), .tensor("weight"), .optionalTensor("bias")],
    examples: [
      Example([Domain.reals.of([2, 3]), Domain.reals.of([4, 3]), Domain.reals.of([4])])
    ],
    one: { a in
      let y = try a.tensor(0).matmul(a.tensor(1), transposeB: true)
      return try a.optionalTensor(2).map { try y + $0 } ?? y
    })
  package let addmm = Operation(
    "beta * x + alpha * (mat1 @ mat2)",
    [.tensor("x"), .tensor("mat1"), .tensor("mat2"), .number("beta", 1), .number("alpha", 1)],
    examples: [
      Example(
        [Domain.reals.of([4]), Domain.reals.of([2, 3]), Domain.reals.of([3, 4])],
        ["beta": .number(0.5), "alpha": .number(2)])
    ],
    one: { a in
      let product = try a.tensor(1).product(a.tensor(2), rank: 2, "a matrix")
      return try a.tensor(0) * a.number(3) + product * a.number(4)
    })
  package let mv = Operation(
    "the product of a matrix and a vector", [.tensor("x"), .tensor("y")],
    examples: [Example([Domain.reals.of([2, 3]), Domain.reals.of([3])])],
    one: { a in
      let (x, y) = (try a.tensor(0), try a.tensor(1))
      guard x.rank == 2, y.rank == 1 else {
        throw TensorError.rank(
          x.rank == 2 ? y.shape : x.shape, expected: x.rank == 2 ? "a vector" : "a matrix")
      }
      return try x.matmul(y)
    })
  package let kron = Operation(
    "the Kronecker product: y once for each element of x, multiplied by it",
    [.tensor("x"), .tensor("y")],
    examples: [Example([Domain.reals.of([2, 3]), Domain.reals.of([2])])],
    one: { a in
      let (x, y) = (try a.tensor(0), try a.tensor(1))
      let rank = Swift.max(x.rank, y.rank)
      guard 2 * rank <= Shape.maximumRank else {
        throw TensorError.rank(x.shape, expected: "at most \(Shape.maximumRank / 2) dimensions")
      }
      func spread(_ t: Tensor, first: Bool) throws -> Tensor {
        let dims = [Int](repeating: 1, count: rank - t.rank) + t.shape.dims
        return try t.reshaped(to: dims.flatMap { first ? [$0, 1] : [1, $0] })
      }
      let all = try spread(x, first: true) * spread(y, first: false)
      return try all.reshaped(to: (0..<rank).map { all.shape[2 * $0] * all.shape[2 * $0 + 1] })
    })
  package let outer = Operation(
    "the outer product of two vectors", [.tensor("x"), .tensor("y")],
    examples: [Example([Domain.reals.of([2]), Domain.reals.of([3])])],
    one: { a in
      let (x, y) = (try a.tensor(0), try a.tensor(1))
      guard x.rank == 1, y.rank == 1 else {
        throw TensorError.rank(x.rank == 1 ? y.shape : x.shape, expected: "a vector")
      }
      return try x.unsqueezed(1) * y
    })
  package let dot = Operation(
    "the inner product of two vectors", [.tensor("x"), .tensor("y")],
    examples: [Example([Domain.reals.of([3]), Domain.reals.of([3])])],
    one: { a in
      let (x, y) = (try a.tensor(0), try a.tensor(1))
      guard x.rank == 1, y.rank == 1 else {
        throw TensorError.rank(x.rank == 1 ? y.shape : x.shape, expected: "a vector")
      }
      return try x.matmul(y)
    })
}

extension Tensor {
  fileprivate func product(_ other: Tensor, rank: Int, _ expected: String) throws -> Tensor {
    for x in [self, other] where x.rank != rank {
      throw TensorError.rank(x.shape, expected: expected)
    }
    return try matmul(other)
  }

  /// The matrix product; `transposeA` and `transposeB` read the last two dimensions exchanged.
  ///
  /// Shapes: [.., m, k] @ [.., k, n] -> [.., m, n]; a vector is a row on the left, a column on the
  /// right, and its dimension goes.
  package func matmul(
    _ other: Tensor, transposeA: Bool = false, transposeB: Bool = false
  ) throws -> Tensor {
    if rank == 2, other.rank == 2, dtype == other.dtype, dtype.isFloating {
      return try matrixProduct(other, transposeA, transposeB)
    }
    let type = DType.promoted(self, other)
    guard type.isFloating else {
      return try cast(to: .float64).matmul(
        other.cast(to: .float64), transposeA: transposeA, transposeB: transposeB
      ).cast(to: .int64)
    }
    let (a, b) = (try cast(to: type), try other.cast(to: type))
    guard a.rank > 0, b.rank > 0 else {
      throw TensorError.rank(
        a.rank == 0 ? a.shape : b.shape, expected: "a vector or a matrix on each side of @")
    }
    if a.rank == 1 || b.rank == 1 { return try a.vectorProduct(b, transposeA, transposeB) }
    if a.rank == 2, b.rank == 2 { return try a.matrixProduct(b, transposeA, transposeB) }
    let k = a.shape[a.rank - (transposeA ? 2 : 1)]
    let l = b.shape[b.rank - (transposeB ? 1 : 2)]
    guard k == l else { throw TensorError.matrixProduct(shape, other.shape, k, l) }
    if b.rank == 2, a.rank > 2, !transposeA {
      // Batches on the left alone are more rows.
      let rows = try a.flattened(0, a.rank - 2)
      let y = try rows.matrixProduct(b, false, transposeB)
      return try y.reshaped(to: Array(a.shape.dims.dropLast()) + [y.shape[1]])
    }
    return try a.batchedProduct(b, transposeA, transposeB)
  }

  private func vectorProduct(_ b: Tensor, _ transposeA: Bool, _ transposeB: Bool) throws -> Tensor {
    let k = rank == 1 ? shape[0] : shape[rank - (transposeA ? 2 : 1)]
    let l = b.rank == 1 ? b.shape[0] : b.shape[b.rank - (transposeB ? 1 : 2)]
    guard k == l else { throw TensorError.matrixProduct(shape, b.shape, k, l) }
    let left = rank == 1 ? try unsqueezed(0) : self
    let right = b.rank == 1 ? try b.unsqueezed(1) : b
    var y = try left.matmul(
      right, transposeA: rank == 1 ? false : transposeA,
      transposeB: b.rank == 1 ? false : transposeB)
    if b.rank == 1 { y = try y.squeezed(-1) }
    if rank == 1 { y = try y.squeezed(b.rank == 1 ? -1 : -2) }
    return y
  }

  /// The plain product of two matrices.
  private func matrixProduct(_ b: Tensor, _ transposeA: Bool, _ transposeB: Bool) throws -> Tensor {
    let product = try MatrixProduct(self, b, transposeA, transposeB)
    try product.run()
    return product.y.recorded(self, b) { try $0.sendThroughProduct($0.g, transposeA, transposeB) }
  }

  private func batchedProduct(_ b: Tensor, _ transposeA: Bool, _ transposeB: Bool) throws -> Tensor
  {
    let (p, q) = (rank - 2, b.rank - 2)
    let batch = try Shape(trusted: shape.dims[..<p]).broadcast(
      with: Shape(trusted: b.shape.dims[..<q]))
    let (m, k) = (shape[p + (transposeA ? 1 : 0)], shape[p + (transposeA ? 0 : 1)])
    let n = b.shape[q + (transposeB ? 0 : 1)]
    let x = try expanded(to: Shape(batch.dims + [shape[p], shape[p + 1]]))
    let z = try b.expanded(to: Shape(batch.dims + [b.shape[q], b.shape[q + 1]]))
    let y = try Tensor(uninitialized: Shape(batch.dims + [m, n]), dtype)
    for i in 0..<batch.count {
      let product = MatrixProduct(
        m: m, n: n, k: k, a: x, b: z, y: y, transposeA: transposeA, transposeB: transposeB,
        aOffset: i * m * k, bOffset: i * k * n, yOffset: i * m * n)
      try product.run()
      if i % 256 == 255 { try Interrupt.poll() }
    }
    return y.recorded(x, z) { try $0.sendThroughProduct($0.g, transposeA, transposeB) }
  }

  /// x @ weight + bias, with values below 0 multiplied by `slope`, in one pass: a dense layer, and the relu
  /// (slope 0) or leaky relu after it.
  ///
  /// Shapes: x [.., k], weight [k, n], bias [n] -> [.., n]
  package func affine(_ weight: Tensor, _ bias: Tensor?, slope: Double = 1) throws -> Tensor {
    guard let k = shape.last, weight.rank == 2 else {
      throw TensorError.rank(
        rank == 0 ? shape : weight.shape, expected: "a tensor with features, and a matrix")
    }
    guard k == weight.shape[0] else {
      throw TensorError.matrixProduct(shape, weight.shape, k, weight.shape[0])
    }
    let n = weight.shape[1]
    if let bias, bias.rank != 1 || bias.shape[0] != n {
      throw TensorError.broadcast(bias.shape, weight.shape)
    }
    let type = DType.promoted(self, weight)
    let flat = try cast(to: type).reshaped(Shape(matrix: shape.product(0..<rank - 1), k))
    let (w, bias) = (try weight.cast(to: type), try bias?.cast(to: type))
    let y = try Tensor(uninitialized: Shape(matrix: flat.shape[0], n), type)
    try MatrixProduct(
      m: flat.shape[0], n: n, k: k, a: flat, b: w, y: y, bias: bias, slope: slope
    ).run()
    let recorded = y.recorded(flat, w, bias) { b in
      // The result is positive where the sum is.
      let g =
        slope == 1
        ? b.g
        : slope == 0
          ? try b.g.masked(whereNotPositive: b.y.detached) : try b.g.rectified(by: b.y, slope)
      try b.sendThroughProduct(g, false, false)
      if b.inputCount > 2 { try b.send(to: 2) { try g.sum([0]) } }
    }
    return rank == 2
      ? recorded : try recorded.reshaped(to: Array(shape.dims.dropLast()) + [n])
  }
}

extension Backward {
  /// Y = A B: of G, the gradient of Y, A gets G Bᵀ and B gets Aᵀ G; the same read transposed where they were.
  fileprivate mutating func sendThroughProduct(
    _ g: Tensor, _ transposeA: Bool, _ transposeB: Bool
  ) throws {
    let (a, b) = (self[0], self[1])
    let toA = transposeA ? (b, g, transposeB, true) : (g, b, false, !transposeB)
    let toB = transposeB ? (g, a, true, transposeA) : (a, g, !transposeA, false)
    if !tracked, needs(0), needs(1), g.rank == 2, a.rank == 2, b.rank == 2 {
      let (first, second) = (
        try MatrixProduct(toA.0, toA.1, toA.2, toA.3), try MatrixProduct(toB.0, toB.1, toB.2, toB.3)
      )
      try MatrixProduct.run(first, second)
      try send(to: 0, first.y)
      try send(to: 1, second.y)
      return
    }
    try send(to: 0) { try toA.0.matmul(toA.1, transposeA: toA.2, transposeB: toA.3) }
    try send(to: 1) { try toB.0.matmul(toB.1, transposeA: toB.2, transposeB: toB.3) }
  }
}
