import Tensors

/// What a parameter's values must be.
package enum Constraint: Sendable, Equatable {
  case real
  case positive
  case nonnegative
  /// From 0 to 1, both included.
  case unitInterval

  /// In an error, after "expected".
  package var expectation: String {
    switch self {
    case .real: "numbers"
    case .positive: "positive numbers"
    case .nonnegative: "numbers of at least 0"
    case .unitInterval: "probabilities from 0 to 1"
    }
  }

  /// A value that is not allowed, if there is one; NaN never is, but where any number goes.
  func violation(in x: Tensor) throws -> Double? {
    guard self != .real, x.count > 0 else { return nil }
    let values = x.detached
    let least = try values.extreme(nil, greatest: false).item ?? .nan
    guard isMet(by: least) else { return least }
    guard self == .unitInterval else { return nil }
    let greatest = try values.extreme(nil, greatest: true).item ?? .nan
    return isMet(by: greatest) ? nil : greatest
  }

  private func isMet(by value: Double) -> Bool {
    switch self {
    case .real: true
    case .positive: value > 0
    case .nonnegative: value >= 0
    case .unitInterval: value >= 0 && value <= 1
    }
  }
}

/// Where a distribution's values lie.
package enum Support {
  case real
  /// Numbers above 0.
  case positive
  /// Numbers between two bounds, which broadcast with the batch.
  case interval(Tensor, Tensor)
  /// 0 and 1.
  case boolean
  /// 0, 1, ... up to one less than the number.
  case integers(below: Int)

  package var isDiscrete: Bool {
    switch self {
    case .real, .positive, .interval: false
    case .boolean, .integers: true
    }
  }
}
