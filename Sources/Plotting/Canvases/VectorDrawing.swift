/// What a pixel canvas draws, written down as SVG while it draws.
///
/// Texts stay texts, in the reader's own font but as wide as the figure's, so that nothing moves.
/// Source: W3C, Scalable Vector Graphics (SVG) 1.1.
struct VectorDrawing: Sendable {
  private enum Element {
    case markup(String)
    case picture(PixelImage, Rectangle)
  }

  private var elements: [Element] = []
  private var clips = 0
  private var isClipped = false

  /// Clips what follows to a rectangle, or to nothing any more.
  mutating func clip(to area: Rectangle?) {
    if isClipped { add("</g>") }
    isClipped = area != nil
    guard let area else { return }
    clips += 1
    add("<clipPath id=\"plot\(clips)\"><rect \(Self.place(area))/></clipPath>")
    add("<g clip-path=\"url(#plot\(clips))\">")
  }

  /// Units: pixels, the pen's width and dashes as well.
  mutating func stroke(
    _ path: [Point], width: Double, dashes: [Double], offset: Double, colour: Colour
  ) {
    guard let first = path.first else { return }
    var way = "M" + Self.pair(first)
    for point in path.dropFirst() { way += "L" + Self.pair(point) }
    var style = "fill=\"none\" \(Self.paint("stroke", colour)) stroke-width=\"\(Self.text(width))\""
    style += " stroke-linecap=\"round\" stroke-linejoin=\"round\""
    if !dashes.isEmpty {
      style += " stroke-dasharray=\"\(dashes.map(Self.text).joined(separator: ","))\""
      style += " stroke-dashoffset=\"\(Self.text(offset))\""
    }
    add("<path d=\"\(way)\" \(style)/>")
  }

  mutating func discs(at centres: [Point], radius: Double, colour: Colour) {
    let paint = Self.paint("fill", colour)
    for c in centres where c.x.isFinite && c.y.isFinite {
      let place = "cx=\"\(Self.text(c.x))\" cy=\"\(Self.text(c.y))\""
      add("<circle \(place) r=\"\(Self.text(radius))\" \(paint)/>")
    }
  }

  /// A filled box, or its outline alone, which lies inside.
  mutating func box(_ rectangle: Rectangle, corner: Double, outline: Double?, colour: Colour) {
    let round = corner > 0 ? " rx=\"\(Self.text(corner))\"" : ""
    guard let outline else {
      return add("<rect \(Self.place(rectangle))\(round) \(Self.paint("fill", colour))/>")
    }
    let pen = "\(Self.paint("stroke", colour)) stroke-width=\"\(Self.text(outline))\""
    add("<rect \(Self.place(rectangle.insetBy(outline / 2)))\(round) fill=\"none\" \(pen)/>")
  }

  /// A picture with a pixel for each of the canvas: a reader that enlarged it would blur its blocks.
  mutating func raster(_ image: PixelImage, in rectangle: Rectangle) {
    let width = max(Int(flooring: rectangle.width + 0.5), 1)
    let height = max(Int(flooring: rectangle.height + 0.5), 1)
    var picture = PixelImage(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        picture[x, y] = image[x * image.width / width, y * image.height / height]
      }
    }
    elements.append(.picture(picture, rectangle))
  }

  /// A line of text from a point on its baseline; rotated, it runs upward.
  mutating func text(
    _ text: String, at start: Point, size: Double, width: Double, colour: Colour, isRotated: Bool
  ) {
    guard !text.isEmpty else { return }
    let (x, y) = (Self.text(start.x), Self.text(start.y))
    let turn = isRotated ? " transform=\"rotate(-90 \(x) \(y))\"" : ""
    add(
      "<text x=\"\(x)\" y=\"\(y)\"\(turn) font-size=\"\(Self.text(size))\" "
        + "textLength=\"\(Self.text(width))\" lengthAdjust=\"spacingAndGlyphs\" "
        + "\(Self.paint("fill", colour))>\(Self.escaped(text))</text>")
  }

  /// The whole file; `png` makes the bytes of a PNG file of a picture.
  func file(width: Int, height: Int, png: (PixelImage) throws -> [UInt8]) rethrows -> String {
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
        + "width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\" "
        + "font-family=\"Helvetica, Arial, sans-serif\">",
      "<rect width=\"\(width)\" height=\"\(height)\" \(Self.paint("fill", Theme.background))/>",
    ]
    for element in elements {
      switch element {
      case .markup(let text): lines.append(text)
      case .picture(let image, let place):
        lines.append(
          "<image \(Self.place(place)) preserveAspectRatio=\"none\" "
            + "xlink:href=\"data:image/png;base64,\(Self.base64(try png(image)))\"/>")
      }
    }
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  private mutating func add(_ markup: String) { elements.append(.markup(markup)) }

  // MARK: Attributes

  private static func place(_ r: Rectangle) -> String {
    "x=\"\(text(r.minX))\" y=\"\(text(r.minY))\" width=\"\(text(max(r.width, 0)))\" "
      + "height=\"\(text(max(r.height, 0)))\""
  }

  private static func paint(_ attribute: String, _ colour: Colour) -> String {
    let digits = [colour.red, colour.green, colour.blue].map {
      ($0 < 16 ? "0" : "") + String($0, radix: 16)
    }
    let paint = "\(attribute)=\"#\(digits.joined())\""
    let opacity = text(Double(colour.alpha) / 255)
    return colour.alpha == 255 ? paint : paint + " \(attribute)-opacity=\"\(opacity)\""
  }

  private static func pair(_ p: Point) -> String { text(p.x) + " " + text(p.y) }

  /// Hundredths are enough: nobody sees less of a pixel.
  private static func text(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let hundredths = Int((min(max(value, -1e6), 1e6) * 100).rounded())
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
    let digits = rest == 0 ? "" : (rest < 10 ? ".0" : ".") + "\(rest)"
    return (hundredths < 0 ? "-" : "") + "\(whole)" + digits
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { out, letter in
      switch letter {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      default: out.append(letter)
      }
    }
  }

  /// Source: RFC 4648, section 4.
  private static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count / 3 * 4 + 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let three = bytes[start..<min(start + 3, bytes.count)]
      let bits = (0..<3).reduce(0) { $0 << 8 | Int($1 < three.count ? three[start + $1] : 0) }
      for place in 0..<4 {
        let isPadding = place > three.count
        out.append(isPadding ? UInt8(ascii: "=") : letters[bits >> (18 - 6 * place) & 63])
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
