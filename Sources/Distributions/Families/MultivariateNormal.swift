import Tensors

/// The normal distribution of vectors: p(x) = exp(-|L^-1 (x - loc)|^2 / 2) / (det(L) sqrt(2 pi)^k), where
/// L is scale_tril and L Lᵀ the covariance.
///
/// Shapes: loc [batch, k], the matrices [batch, k, k]; event [k].
/// Source: Kotz, Balakrishnan, Johnson, "Continuous Multivariate Distributions" (2000), chapter 45.
package struct MultivariateNormal: Distribution {
  package static let about =
    "the normal distribution of vectors, by its covariance, the inverse of it, or its Cholesky factor"
  package static let parameters: [DistributionParameter] = [
    .numbers("loc", .real), .either("covariance_matrix", .real), .either("precision_matrix", .real),
    .either("scale_tril", .real),
  ]
  package static let examples = ["multivariate_normal([0, 0], [[1, 0.5], [0.5, 2]]).sample(3)"]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let eventShape: Shape
  package let loc: Tensor
  /// The lower triangular L with L Lᵀ = covariance.
  package let scaleTril: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    loc = try arguments.tensor(0)
    scaleTril = try Self.scaleTril(arguments)
    let k = scaleTril.shape[scaleTril.rank - 1]
    guard loc.shape.last == k || (loc.rank == 0 && k > 0) else {
      throw TensorError.shape(loc.shape, expected: "loc: \(k) numbers along the last dimension")
    }
    eventShape = try Shape([k])
    batchShape = try Shape(scaleTril.shape.dims.dropLast(2))
      .broadcast(with: Shape(loc.shape.dims.dropLast()))
  }

  private static func scaleTril(_ arguments: DistributionArguments) throws -> Tensor {
    for i in 1...3 {
      guard let matrix = arguments.optional(i) else { continue }
      let name = parameters[i].name
      guard matrix.rank >= 2, matrix.shape[matrix.rank - 1] == matrix.shape[matrix.rank - 2] else {
        throw TensorError.shape(matrix.shape, expected: "\(name): a square matrix")
      }
      return try i == 3 ? checkedTriangle(matrix, name) : factor(matrix, name, inverted: i == 2)
    }
    throw DistributionError.missing("covariance_matrix")
  }

  private static func checkedTriangle(_ matrix: Tensor, _ name: String) throws -> Tensor {
    let lower = try matrix.detached.lowerTriangle()
    guard try lower.isClose(to: matrix.detached, rtol: 0, atol: 0) else {
      throw DistributionError.whole(
        name, expected: "a lower triangular matrix, found numbers above the diagonal")
    }
    if let bad = try Constraint.positive.violation(in: matrix.detached.diagonals()) {
      throw DistributionError.constraint(name, expected: "a positive diagonal", found: bad)
    }
    return matrix
  }

  private static func factor(_ matrix: Tensor, _ name: String, inverted: Bool) throws -> Tensor {
    let turned = try matrix.detached.transposed()
    guard try turned.isClose(to: matrix.detached, rtol: 1e-4, atol: 1e-6) else {
      throw DistributionError.whole(name, expected: "a symmetric matrix")
    }
    do {
      let factor = try matrix.cholesky()
      return inverted ? try matrix.inverse().cholesky() : factor
    } catch TensorError.notPositiveDefinite {
      throw DistributionError.whole(name, expected: "a positive definite matrix")
    }
  }

  package var support: Support { .real }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let noise = try generator.normal(sampleShape(n), sampleType)
    return try drawn(loc) + MultivariateNormal.apply(drawn(scaleTril), noise)
  }

  /// The product of matrices [.., k, k] with vectors [.., k].
  private static func apply(_ matrix: Tensor, _ x: Tensor) throws -> Tensor {
    if matrix.rank == 2, x.rank >= 2 { return try x.matmul(matrix, transposeB: true) }
    return try matrix.matmul(x.unsqueezed(-1)).squeezed(-1)
  }

  /// L^-1 x for matrices L [.., k, k] and vectors x [.., k].
  static func whiten(_ matrix: Tensor, _ x: Tensor) throws -> Tensor {
    guard matrix.rank == 2, let k = x.shape.last else {
      return try matrix.solved(x.unsqueezed(-1)).squeezed(-1)
    }
    // One matrix for all: it is factored once, and the vectors are its columns.
    let columns = try x.reshaped(to: [-1, k]).transposed()
    return try matrix.solved(columns).transposed().reshaped(x.shape)
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let scale = try adapted(scaleTril, to: x)
    let z = try MultivariateNormal.whiten(scale, x - adapted(loc, to: x))
    let k = Double(eventShape.count)
    return try z.square().sum([-1]) * -0.5 - (halfLogDeterminant(scale) + k * Normal.halfLogTwoPi)
  }

  /// Half the logarithm of the covariance's determinant.
  private func halfLogDeterminant(_ scale: Tensor) throws -> Tensor {
    try scale.diagonals().log().sum([-1])
  }

  package var mean: Tensor {
    get throws { try loc.expanded(to: Shape(batchShape.dims + eventShape.dims)) }
  }

  package var mode: Tensor { get throws { try mean } }

  package var rewritten: [(name: String, value: () throws -> Tensor)] {
    let covariance = { try scaleTril.matmul(scaleTril, transposeB: true) }
    return [
      ("scale_tril", { scaleTril }), ("covariance_matrix", covariance),
      ("precision_matrix", { try covariance().inverse() }),
    ]
  }

  package var variance: Tensor {
    get throws {
      try scaleTril.square().sum([-1]).expanded(to: Shape(batchShape.dims + eventShape.dims))
    }
  }

  package func entropy() throws -> Tensor {
    let k = Double(eventShape.count)
    let value = try halfLogDeterminant(scaleTril) + k * (0.5 + Normal.halfLogTwoPi)
    return try value.expanded(to: batchShape)
  }
}
