/// How often values fall into each of some bins: bars side by side under one outline.
package struct Histogram: Mark {
  package static let name = "hist"
  package static let summary = "how many of the values fall into each of some bins"

  package let bins: Bins
  /// Whether the heights are shares a unit of width, and the area is 1, instead of counts.
  package let isDensity: Bool
  package let label: String
  package let colour: Colour?

  package init(bins: Bins, isDensity: Bool = false, label: String = "", colour: Colour? = nil) {
    self.bins = bins
    self.isDensity = isDensity
    self.label = label
    self.colour = colour
  }

  package var heights: [Double] { isDensity ? bins.densities : bins.counts.map(Double.init) }

  package var channels: Channels {
    guard let x = bins.extent else { return Channels() }
    var channels = Channels(x: x, y: Extent(of: heights + [0]))
    channels.isGrounded = true
    return channels
  }

  package var swatch: Swatch? { Swatch(dash: .solid, isArea: true) }

  package var caption: String {
    guard let extent = bins.extent, let highest = heights.max() else {
      return "histogram of no values" + (bins.lost > 0 ? ", \(bins.lost) not finite" : "")
    }
    let (n, k) = (bins.total, bins.counts.count)
    var parts = [
      "histogram of \(n) value\(n == 1 ? "" : "s") in \(k) bin\(k == 1 ? "" : "s") "
        + "from \(extent.lower.brief) to \(extent.upper.brief)"
    ]
    if let fullest = heights.firstIndex(of: highest), n > 0 {
      let centre = bins.edges[fullest] / 2 + bins.edges[fullest + 1] / 2
      parts.append("highest \(highest.brief) at \(centre.brief)")
    }
    if bins.beyond > 0 { parts.append("\(bins.beyond) beyond") }
    if bins.lost > 0 { parts.append("\(bins.lost) not finite") }
    return parts.joined(separator: ", ")
  }

  package func draw(on canvas: inout some Canvas, in frame: Frame, colour: Colour) {
    let bars = bars(in: frame)
    guard let first = bars.first, let last = bars.last else { return }
    let shade = colour.withOpacity(Theme.areaOpacity)
    for bar in bars { canvas.fill(bar, colour: shade) }
    // Bars of one height would look like one bar.
    for (bar, next) in zip(bars, bars.dropFirst()) where min(bar.width, next.width) > 6 {
      let edge = Rectangle(bar.maxX - 0.5, max(bar.minY, next.minY), bar.maxX + 0.5, bar.maxY)
      canvas.fill(edge, colour: shade)
    }
    var skyline = [Point(first.minX, first.maxY)]
    for bar in bars { skyline += [Point(bar.minX, bar.minY), Point(bar.maxX, bar.minY)] }
    skyline.append(Point(last.maxX, last.maxY))
    canvas.stroke(skyline, with: Pen(colour: colour, width: 1.5))
  }

  /// The bars between whole canvas units, so that no seam shows between neighbours; bins that share one
  /// unit become the highest of them.
  private func bars(in frame: Frame) -> [Rectangle] {
    let ground = frame.y(0)
    var bars: [Rectangle] = []
    for (bin, height) in heights.enumerated() {
      let left = bars.last?.maxX ?? frame.x(bins.edges[bin]).rounded()
      let right = frame.x(bins.edges[bin + 1]).rounded()
      let top = min(frame.y(height), ground)
      if right > left || bars.isEmpty {
        bars.append(Rectangle(left, top, max(right, left + 1), ground))
      } else {
        bars[bars.count - 1].minY = min(bars[bars.count - 1].minY, top)
      }
    }
    return bars
  }
}
