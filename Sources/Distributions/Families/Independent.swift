import Tensors

/// A distribution whose last n batch dimensions count as one event: their log densities are added.
///
/// Source: torch.distributions.Independent.
package struct Independent: Distribution {
  package static let about = "base with its last n batch dimensions as one event"
  package static let parameters: [DistributionParameter] = [
    .distribution("base"), .size("n", 1),
  ]
  package static let examples = ["independent(normal(zeros(3), 1)).log_prob([0, 1, 2])"]

  package let arguments: DistributionArguments
  package let base: any Distribution
  package let count: Int
  package let batchShape: Shape
  package let eventShape: Shape

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    base = try arguments.distribution(0)
    count = try arguments.size(1)
    let dims = base.batchShape.dims
    guard count <= dims.count else {
      throw TensorError.shape(base.batchShape, expected: "a batch of at least \(count) dimensions")
    }
    batchShape = try Shape(Array(dims.dropLast(count)))
    eventShape = try Shape(dims.suffix(count) + base.eventShape.dims)
  }

  package init(_ base: any Distribution, _ n: Int) throws {
    try self.init(.distribution(base), .number(Double(n)))
  }

  package var dtype: DType? { base.dtype }
  package var support: Support { get throws { try base.support } }
  package var hasPathwiseSample: Bool { base.hasPathwiseSample }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    try base.draw(n, generator)
  }

  package func logProb(_ x: Tensor) throws -> Tensor { try summed(base.logProb(x)) }
  package var mean: Tensor { get throws { try base.mean } }
  package var mode: Tensor { get throws { try base.mode } }
  package var variance: Tensor { get throws { try base.variance } }
  package func entropy() throws -> Tensor { try summed(base.entropy()) }

  /// The sum over the dimensions that became an event.
  func summed(_ each: Tensor) throws -> Tensor {
    count == 0 ? each : try each.sum((1...count).map { -$0 })
  }
}
