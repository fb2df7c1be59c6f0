/// The names of a figure's series, in a box where it hides the least.
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

  /// Draws the box at the place within the plot where the marks changed the fewest of the bare pixels.
  func draw(on canvas: inout PixelCanvas, within plot: Rectangle, bare: PixelImage) {
    let scale = canvas.scale
    let height = canvas.capHeight(size: Theme.tickSize)
    let line = (height + 10 * scale).rounded()
    let pad = (9 * scale).rounded()
    let swatch = (Legend.swatchWidth * scale).rounded()
    // What does not fit is counted, not drawn over the axes.
    let room = max(1, Int((plot.height - 4 * pad) / line))
    let widest = max(plot.width / 2, 40 * scale)
    var shown = entries.map {
      canvas.fitted($0.label, size: Theme.tickSize, within: widest).text
    }
    if shown.count > room { shown = shown.prefix(room - 1) + ["… \(shown.count - room + 1) more"] }
    let text = shown.map { canvas.width(of: $0, size: Theme.tickSize) }.max() ?? 0
    let size = (
      width: pad * 3 + swatch + text, height: pad * 2 + line * Double(shown.count) - 10 * scale
    )
    let box = place(size, within: plot.insetBy((10 * scale).rounded()), on: canvas, bare: bare)

    canvas.box(box, corner: 4 * scale, colour: Theme.background.withOpacity(0.88))
    canvas.box(box, corner: 4 * scale, outline: max(1, scale.rounded()), colour: Theme.legendEdge)
    for (index, label) in shown.enumerated() {
      let baseline = box.minY + pad + line * Double(index) + height - 1
      if shown.count == entries.count || index < shown.count - 1 {
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

  /// The corner, edge or centre that hides the least, corners first where several are free.
  private func place(
    _ size: (width: Double, height: Double), within plot: Rectangle, on canvas: PixelCanvas,
    bare: PixelImage
  ) -> Rectangle {
    let lefts = [plot.maxX - size.width, plot.minX, (plot.minX + plot.maxX - size.width) / 2]
    let tops = [plot.minY, plot.maxY - size.height, (plot.minY + plot.maxY - size.height) / 2]
    var best = Rectangle(0, 0, 0, 0)
    var least = Int.max
    for (row, column) in [
      (0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (0, 2), (1, 2), (2, 2),
    ] {
      let (x, y) = (lefts[column].rounded(.down), tops[row].rounded(.down))
      let box = Rectangle(x, y, x + size.width, y + size.height)
      let hidden = ink(in: box.insetBy(-3), on: canvas.image, bare: bare)
      if hidden < least { (least, best) = (hidden, box) }
    }
    return best
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
