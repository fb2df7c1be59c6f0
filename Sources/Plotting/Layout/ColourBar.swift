/// The scale of colours beside a heatmap.
struct ColourBar {
  let extent: Extent
  let map: ColourMap

  private static let thickness = 16.0

  /// How much room it takes beside the plot.
  ///
  /// Units: pixels.
  func width(on canvas: PixelCanvas) -> Double {
    let ticks = Ticks(in: extent, about: 5)
    let widest = (ticks.labels + [ticks.note]).map { canvas.width(of: $0, size: Theme.tickSize) }
    return (widest.max() ?? 0)
      + ((ColourBar.thickness + 3 * Theme.gap) * canvas.scale).rounded()
  }

  func draw(on canvas: inout PixelCanvas, beside plot: Rectangle) {
    let gap = (Theme.gap * canvas.scale).rounded()
    let line = max(1, canvas.scale.rounded())
    let left = plot.maxX + 2 * gap
    let right = left + (ColourBar.thickness * canvas.scale).rounded()
    let steps = 256
    var ramp = PixelImage(width: 1, height: steps)
    for row in 0..<steps { ramp[0, row] = map(1 - (Double(row) + 0.5) / Double(steps)) }
    canvas.raster(ramp, in: Rectangle(left, plot.minY, right, plot.maxY))
    let scale = Scale(domain: extent, start: plot.maxY, end: plot.minY)
    let ticks = Ticks(in: extent, about: max(2, Int(plot.height / (64 * canvas.scale))))
    let height = canvas.capHeight(size: Theme.tickSize)
    for (value, label) in zip(ticks.values, ticks.labels) {
      let y = scale(value).rounded(.down)
      canvas.fill(Rectangle(right, y, right + gap / 2, y + line), colour: Theme.axis)
      canvas.draw(
        label, at: Point(right + gap, y + (height / 2).rounded(.down)), size: Theme.tickSize,
        colour: Theme.faint)
    }
    canvas.draw(
      ticks.note, at: Point(left, plot.minY - gap), size: Theme.tickSize, colour: Theme.faint)
  }
}
