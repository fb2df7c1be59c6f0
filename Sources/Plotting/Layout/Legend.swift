/// The names of a figure's series, in a box where it hides the least, or beside the plot where that is much.
struct Legend {
  struct Entry {
    let label: String
    let swatch: Swatch
    let colour: Colour
  }

  let entries: [Entry]

  /// The labelled marks; nothing where there are none.
  init?(of figure: Figure) {
    entries = figure.coloured.compactMap { mark, colour in
      guard !mark.label.isEmpty, let swatch = mark.swatch else { return nil }
      return Entry(label: mark.label, swatch: swatch, colour: colour)
    }
    if entries.isEmpty { return nil }
  }

  private static let swatchWidth = 30.0

  /// The lines of the box as they fit a plot: what does not is cut, or counted and not drawn over the axes.
  private func lines(on canvas: PixelCanvas, within plot: Rectangle) -> [String] {
    let room = max(1, Int((plot.height - 4 * pad(canvas)) / lineHeight(canvas)))
    let widest = max(plot.width / 2, 40 * canvas.scale)
    let shown = entries.map { canvas.fitted($0.label, size: Theme.tickSize, within: widest).text }
    if shown.count <= room { return shown }
    return shown.prefix(room - 1) + ["… \(shown.count - room + 1) more"]
  }

  /// How large the box is.
  ///
  /// Units: pixels.
  func size(on canvas: PixelCanvas, within plot: Rectangle) -> (width: Double, height: Double) {
    let lines = lines(on: canvas, within: plot)
    let text = lines.map { canvas.width(of: $0, size: Theme.tickSize) }.max() ?? 0
    return (
      pad(canvas) * 3 + swatch(canvas) + text,
      pad(canvas) * 2 + lineHeight(canvas) * Double(lines.count) - 10 * canvas.scale
    )
  }

  private func pad(_ canvas: PixelCanvas) -> Double { (9 * canvas.scale).rounded() }

  private func swatch(_ canvas: PixelCanvas) -> Double {
    (Legend.swatchWidth * canvas.scale).rounded()
  }

  private func lineHeight(_ canvas: PixelCanvas) -> Double {
    (canvas.capHeight(size: Theme.tickSize) + 10 * canvas.scale).rounded()
  }

  /// Draws the box with its upper left corner at a point.
  func draw(on canvas: inout PixelCanvas, at corner: Point, within plot: Rectangle) {
    let scale = canvas.scale
    let (pad, swatch) = (pad(canvas), swatch(canvas))
    let height = canvas.capHeight(size: Theme.tickSize)
    let lines = lines(on: canvas, within: plot)
    let size = size(on: canvas, within: plot)
    let box = Rectangle(corner.x, corner.y, corner.x + size.width, corner.y + size.height)
    canvas.box(box, corner: 4 * scale, colour: Theme.background.withOpacity(0.88))
    canvas.box(box, corner: 4 * scale, outline: max(1, scale.rounded()), colour: Theme.legendEdge)
    for (index, label) in lines.enumerated() {
      let baseline = box.minY + pad + lineHeight(canvas) * Double(index) + height - 1
      if lines.count == entries.count || index < lines.count - 1 {
        let y = (baseline - height / 2).rounded(.down) + 0.5
        draw(entries[index], from: box.minX + pad, to: box.minX + pad + swatch, y: y, on: &canvas)
      }
      canvas.draw(
        label, at: Point(box.minX + pad * 2 + swatch, baseline), size: Theme.tickSize,
        colour: Theme.ink)
    }
  }

  private func draw(
    _ entry: Entry, from left: Double, to right: Double, y: Double, on canvas: inout PixelCanvas
  ) {
    if entry.colour.luminance > 200 {
      canvas.fill(Rectangle(left, y - 5, right, y + 5), colour: Theme.axis)
    }
    if entry.swatch.isArea {
      let half = (canvas.capHeight(size: Theme.tickSize) / 2).rounded(.down)
      let box = Rectangle(left, y - half, right, y + half)
      canvas.fill(box, colour: entry.colour.withOpacity(Theme.areaOpacity))
      canvas.box(box, corner: 0, outline: 1.5 * canvas.scale, colour: entry.colour)
    } else if let dash = entry.swatch.dash {
      canvas.stroke(
        [Point(left, y), Point(right, y)], with: Pen(colour: entry.colour, width: 2, dash: dash))
    }
    if entry.swatch.hasDisc {
      canvas.discs(at: [Point((left + right) / 2, y)], radius: 3.5, colour: entry.colour)
    }
  }

  /// Where in the plot the box hides the fewest of the pixels that the marks changed, corners first where
  /// several are free, and which share of it these are.
  func place(on canvas: PixelCanvas, within plot: Rectangle, bare: PixelImage) -> (
    corner: Point, hidden: Double
  ) {
    let size = size(on: canvas, within: plot)
    let plot = plot.insetBy((10 * canvas.scale).rounded())
    let lefts = [plot.maxX - size.width, plot.minX, (plot.minX + plot.maxX - size.width) / 2]
    let tops = [plot.minY, plot.maxY - size.height, (plot.minY + plot.maxY - size.height) / 2]
    var best = Point(0, 0)
    var least = Int.max
    for (row, column) in [
      (0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (0, 2), (1, 2), (2, 2),
    ] {
      let (x, y) = (lefts[column].rounded(.down), tops[row].rounded(.down))
      let box = Rectangle(x, y, x + size.width, y + size.height)
      let hidden = ink(in: box.insetBy(-3), on: canvas.image, bare: bare)
      if hidden < least { (least, best) = (hidden, Point(x, y)) }
    }
    return (best, Double(least) / max(size.width * size.height, 1))
  }

  private func ink(in box: Rectangle, on image: PixelImage, bare: PixelImage) -> Int {
    let bounds = PixelBounds(around: box, reach: 0)
      .intersection(PixelBounds(minX: 0, minY: 0, maxX: image.width, maxY: image.height))
    var count = 0
    for y in bounds.minY..<bounds.maxY {
      for x in bounds.minX..<bounds.maxX where image[x, y] != bare[x, y] { count += 1 }
    }
    return count
  }
}
