/// An arrow at each of some points: a vector field, a gradient.
package struct Quiver: Mark {
  package static let name = "quiver"
  package static let summary = "an arrow (u, v) at each point (x, y)"

  package let x: [Double]
  package let y: [Double]
  package let u: [Double]
  package let v: [Double]
  package let label: String
  package let colour: Colour?

  package static let limit = 10_000

  /// Arrows from `(x[i], y[i])` along `(u[i], v[i])`, which is a direction in the data's coordinates: a curve
  /// that follows the field touches its arrows.
  package init(
    x: [Double], y: [Double], u: [Double], v: [Double], label: String = "", colour: Colour? = nil
  ) throws(PlotError) {
    for (name, count) in [("y", y.count), ("u", u.count), ("v", v.count)] where count != x.count {
      throw .arrowLengths(x: x.count, name: name, count: count)
    }
    guard x.count <= Quiver.limit else { throw .arrowCount(x.count) }
    self.x = x
    self.y = y
    self.u = u
    self.v = v
    self.label = label
    self.colour = colour
  }

  /// Room for an arrow around the outermost ones.
  package var channels: Channels {
    let room = 0.5 / max(Double(x.count).squareRoot() - 1, 1)
    return Channels(x: Extent(of: x)?.padded(by: room), y: Extent(of: y)?.padded(by: room))
  }

  package var swatch: Swatch? { Swatch(dash: .solid) }

  package var caption: String {
    var parts = ["\(x.count) arrow\(x.count == 1 ? "" : "s")"]
    if let xs = Extent(of: x), let ys = Extent(of: y) {
      parts.append("x from \(xs.lower.brief) to \(xs.upper.brief)")
      parts.append("y from \(ys.lower.brief) to \(ys.upper.brief)")
    }
    let lengths = zip(u, v).map { Point($0, $1).length }
    if let range = Extent(of: lengths) {
      parts.append("lengths from \(range.lower.brief) to \(range.upper.brief)")
    }
    let lost = x.indices.count { !(x[$0] + y[$0] + u[$0] + v[$0]).isFinite }
    if lost > 0 { parts.append("\(lost) not finite") }
    return parts.joined(separator: ", ")
  }

  package func draw(on canvas: inout some Canvas, in frame: Frame, colour: Colour) {
    let across = (frame.x.end - frame.x.start) / frame.x.domain.span
    let along = (frame.y.end - frame.y.start) / frame.y.domain.span
    let arrows = x.indices.compactMap { i -> (tail: Point, step: Point)? in
      guard let tail = frame.point(x[i], y[i]), u[i].isFinite, v[i].isFinite else { return nil }
      return (tail, Point(u[i] * across, v[i] * along))
    }
    let longest = arrows.map(\.step.length).max() ?? 0
    let reach = spacing(of: arrows.map(\.tail), on: canvas.area)
    for (tail, step) in arrows {
      let share = longest > 0 && longest.isFinite ? reach / longest : 0
      canvas.arrow(
        from: tail, to: tail + step * share, head: reach / 3, with: Pen(colour: colour, width: 1.5))
    }
  }

  /// About how far apart points lie, and so how long the longest arrow may be.
  private func spacing(of tails: [Point], on area: Rectangle) -> Double {
    guard let xs = Extent(of: tails.map(\.x)), let ys = Extent(of: tails.map(\.y)) else { return 0 }
    let count = Double(tails.count)
    let apart = max((xs.span * ys.span / count).squareRoot(), max(xs.span, ys.span) / count)
    return apart > 0 ? apart : min(area.width, area.height) / 4
  }
}
