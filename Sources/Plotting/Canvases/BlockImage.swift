/// A picture as block characters in colour, or as shades and dots without.
struct BlockImage {
  private let image: PixelImage
  private let style: TextStyle

  init(_ image: PixelImage, style: TextStyle) {
    self.image = image
    self.style = style
  }

  /// Whether a picture of that width is drawn in braille dots.
  static func isDense(width: Int, columns: Int, style: TextStyle) -> Bool {
    style.glyphs == .unicode && (style.colours == .none || width > columns)
  }

  /// The best picture within so many columns: made smaller where it must be, and with room to spare grown by
  /// a whole factor, while it keeps within the rows.
  ///
  /// In colour an image pixel is half a character, upper or lower, or a braille dot where that is too wide;
  /// without colour it is one or more braille dots, or without Unicode a shade of punctuation.
  static func fitted(_ image: PixelImage, columns: Int, rows: Int, style: TextStyle) -> TextPicture
  {
    guard image.width > 0, image.height > 0 else { return TextPicture(columns: columns, rows: 0) }
    let isDense = isDense(width: image.width, columns: columns, style: style)
    // Pixels a character, across and down.
    let (across, down) = isDense ? (2, 4) : (1, 2)
    let picture: PixelImage
    if image.width <= columns * across {
      let factor = max(1, min(columns * across / image.width, rows * down / image.height, 16))
      // An even factor keeps a shade from mixing two rows of pixels.
      picture = image.enlarged(style.glyphs == .ascii && factor > 1 ? factor / 2 * 2 : factor)
    } else {
      let width = columns * across
      let height = max(1, (image.height * width + image.width / 2) / image.width)
      picture = image.resized(width: width, height: height)
    }
    let block = BlockImage(picture, style: style)
    return isDense ? block.dots() : block.halves()
  }

  /// One column and two rows of pixels a character.
  func halves() -> TextPicture {
    var picture = TextPicture(columns: image.width, rows: (image.height + 1) / 2)
    for row in picture.rows.indices {
      for column in 0..<image.width {
        let (upper, lower) = (image[column, 2 * row], image[column, 2 * row + 1])
        picture[column, row] =
          style.glyphs == .unicode && style.colours != .none
          ? half(upper, lower) : shade(upper, lower)
      }
    }
    return picture
  }

  private func half(_ upper: Colour, _ lower: Colour) -> TextCell {
    switch (upper.alpha > 0, lower.alpha > 0) {
    case (false, false): .blank
    case (true, false): TextCell("▀", foreground: upper)
    case (false, true): TextCell("▄", foreground: lower)
    case (true, true): TextCell("▀", foreground: upper, background: lower)
    }
  }

  /// Bright is ink: a digit reads as one on dark terminals and on white paper.
  private func shade(_ upper: Colour, _ lower: Colour) -> TextCell {
    let levels: [Character] =
      style.glyphs == .unicode
      ? [" ", "░", "▒", "▓", "█"] : [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"]
    let light = [upper, lower].map { $0.alpha > 0 ? $0.luminance : 0 }.reduce(0, +) / 2
    return TextCell(levels[min(light * levels.count / 256, levels.count - 1)])
  }

  /// Two columns and four rows of pixels a character: braille dots, in two colours where there are any.
  private func dots() -> TextPicture {
    var picture = TextPicture(columns: (image.width + 1) / 2, rows: (image.height + 3) / 4)
    for row in picture.rows.indices {
      for column in 0..<picture.columns {
        let pixels = (0..<8).map { image[2 * column + $0 % 2, 4 * row + $0 / 2] }
        picture[column, row] = style.colours == .none ? dithered(pixels) : split(pixels)
      }
    }
    return picture
  }

  /// Dots where the picture is bright, at thresholds that vary from dot to dot so that greys survive.
  private func dithered(_ pixels: [Colour]) -> TextCell {
    let thresholds = [112, 144, 176, 80, 96, 160, 192, 128]
    return TextCell(
      braille(zip(pixels, thresholds).map { $0.alpha > 0 && $0.luminance >= $1 }))
  }

  /// The bright pixels as dots in their mean colour, on the mean colour of the others.
  private func split(_ pixels: [Colour]) -> TextCell {
    let seen = pixels.filter { $0.alpha > 0 }
    let lights = seen.map(\.luminance)
    guard let low = lights.min(), let high = lights.max() else { return .blank }
    // Half way between the extremes, but never so far up or down that dots and ground look alike.
    let threshold = min(max((low + high + 1) / 2, 96), 144)
    let set = pixels.map { $0.alpha > 0 && $0.luminance >= threshold }
    let above = zip(pixels, set).filter { $1 }.map(\.0)
    let below = zip(pixels, set).filter { $0.alpha > 0 && !$1 }.map(\.0)
    return TextCell(
      braille(set), foreground: above.isEmpty ? nil : Colour.mean(of: above),
      background: below.isEmpty ? nil : Colour.mean(of: below))
  }

  private func braille(_ set: [Bool]) -> Character {
    let geometry = TextCanvas.Geometry.braille
    return geometry.character(
      zip(set, geometry.bits).reduce(0) { $0 | ($1.0 ? $1.1 : 0) })
  }
}

extension Colour {
  fileprivate static func mean(of colours: [Colour]) -> Colour {
    let count = max(colours.count, 1)
    func mean(_ channel: (Colour) -> UInt8) -> UInt8 {
      UInt8((colours.reduce(0) { $0 + Int(channel($1)) } + count / 2) / count)
    }
    return Colour(red: mean(\.red), green: mean(\.green), blue: mean(\.blue))
  }
}

extension PixelImage {
  /// Each pixel as a square of that many.
  func enlarged(_ factor: Int) -> PixelImage {
    guard factor > 1 else { return self }
    var result = PixelImage(width: width * factor, height: height * factor)
    for y in 0..<result.height {
      for x in 0..<result.width { result[x, y] = self[x / factor, y / factor] }
    }
    return result
  }

  /// The picture at another size: averages where it shrinks, blocks where it grows.
  func resized(width newWidth: Int, height newHeight: Int) -> PixelImage {
    if newWidth == width, newHeight == height { return self }
    var result = PixelImage(width: newWidth, height: newHeight)
    for y in 0..<newHeight {
      let (top, bottom) = (y * height / newHeight, (y + 1) * height / newHeight)
      for x in 0..<newWidth {
        let (left, right) = (x * width / newWidth, (x + 1) * width / newWidth)
        result[x, y] = average(
          left: left, top: top, width: max(1, right - left), height: max(1, bottom - top))
      }
    }
    return result
  }

  /// The mean of the pixels in a rectangle that are not clear; clear where most are.
  func average(left: Int, top: Int, width: Int, height: Int) -> Colour {
    var (red, green, blue, count) = (0, 0, 0, 0)
    for y in top..<top + height {
      for x in left..<left + width {
        let colour = self[x, y]
        guard colour.alpha > 0 else { continue }
        red += Int(colour.red)
        green += Int(colour.green)
        blue += Int(colour.blue)
        count += 1
      }
    }
    guard count * 2 >= width * height, count > 0 else { return .clear }
    func mean(_ sum: Int) -> UInt8 { UInt8((sum + count / 2) / count) }
    return Colour(red: mean(red), green: mean(green), blue: mean(blue))
  }
}
