/// A grid of small images, grey or in colour.
package struct Images: Mark {
  package static let name = "grid"
  package static let summary =
    "images [count, height, width] or [count, 3, height, width] in a grid"

  package let pixels: [Double]
  package let count: Int
  package let channelCount: Int
  package let height: Int
  package let width: Int
  /// Images a row of the grid.
  package let columns: Int
  /// Units: image pixels between neighbours, across and down.
  private var gap: (across: Int, down: Int)
  /// What shows black and what shows white.
  package let range: Extent
  package let label: String

  /// Images laid out as PyTorch does: `[count, channels, height, width]`, channels 1 (grey) or 3 (RGB).
  ///
  /// Without a range, pixels within [0, 1] are shown as they are and others from their least to their
  /// greatest. Without columns, the grid is about square.
  package init(
    pixels: [Double], count: Int, channels: Int = 1, height: Int, width: Int, columns: Int? = nil,
    gap: Int = 1, range: Extent? = nil, label: String = ""
  ) throws(PlotError) {
    guard count >= 0, channels == 1 || channels == 3, height > 0, width > 0,
      height < 65536, width < 65536, count < 1 << 24
    else {
      throw .imageShape(count: count, channels: channels, height: height, width: width)
    }
    guard pixels.count == count * channels * height * width else {
      throw .imageSize(found: pixels.count, expected: count * channels * height * width)
    }
    self.pixels = pixels
    self.count = count
    channelCount = channels
    self.height = height
    self.width = width
    let square = Int(Double(count).squareRoot().rounded(.up))
    self.columns = max(1, min(columns ?? square, max(count, 1)))
    // A gap wider than the images would let a small tensor ask for an enormous picture.
    let bounded = min(max(gap, 0), 2 + min(width, height))
    self.gap = (bounded, bounded)
    let unit = Extent(lower: 0, upper: 1)
    let found = Extent(of: pixels) ?? unit
    let isUnit = unit.contains(found.lower) && unit.contains(found.upper)
    self.range = range ?? (isUnit ? unit : found.padded(by: 0))
    self.label = label
    let limit = 16384
    guard gridWidth <= limit, gridHeight <= limit else {
      throw .gridSize(width: gridWidth, height: gridHeight, limit: limit)
    }
  }

  package var rows: Int { max(1, (count + columns - 1) / columns) }

  /// Units: image pixels, gaps included.
  var gridWidth: Int { columns * (width + gap.across) - gap.across }
  var gridHeight: Int { rows * (height + gap.down) - gap.down }

  /// The same images with their gaps widened, so that each begins at a multiple of so many pixels.
  func aligned(across: Int, down: Int) -> Images {
    var images = self
    if gap.across > 0 { images.gap.across += (across - (width + gap.across) % across) % across }
    if gap.down > 0 { images.gap.down += (down - (height + gap.down) % down) % down }
    return images
  }

  package var channels: Channels {
    var channels = Channels(
      x: Extent(lower: 0, upper: Double(gridWidth)), y: Extent(lower: 0, upper: Double(gridHeight)))
    channels.isTight = true
    return channels
  }

  package var caption: String {
    let kind = channelCount == 1 ? "grey" : "colour"
    let size = "\(count) \(kind) image\(count == 1 ? "" : "s") of \(width)x\(height) pixels"
    let shape = "in \(rows) row\(rows == 1 ? "" : "s") of up to \(columns)"
    guard let found = Extent(of: pixels) else { return size + " " + shape }
    return size + " " + shape + ", values from \(found.lower.brief) to \(found.upper.brief)"
  }

  /// The grid as a picture of one pixel an image pixel, clear between the images.
  func raster() -> PixelImage {
    var image = PixelImage(width: gridWidth, height: gridHeight)
    for index in 0..<count {
      let left = index % columns * (width + gap.across)
      let top = index / columns * (height + gap.down)
      for y in 0..<height {
        for x in 0..<width { image[left + x, top + y] = colour(image: index, x: x, y: y) }
      }
    }
    return image
  }

  private func colour(image: Int, x: Int, y: Int) -> Colour {
    let plane = height * width
    let first = image * channelCount * plane + y * width + x
    guard channelCount == 3 else {
      return level(pixels[first]).map { Colour(grey: $0) } ?? ColourMap.missing
    }
    guard let red = level(pixels[first]), let green = level(pixels[first + plane]),
      let blue = level(pixels[first + 2 * plane])
    else { return ColourMap.missing }
    return Colour(red: red, green: green, blue: blue)
  }

  private func level(_ value: Double) -> UInt8? {
    guard !value.isNaN else { return nil }
    let share = (value - range.lower) / range.span
    return UInt8((min(max(share, 0), 1) * 255).rounded())
  }

  package func draw(on canvas: inout some Canvas, in frame: Frame, colour: Colour) {
    guard let x = channels.x, let y = channels.y else { return }
    canvas.raster(raster(), in: frame.rectangle(x: x, y: y))
  }
}
