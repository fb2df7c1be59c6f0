import Tensors

/// y = 1 / (1 + exp(-x)).
package struct SigmoidTransform: Transform {
  package static let about = "1 / (1 + exp(-x))"

  package let arguments: DistributionArguments

  package init(_ arguments: DistributionArguments) throws { self.arguments = arguments }

  package var range: (low: Double, high: Double) { (0, 1) }
  package func forward(_ x: Tensor) throws -> Tensor { try x.sigmoid() }
  package func inverse(_ y: Tensor) throws -> Tensor { try y.log() - (-y).log1p() }
  package func logSlope(_ x: Tensor) throws -> Tensor { try x.logSigmoid() + (-x).logSigmoid() }
}
