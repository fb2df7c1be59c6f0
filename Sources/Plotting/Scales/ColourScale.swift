/// What a mark's colours stand for: an interval of values over a colour map, in steps where it has bands.
package struct ColourScale: Equatable, Sendable {
  package let extent: Extent
  package let map: ColourMap
  /// Values that the colour bar marks: where lines lie, or where bands meet; rising.
  package let levels: [Double]
  /// Whether all values between two levels share a colour.
  package let isBanded: Bool
  /// Where levels lie at very different distances, they and the ends of the extent; else empty.
  ///
  /// The colours change by equal parts from one to the next; without them they follow the values.
  private let knots: [Double]

  package init(
    _ extent: Extent, map: ColourMap = .dusk, levels: [Double] = [], isBanded: Bool = false
  ) {
    self.extent = extent.padded(by: 0)
    self.map = map
    self.levels = levels
    self.isBanded = isBanded
    knots = Self.knots(self.extent, levels)
  }

  /// Levels at even distances, or nearly, need none.
  private static func knots(_ extent: Extent, _ levels: [Double]) -> [Double] {
    let gaps = zip(levels.dropFirst(), levels).map { $0 - $1 }
    guard let widest = gaps.max(), let closest = gaps.min(), widest > 4 * closest else { return [] }
    let inside = levels.filter { $0 > extent.lower && $0 < extent.upper }
    return [extent.lower] + inside + [extent.upper]
  }

  package func callAsFunction(_ value: Double) -> Colour {
    if !knots.isEmpty, value.isFinite { return map(part(of: value)) }
    return map((isBanded ? middle(of: value) : value - extent.lower) / extent.span)
  }

  /// Where a value stands between the knots, from 0 to 1; in the middle of its band where there are bands.
  private func part(of value: Double) -> Double {
    let next = knots.firstIndex { $0 > value } ?? knots.count
    let k = Swift.min(Swift.max(next - 1, 0), knots.count - 2)
    let within = (value - knots[k]) / (knots[k + 1] - knots[k])
    return (Double(k) + (isBanded ? 0.5 : Swift.min(Swift.max(within, 0), 1)))
      / Double(knots.count - 1)
  }

  /// How far the middle of a value's band lies above the least value.
  private func middle(of value: Double) -> Double {
    guard !value.isNaN else { return value }
    let next = levels.firstIndex { $0 > value } ?? levels.count
    let from = next > 0 ? Swift.max(levels[next - 1], extent.lower) : extent.lower
    let to = next < levels.count ? Swift.min(levels[next], extent.upper) : extent.upper
    return (from - extent.lower) / 2 + (to - extent.lower) / 2
  }
}
