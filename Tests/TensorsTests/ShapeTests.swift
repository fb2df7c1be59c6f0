import Testing

@testable import Tensors

struct ShapeTests {
  /// python3 -c "import numpy as np; print(np.broadcast_shapes((2, 1, 3), (4, 1)))" and so on.
  @Test func broadcastingFollowsNumPy() throws {
    let cases: [([Int], [Int], [Int])] = [
      ([2, 1, 3], [4, 1], [2, 4, 3]), ([], [3], [3]), ([1], [0], [0]), ([5, 1], [1, 0], [5, 0]),
      ([1, 1, 1], [2], [1, 1, 2]), ([], [], []), ([2, 3], [2, 3], [2, 3]),
    ]
    for (a, b, expected) in cases {
      #expect(try Shape(a).broadcast(with: Shape(b)).dims == expected)
      #expect(try Shape(b).broadcast(with: Shape(a)).dims == expected)
    }
    #expect(throws: TensorError.broadcast(try Shape([2]), try Shape([3]))) {
      try Shape([2]).broadcast(with: Shape([3]))
    }
  }

  @Test func broadcastArithmeticFollowsNumPy() throws {
    // python3 -c "import numpy as np; a = np.arange(6.).reshape(2, 1, 3); b = np.arange(8.).reshape(4, 1) * [1]; print((a - np.arange(4.).reshape(4, 1)).ravel().tolist())"
    let a = try Tensor((0..<6).map(Double.init), Shape([2, 1, 3]), .float64)
    let b = try Tensor((0..<4).map(Double.init), Shape([4, 1]), .float64)
    let expected: [Double] = [
      0, 1, 2, -1, 0, 1, -2, -1, 0, -3, -2, -1, 3, 4, 5, 2, 3, 4, 1, 2, 3, 0, 1, 2,
    ]
    let y = try a - b
    #expect(y.shape.dims == [2, 4, 3])
    #expect(y.values == expected)
  }

  @Test func shapesThatCannotBeAreRefused() {
    #expect(throws: TensorError.negativeExtent([2, -1])) { try Shape([2, -1]) }
    #expect(throws: TensorError.tooManyDimensions([Int](repeating: 1, count: 9))) {
      try Shape([Int](repeating: 1, count: 9))
    }
    #expect(throws: TensorError.tooLarge([1 << 40], elementSize: 4)) { try Shape([1 << 40]) }
    let long = [Int](repeating: 1 << 20, count: 4)
    #expect(throws: TensorError.tooLarge(long, elementSize: 4)) { try Shape(long) }
  }

  @Test func dimensionsCountFromEitherEnd() throws {
    let shape = try Shape([2, 3, 4])
    #expect(try shape.dimension(-1) == 2)
    #expect(try shape.dimension(0) == 0)
    #expect(throws: TensorError.noSuchDimension(3, shape)) { try shape.dimension(3) }
    #expect(throws: TensorError.noSuchDimension(-4, shape)) { try shape.dimension(-4) }
    #expect(try Shape.scalar.dimension(-1) == 0)
  }

  @Test func messagesNameTheShapes() throws {
    let error = TensorError.broadcast(try Shape([128, 784]), try Shape([400, 20]))
    #expect(
      error.message == "shapes do not fit: [128, 784] and [400, 20] need 784 = 20 in dimension -1")
    let (x, w) = (try Tensor.zeros(Shape([128, 784])), try Tensor.zeros(Shape([400, 20])))
    #expect(throws: TensorError.matrixProduct(x.shape, w.shape, 784, 400)) { try x.matmul(w) }
    let product = TensorError.matrixProduct(x.shape, w.shape, 784, 400)
    #expect(product.message == "shapes do not fit: [128, 784] @ [400, 20] needs 784 = 400")
  }
}

/// Rows so short and so many that operands are copied to full size first, and rows that are run through as they lie.
@Test(arguments: [1, 2, 3, 15, 16, 40]) func broadcastingOfShortRowsIsThatOfLongOnes(n: Int) throws
{
  let rng = Generator(seed: 4)
  let (row, column) = (try rng.normal(Shape([n])), try rng.normal(Shape([2, 30, 1])))
  let whole = try rng.normal(Shape([2, 30, n]))
  let found = [try whole * row, try column - whole, try column * row].map(\.values)
  let (r, c, w) = (row.values, column.values, whole.values)
  for i in 0..<60 * n {
    #expect(found[0][i] == Double(Float(w[i]) * Float(r[i % n])))
    #expect(found[1][i] == Double(Float(c[i / n]) - Float(w[i])))
    #expect(found[2][i] == Double(Float(c[i / n]) * Float(r[i % n])))
  }
}
