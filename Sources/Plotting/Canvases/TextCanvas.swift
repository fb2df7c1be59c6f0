import Glibc

/// A canvas of dots gathered into characters: a cell geometry and a table of glyphs.
package struct TextCanvas: Canvas {
  /// How many dots a character holds and which character shows them.
  struct Geometry: Sendable {
    let across: Int
    let down: Int
    /// The bit of each dot, row by row.
    let bits: [UInt8]
    /// The character of each set of bits, as far as there is a table; else a braille pattern.
    let glyphs: [Character]

    /// Two by four dots a character.
    ///
    /// Source: the Unicode block Braille Patterns, dots 1 to 8.
    static let braille = Geometry(
      across: 2, down: 4, bits: [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80], glyphs: [])

    /// One by two dots a character, for terminals without Unicode.
    static let ascii = Geometry(across: 1, down: 2, bits: [1, 2], glyphs: [" ", "'", ".", ":"])

    func character(_ dots: UInt8) -> Character {
      if glyphs.indices.contains(Int(dots)) { return glyphs[Int(dots)] }
      guard dots > 0, let scalar = Unicode.Scalar(0x2800 + UInt32(dots)) else { return " " }
      return Character(scalar)
    }
  }

  package let area: Rectangle
  let geometry: Geometry
  private let style: TextStyle
  private var picture: TextPicture
  private var dots: [UInt8]

  /// A canvas of so many characters; `area` is in dots.
  package init(columns: Int, rows: Int, style: TextStyle) {
    geometry = style.glyphs == .unicode ? .braille : .ascii
    self.style = style
    picture = TextPicture(columns: columns, rows: rows)
    dots = [UInt8](repeating: 0, count: picture.columns * picture.rows.count)
    area = Rectangle(
      0, 0, Double(picture.columns * geometry.across), Double(picture.rows.count * geometry.down))
  }

  /// The characters drawn so far.
  package var cells: TextPicture {
    var result = picture
    for row in picture.rows.indices {
      for column in 0..<picture.columns {
        let set = dots[row * picture.columns + column]
        guard set > 0 else { continue }
        result[column, row].character = geometry.character(set)
      }
    }
    return result
  }

  private mutating func set(x: Int, y: Int, colour: Colour) {
    guard x >= 0, y >= 0 else { return }
    let (column, row) = (x / geometry.across, y / geometry.down)
    guard column < picture.columns, row < picture.rows.count else { return }
    dots[row * picture.columns + column] |=
      geometry.bits[y % geometry.down * geometry.across + x % geometry.across]
    picture[column, row].foreground = colour
  }

  /// The dot of a coordinate; the far edges belong to the last dots.
  private func dot(_ p: Point) -> (x: Int, y: Int) {
    (
      x: p.x == area.maxX ? Int(area.maxX) - 1 : Int(flooring: p.x),
      y: p.y == area.maxY ? Int(area.maxY) - 1 : Int(flooring: p.y)
    )
  }

  package mutating func stroke(_ path: [Point], with pen: Pen) {
    if path.count == 1 { return discs(at: path, radius: 0.5, colour: pen.colour) }
    let thinned = Polyline.thinned(path, column: 1)
    for part in Polyline.clipped(thinned, to: area) {
      for dash in Polyline.dashed(part.path, lengths: pen.dash.dots, offset: part.offset) {
        trace(dash, colour: pen.colour)
      }
    }
  }

  private mutating func trace(_ path: [Point], colour: Colour) {
    for (a, b) in zip(path, path.dropFirst()) {
      let (from, to) = (dot(a), dot(b))
      let steps = max(abs(to.x - from.x), abs(to.y - from.y), 1)
      for step in 0...steps {
        let t = Double(step) / Double(steps)
        set(
          x: from.x + Int((Double(to.x - from.x) * t).rounded()),
          y: from.y + Int((Double(to.y - from.y) * t).rounded()), colour: colour)
      }
    }
  }

  /// A disc is a dot, or two by two of them where it stands for a point among few.
  package mutating func discs(at centres: [Point], radius: Double, colour: Colour) {
    for centre in centres where area.contains(centre) {
      let (x, y) = dot(centre)
      let side = radius >= 3 && geometry.across > 1 ? 2 : 1
      for dy in 0..<side {
        for dx in 0..<side { set(x: x + dx, y: y + dy, colour: colour) }
      }
    }
  }

  /// A character that points one of eight ways, or four without Unicode.
  package mutating func arrow(from tail: Point, to tip: Point, head: Double, with pen: Pen) {
    guard area.contains(tail) else { return }
    let (x, y) = dot(tail)
    let way = Point(tip.x - tail.x, tail.y - tip.y)
    let isUnicode = style.glyphs == .unicode
    let glyphs: [Character] =
      isUnicode ? ["→", "↗", "↑", "↖", "←", "↙", "↓", "↘"] : [">", "^", "<", "v"]
    var glyph: Character = isUnicode ? "·" : "."
    if way.length >= 0.5 {
      let turn = atan2(way.y, way.x) / (2 * .pi) * Double(glyphs.count)
      glyph = glyphs[(Int(turn.rounded()) + glyphs.count) % glyphs.count]
    }
    picture[x / geometry.across, y / geometry.down] = TextCell(glyph, foreground: pen.colour)
  }

  /// What is less than half opaque is a quarter of the dots, and leaves what it lies over its colour.
  package mutating func fill(_ rectangle: Rectangle, colour: Colour) {
    let bounds = PixelBounds(around: rectangle, reach: -0.5)
      .intersection(PixelBounds(around: area, reach: 0))
    let isSheer = colour.alpha < 128
    for y in bounds.minY..<bounds.maxY {
      for x in bounds.minX..<bounds.maxX where !isSheer || (x + 2 * y) % 4 == 0 {
        let cell = (column: x / geometry.across, row: y / geometry.down)
        let under = isSheer ? picture[cell.column, cell.row].foreground : nil
        set(x: x, y: y, colour: under ?? colour)
      }
    }
  }

  package mutating func raster(_ image: PixelImage, in rectangle: Rectangle) {
    let width = Int((rectangle.width / Double(geometry.across)).rounded())
    let height = Int((rectangle.height / Double(geometry.down) * 2).rounded())
    guard width > 0, height > 0, width <= 4096, height <= 4096 else { return }
    let blocks = BlockImage(image.resized(width: width, height: height), style: style).halves()
    let left = Int((rectangle.minX / Double(geometry.across)).rounded())
    let top = Int((rectangle.minY / Double(geometry.down)).rounded())
    picture.place(blocks, column: left, row: top)
  }
}
