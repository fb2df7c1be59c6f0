/// A surface that marks draw on: pixels, terminal cells.
///
/// Everything is clipped to `area`. Coordinates are the canvas' own units, y pointing down; pens are in
/// design units, which the canvas scales.
package protocol Canvas {
  /// The plot area.
  var area: Rectangle { get }

  /// Draws a connected path; a path of one point is a dot.
  mutating func stroke(_ path: [Point], with pen: Pen)

  /// Draws one disc a centre.
  mutating func discs(at centres: [Point], radius: Double, colour: Colour)

  /// Draws an arrow, its head at most so long; one without length is a dot.
  mutating func arrow(from tail: Point, to tip: Point, head: Double, with pen: Pen)

  /// Fills a rectangle.
  mutating func fill(_ rectangle: Rectangle, colour: Colour)

  /// Draws a picture stretched over a rectangle, each of its pixels a sharp block.
  mutating func raster(_ image: PixelImage, in rectangle: Rectangle)
}

/// How a path is drawn.
package struct Pen: Equatable, Sendable {
  package var colour: Colour
  /// Units: design units, a pixel of the default figure.
  package var width: Double
  package var dash: Dash

  package init(colour: Colour, width: Double = 2, dash: Dash = .solid) {
    self.colour = colour
    self.width = width
    self.dash = dash
  }
}

/// The rhythm of a line.
package enum Dash: String, Sendable, CaseIterable {
  case solid = "-"
  case dashed = "--"
  case dotted = ":"
  case dashDotted = "-."

  /// Lengths of ink and gap in turn, in line widths, caps not counted.
  var widths: [Double] {
    switch self {
    case .solid: []
    case .dashed: [3.2, 2.8]
    case .dotted: [0, 2.2]
    case .dashDotted: [3.2, 2.4, 0, 2.4]
    }
  }

  /// Lengths of ink and gap in turn, in dots of a text canvas.
  var dots: [Double] {
    switch self {
    case .solid: []
    case .dashed: [4, 3]
    case .dotted: [1, 2]
    case .dashDotted: [4, 2, 1, 2]
    }
  }
}
