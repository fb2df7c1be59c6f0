/// A figure with axes laid out in characters: title, axes with ticks, names beside the lines' ends.
struct TextFigure {
  private let figure: Figure
  private let axes: Axes
  private let style: TextStyle
  private let columns: Int
  private let rows: Int
  private let yTicks: Ticks
  private let legend: Legend?
  private let bar: TextPicture?

  // The plot's cells within the picture.
  private let left: Int
  private let top: Int
  private let plotColumns: Int
  private let plotRows: Int

  init(figure: Figure, columns: Int, rows: Int, style: TextStyle) {
    self.figure = figure
    self.style = style
    self.columns = columns
    self.rows = rows
    axes = Axes(of: figure)
    legend = Legend(of: figure)

    let hasFoot = !figure.xLabel.isEmpty
    let head = figure.title.isEmpty ? 0 : 1
    let foot = 2 + (hasFoot ? 1 : 0)
    let guess = max(2, (rows - head - foot) / 4)
    yTicks = Ticks(in: axes.y, about: guess)
    let hasCorner = !figure.yLabel.isEmpty || !yTicks.note.isEmpty
    top = head + (hasCorner ? 1 : 0)
    plotRows = max(1, rows - top - foot)
    let ascii = style.glyphs == .ascii
    let widest = yTicks.labels.map { (ascii ? $0.transliterated : $0).cellWidth }.max() ?? 0
    left = min(widest + 2, columns / 2)
    let names = legend?.entries.map { (ascii ? $0.label.transliterated : $0.label).cellWidth } ?? []
    let side = names.max().map { min($0 + 5, columns / 3) } ?? 0
    // A bar that leaves the plot no room is left out.
    let room = (columns - left - side) / 2
    var bar = axes.colours.map { [plotRows] in
      ColourBar(colours: $0).text(rows: plotRows, style: style)
    }
    if let width = bar?.columns, width >= room { bar = nil }
    self.bar = bar
    let margin = bar.map { side + $0.columns + 1 } ?? side
    plotColumns = max(1, columns - left - max(margin, 1))
  }

  func picture() -> TextPicture {
    var canvas = TextCanvas(columns: plotColumns, rows: plotRows, style: style)
    let frame = Frame(
      x: Scale(domain: axes.x, start: 0, end: canvas.area.maxX),
      y: Scale(domain: axes.y, start: canvas.area.maxY, end: 0))
    for (mark, colour) in figure.coloured { mark.draw(on: &canvas, in: frame, colour: colour) }

    var picture = TextPicture(columns: columns, rows: rows)
    let cells = canvas.cells
    picture.place(cells, column: left, row: top)
    drawAxes(on: &picture, frame: frame, geometry: canvas.geometry)
    drawLabels(on: &picture)
    if let bar { picture.place(bar, column: left + plotColumns + 1, row: top) }
    drawLegend(on: &picture, frame: frame, geometry: canvas.geometry)
    return picture
  }

  private func text(_ text: String) -> String {
    style.glyphs == .ascii ? text.transliterated : text
  }

  private func sign(_ unicode: Character, _ ascii: Character) -> Character {
    style.glyphs == .unicode ? unicode : ascii
  }

  private func drawAxes(
    on picture: inout TextPicture, frame: Frame, geometry: TextCanvas.Geometry
  ) {
    let bottom = top + plotRows
    for row in top..<bottom { picture[left - 1, row] = TextCell(sign("│", "|")) }
    picture[left - 1, bottom] = TextCell(sign("└", "+"))
    for column in left..<left + plotColumns {
      picture[column, bottom] = TextCell(sign("─", "-"))
    }
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      let row = top + min(Int(flooring: frame.y(value)) / geometry.down, plotRows - 1)
      guard row >= top else { continue }
      let label = text(label).fitted(to: left - 1)
      picture.write(label, column: left - 1 - label.cellWidth, row: row)
      picture[left - 1, row] = TextCell(sign("┤", "+"))
    }
    drawXTicks(on: &picture, frame: frame, geometry: geometry)
  }

  private func drawXTicks(
    on picture: inout TextPicture, frame: Frame, geometry: TextCanvas.Geometry
  ) {
    let bottom = top + plotRows
    var count = max(1, plotColumns / 10)
    var ticks = Ticks(in: axes.x, about: count)
    let widest = { ticks.labels.map { text($0).cellWidth }.max() ?? 0 }
    while count > 1, (widest() + 2) * ticks.values.count > plotColumns {
      count -= 1
      ticks = Ticks(in: axes.x, about: count)
    }
    var free = 0
    for (value, label) in zip(ticks.values, ticks.labels) {
      let column =
        left + min(max(0, Int(flooring: frame.x(value)) / geometry.across), plotColumns - 1)
      let label = text(label)
      picture[column, bottom] = TextCell(sign("┬", "+"))
      // The minus sign hangs to the left, so that figures stand under their tick.
      let figures = label.cellWidth - (value < 0 ? 1 : 0)
      let start = max(
        0, min(column - (figures - 1) / 2 - (value < 0 ? 1 : 0), columns - label.cellWidth))
      guard start >= free else { continue }
      picture.write(label, column: start, row: bottom + 1)
      free = start + label.cellWidth + 1
    }
    let note = text(ticks.note)
    if !note.isEmpty {
      let row = figure.xLabel.isEmpty ? bottom + 1 : bottom + 2
      let column = max(0, left + plotColumns - note.cellWidth)
      if column >= free || row > bottom + 1 { picture.write(note, column: column, row: row) }
    }
  }

  private func drawLabels(on picture: inout TextPicture) {
    func write(centred string: String, row: Int) {
      let string = text(string).fitted(to: columns)
      let start = left + (plotColumns - string.cellWidth) / 2
      picture.write(
        string, column: max(0, min(start, columns - string.cellWidth)), row: row)
    }
    write(centred: figure.title, row: 0)
    if !figure.xLabel.isEmpty { write(centred: figure.xLabel, row: top + plotRows + 2) }
    let corner = [figure.yLabel, yTicks.note].filter { !$0.isEmpty }.joined(separator: " ")
    if !corner.isEmpty {
      let corner = text(corner).fitted(to: columns)
      picture.write(corner, column: max(0, left - corner.cellWidth), row: top - 1)
    }
  }

  /// Each name stands at the height where its line ends, or as near as there is a free row.
  private func drawLegend(
    on picture: inout TextPicture, frame: Frame, geometry: TextCanvas.Geometry
  ) {
    guard let legend else { return }
    let start = left + plotColumns + 1 + (bar.map { $0.columns + 1 } ?? 0)
    let heights = figure.marks.filter { !$0.label.isEmpty && $0.swatch != nil }.map { mark in
      mark.endHeight.map { Int(flooring: frame.y($0)) / geometry.down } ?? 0
    }
    let order = heights.indices.sorted { (heights[$0], $0) < (heights[$1], $1) }
    var rows = order.map { min(max(heights[$0], 0), plotRows - 1) }
    // Down from above, then up from below, until no two names share a row.
    for i in rows.indices.dropFirst() { rows[i] = max(rows[i], rows[i - 1] + 1) }
    var limit = plotRows - 1
    for i in rows.indices.reversed() {
      rows[i] = min(rows[i], limit)
      limit = rows[i] - 1
    }
    for (index, row) in zip(order, rows) where row >= 0 {
      let entry = legend.entries[index]
      picture.write(key(entry.swatch), column: start, row: top + row, foreground: entry.colour)
      picture.write(
        text(entry.label).fitted(to: columns - start - 3), column: start + 3, row: top + row)
    }
  }

  private func key(_ swatch: Swatch) -> String {
    let isUnicode = style.glyphs == .unicode
    if swatch.isArea { return isUnicode ? "▒▒" : "::" }
    return switch swatch.dash {
    case nil: isUnicode ? "•" : "o"
    case .solid?: isUnicode ? (swatch.hasDisc ? "•─" : "──") : "--"
    case .dashed?: isUnicode ? "╌╌" : "- "
    case .dotted?: isUnicode ? "··" : ".."
    case .dashDotted?: isUnicode ? "─·" : "-."
    }
  }
}
