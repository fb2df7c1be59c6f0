/// How much of each pixel a shape covers, 0 to 255: ink is laid once, however often strokes overlap.
///
/// Shapes are described by their distance to a pixel's centre, which makes an edge one pixel wide.
struct CoverageMask {
  private let width: Int
  private let height: Int
  private var values: [UInt8]
  private var touched = PixelBounds.none

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    values = [UInt8](repeating: 0, count: width * height)
  }

  /// Adds a segment with round ends; equal ends make a disc.
  mutating func addSegment(from a: Point, to b: Point, radius: Double, within clip: PixelBounds) {
    let reach = radius + 0.5
    let d = b - a
    let squared = d.x * d.x + d.y * d.y
    let rows = PixelBounds(
      around: Rectangle(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)), reach: reach
    ).intersection(clip)
    guard !rows.isEmpty else { return }
    touched = touched.union(rows)
    for row in rows.minY..<rows.maxY {
      let y = Double(row) + 0.5
      // Only the stretch of the segment within reach of this row can colour it.
      var (from, to) = (0.0, 1.0)
      if d.y.magnitude > 1e-9 {
        let (t0, t1) = ((y - reach - a.y) / d.y, (y + reach - a.y) / d.y)
        from = max(from, min(t0, t1))
        to = min(to, max(t0, t1))
        if from > to { continue }
      }
      let (x0, x1) = (a.x + d.x * from, a.x + d.x * to)
      let first = max(rows.minX, Int(flooring: min(x0, x1) - reach))
      let last = min(rows.maxX, Int(flooring: max(x0, x1) + reach) + 1)
      guard first < last else { continue }
      for column in first..<last {
        let p = Point(Double(column) + 0.5, y) - a
        let t = squared > 0 ? min(max((p.x * d.x + p.y * d.y) / squared, 0), 1) : 0
        let distance = (p - d * t).length
        add(reach - distance, at: row * width + column)
      }
    }
  }

  /// Adds a rectangle with rounded corners, or its outline of that thickness.
  mutating func addBox(
    _ box: Rectangle, corner: Double, outline: Double?, within clip: PixelBounds
  ) {
    let bounds = PixelBounds(around: box, reach: 1).intersection(clip)
    guard !bounds.isEmpty else { return }
    touched = touched.union(bounds)
    let centre = Point((box.minX + box.maxX) / 2, (box.minY + box.maxY) / 2)
    for row in bounds.minY..<bounds.maxY {
      for column in bounds.minX..<bounds.maxX {
        let x = (Double(column) + 0.5 - centre.x).magnitude - box.width / 2 + corner
        let y = (Double(row) + 0.5 - centre.y).magnitude - box.height / 2 + corner
        let outside = Point(max(x, 0), max(y, 0)).length + min(max(x, y), 0) - corner
        let distance = outline.map { (outside + $0 / 2).magnitude - $0 / 2 } ?? outside
        add(0.5 - distance, at: row * width + column)
      }
    }
  }

  /// The greater of the two coverages: overlapping strokes are one shape.
  private mutating func add(_ coverage: Double, at index: Int) {
    guard coverage > 0 else { return }
    let value = UInt8((min(coverage, 1) * 255).rounded())
    if value > values[index] { values[index] = value }
  }

  /// Lays the shape on an image in one colour and forgets it.
  mutating func flush(to image: inout PixelImage, colour: Colour) {
    guard !touched.isEmpty else { return }
    for row in touched.minY..<touched.maxY {
      for column in touched.minX..<touched.maxX {
        let coverage = values[row * width + column]
        guard coverage > 0 else { continue }
        image.blend(colour, coverage: coverage, x: column, y: row)
        values[row * width + column] = 0
      }
    }
    touched = .none
  }
}

/// A half-open rectangle of whole pixels.
struct PixelBounds: Equatable {
  var minX: Int
  var minY: Int
  var maxX: Int
  var maxY: Int

  static let none = PixelBounds(minX: 0, minY: 0, maxX: 0, maxY: 0)

  init(minX: Int, minY: Int, maxX: Int, maxY: Int) {
    self.minX = minX
    self.minY = minY
    self.maxX = maxX
    self.maxY = maxY
  }

  /// The pixels that a shape within `reach` of a rectangle can touch.
  init(around r: Rectangle, reach: Double) {
    self.init(
      minX: Int(flooring: r.minX - reach), minY: Int(flooring: r.minY - reach),
      maxX: Int(flooring: r.maxX + reach) + 1, maxY: Int(flooring: r.maxY + reach) + 1)
  }

  var isEmpty: Bool { minX >= maxX || minY >= maxY }

  func intersection(_ other: PixelBounds) -> PixelBounds {
    let both = PixelBounds(
      minX: max(minX, other.minX), minY: max(minY, other.minY), maxX: min(maxX, other.maxX),
      maxY: min(maxY, other.maxY))
    return both.isEmpty ? .none : both
  }

  func union(_ other: PixelBounds) -> PixelBounds {
    if isEmpty { return other }
    if other.isEmpty { return self }
    return PixelBounds(
      minX: min(minX, other.minX), minY: min(minY, other.minY), maxX: max(maxX, other.maxX),
      maxY: max(maxY, other.maxY))
  }
}
