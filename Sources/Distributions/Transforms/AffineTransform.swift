import Tensors

/// y = loc + scale x.
package struct AffineTransform: Transform {
  package static let about = "the transform loc + scale * x"
  package static let parameters: [DistributionParameter] = [
    .numbers("loc", .real, 0), .numbers("scale", .real, 1),
  ]

  package let arguments: DistributionArguments
  package let isIncreasing: Bool
  private let loc: Tensor
  private let scale: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    loc = try arguments.tensor(0)
    scale = try arguments.tensor(1)
    let signs = Set(scale.values.map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 })
    guard signs.count == 1, let sign = signs.first, sign != 0 else {
      throw DistributionError.whole("scale", expected: "numbers of one sign, none of them 0")
    }
    isIncreasing = sign > 0
  }

  package var range: (low: Double, high: Double) { (-.infinity, .infinity) }

  private func adapted(_ parameter: Tensor, _ x: Tensor) throws -> Tensor {
    arguments.dtype != nil || !x.dtype.isFloating ? parameter : try parameter.cast(to: x.dtype)
  }

  package func forward(_ x: Tensor) throws -> Tensor {
    try adapted(loc, x) + adapted(scale, x) * x
  }
  package func inverse(_ y: Tensor) throws -> Tensor {
    try (y - adapted(loc, y)) / adapted(scale, y)
  }
  package func logSlope(_ x: Tensor) throws -> Tensor {
    try adapted(scale, x).absolute().log() + x * 0
  }
}
