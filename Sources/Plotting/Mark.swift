/// One layer of a figure: it declares what data it spans and draws itself once the scales are known.
///
/// To add a mark, write one file in `Marks/` and one line in `MarkCatalogue`.
package protocol Mark: Sendable {
  /// The mark's name in scripts and descriptions.
  static var name: String { get }

  /// One sentence for help.
  static var summary: String { get }

  /// What the legend calls it; empty for no entry.
  var label: String { get }

  /// The colour asked for; the figure chooses where there is none.
  var colour: Colour? { get }

  /// What this mark adds to the figure's domains.
  var channels: Channels { get }

  /// How the legend shows it; nothing for marks without a single colour.
  var swatch: Swatch? { get }

  /// The height at which it ends on the right, where its name may stand; nothing if it has no end.
  var endHeight: Double? { get }

  /// What it shows, in words and ranges, for those who cannot see it.
  var caption: String { get }

  /// Draws the mark in a colour of the figure's choice.
  func draw(on canvas: inout some Canvas, in frame: Frame, colour: Colour)
}

extension Mark {
  package var label: String { "" }
  package var colour: Colour? { nil }
  package var swatch: Swatch? { nil }
  package var endHeight: Double? { nil }
}

/// What a mark adds to the figure's domains.
package struct Channels: Sendable {
  package var x: Extent?
  package var y: Extent?
  /// What a colour bar explains.
  package var colours: ColourScale?
  /// Whether the mark fills its extent, so that the axes leave no room around it.
  package var isTight = false
  /// Whether the mark stands on its least y, so that the axes leave no room below.
  package var isGrounded = false

  package init(x: Extent? = nil, y: Extent? = nil) {
    self.x = x
    self.y = y
  }
}

/// A mark's key in the legend: a piece of its line, a disc, both, or a piece of its outlined area.
package struct Swatch: Equatable, Sendable {
  package var dash: Dash?
  package var hasDisc: Bool
  package var isArea: Bool

  package init(dash: Dash?, hasDisc: Bool = false, isArea: Bool = false) {
    self.dash = dash
    self.hasDisc = hasDisc
    self.isArea = isArea
  }
}

/// The plot area with its scales: what a mark needs to know to draw.
package struct Frame: Sendable {
  package let x: Scale
  package let y: Scale

  /// Where a data point lies; nothing where it is not finite.
  package func point(_ x: Double, _ y: Double) -> Point? {
    guard x.isFinite, y.isFinite else { return nil }
    return Point(self.x(x), self.y(y))
  }

  /// The canvas rectangle over two intervals of the data.
  func rectangle(x horizontal: Extent, y vertical: Extent) -> Rectangle {
    let (left, right) = (x(horizontal.lower), x(horizontal.upper))
    let (top, bottom) = (y(vertical.upper), y(vertical.lower))
    return Rectangle(min(left, right), min(top, bottom), max(left, right), max(top, bottom))
  }
}
