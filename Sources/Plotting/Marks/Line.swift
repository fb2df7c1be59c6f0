/// A line through points, broken where one is not finite.
package struct Line: Mark {
  package static let name = "line"
  package static let summary = "a line through the points (x, y), in their order"

  package let x: [Double]
  package let y: [Double]
  package let label: String
  package let style: LineStyle
  package let colour: Colour?

  /// A line through `(x[i], y[i])`; without x, through `(i, y[i])`.
  package init(
    x: [Double]? = nil, y: [Double], label: String = "", style: LineStyle = .solid,
    colour: Colour? = nil
  ) throws(PlotError) {
    self.x = x ?? y.indices.map(Double.init)
    self.y = y
    self.label = label
    self.style = style
    self.colour = colour
    guard self.x.count == y.count else {
      throw .lengths(mark: Line.name, x: self.x.count, y: y.count)
    }
  }

  package var channels: Channels { Channels(x: Extent(of: x), y: Extent(of: y)) }

  package var swatch: Swatch? { Swatch(dash: style.dash, hasDisc: style.hasMarkers) }

  package var endHeight: Double? { y.last { $0.isFinite } }

  package var caption: String {
    var parts = ["line of \(y.count) point\(y.count == 1 ? "" : "s")"]
    if let range = Extent(of: y) {
      parts.append("y from \(range.lower.brief) to \(range.upper.brief)")
      if let last = y.last { parts.append("last \(last.brief)") }
    }
    let lost = zip(x, y).count { !$0.isFinite || !$1.isFinite }
    if lost > 0 { parts.append("\(lost) not finite") }
    return parts.joined(separator: ", ")
  }

  package func draw(on canvas: inout some Canvas, in frame: Frame, colour: Colour) {
    var path: [Point] = []
    for (x, y) in zip(x, y) {
      if let point = frame.point(x, y) {
        path.append(point)
      } else {
        draw(path, on: &canvas, colour: colour)
        path.removeAll(keepingCapacity: true)
      }
    }
    draw(path, on: &canvas, colour: colour)
  }

  private func draw(_ path: [Point], on canvas: inout some Canvas, colour: Colour) {
    if let dash = style.dash {
      if path.count == 1 {
        // A point without neighbours would be invisible, and with it a fact.
        canvas.discs(at: path, radius: 2.5, colour: colour)
      } else {
        canvas.stroke(path, with: Pen(colour: colour, width: 2, dash: dash))
      }
    }
    // Many large discs would be a string of beads that hides the line.
    if style.hasMarkers {
      canvas.discs(at: path, radius: path.count > 100 ? 2.5 : 3.5, colour: colour)
    }
  }
}

/// Whether a line has a stroke and of what rhythm, and whether its points have discs.
package struct LineStyle: Equatable, Sendable {
  package var dash: Dash?
  package var hasMarkers: Bool

  package static let solid = LineStyle(dash: .solid, hasMarkers: false)

  package init(dash: Dash?, hasMarkers: Bool) {
    self.dash = dash
    self.hasMarkers = hasMarkers
  }

  /// A style as scripts write it: `-`, `--`, `:`, `-.`, `o`, or a disc with a line as `o--` or `--o`.
  package init(_ text: String) throws(PlotError) {
    var rest = text[...]
    hasMarkers = rest.first == "o" || rest.last == "o"
    if rest.first == "o" { rest.removeFirst() } else if rest.last == "o" { rest.removeLast() }
    dash = Dash(rawValue: String(rest))
    if dash == nil, !(rest.isEmpty && hasMarkers) { throw .lineStyle(text) }
  }
}
