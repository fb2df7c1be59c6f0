import Testing

@testable import Plotting

/// The bounds of the pixels of a colour, give or take a shade.
private func bounds(of colour: Colour, in image: PixelImage) -> PixelBounds {
  var result = PixelBounds.none
  for y in 0..<image.height {
    for x in 0..<image.width where image[x, y] == colour {
      result = result.union(PixelBounds(minX: x, minY: y, maxX: x + 1, maxY: y + 1))
    }
  }
  return result
}

/// A number that changes when any byte does (FNV-1a, 64 bits).
private func fingerprint(_ image: PixelImage) -> UInt64 {
  image.bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}

@Test func aStrokeCoversItsPathAndNothingFurtherAway() {
  var canvas = PixelCanvas(width: 60, height: 40)
  let pen = Pen(colour: .black, width: 4)
  canvas.stroke([Point(10, 10), Point(40, 30)], with: pen)
  for y in 0..<40 {
    for x in 0..<60 {
      let p = Point(Double(x) + 0.5 - 10, Double(y) + 0.5 - 10)
      let t = min(max((p.x * 30 + p.y * 20) / 1300, 0), 1)
      let distance = (p - Point(30, 20) * t).length
      if distance < 1.4 { #expect(canvas.image[x, y] == .black) }
      if distance > 2.6 { #expect(canvas.image[x, y] == .white) }
    }
  }
}

@Test func nothingIsDrawnOutsideTheArea() {
  var canvas = PixelCanvas(width: 50, height: 50)
  canvas.setArea(Rectangle(10, 15, 40, 30))
  canvas.stroke([Point(-1e6, 0), Point(1e6, 50)], with: Pen(colour: .black, width: 9))
  canvas.discs(at: [Point(10, 15), Point(1e6, 20)], radius: 6, colour: .black)
  canvas.fill(Rectangle(30, 0, 1e6, 1e6), colour: .black)
  for y in 0..<50 {
    for x in 0..<50 where !(10..<40).contains(x) || !(15..<30).contains(y) {
      #expect(canvas.image[x, y] == .white)
    }
  }
  #expect(canvas.image[35, 29] == .black)
}

@Test func overlappingPiecesOfOneStrokeAreOneShape() {
  var canvas = PixelCanvas(width: 40, height: 20)
  let half = Colour.black.withOpacity(0.5)
  canvas.stroke(
    [Point(5, 10), Point(35, 10), Point(5, 10), Point(35, 10)], with: Pen(colour: half, width: 6))
  #expect(canvas.image[20, 9] == Colour(grey: 128))
}

@Test func dashesRunOnAroundCorners() {
  let path = [Point(0, 0), Point(11, 0), Point(11, 11)]
  let dashes = Polyline.dashed(path, lengths: [4, 4], offset: 0)
  #expect(
    dashes == [
      [Point(0, 0), Point(4, 0)], [Point(8, 0), Point(11, 0), Point(11, 1)],
      [Point(11, 5), Point(11, 9)],
    ])
  #expect(Polyline.dashed([Point(0, 0), Point(3, 0)], lengths: [4, 4], offset: 5).isEmpty)
}

@Test func clippingKeepsThePartsInsideAndTheWayBeforeThem() {
  let path = [Point(-10, 5), Point(30, 5), Point(30, 8), Point(-10, 8)]
  let parts = Polyline.clipped(path, to: Rectangle(0, 0, 20, 20))
  #expect(parts.map(\.path) == [[Point(0, 5), Point(20, 5)], [Point(20, 8), Point(0, 8)]])
  #expect(parts.map(\.offset) == [10, 53])
}

@Test func thinningKeepsEveryColumnsExtremes() {
  let path = (0..<10_000).map { i in Point(Double(i) / 1000, i == 4321 ? 99 : Double(i % 7)) }
  let thinned = Polyline.thinned(path, column: 1)
  #expect(thinned.count <= 40)
  #expect(thinned.contains(Point(4.321, 99)))
  #expect(thinned.first == path.first && thinned.last == path.last)
}

@Test func aFigureShowsItsLineWhereTheScalesSay() throws {
  let colour = Colour(0xFF0000)
  let figure = Figure(
    marks: [try Line(x: [0, 10], y: [3, 3], colour: colour)], xExtent: Extent(from: 0, to: 10),
    yExtent: Extent(from: 0, to: 4))
  let image = figure.pixels(width: 400, height: 300)
  let ink = bounds(of: colour, in: image)
  // Two pixels high, as wide as the plot, at three quarters of its height.
  #expect((1...2).contains(ink.maxY - ink.minY))
  #expect(ink.maxX - ink.minX > 300)
  #expect(ink.minY > 60 && ink.minY < 100)
}

@Test(arguments: [[0, 1, 0.9], [1, 0, 0.1], [0.5, 1, 0.9, 0.4], [0, 1, 0, 1, 0]])
func theLegendHidesNoDataWhereThereIsRoom(y: [Double]) throws {
  let colour = Colour.series(0)
  let bare = Figure(marks: [try Line(y: y)]).pixels(width: 640, height: 400)
  let named = Figure(marks: [try Line(y: y, label: "name")]).pixels(width: 640, height: 400)
  #expect(bare != named)
  for row in 0..<400 {
    for column in 0..<640 where bare[column, row] == colour {
      #expect(named[column, row] == colour)
    }
  }
}

@Test func aLegendWithoutRoomStandsBesideThePlot() throws {
  let x = (0..<2000).map(Double.init)
  // A line that sweeps over all of the plot.
  let y = x.map { $0.truncatingRemainder(dividingBy: 2) == 0 ? 0.0 : 1.0 }
  let colour = Colour.series(0)
  let extents = (Extent(from: 0, to: 1999), Extent(from: 0, to: 1))
  let figure = Figure(
    marks: [try Line(x: x, y: y, label: "sweep")], xExtent: extents.0, yExtent: extents.1)
  let image = figure.pixels(width: 400, height: 300)
  // The plot ends further left, and no white box lies in it.
  let middle = (0..<400).filter { image[$0, 150] == colour }
  #expect((middle.max() ?? 400) < 320)
  #expect(middle.count == (middle.max() ?? 0) - (middle.min() ?? 0) + 1)
}

@Test func oneFigureIsTheSameToTheLastBit() throws {
  let xs = (0...60).map { Double($0) / 20 }
  var figure = Figure(title: "Cubic: x³ − 2x", xLabel: "x", yLabel: "f(x)")
  figure.add(try Line(x: xs, y: xs.map { $0 * $0 * $0 - 2 * $0 }, label: "f"))
  figure.add(try Line(x: xs, y: xs.map { 3 * $0 * $0 - 2 }, label: "f′", style: LineStyle("o--")))
  figure.add(HorizontalLine(y: 0))
  let image = figure.pixels(width: 480, height: 300)
  #expect(fingerprint(image) == fingerprint(figure.pixels(width: 480, height: 300)))
  // A change of looks changes this number: look at the picture, then write the new one.
  #expect(fingerprint(image) == 5_056_120_314_608_749_399)
}

@Test(arguments: [
  [], [1], [.nan], [.nan, 1, .infinity, 2], [5, 5, 5], [0, 1e300], [0, 1e-300],
  [.leastNonzeroMagnitude, 0],
  [-1.7e308, 1.7e308], [1e15, 1e15 + 1],
])
func noDataReachATrap(y: [Double]) throws {
  for style in ["-", "o--", ":"] {
    var figure = Figure(title: "t", xLabel: "x", yLabel: "y")
    figure.add(try Line(y: y, label: "a", style: LineStyle(style)))
    figure.add(try Scatter(x: y, y: y, values: y, label: "b"))
    figure.add(HorizontalLine(y: y.first ?? .nan))
    for (width, height) in [(0, 0), (16, 16), (40, 300), (200, 120)] {
      #expect(figure.pixels(width: width, height: height).width == max(width, 16))
    }
    for columns in [0, 20, 60] { #expect(!figure.text(columns: columns, rows: 8).rows.isEmpty) }
    #expect(!figure.description.isEmpty)
  }
}

@Test func aMillionPointsAreDrawn() throws {
  let y = (0..<1_000_000).map { Double($0 % 1000) }
  let figure = Figure(marks: [try Line(y: y)])
  #expect(bounds(of: .series(0), in: figure.pixels(width: 300, height: 200)).maxX > 250)
  #expect(figure.text(columns: 40, rows: 10).plain.contains("⣿"))
}

@Test func imagesAloneTakeTheSizeTheyNeed() throws {
  let pixels = [Double](repeating: 1, count: 64 * 64)
  let digits = try Images(pixels: pixels, count: 64, height: 8, width: 8, columns: 16)
  let image = Figure(marks: [digits]).pixels()
  // 16 images of 8 and 15 gaps of 1, six pixels each, and a margin of 16 on both sides.
  #expect(image.width == 143 * 6 + 32)
  #expect(image.height == 35 * 6 + 32)
  #expect(Figure(title: "Samples", marks: [digits]).pixels().height > image.height)
  #expect(Figure(marks: [digits]).pixels(scale: 2).width == 143 * 12 + 64)
}

@Test func aHeatmapFillsItsExtentWithTheFirstRowBelow() throws {
  let map = try Heatmap(values: [0, 0, 1, 1], rows: 2, columns: 2)
  let image = Figure(marks: [map]).pixels(width: 300, height: 300)
  let low = bounds(of: ColourMap.dusk(0), in: image)
  let high = bounds(of: ColourMap.dusk(1), in: image)
  #expect(low.minY >= 140)
  #expect(high.minY < 60)
}

@Test func aPathOverAMapLeavesNoRoomAroundTheMap() throws {
  let map = try Heatmap(values: [0, 1, 2, 3], rows: 2, columns: 2)
  var figure = Figure(marks: [map, try Line(x: [0.5, 1], y: [0.5, 1])])
  #expect(Axes(of: figure).x == Extent(lower: 0, upper: 2))
  figure.add(try Line(x: [1, 3], y: [1, 1]))
  #expect(Axes(of: figure).x.lower == 0)
  #expect(Axes(of: figure).x.upper > 3)
  #expect(Axes(of: figure).y == Extent(lower: 0, upper: 2))
}

@Test func blendingKeepsTransparencyStraight() {
  var image = PixelImage(width: 1, height: 1)
  image.blend(Colour(0xFF0000), coverage: 128, x: 0, y: 0)
  #expect(image[0, 0] == Colour(red: 255, green: 0, blue: 0, alpha: 128))
  image.blend(.white, coverage: 255, x: 0, y: 0)
  #expect(image[0, 0] == .white)
  image.blend(.black, coverage: 255, x: 5, y: 5)
  #expect(image[5, 5] == .clear)
}
