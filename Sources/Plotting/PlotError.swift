/// What can be wrong with the data or options handed to a mark.
package enum PlotError: Error, Equatable {
  case lengths(mark: String, x: Int, y: Int)
  case imageSize(found: Int, expected: Int)
  case imageShape(count: Int, channels: Int, height: Int, width: Int)
  case gridSize(width: Int, height: Int, limit: Int)
  case matrixSize(found: Int, rows: Int, columns: Int)
  case binCount(Int)
  /// Two neighbouring edges that do not rise, or nothing where there are fewer than two.
  case binEdges([Double]?)
  case fieldSize(rows: Int, columns: Int)
  case fieldAxis(
    String, of: String, found: Int, expected: Int, rows: Int, columns: Int)
  case fieldOrder(String, [Double])
  case levels([Double])
  case levelCount(Int)
  case arrowLengths(x: Int, name: String, count: Int)
  case arrowCount(Int)
  case lineStyle(String)
  case unknownColour(String, known: [String])
  case unknownColourMap(String, known: [String])
}

extension PlotError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .lengths(let mark, let x, let y):
      "\(mark): x has \(x) values and y has \(y); they go together one by one"
    case .imageSize(let found, let expected):
      "images: found \(found) pixels, expected \(expected)"
    case .imageShape(let count, let channels, let height, let width):
      "images: [\(count), \(channels), \(height), \(width)] is no stack of images; "
        + "expected [count, 1 or 3 channels, height, width]"
    case .gridSize(let width, let height, let limit):
      "images: the grid would have \(width)x\(height) pixels, more than \(limit) a side; "
        + "take fewer images or another number of columns"
    case .matrixSize(let found, let rows, let columns):
      "heatmap: found \(found) values, expected \(rows) * \(columns)"
    case .binCount(let count):
      "bins: expected 1 to \(Bins.limit) of them, found \(count)"
    case .binEdges(let pair):
      "bins: expected two or more edges that rise"
        + (pair.map { ", found \($0[1].brief) after \($0[0].brief)" } ?? "")
    case .fieldSize(let rows, let columns):
      "z: expected at least 2 rows and 2 columns, found \(rows) x \(columns)"
    case .fieldAxis(let axis, let matrix, let found, let expected, let rows, let columns):
      "\(axis): expected \(expected) numbers, one for each \(axis == "x" ? "column" : "row") of \(matrix) "
        + "[\(rows), \(columns)], found \(found)"
    case .fieldOrder(let axis, let pair):
      "\(axis): expected numbers that rise or fall all along, found \(pair[1].brief) "
        + "after \(pair[0].brief)"
    case .levels(let found):
      "levels: expected 1 to \(Contour.levelLimit) finite numbers, found "
        + (found.first { !$0.isFinite }.map(\.brief) ?? "\(found.count)")
    case .levelCount(let count):
      "levels: expected 1 to \(Contour.levelLimit) of them, found \(count)"
    case .arrowLengths(let x, let name, let count):
      "x has \(x) values and \(name) has \(count); an arrow needs one of each"
    case .arrowCount(let count):
      "expected at most \(Quiver.limit) arrows, found \(count); take a coarser grid"
    case .lineStyle(let style):
      "unknown line style \"\(style)\"; there are \"-\", \"--\", \":\", \"-.\" and \"o\", "
        + "as in \"o--\""
    case .unknownColour(let name, let known):
      "unknown colour \"\(name)\"; there are " + known.joined(separator: ", ")
        + ", C0 to C7 and #rrggbb"
    case .unknownColourMap(let name, let known):
      "unknown colour map \"\(name)\"; there are " + known.joined(separator: ", ")
    }
  }
}
