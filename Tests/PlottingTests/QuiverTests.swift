import Testing

@testable import Plotting

@Suite struct QuiverTests {
  private let unit = Extent(lower: 0, upper: 1)

  @Test func arrowsPointAlongTheDataAndTheLongestSpansTheSpacing() throws {
    let mark = try Quiver(x: [0, 1, 0, 1], y: [0, 0, 1, 1], u: [2, 0, -1, 0], v: [0, 1, 0, 0])
    let canvas = RecordingCanvas(drawing: mark, x: unit, y: unit)
    #expect(canvas.arrows.map(\.tail) == [(0, 100), (100, 100), (0, 0), (100, 0)].map(Point.init))
    // Four points over 100 by 100 units lie 50 apart.
    #expect(
      canvas.arrows.map(\.tip) == [(50, 100), (100, 75), (-25, 0), (100, 0)].map(Point.init))
  }

  @Test func aStretchedAxisTurnsTheArrowsWithTheCurvesTheyTouch() throws {
    let mark = try Quiver(x: [0, 2], y: [0, 1], u: [1, 1], v: [1, 1])
    let canvas = RecordingCanvas(drawing: mark, x: Extent(lower: 0, upper: 2), y: unit)
    let way = canvas.arrows[0].tip - canvas.arrows[0].tail
    #expect(abs(way.y / way.x + 2) < 1e-12)
  }

  @Test func whatIsNotFiniteHasNoArrow() throws {
    let mark = try Quiver(x: [0, .nan, 1], y: [0, 0, 0], u: [1, 1, .infinity], v: [0, 0, 0])
    #expect(RecordingCanvas(drawing: mark, x: unit, y: unit).arrows.count == 1)
    #expect(
      mark.caption == "3 arrows, x from 0 to 1, y from 0 to 0, lengths from 1 to 1, 2 not finite")
  }

  @Test func listsThatDoNotFitAndTooManyArrowsAreRefused() {
    #expect(throws: PlotError.arrowLengths(x: 2, name: "v", count: 1)) {
      try Quiver(x: [1, 2], y: [1, 2], u: [1, 2], v: [1])
    }
    let many = [Double](repeating: 0, count: 10_001)
    #expect(throws: PlotError.arrowCount(10_001)) { try Quiver(x: many, y: many, u: many, v: many) }
  }

  @Test func inTextAnArrowIsACharacter() throws {
    let mark = try Quiver(
      x: [0, 1, 2, 0, 1], y: [0, 0, 0, 1, 1], u: [1, 0, 1, -1, 0], v: [0, 1, 1, 0, 0])
    let figure = Figure(
      marks: [mark], xExtent: Extent(from: 0, to: 2), yExtent: Extent(from: 0, to: 1))
    let text = figure.text(columns: 30, rows: 10).plain
    for arrow in ["→", "↑", "←", "·"] { #expect(text.contains(arrow)) }
    let plain = figure.text(columns: 30, rows: 10, style: TextStyle(glyphs: .ascii)).plain
    #expect(plain.contains("<") && plain.contains("^") && plain.contains(">"))
  }

  @Test(
    arguments: [
      [], [0], [.nan], [1e308, -1e308], [.leastNonzeroMagnitude, 0], [1, 1, 1],
    ] as [[Double]])
  func noFieldReachesATrap(values: [Double]) throws {
    let figure = Figure(marks: [try Quiver(x: values, y: values, u: values, v: values)])
    #expect(figure.pixels(width: 60, height: 40).width == 60)
    for glyphs in [TextStyle.Glyphs.ascii, .unicode] {
      #expect(!figure.text(columns: 30, rows: 8, style: TextStyle(glyphs: glyphs)).rows.isEmpty)
    }
  }
}
