import Calculus
import Tensors

/// Two sides of a check that differ: what a formula lost or gained to make them so, where that has a name.
struct SideComparison {
  /// The elements of both sides, one beside the other.
  private let pairs: [(left: Double, right: Double)]
  private let constants: FamiliarConstants
  /// Up to which relative distance a number counts as a constant: rounding, and no more.
  private let precision: Double

  /// `sizes` are the extents at hand, for which a factor may stand.
  init(_ pairs: [(left: Double, right: Double)], isFloat32: Bool, sizes: [Int] = []) {
    self.pairs = pairs
    precision = isFloat32 ? 3e-6 : 1e-8
    let named = Set(sizes).filter { $0 > 100 }.sorted().map { ("\($0)", Double($0)) }
    constants = FamiliarConstants(named)
  }

  /// A number with its name, if it has one: `0.91894 = ½ log 2π`.
  func named(difference x: Double, of a: Double, _ b: Double) -> String {
    Self.text(x, name(ofDifference: x, max(abs(a), abs(b))))
  }

  /// What holds of all elements, or of the only one; nil where nothing is found out.
  var account: String? {
    guard !pairs.isEmpty, pairs.allSatisfy({ $0.left.isFinite && $0.right.isFinite }) else {
      return nil
    }
    let place = pairs.count > 1 ? " everywhere" : ""
    let size = pairs.reduce(0) { max($0, abs($1.left), abs($1.right)) }
    let difference = pairs[0].left - pairs[0].right
    if pairs.allSatisfy({ isNear($0.left - $0.right, difference, size) }) {
      if pairs.count > 1 {
        let text = Self.text(difference, name(ofDifference: difference, size))
        return "the sides differ by \(text) everywhere: a constant"
      }
      if name(ofDifference: difference, size) != nil { return nil }
    }
    guard let largest = pairs.max(by: { abs($0.right) < abs($1.right) }), largest.right != 0 else {
      return nil
    }
    let ratio = largest.left / largest.right
    guard ratio != 0, pairs.allSatisfy({ isNear($0.left, ratio * $0.right, size) }) else {
      return nil
    }
    if abs(ratio + 1) <= precision { return "the sign is flipped\(place)" }
    let name = constants.name(of: ratio, within: precision) ?? countName(ratio)
    guard name != nil || pairs.count > 1 else { return nil }
    return "the ratio is \(Self.text(ratio, name))\(place)" + (pairs.count > 1 ? ": a factor" : "")
  }

  /// `200` or `1/200`: a sum in the place of a mean, or a mean in that of a sum.
  private func countName(_ ratio: Double) -> String? {
    for (x, prefix) in [(abs(ratio), ""), (1 / abs(ratio), "1/")] where x > 2 && x < 1000 {
      let count = x.rounded()
      if abs(x - count) <= precision * x { return (ratio < 0 ? "-" : "") + prefix + count.plain }
    }
    return nil
  }

  private func isNear(_ a: Double, _ b: Double, _ size: Double) -> Bool {
    abs(a - b) <= 4 * precision * size
  }

  /// Cancellation leaves fewer digits in a difference than in its sides.
  private func name(ofDifference x: Double, _ size: Double) -> String? {
    constants.name(of: x, within: precision * max(1, size / max(abs(x), 1e-300)))
  }

  private static func text(_ x: Double, _ name: String?) -> String {
    let text = NumberText.rounded(x, digits: 5)
    guard let name, name != text else { return text }
    return "\(text) = \(name)"
  }
}
