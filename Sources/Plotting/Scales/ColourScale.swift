/// What a mark's colours stand for: an interval of values over a colour map, in steps where it has bands.
package struct ColourScale: Equatable, Sendable {
  package let extent: Extent
  package let map: ColourMap
  /// Values that the colour bar marks: where lines lie, or where bands meet; rising.
  package let levels: [Double]
  /// Whether all values between two levels share a colour.
  package let isBanded: Bool

  package init(
    _ extent: Extent, map: ColourMap = .dusk, levels: [Double] = [], isBanded: Bool = false
  ) {
    self.extent = extent.padded(by: 0)
    self.map = map
    self.levels = levels
    self.isBanded = isBanded
  }

  package func callAsFunction(_ value: Double) -> Colour {
    map((isBanded ? middle(of: value) : value - extent.lower) / extent.span)
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
