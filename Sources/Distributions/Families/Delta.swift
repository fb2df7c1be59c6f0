import Tensors

/// All mass at one point: p(x) = 1 at value, else 0.
///
/// Source: the limit of the normal distribution as its scale goes to 0.
package struct Delta: Distribution {
  package static let about = "always value"
  package static let parameters: [DistributionParameter] = [.numbers("value", .real)]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let value: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    batchShape = try arguments.broadcastShape()
    value = try arguments.tensor(0)
  }

  package var support: Support {
    get throws { .points(try value.unsqueezed(0)) }
  }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    try drawn(value).expanded(to: sampleShape(n))
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let value = try adapted(value, to: x).detached
    let isThere = try x.detached.compare(.equal, to: value)
    return try isThere.choose(value * 0, -.infinity)
  }

  package var mean: Tensor { value }
  package var mode: Tensor { value }
  package var variance: Tensor { get throws { try value.detached * 0 } }
  package func entropy() throws -> Tensor { try value.detached * 0 }

  package func cdf(_ x: Tensor) throws -> Tensor {
    let value = try adapted(value, to: x).detached
    return try x.compare(.greaterOrEqual, to: value).cast(to: value.dtype)
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    let value = try adapted(value, to: p)
    return try value.expanded(to: value.shape.broadcast(with: p.shape))
  }
}
