extension Tensor {
  /// The greatest singular value of a matrix, by power iteration, as a tensor of shape [].
  ///
  /// Its gradient, u vᵀ of the two vectors that belong to it, exists where it is the only one of its size.
  ///
  /// Shapes: [m, n].
  /// Source: Miyato, Kataoka, Koyama and Yoshida (2018), "Spectral Normalization for Generative Adversarial
  /// Networks", section 2.1 and equation 11.
  package func greatestSingularValue() throws -> Tensor {
    guard rank == 2, count > 0 else {
      throw TensorError.shape(shape, expected: "a matrix with at least one entry")
    }
    let x = try floating()
    let (value, u, v) = try x.detached.cast(to: .float64).leading()
    let vectors = try Tensor.concatenated([u, v], 0).cast(to: x.dtype)
    return try value.cast(to: x.dtype).recorded(x) { b in
      let (g, x) = (b.g, b[0])
      try b.send(to: 0) {
        let (u, v) = try x.leadingVectors(vectors).parted(x.shape[0])
        return try g * u.matmul(v, transposeB: true)
      }
    }
  }

  /// The greatest singular value, and its vectors as columns, in float64.
  ///
  /// Each squaring of x xᵀ or xᵀ x does as much as all steps of the iteration before it.
  private func leading() throws -> (value: Tensor, u: Tensor, v: Tensor) {
    let (m, n) = (shape[0], shape[1])
    let size = try absolute().extreme(nil, greatest: true)[flat: 0]
    let scaled = try size > 0 && size.isFinite ? self / size : self
    let gram =
      try m < n
      ? scaled.matmul(scaled, transposeB: true) : scaled.matmul(scaled, transposeA: true)
    var power = gram
    for _ in 0..<60 {
      let trace = try power.diagonals().sum()
      // All but one of the eigenvalues have vanished when the sum of their squares is that of a single one.
      power = try power / trace
      if try power.square().sum()[flat: 0] > 1 - 1e-15 { break }
      power = try power.matmul(power)
    }
    // Of a matrix a bᵀ the column with the largest entry on the diagonal.
    let diagonal = try power.diagonals().values
    let top = diagonal.indices.max { diagonal[$0] < diagonal[$1] } ?? 0
    var known = try power.sliced(1, top, top + 1)
    for _ in 0..<3 {
      known = try known / known.norm(2, nil)
      known = try gram.matmul(known)
    }
    known = try known / known.norm(2, nil)
    let image = try scaled.matmul(known, transposeA: m < n)
    let length = try image.norm(2, nil)
    let value = try length * (size.isFinite ? size : 1)
    let other = try image / length
    return m < n ? (value, known, other) : (value, other, known)
  }

  /// The two vectors that belong to the greatest singular value, one below the other, which are known, with a record.
  ///
  /// They are the z with K z = 0 for K = [σ, -x; -xᵀ, σ], so that K dz = -dK z; z zᵀ fills up what K leaves open.
  ///
  /// Shapes: x [m, n] -> [m + n, 1].
  private func leadingVectors(_ known: Tensor) throws -> Tensor {
    known.recorded(self) { b in
      let (g, x, z) = (b.g, b[0], try b.y)
      try b.send(to: 0) {
        let (m, n) = (x.shape[0], x.shape[1])
        let (u, v) = try z.parted(m)
        let value = try u.matmul(x, transposeA: true).matmul(v)
        let upper = try Tensor.concatenated([value * Tensor.eye(m, x.dtype), -x], 1)
        let lower = try Tensor.concatenated([-x.transposed(), value * Tensor.eye(n, x.dtype)], 1)
        let system = try Tensor.concatenated([upper, lower], 0) + z.matmul(z, transposeB: true)
        let across = try g - z * z.matmul(g, transposeA: true) * 0.5
        let (p, q) = try system.solved(across).parted(m)
        return try p.matmul(v, transposeB: true) + u.matmul(q, transposeB: true)
      }
    }
  }

  /// The first m rows, and the others.
  private func parted(_ m: Int) throws -> (Tensor, Tensor) {
    (try sliced(0, 0, m), try sliced(0, m, shape[0]))
  }
}
