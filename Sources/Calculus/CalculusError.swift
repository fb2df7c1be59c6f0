import Glibc
import Tensors

/// What stands in the way of a check.
package enum CalculusError: Error, Equatable {
  case noElements(Shape)
  /// The shape of a function's value, and another one elsewhere.
  case changingShape(Shape, Shape)
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
  /// An integral whose integrand is too large towards an end of the range.
  case diverges(Double)
  /// An integrand that grows without end at a place, or near one.
  case pole(Double, isExact: Bool)
  /// Halving panels leaves an error, of an integral of this size, most of it near a place.
  case unsettled(near: Double, error: Double, of: Double)
  /// An integral, or an average of draws, that is not there when all that it may compute is computed.
  case tooLong
  /// A limit of an integral that is no number.
  case noLimit(String)
  /// An integral whose derivative of an order cannot be integrated, and why.
  case noSlope(Int, String)
  /// A kink, or one of a slope, whose place depends on what derivatives are taken in: that order is wrong.
  case movingKink(Int, Double)

  /// One sentence for the reader.
  package var message: String {
    switch self {
    case .noElements(let shape):
      return "the function's value has no elements to check, found shape \(shape)"
    case .changingShape(let first, let second):
      return "the function's value has shape \(first), and at other arguments shape \(second)"
    case .notFinite(let value, _):
      return "the function's value here is \(value.isNaN ? .nan : value): no gradient to check"
    case .nothingToCheck: return "expected an argument of floats to check, found none"
    case .tooFewDraws(let n): return "an estimate needs at least 2 draws, found \(n)"
    case .notRelaxed(let name):
      return "relaxed draws are of bernoulli and one_hot_categorical, found \(name)"
    case .notMeasured: return "a measure-valued gradient is of one draw from a normal of one number"
    case .notFiniteAt(let z): return "the integrand is not finite at \(Self.short(z))"
    case .diverges(let end):
      return end.isInfinite
        ? "the integral diverges or converges too slowly: the integrand does not die away fast enough towards \(end.plain)"
        : "the integral diverges: the integrand grows too fast towards \(Self.short(end))"
    case .pole(let z, true):
      return "the integral diverges: the integrand has a pole at \(Self.short(z))"
    case .pole(let z, false):
      // Halving stops at some distance from it.
      return
        "the integrand has a pole near \(Self.short(abs(z) < 1e-9 ? 0 : z)), or grows too fast there"
    case .noSlope(let order, let reason):
      return "no exact derivative of order \(order): of the integrand's, \(reason)"
    case .movingKink(let order, let z):
      return
        "no exact derivative of order \(order): the integrand has a kink near \(Self.short(z)) that moves with a parameter"
    case .unsettled(let z, let error, let size):
      return
        "the integral does not settle near \(Self.short(z)): \(Self.short(error, digits: 2)) of \(Self.short(size)) stays uncertain"
    case .tooLong:
      return
        "the integral takes too long: after \(IntegralBudget.usual / 1_000_000) million numbers it is not settled"
    case .noLimit(let name): return "\(name): expected a number or an infinity, found nan"
    }
  }

  /// What would let the reader go on; nil where nothing would.
  package var hint: String? {
    if self == .tooLong { return "E(z ~ q, f(z), n=1000) estimates an average from so many draws" }
    guard case .unsettled(_, let error, let size) = self, error < 1e-3 * size else { return nil }
    // Ten times as much: places that are lost beside an edge are allowed a tenth of it.
    let exponent = Int(ceil(log10(10 * error / size)))
    return "rtol=1e\(exponent) takes it as it is"
  }
}

extension CalculusError {
  /// A number with at most six digits.
  private static func short(_ value: Double, digits: Double = 6) -> String {
    guard value.isFinite, value != 0 else { return value.plain }
    let digits = digits - 1 - floor(log10(abs(value)))
    guard abs(digits) < 300 else { return value.plain }
    return ((value * pow(10, digits)).rounded() / pow(10, digits)).plain
  }
}

extension CalculusError: CustomStringConvertible {
  package var description: String { message }
}
