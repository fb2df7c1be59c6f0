import Tensors

/// y = tanh(x).
package struct TanhTransform: Transform {
  package static let about = "the hyperbolic tangent of x"

  package let arguments: DistributionArguments

  package init(_ arguments: DistributionArguments) throws { self.arguments = arguments }

  package var range: (low: Double, high: Double) { (-1, 1) }
  package func forward(_ x: Tensor) throws -> Tensor { try x.tanh() }
  package func inverse(_ y: Tensor) throws -> Tensor { try (y.log1p() - (-y).log1p()) * 0.5 }

  /// 4 / (exp(x) + exp(-x))^2, where 1 - tanh(x)^2 would round to 0.
  package func logSlope(_ x: Tensor) throws -> Tensor {
    try ((x * 2).logSigmoid() + (x * -2).logSigmoid()) + 1.386_294_361_119_890_618_8
  }
}
