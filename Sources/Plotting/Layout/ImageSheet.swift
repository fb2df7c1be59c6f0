/// A figure of nothing but images: no axes, every image pixel a square of whole pixels.
struct ImageSheet {
  let title: String
  let images: [Images]
  let scale: Double

  /// `isRecorded` has the canvas write down as vectors what is drawn.
  func drawn(isRecorded: Bool = false) -> PixelCanvas {
    let factors = images.map { factor(for: $0) }
    let margin = Int((Theme.margin * scale).rounded())
    let probe = PixelCanvas(width: 1, height: 1, scale: scale)
    let widths = zip(images, factors).map { $0.gridWidth * $1 }
    let captions = images.map { probe.width(of: $0.label, size: Theme.labelSize) }
    let text = max(
      probe.width(of: title, size: Theme.titleSize), captions.max() ?? 0)
    let width = max(widths.max() ?? 0, Int(min(text, 960 * scale))) + 2 * margin
    let titleHeight = title.isEmpty ? 0 : Int(probe.capHeight(size: Theme.titleSize)) + margin
    let captionHeight = Int(probe.capHeight(size: Theme.labelSize)) + margin / 2
    let height =
      zip(images, factors).reduce(margin + titleHeight) { sum, sheet in
        sum + (sheet.0.label.isEmpty ? 0 : captionHeight) + sheet.0.gridHeight * sheet.1 + margin
      }

    var canvas = PixelCanvas(
      width: width, height: height, scale: scale, background: Theme.background)
    if isRecorded { canvas.record() }
    let room = Double(width - 2 * margin)
    let heading = canvas.fitted(title, size: Theme.titleSize, within: room)
    canvas.draw(
      heading.text, at: Point(Double(width / 2), Double(titleHeight)), anchor: .middle,
      size: heading.size, colour: Theme.ink)
    var top = margin + titleHeight
    for (index, sheet) in images.enumerated() {
      let left = (width - widths[index]) / 2
      if !sheet.label.isEmpty {
        let caption = canvas.fitted(sheet.label, size: Theme.labelSize, within: room)
        canvas.draw(
          caption.text, at: Point(Double(left), Double(top + captionHeight - margin / 2)),
          size: caption.size, colour: Theme.faint)
        top += captionHeight
      }
      let height = sheet.gridHeight * factors[index]
      canvas.raster(
        sheet.raster(),
        in: Rectangle(
          Double(left), Double(top), Double(left + widths[index]), Double(top + height)))
      top += height + margin
    }
    return canvas
  }

  /// How many pixels wide an image pixel is: an image at least 48 pixels, the sheet about 960, neither huge.
  private func factor(for sheet: Images) -> Int {
    let longest = max(sheet.width, sheet.height)
    let readable = (48 + longest - 1) / longest
    let roomy = min(
      Int(928 * scale) / max(sheet.gridWidth, 1), Int(240 * scale) / longest,
      Int(1200 * scale) / max(sheet.gridHeight, 1))
    let limit = 4096 / max(sheet.gridWidth, sheet.gridHeight, 1)
    return max(1, min(max(Int(Double(readable) * scale), roomy), limit))
  }

  func text(columns: Int, rows: Int, style: TextStyle) -> TextPicture {
    func line(_ text: String) -> TextPicture {
      var row = TextPicture(columns: columns, rows: text.isEmpty ? 0 : 1)
      let text = style.glyphs == .ascii ? text.transliterated : text
      row.write(text.fitted(to: columns), column: 0, row: 0)
      return row
    }
    return images.reduce(line(title)) { picture, sheet in
      picture + line(sheet.label)
        + BlockImage.fitted(
          aligned(sheet, columns: columns, style: style).raster(), columns: columns, rows: rows,
          style: style)
    }
  }

  /// The sheet with its images on whole characters, where there is room for that.
  private func aligned(_ sheet: Images, columns: Int, style: TextStyle) -> Images {
    let halves = sheet.aligned(across: 1, down: 2)
    let dots = sheet.aligned(across: 2, down: 4)
    if BlockImage.isDense(width: halves.gridWidth, columns: columns, style: style) {
      return dots.gridWidth <= 2 * columns ? dots : sheet
    }
    return halves
  }
}
