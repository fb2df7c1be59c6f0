/// What a matrix does along its own axes: eigenvalues, singular values and the norms they give; leading
/// dimensions are batches.
package struct Spectra: OperationFamily {
  package init() {}

  private static let symmetric = [
    Example([Domain.positiveDefinite.of([3, 3])]),
    Example([Domain.positiveDefinite.of([1, 3, 3])]),
    Example([Domain.reals.of([2, 2])]),
  ]
  private static let matrices = [
    Example([Domain.reals.of([3, 2])]), Example([Domain.reals.of([2, 2, 3])]),
    Example([Domain.positiveDefinite.of([3, 3])]),
  ]

  package let eigh = Operation(
    "the eigenvalues w of a symmetric matrix, the least first, and eigenvectors v as columns: x @ v = v * w; of another matrix, those of its symmetric part",
    [.tensor("x")], examples: symmetric,
    {
      let (values, vectors) = try $0.tensor(0).eigenpairs()
      return .several([values, vectors])
    })
  package let eigvalsh = Operation(
    "the eigenvalues of a symmetric matrix, the least first", [.tensor("x")], examples: symmetric,
    one: { try $0.tensor(0).eigenpairs().values })
  package let svd = Operation(
    "u, s and v with x = (u * s) @ v.T: orthonormal columns in u and in v, the singular values in s, the greatest first",
    [.tensor("x")], examples: matrices,
    {
      let (u, s, v) = try $0.tensor(0).singularValues()
      return .several([u, s, v])
    })
  package let svdvals = Operation(
    "the singular values of a matrix, the greatest first", [.tensor("x")], examples: matrices,
    one: { try $0.tensor(0).singularValues().s })
  package let matrixNorm = Operation(
    "a matrix's norm: ord \"fro\" (all entries squared), \"nuc\" (the sum of the singular values), 2 or -2 (their greatest, their least), 1 or inf (the greatest column or row sum), -1 or -inf (the least)",
    [
      .tensor("x"), .numberOrText("ord", .text("fro")), .sizes("dim", [-2, -1]), .flag("keepdim"),
    ],
    examples: [
      Example([Domain.reals.of([2, 3])]),
      Example([Domain.reals.of([2, 3])], ["ord": .text("nuc")]),
      Example([Domain.reals.of([3, 2, 2])], ["ord": .number(2), "dim": .sizes([0, 2])]),
      Example([Domain.nonzero.of([2, 3])], ["ord": .number(1), "keepdim": .flag(true)]),
      Example([Domain.nonzero.of([2, 3])], ["ord": .number(-.infinity)]),
    ],
    one: { try $0.tensor(0).matrixNorm($0.number(1, word: $0.word(1)), $0.sizes(2), $0.flag(3)) })
  package let spectralNorm = Operation(
    "a weight over its greatest singular value, as the discriminator of an SN-GAN has it: of the matrix whose rows are the slices along dim",
    [.tensor("weight"), .size("dim", 0)],
    examples: [
      Example([Domain.reals.of([3, 2])]),
      Example([Domain.reals.of([2, 3, 2])], ["dim": .size(1)]),
    ],
    one: { a in
      let w = try a.tensor(0)
      let d = try w.shape.dimension(a.size(1))
      guard w.rank > 0 else { throw TensorError.rank(w.shape, expected: "a matrix") }
      let rows = try w.transposed(0, d).reshaped(to: [w.shape[d], -1])
      return try w.floating() / rows.greatestSingularValue()
    })
}

extension Arguments {
  /// A norm's order: a number, or a word in its place.
  fileprivate func number(_ i: Int, word: String?) throws -> MatrixNorm {
    switch word {
    case nil: .order(try number(i))
    case "fro": .frobenius
    case "nuc": .nuclear
    default:
      throw TensorError.argument(
        "ord", found: "\"\(word ?? "")\"",
        expected: "\"fro\", \"nuc\", 1, 2, inf or their negatives")
    }
  }
}

private enum MatrixNorm {
  case frobenius
  case nuclear
  case order(Double)
}

extension Tensor {
  // MARK: Eigenvalues

  /// Shapes: [.., n, n], of which the symmetric part counts -> values [.., n], vectors [.., n, n] as columns.
  package func eigenpairs() throws -> (values: Tensor, vectors: Tensor) {
    guard rank >= 2, shape[rank - 1] == shape[rank - 2] else {
      throw TensorError.shape(shape, expected: "a square matrix")
    }
    let n = shape[rank - 1]
    let x = try (self + transposed()).floating() * 0.5
    let all = x.values
    var (values, vectors): ([Double], [Double]) = ([], [])
    for i in 0..<shape.product(0..<rank - 2) {
      let pair = try SymmetricEigenproblem.solve(Array(all[i * n * n..<(i + 1) * n * n]), n)
      values += pair.values
      vectors += pair.vectors
    }
    let known = try Tensor(vectors, shape, x.dtype)
    let w = try Tensor(values, Shape(shape.dims.dropLast()), x.dtype).recorded(x) { b in
      let (g, x) = (b.g, b[0])
      try b.send(to: 0) {
        let v = try x.eigenvectors(known)
        return try (v * g.unsqueezed(-2)).matmul(v, transposeB: true)
      }
    }
    return (w, try x.eigenvectors(known))
  }

  /// The eigenvectors of this symmetric matrix, which are known, with a record.
  ///
  /// Their gradient exists where the eigenvalues differ.
  ///
  /// Source: Magnus (1985), "On Differentiating Eigenvalues and Eigenvectors", theorem 1.
  private func eigenvectors(_ known: Tensor) throws -> Tensor {
    known.recorded(self) { b in
      let (g, x, v) = (b.g, b[0], try b.y)
      try b.send(to: 0) {
        let w = try (v * x.matmul(v)).sum([-2])
        let identity = try Tensor.eye(v.shape[v.rank - 1], v.dtype)
        // 1 / (w_j - w_i), and 0 on the diagonal.
        let gaps = try w.unsqueezed(-2) - w.unsqueezed(-1)
        let turn = try (gaps + identity).reciprocal() - identity
        return try v.matmul(turn * v.matmul(g, transposeA: true)).matmul(v, transposeB: true)
      }
    }
  }

  // MARK: Singular values

  /// Shapes: [.., m, n] -> u [.., m, k], s [.., k], v [.., n, k] for k = min(m, n).
  package func singularValues() throws -> (u: Tensor, s: Tensor, v: Tensor) {
    guard rank >= 2 else { throw TensorError.rank(shape, expected: "a matrix") }
    let (m, n) = (shape[rank - 2], shape[rank - 1])
    if m < n {
      let (v, s, u) = try transposed().singularValues()
      return (u, s, v)
    }
    let x = try floating()
    let all = x.values
    var parts: (u: [Double], s: [Double], v: [Double]) = ([], [], [])
    for i in 0..<shape.product(0..<rank - 2) {
      let found = try SingularValues.solve(Array(all[i * m * n..<(i + 1) * m * n]), m, n)
      parts.u += found.u
      parts.s += found.s
      parts.v += found.v
    }
    let batch = shape.dims.dropLast(2)
    let u = try Tensor(parts.u, shape, x.dtype)
    let v = try Tensor(parts.v, Shape(batch + [n, n]), x.dtype)
    let s = try Tensor(parts.s, Shape(batch + [n]), x.dtype).recorded(x) { b in
      let (g, x) = (b.g, b[0])
      try b.send(to: 0) {
        let (u, v) = try x.singularVectors(u, v)
        return try (u * g.unsqueezed(-2)).matmul(v, transposeB: true)
      }
    }
    let (left, right) = try x.singularVectors(u, v)
    return (left, s, right)
  }

  /// The singular vectors, which are known, with a record.
  ///
  /// Those on the right are the eigenvectors of xᵀ x, those on the left what x makes of them. Their gradient
  /// exists where the singular values differ and none is 0.
  private func singularVectors(_ u: Tensor, _ v: Tensor) throws -> (u: Tensor, v: Tensor) {
    guard isTracked else { return (u, v) }
    let right = try matmul(self, transposeA: true).eigenvectors(v)
    let image = try matmul(right)
    let left = try image / image.square().sum([-2], keepdim: true).squareRoot()
    // The value is the known one, which keeps its precision where the singular value is small.
    return (try u + (left - left.detached), right)
  }

  // MARK: Norms

  fileprivate func matrixNorm(_ norm: MatrixNorm, _ dims: [Int], _ keepdim: Bool) throws -> Tensor {
    let own = try dims.map { try shape.dimension($0) }
    guard own.count == 2, own[0] != own[1], rank >= 2 else {
      throw TensorError.argument("dim", found: "\(dims)", expected: "two dimensions of \(shape)")
    }
    let x = try floating().permuted((0..<rank).filter { !own.contains($0) } + own)
    let y =
      switch norm {
      case .frobenius: try x.norm(2, [-2, -1])
      case .nuclear: try x.singularValues().s.sum([-1])
      case .order(let p):
        switch abs(p) {
        case 1: try x.absolute().sum([-2]).extreme([-1], greatest: p > 0)
        case 2: try x.singularValues().s.extreme([-1], greatest: p > 0)
        case .infinity: try x.absolute().sum([-1]).extreme([-1], greatest: p > 0)
        default:
          throw TensorError.argument(
            "ord", found: p.shortest, expected: "\"fro\", \"nuc\", 1, 2, inf or their negatives")
        }
      }
    guard keepdim else { return y }
    return try own.sorted().reduce(y) { try $0.unsqueezed($1) }
  }
}
