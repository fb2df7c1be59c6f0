/// A position on a canvas, y pointing down.
///
/// Units: canvas units (pixels, or dots of a text canvas).
package struct Point: Equatable, Sendable {
  package var x: Double
  package var y: Double

  package init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  static func + (a: Point, b: Point) -> Point { Point(a.x + b.x, a.y + b.y) }
  static func - (a: Point, b: Point) -> Point { Point(a.x - b.x, a.y - b.y) }
  static func * (a: Point, s: Double) -> Point { Point(a.x * s, a.y * s) }

  var length: Double { (x * x + y * y).squareRoot() }
}

/// An axis-parallel rectangle on a canvas, y pointing down.
package struct Rectangle: Equatable, Sendable {
  package var minX: Double
  package var minY: Double
  package var maxX: Double
  package var maxY: Double

  package init(_ minX: Double, _ minY: Double, _ maxX: Double, _ maxY: Double) {
    self.minX = minX
    self.minY = minY
    self.maxX = maxX
    self.maxY = maxY
  }

  package var width: Double { maxX - minX }
  package var height: Double { maxY - minY }

  func insetBy(_ d: Double) -> Rectangle {
    Rectangle(minX + d, minY + d, maxX - d, maxY - d)
  }

  func contains(_ p: Point) -> Bool {
    p.x >= minX && p.x <= maxX && p.y >= minY && p.y <= maxY
  }
}

extension Int {
  /// The integer below a coordinate, held within bounds that any canvas exceeds.
  init(flooring value: Double) {
    self = value.isNaN ? 0 : Int(Swift.min(Swift.max(value.rounded(.down), -1e9), 1e9))
  }
}
