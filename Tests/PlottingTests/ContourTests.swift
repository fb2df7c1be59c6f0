import Testing

@testable import Plotting

/// A field of a function over `count` by `count` crossings of [-1, 1].
private func tabulated(_ count: Int, _ f: (Double, Double) -> Double) throws -> ScalarField {
  let line = (0..<count).map { 2 * Double($0) / Double(count - 1) - 1 }
  return try ScalarField(
    values: line.flatMap { y in line.map { x in f(x, y) } }, rows: count, columns: count, x: line,
    y: line)
}

private func field(_ rows: [[Double]]) throws -> ScalarField {
  try ScalarField(values: rows.flatMap { $0 }, rows: rows.count, columns: rows[0].count)
}

@Suite struct ContourTests {
  @Test func aLineRunsWhereTheValuesCrossTheLevel() throws {
    let ramp = try field([[0, 1, 2], [0, 1, 2]])
    #expect(LevelLines.paths(of: ramp, at: 0.25) == [[Point(0.25, 0), Point(0.25, 1)]])
    let slope = try field([[0, 0], [4, 4]])
    #expect(LevelLines.paths(of: slope, at: 1).map { $0.map(\.y) } == [[0.25, 0.25]])
    #expect(LevelLines.paths(of: slope, at: 5).isEmpty)
  }

  @Test func aHillHasOneClosedLineALevel() throws {
    let hill = try tabulated(81) { x, y in x * x + y * y }
    let lines = LevelLines.paths(of: hill, at: 0.49)
    #expect(lines.count == 1)
    #expect(lines.first?.first == lines.first?.last)
    for p in lines.joined() { #expect(abs(p.length - 0.7) < 1e-3) }
  }

  @Test func aLineThatReachesTheBorderIsOnePathHoweverItBegins() throws {
    let wave = try tabulated(41) { x, y in y - x * x * x }
    let lines = LevelLines.paths(of: wave, at: 0.01)
    #expect(lines.count == 1)
    let ends = [lines.first?.first, lines.first?.last].compactMap { $0 }
    #expect(ends.allSatisfy { abs(abs($0.x) - 1) < 1e-9 || abs(abs($0.y) - 1) < 1e-9 })
  }

  @Test func atASaddleTheHigherCornersMeetBelowItsValueAndPartAboveIt() throws {
    // Bilinear, the saddle is at height 0.5.
    let saddle = try field([[1, 0], [0, 1]])
    let low = LevelLines.paths(of: saddle, at: 0.4)
    let high = LevelLines.paths(of: saddle, at: 0.6)
    #expect(low.count == 2 && high.count == 2)
    // Below, a line cuts off each low corner: (1, 0) and (0, 1); above, each high one.
    #expect(low.allSatisfy { abs(($0[0].x - $0[0].y) * ($0[1].x - $0[1].y)) > 0.1 })
    #expect(low.allSatisfy { line in line.allSatisfy { $0.x + $0.y > 0.5 && $0.x + $0.y < 1.5 } })
    #expect(
      high.allSatisfy { line in
        line.allSatisfy { $0.x + $0.y < 0.5 } || line.allSatisfy { $0.x + $0.y > 1.5 }
      })
    let turned = try field([[0, 1], [1, 0]])
    #expect(LevelLines.paths(of: turned, at: 0.6).joined().allSatisfy { abs($0.x - $0.y) > 0.5 })
    #expect(LevelLines.paths(of: turned, at: 0.4).joined().allSatisfy { abs($0.x - $0.y) < 0.7 })
  }

  @Test func linesStopAtWhatIsNotANumber() throws {
    let ramp = try field([[0, 1, 2], [0, 1, 2], [0, .nan, 2]])
    #expect(LevelLines.paths(of: ramp, at: 0.5) == [[Point(0.5, 0), Point(0.5, 1)]])
  }

  @Test func besideInfinityALineRunsAtTheFiniteEnd() throws {
    let cliff = try field([[-.infinity, 3], [-.infinity, 3]])
    #expect(LevelLines.paths(of: cliff, at: 1) == [[Point(1, 0), Point(1, 1)]])
    let wall = try field([[-.infinity, .infinity], [-.infinity, .infinity]])
    #expect(LevelLines.paths(of: wall, at: 1) == [[Point(0.5, 0), Point(0.5, 1)]])
  }

  @Test func fallingCoordinatesAreTurnedAndUnevenOnesKept() throws {
    let field = try ScalarField(
      values: [1, 2, 3, 4, 5, 6], rows: 2, columns: 3, x: [9, 1, 0], y: [5, 7])
    #expect(field.x == [0, 1, 9])
    #expect(field.values == [3, 2, 1, 6, 5, 4])
    #expect(field.sampled(x: [0.5, 5], y: [5, 6]) == [2.5, 1.5, 4, 3])
    #expect(field.sampled(x: [-1], y: [5])[0].isNaN)
  }

  @Test func aRefinedFieldAgreesWithTheInterpolatedOne() throws {
    let saddle = try field([[1, 0], [0, 1]])
    let fine = saddle.refined()
    #expect(fine.columns == 101)
    for (y, row) in zip(fine.y, 0...) {
      for (x, column) in zip(fine.x, 0...) {
        #expect(abs(fine[row, column] - ((1 - x) * (1 - y) + x * y)) < 1e-12)
      }
    }
  }

  @Test func aHugeMatrixIsThinnedToItsEnds() throws {
    let n = 500
    let field = try ScalarField(
      values: (0..<n * n).map { Double($0 % n) }, rows: n, columns: n)
    #expect(field.columns == ScalarField.limit && field.rows == ScalarField.limit)
    #expect(field.x.last == Double(n - 1))
    #expect(zip(field.x, field.values).allSatisfy { $0 == $1 })
  }

  @Test func levelsAreRoundNumbersAmongTheValues() throws {
    let hill = try tabulated(21) { x, y in x * x + y * y }
    #expect(try Contour(field: hill, levels: .about(4)).levels == [0.5, 1, 1.5])
    #expect(try Contour(field: hill, levels: .at([2, 1, 2])).levels == [1, 2])
    let flat = try Contour(field: field([[3, 3], [3, 3]]))
    #expect(flat.crossed.isEmpty)
    #expect(flat.caption == "no contours, values from 3 to 3")
    #expect(try Contour(field: field([[.nan, .nan], [.nan, .nan]])).levels.isEmpty)
  }

  @Test func eachLineHasTheColourOfItsLevel() throws {
    let mark = try Contour(field: tabulated(5) { x, _ in x }, levels: .at([-0.5, 0.5]))
    let unit = Extent(lower: -1, upper: 1)
    let canvas = RecordingCanvas(drawing: mark, x: unit, y: unit)
    #expect(canvas.strokes.map { $0.first?.x } == [25, 75])
    let scale = try #require(mark.channels.colours)
    #expect(canvas.pens.map(\.colour) == [scale(-0.5), scale(0.5)])
    #expect(canvas.pens[0].colour.luminance < canvas.pens[1].colour.luminance)
    #expect(mark.swatch == nil)
  }

  /// By their values, all but the last would be of nearly one colour.
  @Test(arguments: [false, true])
  func linesAtUnevenLevelsDifferInColour(isFilled: Bool) throws {
    let hill = try tabulated(41) { x, y in 8 * (x * x + y * y) }
    let levels = [0.01, 0.1, 1, 10]
    let mark = try Contour(field: hill, levels: .at(levels), isFilled: isFilled)
    let scale = try #require(mark.channels.colours)
    let places = [0] + levels + [16]
    let middles = zip(places.dropFirst(), places).map { ($0 + $1) / 2 }
    for (k, value) in middles.enumerated() {
      #expect(scale(value) == scale.map((Double(k) + 0.5) / 5))
    }
    if !isFilled { #expect(scale(1) == scale.map(0.6) && scale(0) == scale.map(0)) }
  }

  @Test func overAHeatmapLinesAreBlackOrWhite() throws {
    let map = try Heatmap(values: [-1, 0, 1, -1, 0, 1], rows: 2, columns: 3)
    #expect(map.centres.x == [0.5, 1.5, 2.5])
    let mark = try Contour(
      field: tabulated(5) { x, _ in x }, levels: .at([-0.8, 0.8]), ground: .colours(map.colours))
    let unit = Extent(lower: -1, upper: 1)
    let canvas = RecordingCanvas(drawing: mark, x: unit, y: unit)
    #expect(canvas.pens.map(\.colour) == [.white, .black])
    #expect(mark.channels.colours == nil)
  }

  @Test func aColourOfItsOwnMakesItASeriesWithANameInTheLegend() throws {
    let mark = try Contour(
      field: tabulated(5) { x, _ in x }, label: "q", colour: Colour(0xD55E00))
    #expect(mark.channels.colours == nil)
    #expect(Legend(of: Figure(marks: [mark]))?.entries.map(\.label) == ["q"])
  }

  @Test func bandsAreOfOneColourBetweenTwoLevels() throws {
    let mark = try Contour(field: tabulated(5) { x, _ in x }, levels: .at([0]), isFilled: true)
    let unit = Extent(lower: -1, upper: 1)
    let canvas = RecordingCanvas(drawing: mark, x: unit, y: unit)
    let (image, box) = try #require(canvas.images.first)
    #expect(box == Rectangle(0, 0, 100, 100))
    #expect(image[0, 0] == ColourMap.dusk(0.25) && image[49, 99] == ColourMap.dusk(0.25))
    #expect(image[50, 0] == ColourMap.dusk(0.75) && image[99, 99] == ColourMap.dusk(0.75))
  }

  @Test func wrongFieldsAndLevelsAreRefused() throws {
    #expect(throws: PlotError.fieldSize(rows: 1, columns: 3)) { try field([[1, 2, 3]]) }
    #expect(throws: PlotError.fieldAxis("y", of: "z", found: 3, expected: 2, rows: 2, columns: 2)) {
      try ScalarField(values: [1, 2, 3, 4], rows: 2, columns: 2, y: [1, 2, 3])
    }
    #expect(throws: PlotError.fieldOrder("x", [2, 2])) {
      try ScalarField(values: [1, 2, 3, 4], rows: 2, columns: 2, x: [2, 2])
    }
    let good = try field([[1, 2], [3, 4]])
    #expect(throws: PlotError.levelCount(0)) { try Contour(field: good, levels: .about(0)) }
    #expect(throws: PlotError.levels([])) { try Contour(field: good, levels: .at([])) }
    #expect(throws: PlotError.levels([.infinity])) {
      try Contour(field: good, levels: .at([.infinity]))
    }
  }

  @Test(
    arguments: [
      [[0, 1], [1, 0]], [[.nan, 1], [2, 3]], [[-.infinity, 1], [2, .infinity]], [[1, 1], [1, 1]],
      [[-1.7e308, 1.7e308], [1, 2]], [[0, .leastNonzeroMagnitude], [0, 0]],
      [[.nan, .nan], [.nan, .nan]],
    ] as [[[Double]]])
  func noFieldReachesATrap(rows: [[Double]]) throws {
    for isFilled in [false, true] {
      let figure = Figure(marks: [try Contour(field: field(rows), isFilled: isFilled)])
      for side in [16, 120] { #expect(figure.pixels(width: side, height: side).width == side) }
      for glyphs in [TextStyle.Glyphs.ascii, .unicode] {
        let style = TextStyle(glyphs: glyphs, colours: .trueColour)
        #expect(!figure.text(columns: 40, rows: 10, style: style).rows.isEmpty)
      }
    }
  }
}
