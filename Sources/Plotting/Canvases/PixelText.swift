/// Where a piece of text stands relative to its point.
enum TextAnchor: Sendable {
  case start
  case middle
  case end
}

extension PixelCanvas {
  /// Draws a line of text; its baseline passes through the point, and runs upward if `isRotated`.
  ///
  /// Units: `size` in design units.
  mutating func draw(
    _ text: String, at point: Point, anchor: TextAnchor = .start, size: Double, colour: Colour,
    isRotated: Bool = false
  ) {
    let pixels = size * scale
    let font = StrokeFont.standard
    let width = font.width(of: text, size: pixels)
    let back = anchor == .start ? 0 : anchor == .middle ? (width / 2).rounded() : width
    // The baseline lies in the middle of a row of pixels, as the glyphs' grid fit expects.
    let x = point.x.rounded(.down)
    let y = point.y.rounded(.down)
    note {
      $0.text(
        text, at: isRotated ? Point(x, y + back) : Point(x - back, y), size: pixels, width: width,
        colour: colour, isRotated: isRotated)
    }
    let strokes = font.strokes(of: text, size: pixels).map { stroke in
      stroke.map { p in
        isRotated ? Point(x + 0.5 + p.y, y - (p.x - back)) : Point(x + p.x - back, y + 0.5 + p.y)
      }
    }
    self.strokes(strokes, width: max(pixels * Theme.strokeWeight, 1), colour: colour)
  }

  /// The width of a line of text.
  ///
  /// Units: `size` in design units, the result in pixels.
  func width(of text: String, size: Double) -> Double {
    StrokeFont.standard.width(of: text, size: size * scale)
  }

  /// The text and its size such that it fits a width: smaller first, then cut with an ellipsis.
  ///
  /// Units: the width in pixels, sizes in design units.
  func fitted(_ text: String, size: Double, within room: Double) -> (text: String, size: Double) {
    var size = size
    // No picture is a thousand letters wide, and cutting letter by letter would be slow.
    var rest = String(text.prefix(1000))
    var shown = rest
    while size > 12, width(of: shown, size: size) > room { size -= 1 }
    while !rest.isEmpty, width(of: shown, size: size) > room {
      rest.removeLast()
      shown = rest + "…"
    }
    return (shown, size)
  }

  /// The height of a capital letter.
  func capHeight(size: Double) -> Double { (size * scale * 0.7).rounded() }
}
