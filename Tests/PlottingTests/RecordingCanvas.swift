@testable import Plotting

/// A canvas that keeps what marks draw on it.
struct RecordingCanvas: Canvas {
  let area: Rectangle
  var strokes: [[Point]] = []
  var pens: [Pen] = []
  var arrows: [(tail: Point, tip: Point)] = []
  var fills: [Rectangle] = []
  var images: [(PixelImage, Rectangle)] = []

  /// A canvas of 100 by 100 units over two intervals, and what it holds once a mark has been drawn.
  init(drawing mark: some Mark, x: Extent, y: Extent) {
    area = Rectangle(0, 0, 100, 100)
    let frame = Frame(
      x: Scale(domain: x, start: 0, end: 100), y: Scale(domain: y, start: 100, end: 0))
    mark.draw(on: &self, in: frame, colour: .black)
  }

  mutating func stroke(_ path: [Point], with pen: Pen) {
    strokes.append(path)
    pens.append(pen)
  }

  mutating func discs(at centres: [Point], radius: Double, colour: Colour) {}
  mutating func arrow(from tail: Point, to tip: Point, head: Double, with pen: Pen) {
    arrows.append((tail, tip))
  }

  mutating func fill(_ rectangle: Rectangle, colour: Colour) { fills.append(rectangle) }

  mutating func raster(_ image: PixelImage, in rectangle: Rectangle) {
    images.append((image, rectangle))
  }
}
