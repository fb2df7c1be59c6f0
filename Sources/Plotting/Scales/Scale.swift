/// A linear map from data to canvas coordinates.
package struct Scale: Equatable, Sendable {
  package let domain: Extent
  package let start: Double
  package let end: Double

  /// The coordinate of a value, held within a million canvas units so that far values still clip.
  package func callAsFunction(_ value: Double) -> Double {
    let position = start + (value - domain.lower) / domain.span * (end - start)
    return Swift.min(Swift.max(position, -1e6), 1e6)
  }

  /// The value at a coordinate.
  func value(at position: Double) -> Double {
    domain.lower + (position - start) / (end - start) * domain.span
  }
}
