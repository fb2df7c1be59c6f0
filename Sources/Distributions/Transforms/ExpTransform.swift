import Tensors

/// y = exp(x).
package struct ExpTransform: Transform {
  package static let about = "e to the power x"

  package let arguments: DistributionArguments

  package init(_ arguments: DistributionArguments) throws { self.arguments = arguments }

  package var range: (low: Double, high: Double) { (0, .infinity) }
  package func forward(_ x: Tensor) throws -> Tensor { try x.exp() }
  package func inverse(_ y: Tensor) throws -> Tensor { try y.log() }
  package func logSlope(_ x: Tensor) throws -> Tensor { x }
}
