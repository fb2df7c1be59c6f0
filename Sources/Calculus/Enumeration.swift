import Distributions
import Tensors

/// All values of a distribution that has finitely many, or all but a negligible rest.
enum Enumeration {
  /// More than these are too many.
  private static let most = 1 << 16

  /// Shapes: [n] + the shape of a draw; nil where the values cannot be listed.
  static func values(_ q: any Distribution) throws -> Tensor? {
    let each: [Double]
    let isInteger: Bool
    switch try q.support {
    case .boolean: (each, isInteger) = ([0, 1], false)
    case .integers(let bound):
      guard bound <= most else { return nil }
      (each, isInteger) = ((0..<bound).map(Double.init), true)
    case .wholeNumbers:
      // Beyond 12 standard deviations and 40 more lies less than 1e-20 of the mass.
      let end = try q.mean.detached + q.variance.detached.squareRoot() * 12 + 40
      guard let bound = counts(upTo: end) else { return nil }
      (each, isInteger) = (bound, false)
    case .wholeNumbersUpTo(let end):
      guard let bound = counts(upTo: end) else { return nil }
      (each, isInteger) = (bound, false)
    case .oneHot:
      guard q.batchShape.count == 1, let k = q.eventShape.last else { return nil }
      return try Tensor.eye(k, .float64).reshaped(
        Shape([k] + q.batchShape.dims + q.eventShape.dims))
    case .points(let rows):
      guard q.batchShape.count == 1, rows.shape[0] <= most else { return nil }
      return try rows.detached.reshaped(
        Shape([rows.shape[0]] + q.batchShape.dims + q.eventShape.dims))
    case .real, .positive, .interval, .simplex: return nil
    }
    let shape = q.batchShape.dims + q.eventShape.dims
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
    return try Tensor(numbers, Shape([count] + shape), isInteger ? .int64 : .float64)
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
