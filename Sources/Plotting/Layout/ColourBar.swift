/// The scale of colours beside a plot: a ramp, or steps where the colours come in bands.
struct ColourBar {
  let colours: ColourScale

  private static let thickness = 16.0

  /// How much room it takes beside the plot.
  ///
  /// Units: pixels.
  func width(on canvas: PixelCanvas) -> Double {
    let ticks = ticks(about: 5)
    let widest = (ticks.labels + [ticks.note]).map { canvas.width(of: $0, size: Theme.tickSize) }
    return (widest.max() ?? 0)
      + ((ColourBar.thickness + 3 * Theme.gap) * canvas.scale).rounded()
  }

  /// At the levels, or where there are none at about so many round values.
  private func ticks(about count: Int) -> Ticks {
    let levels = colours.levels.filter(colours.extent.contains)
    return levels.isEmpty ? Ticks(in: colours.extent, about: count) : Ticks(at: levels)
  }

  func draw(on canvas: inout PixelCanvas, beside plot: Rectangle) {
    let gap = (Theme.gap * canvas.scale).rounded()
    let line = max(1, canvas.scale.rounded())
    let left = plot.maxX + 2 * gap
    let right = left + (ColourBar.thickness * canvas.scale).rounded()
    let extent = colours.extent
    let steps = max(Int(plot.height), 1)
    var ramp = PixelImage(width: 1, height: steps)
    for row in 0..<steps {
      let share = 1 - (Double(row) + 0.5) / Double(steps)
      ramp[0, row] = colours(extent.lower + extent.span * share)
    }
    canvas.raster(ramp, in: Rectangle(left, plot.minY, right, plot.maxY))
    let scale = Scale(domain: extent, start: plot.maxY, end: plot.minY)
    for level in colours.levels where extent.contains(level) && !colours.isBanded {
      let y = scale(level).rounded(.down)
      canvas.fill(Rectangle(left, y, right, y + line), colour: colours(level).contrast)
    }
    let ticks = ticks(about: max(2, Int(plot.height / (64 * canvas.scale))))
    let height = canvas.capHeight(size: Theme.tickSize)
    var free = Double.infinity
    for (value, label) in zip(ticks.values, ticks.labels) {
      let y = scale(value).rounded(.down)
      guard y + height <= free else { continue }
      free = y - height
      canvas.fill(Rectangle(right, y, right + gap / 2, y + line), colour: Theme.axis)
      canvas.draw(
        label, at: Point(right + gap, y + (height / 2).rounded(.down)), size: Theme.tickSize,
        colour: Theme.faint)
    }
    canvas.draw(
      ticks.note, at: Point(left, plot.minY - gap), size: Theme.tickSize, colour: Theme.faint)
  }

  /// The bar as characters, two wide, with its labels beside it.
  func text(rows: Int, style: TextStyle) -> TextPicture {
    let ticks = ticks(about: max(2, rows / 4))
    // A row for a common note there is not: numbers that need one are written in full.
    let labels = (ticks.note.isEmpty ? ticks.labels : ticks.values.map(\.brief)).map {
      style.glyphs == .ascii ? $0.transliterated : $0
    }
    let extent = colours.extent
    var ramp = PixelImage(width: 2, height: 2 * rows)
    for row in 0..<ramp.height {
      let share = 1 - (Double(row) + 0.5) / Double(ramp.height)
      for column in 0..<2 { ramp[column, row] = colours(extent.lower + extent.span * share) }
    }
    let blocks = BlockImage(ramp, style: style).halves()
    var picture = TextPicture(columns: 3 + (labels.map(\.cellWidth).max() ?? 0), rows: rows)
    picture.place(blocks, column: 0, row: 0)
    let scale = Scale(domain: extent, start: Double(rows), end: 0)
    var free = rows
    for (value, label) in zip(ticks.values, labels) {
      let row = min(Int(flooring: scale(value)), rows - 1)
      guard row < free else { continue }
      picture.write(label, column: 3, row: row)
      free = row
    }
    return picture
  }
}
