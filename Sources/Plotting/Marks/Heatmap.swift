/// A matrix of values as coloured blocks.
package struct Heatmap: Mark {
  package static let name = "heatmap"
  package static let summary = "a matrix as coloured blocks, its first row at the bottom"

  package let values: [Double]
  package let rows: Int
  package let columns: Int
  package let x: Extent
  package let y: Extent
  package let colours: ColourScale

  /// A matrix of `rows * columns` values in row-major order, spread over the intervals `x` and `y`.
  ///
  /// Row 0 is at the least y, so that a density tabulated on a grid stands upright.
  package init(
    values: [Double], rows: Int, columns: Int, x: Extent? = nil, y: Extent? = nil,
    colourMap: ColourMap = .dusk, range: Extent? = nil
  ) throws(PlotError) {
    guard rows > 0, columns > 0, values.count / columns == rows, values.count % columns == 0 else {
      throw .matrixSize(found: values.count, rows: rows, columns: columns)
    }
    self.values = values
    self.rows = rows
    self.columns = columns
    self.x = x ?? Extent(lower: 0, upper: Double(columns))
    self.y = y ?? Extent(lower: 0, upper: Double(rows))
    colours = ColourScale(
      range ?? Extent(of: values) ?? Extent(lower: 0, upper: 1), map: colourMap)
  }

  /// Where the cells' middles lie.
  package var centres: (x: [Double], y: [Double]) {
    func middles(_ extent: Extent, _ count: Int) -> [Double] {
      (0..<count).map { extent.lower + extent.span * (Double($0) + 0.5) / Double(count) }
    }
    return (middles(x, columns), middles(y, rows))
  }

  package var channels: Channels {
    var channels = Channels(x: x, y: y)
    channels.colours = colours
    channels.isTight = true
    return channels
  }

  package var caption: String {
    let shape = "heatmap of \(rows) rows and \(columns) columns"
    guard let range = Extent(of: values) else { return shape }
    return shape + ", values from \(range.lower.brief) to \(range.upper.brief)"
  }

  package func draw(on canvas: inout some Canvas, in frame: Frame, colour: Colour) {
    var image = PixelImage(width: columns, height: rows)
    for row in 0..<rows {
      for column in 0..<columns {
        image[column, rows - 1 - row] = colours(values[row * columns + column])
      }
    }
    canvas.raster(image, in: frame.rectangle(x: x, y: y))
  }
}
