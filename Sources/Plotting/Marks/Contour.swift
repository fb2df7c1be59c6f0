/// A field over the plane as the lines of equal value, or as bands between them.
package struct Contour: Mark {
  package static let name = "contour"
  package static let summary = "lines along which a matrix of heights has the same value, or bands"

  /// What its lines are drawn on, which decides their colour.
  package enum Ground: Equatable, Sendable {
    /// The bare plot: each line in the colour of its level.
    case bare
    /// Colours that show the same values: each line black or white, whichever stands out.
    case colours(ColourScale)
  }

  package let field: ScalarField
  /// Rising.
  package let levels: [Double]
  package let isFilled: Bool
  package let ground: Ground
  package let label: String
  package let colour: Colour?
  private let colours: ColourScale

  package static let levelLimit = 100

  /// About so many levels at round numbers, or given ones.
  package enum Levels: Sendable {
    case about(Int)
    case at([Double])
  }

  package init(
    field: ScalarField, levels: Levels = .about(8), isFilled: Bool = false, ground: Ground = .bare,
    label: String = "", colour: Colour? = nil
  ) throws(PlotError) {
    let extent = Extent(of: field.values)
    switch levels {
    case .about(let count):
      guard (1...Contour.levelLimit).contains(count) else { throw .levelCount(count) }
      // A line at the very least or greatest value would be a dot.
      self.levels =
        extent.map { extent in
          Ticks(in: extent, about: count).values.filter { $0 > extent.lower && $0 < extent.upper }
        } ?? []
    case .at(let levels):
      guard (1...Contour.levelLimit).contains(levels.count), levels.allSatisfy(\.isFinite) else {
        throw .levels(levels)
      }
      self.levels = Array(Set(levels)).sorted()
    }
    self.field = field
    self.isFilled = isFilled
    self.ground = ground
    self.label = label
    self.colour = colour
    // A line has no neighbour to lift it from white paper.
    colours = ColourScale(
      extent ?? Extent(lower: 0, upper: 1), map: isFilled ? .dusk : ColourMap.dusk.darkest(0.78),
      levels: self.levels, isBanded: isFilled)
  }

  package var channels: Channels {
    var channels = Channels(x: Extent(of: field.x), y: Extent(of: field.y))
    channels.isTight = true
    if !isEmpty, isFilled || (colour == nil && ground == .bare) { channels.colours = colours }
    return channels
  }

  package var swatch: Swatch? { colour == nil ? nil : Swatch(dash: .solid) }

  /// The levels that lie among the values, which alone have lines.
  package var crossed: [Double] {
    guard let range = Extent(of: field.values) else { return [] }
    return levels.filter { $0 > range.lower && $0 <= range.upper }
  }

  private var isEmpty: Bool { Extent(of: field.values) == nil }

  package var caption: String {
    guard let range = Extent(of: field.values) else { return "contours of no finite values" }
    let lines =
      crossed.count <= 12
      ? "at " + crossed.map(\.brief).joined(separator: ", ")
      : "at \(crossed.count) levels from \(crossed[0].brief) to \(crossed[crossed.count - 1].brief)"
    let lost = field.values.count { !$0.isFinite }
    return (crossed.isEmpty ? "no contours" : "contours \(lines)")
      + ", values from \(range.lower.brief) to \(range.upper.brief)"
      + (lost > 0 ? ", \(lost) not finite" : "")
  }

  package func draw(on canvas: inout some Canvas, in frame: Frame, colour: Colour) {
    if isFilled { fill(on: &canvas, in: frame) }
    let fine = field.refined()
    for level in levels {
      let pen = Pen(colour: ink(of: level, colour), width: isFilled ? 1 : 1.75)
      for path in LevelLines.paths(of: fine, at: level) {
        canvas.stroke(path.compactMap { frame.point($0.x, $0.y) }, with: pen)
      }
    }
  }

  private func ink(of level: Double, _ asked: Colour) -> Colour {
    if colour != nil { return asked }
    if isFilled { return colours(level).contrast.withOpacity(0.45) }
    return switch ground {
    case .bare: colours(level)
    case .colours(let scale): scale(level).contrast
    }
  }

  /// The bands, each canvas unit in the colour of the field's value at its middle.
  private func fill(on canvas: inout some Canvas, in frame: Frame) {
    guard let x = channels.x, let y = channels.y else { return }
    let whole = frame.rectangle(x: x, y: y)
    let box = Rectangle(
      max(whole.minX, canvas.area.minX), max(whole.minY, canvas.area.minY),
      min(whole.maxX, canvas.area.maxX), min(whole.maxY, canvas.area.maxY))
    guard box.width > 0, box.height > 0 else { return }
    let width = min(max(Int(box.width.rounded()), 1), 4096)
    let height = min(max(Int(box.height.rounded()), 1), 4096)
    let xs = (0..<width).map { column in
      frame.x.value(at: box.minX + (Double(column) + 0.5) / Double(width) * box.width)
    }
    let ys = (0..<height).map { row in
      frame.y.value(at: box.minY + (Double(row) + 0.5) / Double(height) * box.height)
    }
    let values = field.sampled(x: xs, y: ys)
    var image = PixelImage(width: width, height: height)
    for row in 0..<height {
      for column in 0..<width { image[column, row] = colours(values[row * width + column]) }
    }
    canvas.raster(image, in: box)
  }
}
