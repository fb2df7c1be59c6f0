import Calculus
import Tensors

/// Two sides of a comparison, at least one of them an estimate.
///
/// They count as equal where they differ by no more than chance explains, by `Estimate.slack`; as less or
/// greater where by more. A true equality fails with a probability below 1e-4.
///
/// Draws that are all 0 or all 1, as of an event that is too rare or too likely, have a standard error of 0 and
/// still tell of the event's probability no more than that it is below 9.67 / n, or above 1 - 9.67 / n: a
/// more likely one would have shown in all but 6.3e-5 of cases.
struct EstimateComparison {
  /// The second operand.
  private let right: Tensor
  private let difference: Estimate
  private let slack: Tensor

  init(_ a: Tensor, _ b: Tensor) throws {
    let (x, y) = (try a.cast(to: .float64), try b.cast(to: .float64))
    right = y.detached
    let estimate = try Estimate(of: x - y)
    guard let estimate else { throw ScriptError.message("expected an estimate to compare") }
    difference = estimate
    let unseen = try max(Self.unseen(x), Self.unseen(y))
    slack = try estimate.slack(elements: estimate.value.count) + unseen
  }

  /// The probability that an event may have though all draws say that it is impossible, or sure.
  static func unseen(_ side: Tensor) throws -> Double {
    guard let own = try Estimate(of: side), own.draws > 0 else { return 0 }
    let isUniform = zip(own.value.values, own.error.values).contains {
      ($0 == 0 || abs($0 - 1) < 1e-12) && $1 < 1e-15
    }
    return isUniform ? 9.67 / Double(own.draws) : 0
  }

  func holds(_ relation: ComparisonOperator, _ t: Tolerance) throws -> Tensor {
    let d = difference.value
    let slack = try slack + (right.absolute() * t.rtol + t.atol)
    switch relation {
    case .approximately, .equal: return try d.absolute().compare(.lessOrEqual, to: slack)
    // NaN is unequal to everything.
    case .notEqual: return try d.absolute().compare(.lessOrEqual, to: slack).negatedLogic()
    case .lessOrEqual: return try d.compare(.lessOrEqual, to: slack)
    case .greaterOrEqual: return try d.compare(.greaterOrEqual, to: -slack)
    case .less: return try d.compare(.less, to: -slack)
    case .greater: return try d.compare(.greater, to: slack)
    }
  }

  /// Of the element that differs most, for a failed check.
  var account: String {
    func ratio(_ i: Int) -> Double { abs(difference.value[flat: i]) / slack[flat: i] }
    var worst = 0
    for i in 0..<difference.value.count where ratio(i) > ratio(worst) { worst = i }
    let (d, e) = (difference.value[flat: worst], difference.error[flat: worst])
    let place =
      difference.value.rank == 0 ? "" : " at \(Checks.position(worst, difference.value.shape))"
    // Both sides may have the same noise, up to rounding.
    guard e > 1e-7 * abs(d) else {
      let b = right[flat: right.count == 1 ? 0 : worst]
      let exact = SideComparison([(d + b, b)], isFloat32: false)
      let text = exact.named(difference: d, of: d + b, b)
      return "the difference is \(text)\(place), no chance in it"
    }
    let errors = NumberText.rounded(d / e, digits: 3)
    let size = NumberText.rounded(d, digits: 4)
    return "the difference is \(size) = \(errors) standard errors\(place)"
      + ", allowed \(NumberText.rounded(slack[flat: worst] / e, digits: 3))"
  }
}
