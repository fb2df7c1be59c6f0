import Tensors

/// The distribution of data: each row of values as likely as its weight, or all alike.
///
/// Shapes: values [n, event], weights [n]; a row that occurs several times has the sum of its weights.
/// Source: van der Vaart, "Asymptotic Statistics" (1998), chapter 19.
package struct Empirical: Distribution {
  package static let about =
    "one of the rows of values, as likely as its weight; all alike without weights"
  package static let parameters: [DistributionParameter] = [
    .numbers("values", .real), .optionalNumbers("weights", .unitInterval),
  ]
  package static let examples = ["empirical([[0, 1], [2, 3]]).sample(4)"]

  package let arguments: DistributionArguments
  package let eventShape: Shape
  package let values: Tensor
  /// Shapes: [n].
  package let weights: Tensor

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    values = try arguments.tensor(0)
    guard let n = values.shape.dims.first, n > 0 else {
      throw TensorError.shape(values.shape, expected: "values: at least one row")
    }
    eventShape = try Shape(Array(values.shape.dims.dropFirst()))
    if let given = arguments.optional(1) {
      guard given.shape.dims == [n] else {
        throw TensorError.shape(given.shape, expected: "weights: \(n) numbers, one for each row")
      }
      try Constraint.checkSum(given, "weights")
      weights = given
    } else {
      weights = try Tensor.full(Shape([n]), 1 / Double(n), values.dtype)
    }
  }

  package var batchShape: Shape { .scalar }
  package var hasPathwiseSample: Bool { false }

  /// The rows, each once.
  package var support: Support {
    get throws {
      let width = eventShape.count
      let numbers = values.values
      var seen: Set<[Double]> = []
      let first = (0..<values.shape[0]).filter {
        seen.insert(Array(numbers[$0 * width..<($0 + 1) * width])).inserted
      }
      return .points(try values.detached.rows(first))
    }
  }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let index = try Categorical(logits: weights.detached.log()).draw(n, generator)
    let rows = try values.detached.rows(index.integers ?? [])
    return try rows.reshaped(sampleShape(n))
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let isRow = try matches(x)
    let logs = try isRow.choose(weights, 0).sum([-1])
    let never = try logs.detached.compare(.equal, to: 0)
    return try never.choose(-.infinity, never.choose(1, logs).log())
  }

  /// Whether x is each of the rows.
  ///
  /// Shapes: x [.., event] -> [.., n].
  private func matches(_ x: Tensor) throws -> Tensor {
    let rank = eventShape.rank
    let n = values.shape[0]
    let lead = x.shape.dims.dropLast(rank)
    let row = try values.detached.reshaped(to: [n, eventShape.count])
    let each = try x.detached.reshaped(to: lead + [1, eventShape.count])
    let misses = try each.compare(.notEqual, to: row).cast(to: .int64).sum([-1])
    return try misses.compare(.equal, to: 0)
  }

  package var mean: Tensor { get throws { try average(values) } }
  package var variance: Tensor { get throws { try average((values - mean).square()) } }

  private func average(_ x: Tensor) throws -> Tensor {
    let shape = try Shape([x.shape[0]] + [Int](repeating: 1, count: eventShape.rank))
    let shares = try weights / weights.sum()
    return try (x * shares.reshaped(shape)).sum([0])
  }

  package func entropy() throws -> Tensor {
    // The surprise of each row, by all that are equal to it.
    try -(weights * logProb(values)).sum()
  }

  package func cdf(_ x: Tensor) throws -> Tensor {
    guard eventShape.rank == 0 else { throw DistributionError.noClosedForm("cdf", of: name) }
    let isBelow = try x.unsqueezed(-1).compare(.greaterOrEqual, to: values)
    return try isBelow.choose(weights, 0).sum([-1])
  }
}
