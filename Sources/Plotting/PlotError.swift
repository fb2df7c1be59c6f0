/// What can be wrong with the data or options handed to a mark.
package enum PlotError: Error, Equatable {
  case lengths(mark: String, x: Int, y: Int)
  case imageSize(found: Int, expected: Int)
  case imageShape(count: Int, channels: Int, height: Int, width: Int)
  case gridSize(width: Int, height: Int, limit: Int)
  case matrixSize(found: Int, rows: Int, columns: Int)
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
