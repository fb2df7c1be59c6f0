import Tensors

@testable import Distributions

/// A distribution of vectors, made from its parameters, on which the laws are tested.
struct VectorLaw: CustomStringConvertible, Sendable {
  let description: String
  let parameters: [Double]
  /// Two values at which the density is looked at.
  let values: [[Double]]
  let make: @Sendable ([Tensor]) throws -> any Distribution

  init(
    _ description: String, _ parameters: [Double], at values: [[Double]],
    _ make: @escaping @Sendable ([Tensor]) throws -> any Distribution
  ) {
    self.description = description
    self.parameters = parameters
    self.values = values
    self.make = make
  }

  func distribution() throws -> any Distribution { try make(parameters.map { try Tensor($0) }) }

  private static let simplex = [[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]]
  private static let plane = [[0.3, -0.4], [1.2, 0.8]]
  private static let ones = [[1.0, 0, 0], [0, 0, 1.0]]

  /// The matrix of rows (a, 0) and (b, c).
  private static func triangle(_ a: Tensor, _ b: Tensor, _ c: Tensor) throws -> Tensor {
    try Tensor.stacked([a, a * 0, b, c]).reshaped(to: [2, 2])
  }

  static let all: [VectorLaw] = [
    VectorLaw("dirichlet", [1.4, 0.9, 2.2], at: simplex) { try Dirichlet(Tensor.stacked($0)) },
    VectorLaw("multivariate_normal of scale_tril", [0.3, -0.5, 0.8, 0.4, 1.1], at: plane) { x in
      try MultivariateNormal(
        .tensor(Tensor.stacked([x[0], x[1]])), nil, nil, .tensor(triangle(x[2], x[3], x[4])))
    },
    VectorLaw("multivariate_normal of covariance_matrix", [0.3, 0.8, 0.4, 1.1], at: plane) { x in
      let root = try triangle(x[1], x[2], x[3])
      return try MultivariateNormal(
        .tensor(Tensor.stacked([x[0], x[0]])), .tensor(root.matmul(root, transposeB: true)))
    },
    VectorLaw("multivariate_normal of precision_matrix", [0.3, 0.8, 0.4, 1.1], at: plane) { x in
      let root = try triangle(x[1], x[2], x[3])
      return try MultivariateNormal(
        .tensor(Tensor.stacked([x[0], x[0]])), nil, .tensor(root.matmul(root, transposeB: true)))
    },
    VectorLaw("relaxed_categorical", [1.2, 0.2, -0.5, 0.9], at: simplex) { x in
      try RelaxedCategorical(.tensor(x[0]), nil, .tensor(Tensor.stacked(Array(x[1...]))))
    },
    VectorLaw("mixture of normals", [0.3, 0.4, 0.8], at: plane) { x in
      let near = try Independent(Normal(.tensor(Tensor.stacked([x[1], -x[1]])), .tensor(x[2])), 1)
      let far = try Independent(Normal(.tensor(Tensor.stacked([x[2], x[1]])), 1), 1)
      return try Mixture(.tensor(Tensor.stacked([x[0], 1 - x[0]])), .distributions([near, far]))
    },
    VectorLaw("transformed normals", [0.3, 0.4, 0.8], at: plane) { x in
      let base = try Independent(Normal(.tensor(Tensor.stacked([x[0], -x[1]])), .tensor(x[2])), 1)
      return try Transformed(
        .distribution(base), .transforms([AffineTransform(Tensor(0.5), Tensor(1.2))]))
    },
    VectorLaw("one_hot_categorical", [0.2, -0.5, 0.9], at: ones) {
      try OneHotCategorical(logits: Tensor.stacked($0))
    },
  ]

  /// Points and weights of a sum that stands for the integral over the support of events of two free numbers.
  ///
  /// Midpoints of a square, mapped so that densities die away smoothly at its edges: an error of about 1e-6.
  func grid() throws -> (points: Tensor, weights: Tensor) {
    let n = 300
    var (points, weights): ([Double], [Double]) = ([], [])
    let support = try distribution().support
    if case .oneHot = support {
      let k = values[0].count
      let eye = try Tensor.eye(k, .float64)
      return (eye, try Tensor.ones(Shape([k]), .float64))
    }
    for i in 0..<n {
      for j in 0..<n {
        let (u, v) = (
          Self.smooth((Double(i) + 0.5) / Double(n)), Self.smooth((Double(j) + 0.5) / Double(n))
        )
        let weight = u.slope * v.slope / Double(n * n)
        if case .simplex = support {
          // The triangle from the square: the second number is a share of what the first leaves.
          points += [u.value, (1 - u.value) * v.value, (1 - u.value) * (1 - v.value)]
          weights.append(weight * (1 - u.value))
        } else {
          points += [16 * u.value - 8, 16 * v.value - 8]
          weights.append(weight * 256)
        }
      }
    }
    let count = weights.count
    return (
      try Tensor(points, Shape([count, points.count / count]), .float64),
      try Tensor(weights, Shape([count]), .float64)
    )
  }

  /// A polynomial from 0 to 1 whose first four derivatives are 0 at both ends.
  private static func smooth(_ u: Double) -> (value: Double, slope: Double) {
    let value = u * u * u * u * u * (126 + u * (-420 + u * (540 + u * (-315 + u * 70))))
    let rest = u * (1 - u)
    return (value, 630 * rest * rest * rest * rest)
  }
}
