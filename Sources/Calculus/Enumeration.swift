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
    case .real, .positive, .interval: return nil
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

  /// The probabilities of the values.
  ///
  /// Shapes: [n].
  static func weights(_ q: any Distribution, _ values: Tensor) throws -> Tensor {
    let logs = try q.logProb(values).cast(to: .float64)
    return try logs.reshaped(to: [values.shape[0], -1]).sum([1]).exp()
  }
}
