import Tensors

/// What stands in the way of a check.
package enum CalculusError: Error, Equatable {
  case notOneNumber(Shape)
  case notFinite(Double)
  case nothingToCheck

  /// One sentence for the reader.
  package var message: String {
    switch self {
    case .notOneNumber(let shape):
      return
        "a gradient is of a single number, found shape \(shape): take its sum() or mean() first"
    case .notFinite(let value): return "the function's value here is \(value): no gradient to check"
    case .nothingToCheck: return "expected an argument of floats to check, found none"
    }
  }
}

extension CalculusError: CustomStringConvertible {
  package var description: String { message }
}
