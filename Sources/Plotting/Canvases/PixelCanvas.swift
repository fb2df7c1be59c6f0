/// A canvas of antialiased pixels.
package struct PixelCanvas: Canvas {
  package private(set) var image: PixelImage
  package private(set) var area: Rectangle
  /// Pixels a design unit.
  let scale: Double
  private var mask: CoverageMask
  private var clip: PixelBounds
  /// What is drawn, as vectors, where these are wanted.
  private(set) var drawing: VectorDrawing?

  package init(width: Int, height: Int, scale: Double = 1, background: Colour = .white) {
    image = PixelImage(width: width, height: height, filledWith: background)
    area = Rectangle(0, 0, Double(image.width), Double(image.height))
    clip = PixelBounds(minX: 0, minY: 0, maxX: image.width, maxY: image.height)
    mask = CoverageMask(width: image.width, height: image.height)
    self.scale = scale
  }

  /// Writes down as vectors what follows.
  mutating func record() { drawing = VectorDrawing() }

  mutating func note(_ add: (inout VectorDrawing) -> Void) {
    guard var drawing else { return }
    // Held here alone, the list grows in place.
    self.drawing = nil
    add(&drawing)
    self.drawing = drawing
  }

  /// Clips what follows to the whole pixels of a rectangle.
  package mutating func setArea(_ rectangle: Rectangle) {
    note { $0.clip(to: rectangle) }
    bound(by: rectangle)
  }

  private mutating func bound(by rectangle: Rectangle) {
    area = rectangle
    clip = PixelBounds(
      minX: Int(flooring: rectangle.minX), minY: Int(flooring: rectangle.minY),
      maxX: Int(flooring: rectangle.maxX), maxY: Int(flooring: rectangle.maxY)
    ).intersection(PixelBounds(minX: 0, minY: 0, maxX: image.width, maxY: image.height))
  }

  /// Draws on the whole image again.
  package mutating func clearArea() {
    note { $0.clip(to: nil) }
    bound(by: Rectangle(0, 0, Double(image.width), Double(image.height)))
  }

  package mutating func stroke(_ path: [Point], with pen: Pen) {
    let width = pen.width * scale
    let radius = width / 2
    if path.count == 1 { return discs(at: path, radius: pen.width / 2, colour: pen.colour) }
    let lengths = pen.dash.widths.map { $0 * width }
    let thinned = Polyline.thinned(path, column: 0.5)
    for part in Polyline.clipped(thinned, to: area.insetBy(-width - 1)) {
      note {
        $0.stroke(
          part.path, width: width, dashes: lengths, offset: part.offset, colour: pen.colour)
      }
      for dash in Polyline.dashed(part.path, lengths: lengths, offset: part.offset) {
        trace(dash, radius: radius)
      }
    }
    mask.flush(to: &image, colour: pen.colour)
  }

  /// Draws strokes of one width as one shape: a text's glyphs.
  mutating func strokes(_ paths: [[Point]], width: Double, colour: Colour) {
    for path in paths { trace(path, radius: path.count == 1 ? width * 0.62 : width / 2) }
    mask.flush(to: &image, colour: colour)
  }

  private mutating func trace(_ path: [Point], radius: Double) {
    if path.count == 1 {
      mask.addSegment(from: path[0], to: path[0], radius: radius, within: clip)
    }
    for (a, b) in zip(path, path.dropFirst()) {
      mask.addSegment(from: a, to: b, radius: radius, within: clip)
    }
  }

  package mutating func discs(at centres: [Point], radius: Double, colour: Colour) {
    let pixels = radius * scale
    note { $0.discs(at: centres, radius: pixels, colour: colour) }
    let reach = pixels + 0.5
    for centre in centres {
      let bounds = PixelBounds(
        around: Rectangle(centre.x, centre.y, centre.x, centre.y), reach: reach
      ).intersection(clip)
      for row in bounds.minY..<bounds.maxY {
        for column in bounds.minX..<bounds.maxX {
          let d = Point(Double(column) + 0.5, Double(row) + 0.5) - centre
          let coverage = min(reach - d.length, 1)
          guard coverage > 0 else { continue }
          image.blend(
            colour, coverage: UInt8((coverage * 255).rounded()), x: column, y: row)
        }
      }
    }
  }

  package mutating func arrow(from tail: Point, to tip: Point, head: Double, with pen: Pen) {
    let way = tip - tail
    guard way.length > scale else {
      return discs(at: [tail], radius: pen.width * 0.75, colour: pen.colour)
    }
    stroke([tail, tip], with: pen)
    // Barbs of 25 degrees, as long as the head, and on a short arrow a third of it.
    let size = min(head, max(way.length / 3, 2 * scale), 14 * scale)
    let back = way * (-size / way.length)
    let side = Point(-back.y, back.x) * 0.47
    stroke([tip + back + side, tip, tip + back - side], with: pen)
  }

  package mutating func fill(_ rectangle: Rectangle, colour: Colour) {
    box(rectangle, corner: 0, colour: colour)
  }

  /// Draws a box with rounded corners, filled, or its outline alone.
  mutating func box(
    _ rectangle: Rectangle, corner: Double, outline: Double? = nil, colour: Colour
  ) {
    note { $0.box(rectangle, corner: corner, outline: outline, colour: colour) }
    mask.addBox(rectangle, corner: corner, outline: outline, within: clip)
    mask.flush(to: &image, colour: colour)
  }

  package mutating func raster(_ source: PixelImage, in rectangle: Rectangle) {
    guard rectangle.width > 0, rectangle.height > 0, source.width > 0, source.height > 0 else {
      return
    }
    note { $0.raster(source, in: rectangle) }
    let bounds = PixelBounds(around: rectangle, reach: 0).intersection(clip)
    for row in bounds.minY..<bounds.maxY {
      let v = (Double(row) + 0.5 - rectangle.minY) / rectangle.height
      guard v >= 0, v < 1 else { continue }
      for column in bounds.minX..<bounds.maxX {
        let u = (Double(column) + 0.5 - rectangle.minX) / rectangle.width
        guard u >= 0, u < 1 else { continue }
        let colour = source[
          Int(u * Double(source.width)), Int(v * Double(source.height))]
        image.blend(colour, coverage: 255, x: column, y: row)
      }
    }
  }
}
