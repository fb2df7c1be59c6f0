import Glibc
import Tensors

/// What stands in the way of a check.
package enum CalculusError: Error, Equatable {
  case notOneNumber(Shape)
  case notFinite(Double, NonFiniteOrigin?)
  case nothingToCheck
  /// Fewer draws than an error can be told from.
  case tooFewDraws(Int)
  /// A distribution that has no relaxed draws.
  case notRelaxed(String)
  /// Measure-valued gradients of something else than a normal.
  case notMeasured
  /// An integrand that is not finite at a place.
  case notFiniteAt(Double)
  /// An integral whose integrand does not die away towards a place far out.
  case diverges(Double)
  /// An integrand that grows without end near a place.
  case pole(Double)
  /// Halving panels leaves an error, of an integral of this size, most of it near a place.
  case unsettled(near: Double, error: Double, of: Double)

  /// One sentence for the reader.
  package var message: String {
    switch self {
    case .notOneNumber(let shape):
      return
        "a gradient is of a single number, found shape \(shape): take its sum() or mean() first"
    case .notFinite(let value, _):
      return "the function's value here is \(value.isNaN ? .nan : value): no gradient to check"
    case .nothingToCheck: return "expected an argument of floats to check, found none"
    case .tooFewDraws(let n): return "an estimate needs at least 2 draws, found \(n)"
    case .notRelaxed(let name):
      return "relaxed draws are of bernoulli and one_hot_categorical, found \(name)"
    case .notMeasured: return "a measure-valued gradient is of one draw from a normal of one number"
    case .notFiniteAt(let z): return "the integrand is not finite at \(Self.short(z))"
    case .diverges(let z):
      let side = z > 0 ? "inf" : "-inf"
      let end = abs(z) > 1e9 ? side : Self.short(z)
      return "it diverges: the integrand does not die away towards \(end)"
    case .pole(let z):
      return "the integrand is not finite, or has a pole, near \(Self.short(z))"
    case .unsettled(let z, let error, let size):
      return
        "it does not settle near \(Self.short(z)): of \(Self.short(size)), \(Self.short(error)) stays uncertain"
    }
  }
}

extension CalculusError {
  /// A number with at most six digits.
  private static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value.plain }
    let digits = 5 - floor(log10(abs(value)))
    guard abs(digits) < 300 else { return value.plain }
    return ((value * pow(10, digits)).rounded() / pow(10, digits)).plain
  }
}

extension CalculusError: CustomStringConvertible {
  package var description: String { message }
}
