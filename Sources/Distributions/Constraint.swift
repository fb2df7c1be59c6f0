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

  /// A value that is not allowed, if there is one; NaN never is.
  func violation(in x: Tensor) throws -> Double? {
    guard x.count > 0 else { return nil }
    let values = x.detached
    let least = try values.extreme(nil, greatest: false).item ?? .nan
    guard isMet(by: least) else { return least }
    guard self == .unitInterval else { return nil }
    let greatest = try values.extreme(nil, greatest: true).item ?? .nan
    return isMet(by: greatest) ? nil : greatest
  }

  /// Refuses probabilities along the last dimension that do not sum to one.
  static func checkSum(_ p: Tensor, _ name: String) throws {
    let totals = try p.detached.sum([-1])
    // Room for what float32 rounds, and for weights written with four digits.
    for total in totals.values where !(abs(total - 1) <= 1e-4) {
      throw DistributionError.constraint(
        name, expected: "probabilities that sum to 1", found: total)
    }
  }

  private func isMet(by value: Double) -> Bool {
    switch self {
    case .real: !value.isNaN
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
  /// 0, 1, 2, ... without end.
  case wholeNumbers
  /// 0, 1, ... up to a bound included, which broadcasts with the batch.
  case wholeNumbersUpTo(Tensor)
  /// Vectors of positive numbers that sum to one.
  case simplex
  /// Vectors of zeros with a single one.
  case oneHot
  /// The rows of a tensor.
  case points(Tensor)

  package var isDiscrete: Bool {
    switch self {
    case .real, .positive, .interval, .simplex: false
    case .boolean, .integers, .wholeNumbers, .wholeNumbersUpTo, .oneHot, .points: true
    }
  }

  /// In words, for the reader.
  package var description: String {
    func number(_ x: Tensor) -> String? { x.count == 1 ? x[flat: 0].shortest : nil }
    switch self {
    case .real: return "any numbers"
    case .positive: return "numbers above 0"
    case .interval(let low, let high):
      guard let a = number(low), let b = number(high) else { return "numbers between two bounds" }
      return "numbers from \(a) to \(b)"
    case .boolean: return "0 and 1"
    case .integers(let end): return "whole numbers from 0 to \(end - 1)"
    case .wholeNumbers: return "whole numbers from 0"
    case .wholeNumbersUpTo(let end):
      return number(end).map { "whole numbers from 0 to \($0)" }
        ?? "whole numbers from 0 to a bound"
    case .simplex: return "vectors of numbers above 0 that sum to 1"
    case .oneHot: return "vectors of zeros with a single 1"
    case .points(let rows):
      return rows.shape.dims.first == 1 ? "a single value" : "\(rows.shape.dims.first ?? 0) values"
    }
  }

  /// A support that holds both, of the same kind of values.
  func union(_ other: Support) throws -> Support {
    switch (self, other) {
    case (.real, _), (_, .real): return .real
    case (.positive, .positive): return .positive
    case (.interval(let a, let b), .interval(let c, let d)):
      return .interval(try a.lesser(c), try b.greater(d))
    case (.interval(let low, _), .positive), (.positive, .interval(let low, _)):
      return try Constraint.nonnegative.violation(in: low) == nil ? .positive : .real
    case (.boolean, .boolean): return .boolean
    case (.integers(let m), .integers(let n)): return .integers(below: max(m, n))
    case (.boolean, .integers(let n)), (.integers(let n), .boolean):
      return .integers(below: max(n, 2))
    case (.wholeNumbersUpTo(let m), .wholeNumbersUpTo(let n)):
      return .wholeNumbersUpTo(try m.greater(n))
    case (.simplex, .simplex): return .simplex
    case (.oneHot, .oneHot): return .oneHot
    case (.points(let a), .points(let b)): return .points(try Tensor.concatenated([a, b]))
    default: return isDiscrete ? .wholeNumbers : .real
    }
  }
}
