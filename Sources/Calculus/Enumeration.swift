import Distributions
import Tensors

/// All values of a distribution that has finitely many, or all but a negligible rest.
enum Enumeration {
  /// More than these are too many.
  private static let most = 1 << 16

  /// Of whole numbers without end, those up to `reach` times where the mass is negligible.
  ///
  /// Shapes: [n] + the shape of a draw; nil where the values cannot be listed.
  static func values(_ q: any Distribution, reach: Double = 1) throws -> Tensor? {
    let shape = q.batchShape.dims + q.eventShape.dims
    switch try q.support {
    case .oneHot:
      guard q.batchShape.count == 1, let k = q.eventShape.last else { return nil }
      return try Tensor.eye(k, .float64).reshaped(to: [k] + shape)
    case .points(let rows):
      guard q.batchShape.count == 1, rows.shape[0] <= most else { return nil }
      return try rows.detached.reshaped(to: [rows.shape[0]] + shape)
    case .boolean, .integers, .wholeNumbers, .wholeNumbersUpTo, .real, .positive, .interval,
      .simplex:
      guard let (each, type) = try numbers(q, reach) else { return nil }
      return try combinations(each, shape, type)
    }
  }

  /// The values that a single number takes; nil where they cannot be listed.
  private static func numbers(
    _ q: any Distribution, _ reach: Double
  ) throws -> ([Double], DType)? {
    switch try q.support {
    case .boolean: return ([0, 1], .float64)
    case .integers(let bound):
      return bound <= most ? ((0..<bound).map(Double.init), .int64) : nil
    case .wholeNumbers:
      // Beyond 12 standard deviations and 40 more lies less than 1e-20 of the mass; of a tail that falls
      // by e with each of them, beyond 48.
      let deviations = q is Geometric ? 48.0 : 12
      let end = try q.mean.detached + q.variance.detached.squareRoot() * deviations + 40
      return counts(upTo: try end * reach).map { ($0, .float64) }
    case .wholeNumbersUpTo(let end): return counts(upTo: end).map { ($0, .float64) }
    case .oneHot, .points, .real, .positive, .interval, .simplex: return nil
    }
  }

  /// The same values for each number of a batch.
  ///
  /// Shapes: [n] + the batch; nil where they cannot be listed.
  static func sideBySide(_ q: any Distribution) throws -> Tensor? {
    guard q.eventShape.isScalar, let (each, type) = try numbers(q, 1) else { return nil }
    let ones = [Int](repeating: 1, count: q.batchShape.rank)
    return try Tensor(each, Shape([each.count] + ones), type)
      .expanded(to: [each.count] + q.batchShape.dims)
  }

  private static func combinations(
    _ each: [Double], _ shape: [Int], _ type: DType
  ) throws -> Tensor? {
    let places = shape.reduce(1, *)
    var count = 1
    for _ in 0..<places {
      count *= each.count
      guard count <= most else { return nil }
    }
    var numbers: [Double] = []
    numbers.reserveCapacity(count * places)
    for i in 0..<count {
      var (rest, digits) = (i, [Double](repeating: 0, count: places))
      for place in (0..<places).reversed() {
        (digits[place], rest) = (each[rest % each.count], rest / each.count)
      }
      numbers += digits
    }
    return try Tensor(numbers, Shape([count] + shape), type)
  }

  /// The whole numbers up to the greatest of some bounds.
  private static func counts(upTo bounds: Tensor) -> [Double]? {
    guard let end = bounds.values.max(), end < Double(most) else { return nil }
    return (0...Int(end)).map(Double.init)
  }

  /// The probabilities of the values.
  ///
  /// Shapes: [n].
  static func weights(_ q: any Distribution, _ values: Tensor) throws -> Tensor {
    let logs = try q.logProb(values).cast(to: .float64)
    return try logs.reshaped(to: [values.shape[0], -1]).sum([1]).exp()
  }
}
