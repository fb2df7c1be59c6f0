/// A line across the figure at one height: a bound, a target.
package struct HorizontalLine: Mark {
  package static let name = "hline"
  package static let summary = "a horizontal line at y across the figure"

  package let y: Double
  package let label: String
  package let dash: Dash
  package let colour: Colour?

  /// An unlabelled one is grey: part of the scene, not a series.
  package init(y: Double, label: String = "", dash: Dash = .dashed, colour: Colour? = nil) {
    self.y = y
    self.label = label
    self.dash = dash
    self.colour = colour ?? (label.isEmpty ? .series(7) : nil)
  }

  package var channels: Channels { Channels(y: Extent(of: [y])) }

  package var swatch: Swatch? { Swatch(dash: dash) }

  package var endHeight: Double? { y.isFinite ? y : nil }

  package var caption: String { "horizontal line at \(y.brief)" }

  package func draw(on canvas: inout some Canvas, in frame: Frame, colour: Colour) {
    guard y.isFinite else { return }
    let height = frame.y(y)
    let ends = [Point(canvas.area.minX, height), Point(canvas.area.maxX, height)]
    canvas.stroke(ends, with: Pen(colour: colour, width: 1.5, dash: dash))
  }
}
