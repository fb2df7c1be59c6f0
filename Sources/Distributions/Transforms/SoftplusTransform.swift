import Tensors

/// y = log(1 + exp(x)).
package struct SoftplusTransform: Transform {
  package static let about = "log(1 + exp(x))"

  package let arguments: DistributionArguments

  package init(_ arguments: DistributionArguments) throws { self.arguments = arguments }

  package var range: (low: Double, high: Double) { (0, .infinity) }
  package func forward(_ x: Tensor) throws -> Tensor { try x.softplus() }
  /// The form of log(exp(y) - 1) that does not overflow.
  package func inverse(_ y: Tensor) throws -> Tensor { try y + (-(-y).expm1()).log() }
  package func logSlope(_ x: Tensor) throws -> Tensor { try x.logSigmoid() }
}
