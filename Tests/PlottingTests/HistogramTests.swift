import Testing

@testable import Plotting

@Suite struct HistogramTests {
  @Test func aValueOnAnEdgeBelongsToTheBinAboveAndTheLastEdgeToTheLastBin() throws {
    let bins = try Bins([0, 1, 1, 2, 3, 4], edges: [0, 1, 2, 4])
    #expect(bins.counts == [1, 2, 3])
    #expect(bins.total == 6)
  }

  @Test func whatIsOutsideOrNotFiniteIsCountedApart() throws {
    let bins = try Bins([-1, 0.5, 7, .nan, .infinity, -.infinity], edges: [0, 1])
    #expect(bins.counts == [1])
    #expect(bins.beyond == 2)
    #expect(bins.lost == 3)
  }

  @Test func soManyBinsAreOfOneWidthFromTheLeastToTheGreatest() throws {
    let bins = try Bins([0, 1, 2, 8], count: 4)
    #expect(bins.edges == [0, 2, 4, 6, 8])
    #expect(bins.counts == [2, 1, 0, 1])
  }

  @Test func aRangeIsDividedExactly() throws {
    let values = (0..<100).map { Double($0) / 7 }
    let bins = try Bins(values, range: Extent(from: 2.5, to: 9))
    #expect(bins.edges.first == 2.5)
    #expect(bins.edges.last == 9)
    #expect(bins.total + bins.beyond == 100)
  }

  @Test func wholeNumbersStandInTheMiddleOfTheirBins() throws {
    #expect(try Bins([0, 1, 1, 3]).edges == [-0.5, 0.5, 1.5, 2.5, 3.5])
    let wide = try Bins((0..<1000).map(Double.init))
    #expect(wide.edges.first == -0.5)
    // Twice the interquartile range over the cube root of n is 100.
    #expect(wide.counts == [Int](repeating: 100, count: 10))
  }

  @Test func theWidthFollowsFreedmanAndDiaconisRounded() throws {
    // 1001 values spread evenly over [0, 1]: the rule says 0.1, Sturges 1/11.
    let even = try Bins((0...1000).map { Double($0) / 1000 })
    #expect(even.edges == (0...10).map { Double($0) / 10 })
    // A value far away does not make more than about 200 bins.
    let stray = try Bins((0...1000).map { Double($0) / 1000 } + [1e9])
    #expect(stray.counts.count <= 400)
    #expect(stray.total == 1002)
  }

  @Test(arguments: [[0.3], [5.5, 5.5, 5.5], [1e300, 1e300], [-2.25]] as [[Double]])
  func aConstantHasOneBinAroundIt(values: [Double]) throws {
    let bins = try Bins(values)
    #expect(bins.counts == [values.count])
    #expect(bins.edges[0] < values[0] && values[0] < bins.edges[1])
  }

  @Test(
    arguments: [
      [-1.7e308, 1.7e308], [0, .leastNonzeroMagnitude], [1e15, 1e15 + 0.125],
      [1, 1 + 1e-15, 1 + 4e-15], [0, 1e300],
    ] as [[Double]])
  func edgesRiseWhateverTheValues(values: [Double]) throws {
    for bins in [try Bins(values), try Bins(values, count: 1000)] {
      #expect(zip(bins.edges, bins.edges.dropFirst()).allSatisfy { $0 < $1 })
      #expect(bins.total + bins.beyond == values.count)
      #expect(!bins.counts.isEmpty && bins.counts.count <= 1000)
    }
  }

  @Test func noValuesHaveNoBins() throws {
    for values in [[], [.nan]] as [[Double]] {
      let mark = Histogram(bins: try Bins(values))
      #expect(mark.bins.counts.isEmpty)
      #expect(mark.caption.hasPrefix("histogram of no values"))
      #expect(Figure(marks: [mark]).pixels(width: 100, height: 80).width == 100)
    }
  }

  @Test func aNeighboursBinsAreContinued() throws {
    let first = try Bins((0...1000).map { Double($0) / 1000 })
    let second = try Bins([0.95, 1.31, 1.32], besides: first)
    #expect(second.counts == [1, 0, 0, 0, 2])
    #expect(zip(second.edges, [0.9, 1, 1.1, 1.2, 1.3, 1.4]).allSatisfy { abs($0 - $1) < 1e-12 })
    // Too far away for that, or none to continue: bins of its own.
    #expect(try Bins([1e9, 2e9], besides: first).counts.count < 10)
    #expect(try Bins([1, 2], besides: Bins([])).counts == [1, 1])
  }

  @Test func wrongBinsAreRefused() {
    for count in [0, -1, 10_001] {
      #expect(throws: PlotError.binCount(count)) { try Bins([1], count: count) }
    }
    #expect(throws: PlotError.binEdges(nil)) { try Bins([1], edges: [1]) }
    #expect(throws: PlotError.binEdges([2, 1])) { try Bins([1], edges: [0, 2, 1]) }
    #expect(throws: PlotError.binEdges([1, 1])) { try Bins([1], edges: [1, 1]) }
  }

  @Test func barsStandOnTheGroundUnderOneOutline() throws {
    let mark = Histogram(bins: try Bins([0.5, 1.5, 1.5], edges: [0, 1, 2, 4]))
    let canvas = RecordingCanvas(
      drawing: mark, x: Extent(lower: 0, upper: 4), y: Extent(lower: 0, upper: 2))
    #expect(
      Array(canvas.fills.prefix(3)) == [
        Rectangle(0, 50, 25, 100), Rectangle(25, 0, 50, 100), Rectangle(50, 100, 100, 100),
      ])
    #expect(
      canvas.strokes == [
        [
          Point(0, 100), Point(0, 50), Point(25, 50), Point(25, 0), Point(50, 0), Point(50, 100),
          Point(100, 100), Point(100, 100),
        ]
      ])
  }

  @Test func aDensityHasAreaOne() throws {
    let mark = Histogram(bins: try Bins([0.5, 1.5, 1.6, 9], edges: [0, 1, 4]), isDensity: true)
    #expect(mark.heights[0] == 1.0 / 3)
    #expect(abs(mark.heights[1] - 2.0 / 9) < 1e-15)
  }

  @Test func binsFinerThanPixelsKeepTheHighest() throws {
    let counts = (0..<5000).map { $0 == 2500 ? 9 : 1 }
    let values = counts.enumerated().flatMap { i, n in
      [Double](repeating: Double(i) + 0.5, count: n)
    }
    let mark = Histogram(bins: try Bins(values, edges: (0...5000).map(Double.init)))
    let canvas = RecordingCanvas(
      drawing: mark, x: Extent(lower: 0, upper: 5000), y: Extent(lower: 0, upper: 10))
    #expect(canvas.fills.count == 100)
    #expect(canvas.fills.map(\.minY).min() == 10)
    #expect(zip(canvas.fills, canvas.fills.dropFirst()).allSatisfy { $0.maxX == $1.minX })
  }

  @Test func theAxisBeginsAtTheGround() throws {
    var figure = Figure(marks: [Histogram(bins: try Bins([1, 2, 2]))])
    #expect(Axes(of: figure).y.lower == 0)
    figure.add(try Line(y: [-1, 1]))
    #expect(Axes(of: figure).y.lower < -1)
  }

  @Test func itTellsItsBinsInWords() throws {
    let bins = try Bins([0.5, 1.5, 1.5, 9, .nan], edges: [0, 1, 2, 4])
    #expect(
      Histogram(bins: bins).caption
        == "histogram of 3 values in 3 bins from 0 to 4, highest 2 at 1.5, 1 beyond, 1 not finite")
  }

  @Test func inTextItIsSheerUnderItsOutline() throws {
    let bins = try Bins([1, 2, 2, 3, 3, 3].map { $0 }, edges: [0.5, 1.5, 2.5, 3.5])
    let figure = Figure(marks: [Histogram(bins: bins, label: "n")])
    let text = figure.text(columns: 40, rows: 12).plain
    #expect(text.contains("▒▒ n"))
    #expect(
      figure.text(columns: 40, rows: 12, style: TextStyle(glyphs: .ascii)).plain.contains(":: n"))
    #expect(!text.contains("⣿"))
  }

  @Test func amongManyValuesTheWorkIsBounded() throws {
    let values = (0..<100_000).map { Double($0 * 7919 % 100_003) / 1000 }
    let bins = try Bins(values)
    #expect(bins.total == 100_000)
    #expect((50...200).contains(bins.counts.count))
  }
}
