/// A cloud of points, each a disc, coloured alike or by a value.
package struct Scatter: Mark {
  package static let name = "scatter"
  package static let summary =
    "a disc at each point (x, y), coloured by `values` if these are given"

  package let x: [Double]
  package let y: [Double]
  /// What the discs' colours stand for, one a point, or nothing.
  package let values: [Double]?
  package let label: String
  package let colour: Colour?
  package let colourMap: ColourMap

  package init(
    x: [Double], y: [Double], values: [Double]? = nil, label: String = "", colour: Colour? = nil,
    colourMap: ColourMap = .dusk
  ) throws(PlotError) {
    self.x = x
    self.y = y
    self.values = values
    self.label = label
    self.colour = colour
    self.colourMap = colourMap
    guard x.count == y.count else { throw .lengths(mark: Scatter.name, x: x.count, y: y.count) }
    if let values, values.count != x.count {
      throw .lengths(mark: Scatter.name + " values", x: x.count, y: values.count)
    }
  }

  package var channels: Channels {
    var channels = Channels(x: Extent(of: x), y: Extent(of: y))
    channels.colours = colours
    return channels
  }

  private var colours: ColourScale? {
    values.flatMap { Extent(of: $0) }.map { ColourScale($0, map: colourMap) }
  }

  package var swatch: Swatch? { values == nil ? Swatch(dash: nil, hasDisc: true) : nil }

  package var caption: String {
    var parts = ["\(x.count) point\(x.count == 1 ? "" : "s")"]
    if let xs = Extent(of: x), let ys = Extent(of: y) {
      parts.append("x from \(xs.lower.brief) to \(xs.upper.brief)")
      parts.append("y from \(ys.lower.brief) to \(ys.upper.brief)")
    }
    if let values, let range = Extent(of: values) {
      parts.append("colours from \(range.lower.brief) to \(range.upper.brief)")
    }
    return parts.joined(separator: ", ")
  }

  package func draw(on canvas: inout some Canvas, in frame: Frame, colour: Colour) {
    let (radius, opacity) = weight
    guard let values, let colours else {
      let centres = zip(x, y).compactMap { frame.point($0, $1) }
      canvas.discs(at: centres, radius: radius, colour: colour.withOpacity(opacity))
      return
    }
    for i in x.indices {
      guard let centre = frame.point(x[i], y[i]) else { continue }
      canvas.discs(
        at: [centre], radius: radius, colour: colours(values[i]).withOpacity(opacity))
    }
  }

  /// Disc radius and opacity: the more points, the finer, so that a crowd shows its density.
  private var weight: (radius: Double, opacity: Double) {
    switch x.count {
    case ...1000: (3.5, 0.8)
    case ...10_000: (2.5, 0.55)
    case ...100_000: (1.6, 0.35)
    default: (1.1, 0.2)
    }
  }
}
