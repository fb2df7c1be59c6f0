/// A figure with axes laid out in pixels: margins from the labels' widths, grid, marks, legend.
struct PixelFigure {
  private let figure: Figure
  private let axes: Axes
  private let scale: Double
  private var canvas: PixelCanvas
  private let plot: Rectangle
  private let xTicks: Ticks
  private let yTicks: Ticks
  private let frame: Frame

  private let legend: Legend?
  private let isLegendBeside: Bool

  /// `isRecorded` has the canvas write down as vectors what is drawn.
  init(
    figure: Figure, width: Int, height: Int, scale: Double, isRecorded: Bool = false,
    isLegendBeside: Bool = false
  ) {
    self.figure = figure
    self.isLegendBeside = isLegendBeside
    legend = Legend(of: figure)
    self.scale = scale
    axes = Axes(of: figure)
    canvas = PixelCanvas(
      width: width, height: height, scale: scale, background: Theme.background)
    if isRecorded { canvas.record() }

    let size = (width: Double(canvas.image.width), height: Double(canvas.image.height))
    let (margin, gap) = ((Theme.margin * scale).rounded(), (Theme.gap * scale).rounded())
    let tickHeight = canvas.capHeight(size: Theme.tickSize)
    let labelHeight = canvas.capHeight(size: Theme.labelSize)

    var top = margin + tickHeight / 2
    if !figure.title.isEmpty { top += canvas.capHeight(size: Theme.titleSize) + gap * 1.5 }
    var bottom = margin + tickHeight + gap + (Theme.tickLength * scale).rounded()
    // What all x ticks share stands on the line of the axis' label.
    let hasNote = !Ticks(in: axes.x, about: 5).note.isEmpty
    if hasNote || !figure.xLabel.isEmpty { bottom += labelHeight + gap * 1.5 }
    let plotHeight = max(size.height - top - bottom, 1)
    yTicks = Ticks(in: axes.y, about: max(2, Int(plotHeight / (64 * scale))))
    if !yTicks.note.isEmpty { top += tickHeight + gap }

    let canvas = canvas
    let widest = { (ticks: Ticks) in
      ticks.labels.map { canvas.width(of: $0, size: Theme.tickSize) }.max() ?? 0
    }
    var left = margin + widest(yTicks) + gap + (Theme.tickLength * scale).rounded()
    if !figure.yLabel.isEmpty { left += labelHeight + gap * 1.5 }
    var right = margin + gap
    if let colours = axes.colours { right += ColourBar(colours: colours).width(on: canvas) }
    if isLegendBeside, let legend {
      let half = Rectangle(0, 0, size.width / 2, plotHeight)
      right += legend.size(on: canvas, within: half).width + gap
    }
    let plotWidth = max(size.width - left - right, 1)
    // As many ticks as leave each label half its width of air.
    var count = max(2, Int(plotWidth / (100 * scale)))
    var ticks = Ticks(in: axes.x, about: count)
    while count > 1, widest(ticks) * 1.5 * Double(ticks.values.count) > plotWidth {
      count -= 1
      ticks = Ticks(in: axes.x, about: count)
    }
    xTicks = ticks
    plot = Rectangle(
      left.rounded(), top.rounded(), max((size.width - right).rounded(), left.rounded() + 1),
      max((size.height - bottom).rounded(), top.rounded() + 1))
    frame = Frame(
      x: Scale(domain: axes.x, start: plot.minX, end: plot.maxX),
      y: Scale(domain: axes.y, start: plot.maxY, end: plot.minY))
  }

  func drawn() -> PixelCanvas {
    var drawing = self
    drawing.drawGrid()
    let bare = drawing.canvas.image
    drawing.canvas.setArea(plot)
    for (mark, colour) in figure.coloured {
      mark.draw(on: &drawing.canvas, in: frame, colour: colour)
    }
    drawing.canvas.clearArea()
    var corner: Point?
    if let legend {
      corner = legendCorner(legend, on: drawing.canvas, bare: bare)
      if corner == nil {
        return PixelFigure(
          figure: figure, width: canvas.image.width, height: canvas.image.height, scale: scale,
          isRecorded: canvas.drawing != nil, isLegendBeside: true
        ).drawn()
      }
    }
    drawing.drawAxes()
    drawing.drawLabels()
    if let colours = axes.colours {
      ColourBar(colours: colours).draw(on: &drawing.canvas, beside: plot)
    }
    if let legend, let corner {
      legend.draw(on: &drawing.canvas, at: corner, within: isLegendBeside ? half : plot)
    }
    return drawing.canvas
  }

  /// The room that a legend beside the plot is fitted to.
  private var half: Rectangle {
    Rectangle(0, 0, Double(canvas.image.width) / 2, plot.height)
  }

  /// Where the legend stands; nothing where it would hide much of the plot and has room beside it.
  private func legendCorner(
    _ legend: Legend, on canvas: PixelCanvas, bare: PixelImage
  ) -> Point? {
    let width = legend.size(on: canvas, within: half).width
    if isLegendBeside {
      return Point(
        Double(canvas.image.width) - (Theme.margin * scale).rounded() - width, plot.minY)
    }
    let place = legend.place(on: canvas, within: plot, bare: bare)
    // A line that runs through the box takes about a twentieth of it.
    return place.hidden > 0.02 && width < plot.width / 3 ? nil : place.corner
  }

  /// One device pixel at scale 1, and never less.
  private var hairline: Double { max(1, scale.rounded()) }

  private mutating func drawGrid() {
    for value in xTicks.values {
      let x = frame.x(value).rounded(.down)
      canvas.fill(
        Rectangle(x, plot.minY, x + hairline, plot.maxY), colour: Theme.grid)
    }
    for value in yTicks.values {
      let y = frame.y(value).rounded(.down)
      canvas.fill(
        Rectangle(plot.minX, y, plot.maxX, y + hairline), colour: Theme.grid)
    }
  }

  private mutating func drawAxes() {
    let line = hairline
    let length = (Theme.tickLength * scale).rounded()
    let height = canvas.capHeight(size: Theme.tickSize)
    let gap = (Theme.gap * scale).rounded()
    canvas.fill(
      Rectangle(plot.minX - line, plot.minY, plot.minX, plot.maxY + line), colour: Theme.axis)
    canvas.fill(
      Rectangle(plot.minX - line, plot.maxY, plot.maxX, plot.maxY + line), colour: Theme.axis)
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      let x = frame.x(value).rounded(.down)
      canvas.fill(
        Rectangle(x, plot.maxY + line, x + line, plot.maxY + length), colour: Theme.axis)
      canvas.draw(
        label, at: Point(x, plot.maxY + length + gap * 0.75 + height), anchor: .middle,
        size: Theme.tickSize, colour: Theme.faint)
    }
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      let y = frame.y(value).rounded(.down)
      canvas.fill(
        Rectangle(plot.minX - length, y, plot.minX - line, y + line), colour: Theme.axis)
      canvas.draw(
        label, at: Point(plot.minX - length - gap * 0.75, y + (height / 2).rounded(.down)),
        anchor: .end, size: Theme.tickSize, colour: Theme.faint)
    }
  }

  private mutating func drawLabels() {
    let gap = (Theme.gap * scale).rounded()
    let margin = (Theme.margin * scale).rounded()
    let middle = Point((plot.minX + plot.maxX) / 2, (plot.minY + plot.maxY) / 2)
    let bottom = Double(canvas.image.height) - margin
    let width = Double(canvas.image.width) - 2 * margin
    let title = canvas.fitted(figure.title, size: Theme.titleSize, within: width)
    let half = canvas.width(of: title.text, size: title.size) / 2
    canvas.draw(
      title.text,
      at: Point(
        // Over the plot's middle, unless that pushes it off the picture.
        min(max(middle.x, margin + half), margin + width - half),
        margin + canvas.capHeight(size: Theme.titleSize)),
      anchor: .middle, size: title.size, colour: Theme.ink)
    let x = canvas.fitted(figure.xLabel, size: Theme.labelSize, within: plot.width)
    canvas.draw(
      x.text, at: Point(middle.x, bottom - 1), anchor: .middle, size: x.size, colour: Theme.ink)
    let y = canvas.fitted(
      figure.yLabel, size: Theme.labelSize, within: Double(canvas.image.height) - margin)
    let reach = canvas.width(of: y.text, size: y.size) / 2
    canvas.draw(
      y.text,
      at: Point(
        margin + canvas.capHeight(size: Theme.labelSize),
        min(max(middle.y, margin / 2 + reach), bottom + margin / 2 - reach)),
      anchor: .middle, size: y.size, colour: Theme.ink, isRotated: true)
    canvas.draw(
      yTicks.note, at: Point(plot.minX, plot.minY - gap), size: Theme.tickSize,
      colour: Theme.faint)
    if !xTicks.note.isEmpty {
      canvas.draw(
        xTicks.note, at: Point(plot.maxX, bottom - 1), anchor: .end, size: Theme.tickSize,
        colour: Theme.faint)
    }
  }
}
