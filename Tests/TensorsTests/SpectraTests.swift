import Testing

@testable import Tensors

/// Eigenvalues and singular values: what they put together again, and where they coincide or vanish.
struct SpectraTests {
  private func expectClose(_ a: Tensor, _ b: Tensor, _ atol: Double = 1e-12) throws {
    #expect(a.shape == b.shape)
    #expect(try a.isClose(to: b, rtol: 1e-12, atol: atol), "\(a.values), expected \(b.values)")
  }

  private func symmetric(_ n: Int) throws -> Tensor {
    let a = try Generator(seed: 3).normal(Shape([2, n, n]), .float64)
    return try a + a.transposed()
  }

  @Test(arguments: [0, 1, 2, 3, 7, 40])
  func eigenvectorsPutTheMatrixTogether(_ n: Int) throws {
    let x = try symmetric(n)
    let (w, v) = try x.eigenpairs()
    try expectClose((v * w.unsqueezed(-2)).matmul(v, transposeB: true), x)
    try expectClose(
      v.matmul(v, transposeA: true), Tensor.eye(n, .float64).expanded(to: Shape([2, n, n])))
    for row in stride(from: 0, to: 2 * n, by: max(n, 1)) {
      let own = w.values[row..<row + n]
      #expect(zip(own, own.dropFirst()).allSatisfy { $0 <= $1 })
    }
    try expectClose(w.sum([-1]), x.diagonals().sum([-1]))
  }

  @Test func eigenvaluesMayCoincideOrVanish() throws {
    let eye = try Tensor.eye(4, .float64)
    #expect(try eye.eigenpairs().values.values == [1, 1, 1, 1])
    let ones = try Tensor.ones(Shape([5, 5]), .float64)
    try expectClose(
      ones.eigenpairs().values, Tensor([0, 0, 0, 0, 5], Shape([5]), .float64))
    for scale in [1e-200, 1e200] {
      let x = try symmetric(3) * scale
      let (w, v) = try x.eigenpairs()
      try expectClose(x.matmul(v) / scale, v * (w / scale).unsqueezed(-2))
    }
    // Their sum's gradient does not ask for the eigenvectors to be told apart.
    let leaf = eye.leaf()
    let slope = try #require(try leaf.eigenpairs().values.sum().gradients([leaf])[0])
    try expectClose(slope, eye)
    #expect(try (eye * .nan).eigenpairs().values.values.allSatisfy(\.isNaN))
  }

  @Test(arguments: [[0, 3], [1, 1], [4, 4], [7, 3], [3, 7], [30, 20]])
  func singularValuesPutTheMatrixTogether(_ shape: [Int]) throws {
    let x = try Generator(seed: 5).normal(Shape([2] + shape), .float64)
    let (u, s, v) = try x.singularValues()
    try expectClose((u * s.unsqueezed(-2)).matmul(v, transposeB: true), x)
    let k = shape.min() ?? 0
    let eye = try Tensor.eye(k, .float64).expanded(to: Shape([2, k, k]))
    try expectClose(u.matmul(u, transposeA: true), eye)
    try expectClose(v.matmul(v, transposeA: true), eye)
    #expect(s.values.allSatisfy { $0 >= 0 })
  }

  @Test func singularValuesMayVanish() throws {
    let x = try Tensor([1, 2, 2, 4, 3, 6], Shape([3, 2]), .float64)
    let (u, s, v) = try x.singularValues()
    try expectClose((u * s.unsqueezed(-2)).matmul(v, transposeB: true), x)
    try expectClose(u.matmul(u, transposeA: true), Tensor.eye(2, .float64))
    let zero = try Tensor.zeros(Shape([3, 2]), .float64)
    try expectClose(
      try zero.singularValues().u.matmul(zero.singularValues().u, transposeA: true),
      Tensor.eye(2, .float64))
    // Small ones keep their digits.
    let graded = try Tensor([1, 0, 0, 1e-30, 1e-200, 0], Shape([3, 2]), .float64)
    #expect(abs(try graded.singularValues().s.values[1] / 1e-30 - 1) < 1e-15)
  }

  @Test(arguments: [[1, 1], [3, 3], [2, 9], [9, 2], [40, 30]])
  func theGreatestSingularValueIsFound(_ shape: [Int]) throws {
    for scale in [1, 1e-180, 1e180] {
      let x = try Generator(seed: 8).normal(Shape(shape), .float64) * scale
      let found = try x.greatestSingularValue()
      #expect(abs(found[flat: 0] / (try x.singularValues().s[flat: 0]) - 1) < 1e-12)
      let leaf = x.leaf()
      let slope = try #require(try leaf.greatestSingularValue().gradients([leaf])[0])
      let (u, _, v) = try x.singularValues()
      let expected = try u.sliced(1, 0, 1).matmul(v.sliced(1, 0, 1), transposeB: true)
      try expectClose(slope, expected, 1e-9)
    }
    // Two of the same size.
    #expect(abs(try Tensor.eye(4).greatestSingularValue()[flat: 0] - 1) < 1e-6)
  }
}
