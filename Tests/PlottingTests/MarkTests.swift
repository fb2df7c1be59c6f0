import Glibc
import Testing

@testable import Plotting

/// The mark files, found beside this test's own source.
private func filesOfMarks() -> Set<String> {
  let tests = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  guard let folder = unsafe opendir("/" + tests + "/Sources/Plotting/Marks") else { return [] }
  defer { unsafe closedir(folder) }
  var names: Set<String> = []
  while let entry = unsafe readdir(folder) {
    // The name is zero-ended within its 256 bytes, as readdir promises.
    let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name.hasSuffix(".swift") { names.insert(String(name.dropLast(6))) }
  }
  return names
}

@Test func theCatalogueListsEveryFileOfMarks() {
  #expect(Set(MarkCatalogue.all.map { "\($0)" }) == filesOfMarks())
  #expect(Set(MarkCatalogue.all.map { $0.name }).count == MarkCatalogue.all.count)
  #expect(MarkCatalogue.all.allSatisfy { !$0.summary.isEmpty })
}

@Test func aLineStyleIsARhythmAndPerhapsDiscs() throws {
  #expect(try LineStyle("-") == LineStyle(dash: .solid, hasMarkers: false))
  #expect(try LineStyle("--o") == LineStyle(dash: .dashed, hasMarkers: true))
  #expect(try LineStyle("o:") == LineStyle(dash: .dotted, hasMarkers: true))
  #expect(try LineStyle("o") == LineStyle(dash: nil, hasMarkers: true))
  for wrong in ["", "x", "---", "oo", "- -"] {
    #expect(throws: PlotError.lineStyle(wrong)) { try LineStyle(wrong) }
  }
}

@Test func dataThatDoNotFitAreRefusedWithTheirSizes() {
  #expect(throws: PlotError.lengths(mark: "line", x: 1, y: 2)) { try Line(x: [1], y: [1, 2]) }
  #expect(throws: PlotError.lengths(mark: "scatter", x: 2, y: 1)) {
    try Scatter(x: [1, 2], y: [1])
  }
  #expect(throws: PlotError.imageSize(found: 5, expected: 8)) {
    try Images(pixels: [0, 0, 0, 0, 0], count: 2, height: 2, width: 2)
  }
  #expect(throws: PlotError.imageShape(count: 1, channels: 2, height: 2, width: 2)) {
    try Images(pixels: [0], count: 1, channels: 2, height: 2, width: 2)
  }
  #expect(throws: PlotError.matrixSize(found: 3, rows: 2, columns: 2)) {
    try Heatmap(values: [1, 2, 3], rows: 2, columns: 2)
  }
  #expect(throws: PlotError.gridSize(width: 1, height: 20000, limit: 16384)) {
    try Images(
      pixels: [Double](repeating: 0, count: 20000), count: 20000, height: 1, width: 1, columns: 1,
      gap: 0)
  }
}

@Test func errorsSayWhatWasFoundAndExpected() throws {
  let errors: [PlotError] = [
    .lengths(mark: "line", x: 1, y: 2), .imageSize(found: 5, expected: 8), .lineStyle("~"),
  ]
  #expect(
    errors.map(\.description) == [
      "line: x has 1 values and y has 2; they go together one by one",
      "images: found 5 pixels, expected 8",
      #"unknown line style "~"; there are "-", "--", ":", "-." and "o", as in "o--""#,
    ])
}

@Test func coloursComeByNameByPlaceAndInHexadecimal() throws {
  #expect(try Colour(named: "C1") == Colour.series(1))
  #expect(try Colour(named: "C9") == Colour.series(1))
  #expect(try Colour(named: "#0072b2") == Colour.series(0))
  #expect(try Colour(named: "Orange") == Colour.series(4))
  for wrong in ["", "C", "C-1", "#12345", "#12345g", "mauve"] {
    #expect(throws: PlotError.self) { try Colour(named: wrong) }
  }
}

@Test func imagesKeepTheUnitRangeAndStretchOthers() throws {
  let unit = try Images(pixels: [0.25, 0.5], count: 1, height: 1, width: 2)
  #expect(unit.raster()[0, 0] == Colour(grey: 64))
  let wide = try Images(pixels: [-3, 5], count: 1, height: 1, width: 2)
  #expect(wide.raster()[0, 0] == .black)
  #expect(wide.raster()[1, 0] == .white)
  let broken = try Images(pixels: [.nan, .infinity], count: 1, height: 1, width: 2)
  #expect(broken.raster()[0, 0] == ColourMap.missing)
  #expect(broken.raster()[1, 0] == .white)
}

@Test func colourImagesAreReadPlaneByPlane() throws {
  let image = try Images(pixels: [1, 0, 0, 1, 0, 0], count: 1, channels: 3, height: 1, width: 2)
  #expect(image.raster()[0, 0] == Colour(0xFF0000))
  #expect(image.raster()[1, 0] == Colour(0x00FF00))
}

@Test func aGridHasGapsBetweenItsImagesAndNoneAround() throws {
  let pixels = [Double](repeating: 1, count: 3 * 4)
  let grid = try Images(pixels: pixels, count: 3, height: 2, width: 2, columns: 2).raster()
  #expect(grid.width == 5)
  #expect(grid.height == 5)
  #expect(grid[2, 0] == .clear)
  #expect(grid[4, 1] == .white)
  #expect(grid[1, 4] == .white)
  #expect(grid[4, 4] == .clear)
}
