import Calculus
import Tensors

/// Two sides of a comparison, at least one of them an estimate.
///
/// They count as equal where they differ by no more than chance explains, by `Estimate.slack`; as less or
/// greater where by more. A true equality fails with a probability below 1e-4.
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
    slack = try estimate.slack(elements: estimate.value.count)
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
      if difference.unseen[flat: worst] > 0 {
        let allowed = NumberText.rounded(slack[flat: worst], digits: 3)
        return "the difference is \(text)\(place), allowed \(allowed) as all draws are alike"
      }
      return "the difference is \(text)\(place), no chance in it"
    }
    let errors = NumberText.rounded(d / e, digits: 3)
    let size = NumberText.rounded(d, digits: 4)
    return "the difference is \(size) = \(errors) standard errors\(place)"
      + ", allowed \(NumberText.rounded(slack[flat: worst] / e, digits: 3))"
  }
}
