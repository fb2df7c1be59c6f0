/// The interval that data or an axis covers, `lower < upper` wherever it is a domain.
package struct Extent: Equatable, Sendable {
  package private(set) var lower: Double
  package private(set) var upper: Double

  /// Half the largest double: a domain's span and its margins stay finite.
  private static let limit = 8e307

  /// An interval a user asked for; nothing where it is not finite or has no inside.
  package init?(from lower: Double, to upper: Double) {
    guard lower.isFinite, upper.isFinite, lower < upper else { return nil }
    self.init(lower: lower, upper: upper)
  }

  /// The interval of the finite values; nothing where there are none.
  package init?(of values: [Double]) {
    var lower = Double.infinity
    var upper = -Double.infinity
    for value in values where value.isFinite {
      if value < lower { lower = value }
      if value > upper { upper = value }
    }
    guard lower <= upper else { return nil }
    self.init(lower: lower, upper: upper)
  }

  init(lower: Double, upper: Double) {
    self.lower = Swift.max(lower, -Self.limit)
    self.upper = Swift.min(upper, Self.limit)
    if self.lower > self.upper { (self.lower, self.upper) = (self.upper, self.lower) }
  }

  package var span: Double { upper - lower }

  func union(_ other: Extent?) -> Extent {
    guard let other else { return self }
    return Extent(lower: Swift.min(lower, other.lower), upper: Swift.max(upper, other.upper))
  }

  func contains(_ value: Double) -> Bool { value >= lower && value <= upper }

  /// Whether all values are one up to rounding, so that an axis must be made up around it.
  private var isConstant: Bool {
    let magnitude = Swift.max(lower.magnitude, upper.magnitude)
    return span <= 1e-12 * magnitude || span < 1e-300
  }

  /// A domain with room on both sides, by a share of its span; around a constant, a tenth of it.
  func padded(by share: Double) -> Extent {
    if isConstant {
      let magnitude = Swift.max(lower.magnitude, upper.magnitude)
      let half = magnitude > 1e-299 ? magnitude * 0.1 : 1
      return Extent(lower: lower - half, upper: upper + half)
    }
    return Extent(lower: lower - span * share, upper: upper + span * share)
  }
}
