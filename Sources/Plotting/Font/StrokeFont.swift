/// The figure's typeface: glyphs by character, laid out and aligned to the pixel grid.
struct StrokeFont: Sendable {
  static let standard = StrokeFont()

  private let glyphs: [Character: Glyph]
  private let marks: [Unicode.Scalar: (glyph: Glyph, isBelow: Bool)]
  /// What stands for a character that is not drawn: a box.
  private let missing: Glyph?

  private init() {
    var glyphs: [Character: Glyph] = [:]
    for (character, advance, path) in LatinGlyphs.table + GreekGlyphs.table + SignGlyphs.table {
      glyphs[character] = Glyph(advance: advance, path: path)
    }
    for (character, alike) in GreekGlyphs.lookalikes { glyphs[character] = glyphs[alike] }
    for (character, base) in SignGlyphs.superscripts {
      glyphs[character] = glyphs[base]?.scaled(by: 0.64, lift: 6.4)
    }
    for (character, base) in SignGlyphs.subscripts {
      glyphs[character] = glyphs[base]?.scaled(by: 0.64, lift: -3)
    }
    for (character, parts) in SignGlyphs.fractions {
      guard let top = glyphs[parts.0], let bottom = glyphs[parts.1] else { continue }
      glyphs[character] = StrokeFont.fraction(top, bottom)
    }
    self.glyphs = glyphs
    marks = SignGlyphs.combining.compactMapValues { mark in
      Glyph(advance: 0, path: mark.path).map { ($0, mark.isBelow) }
    }
    missing = Glyph(advance: 10, path: "1.6,0 1.6,14 8.4,14 8.4,0 1.6,0")
  }

  private static func fraction(_ top: Glyph, _ bottom: Glyph) -> Glyph {
    var glyph = top.scaled(by: 0.6, lift: 5.8)
    let low = bottom.scaled(by: 0.6, lift: 0)
    glyph.strokes += low.strokes.map { $0.map { Point($0.x + 7.4, $0.y) } }
    glyph.strokes.append([Point(3, 0), Point(10.2, 14)])
    glyph.advance = 14
    glyph.bars += low.bars
    glyph.stems = []
    return glyph
  }

  /// Whether a character is drawn, not replaced by a box.
  func has(_ character: Character) -> Bool { glyphs[character] != nil }

  /// The letter under a character's marks.
  func base(of character: Character) -> Character? {
    let scalars = decomposed(character)
    return scalars.count > 1 ? scalars.first.map(Character.init) : nil
  }

  /// A character's glyph: its own, its base letter's with the marks over it, or a box.
  func glyph(for character: Character) -> Glyph? {
    if let glyph = glyphs[character.isWhitespace ? " " : character] { return glyph }
    let scalars = decomposed(character)
    guard let first = scalars.first, var glyph = glyphs[Character(first)] else { return missing }
    let xs = glyph.strokes.joined().map(\.x)
    let centre = ((xs.min() ?? 0) + (xs.max() ?? glyph.advance)) / 2
    let top = glyph.strokes.joined().map(\.y).max() ?? 10
    for scalar in scalars.dropFirst() {
      guard let mark = marks[scalar] else { continue }
      // Marks are drawn for small letters and rise with what they stand on.
      let lift = mark.isBelow ? 0 : max(0, top - 10)
      glyph.strokes += mark.glyph.strokes.map { stroke in
        stroke.map { Point($0.x + centre - 5, $0.y + lift) }
      }
    }
    return glyph
  }

  /// A letter and its marks.
  ///
  /// Swift holds é and e with an acute accent for equal, which spares a table.
  private func decomposed(_ character: Character) -> [Unicode.Scalar] {
    let scalars = Array(character.unicodeScalars)
    // Beyond U+2000 no letter is one of ours with a mark, and the search takes its time.
    guard scalars.count == 1, character.isLetter, scalars[0].value < 0x2000 else { return scalars }
    for base in glyphs.keys where base.isLetter {
      for mark in marks.keys {
        let pair = Array(base.unicodeScalars) + [mark]
        var composed = String.UnicodeScalarView()
        composed.append(contentsOf: pair)
        if String(composed) == String(character) { return pair }
      }
    }
    return scalars
  }

  /// The width of a line of text.
  ///
  /// Units: pixels; `size` is the height from descender to ascender.
  func width(of text: String, size: Double) -> Double {
    text.reduce(0) { $0 + advance(of: glyph(for: $1), size: size) }
  }

  /// Air between letters beyond their own, in the glyphs' units: small text wants it.
  private static let tracking = 0.6

  private func advance(of glyph: Glyph?, size: Double) -> Double {
    (((glyph?.advance ?? 0) + StrokeFont.tracking) * size / 20).rounded()
  }

  /// The strokes of a line of text whose baseline begins at (0, 0), y pointing down.
  func strokes(of text: String, size: Double) -> [[Point]] {
    var pen = 0.0
    var strokes: [[Point]] = []
    for character in text {
      guard let glyph = glyph(for: character) else { continue }
      let fit = GridFit(glyph, unit: size / 20)
      strokes += glyph.strokes.map { $0.map { Point(pen + fit.x($0.x), -fit.y($0.y)) } }
      pen += advance(of: glyph, size: size)
    }
    return strokes
  }
}

/// Bends a glyph so that its stems and bars lie on whole pixels, which makes small text crisp.
struct GridFit {
  private let unit: Double
  private let stems: [(from: Double, to: Double)]
  private let bars: [(from: Double, to: Double)]

  init(_ glyph: Glyph, unit: Double) {
    self.unit = unit
    // Stems go to the middle of a column; bars to the middle of a row, where the baseline lies already.
    stems = Set(glyph.stems).sorted().map { ($0, ($0 * unit - 0.5).rounded() + 0.5) }
    bars = Set(glyph.bars).sorted().map { ($0, ($0 * unit).rounded()) }
  }

  func x(_ value: Double) -> Double { bend(value, along: stems) }
  func y(_ value: Double) -> Double { bend(value, along: bars) }

  /// Straight lines between the aligned places, and the nearest one's shift outside them.
  private func bend(_ value: Double, along places: [(from: Double, to: Double)]) -> Double {
    guard let first = places.first, let last = places.last else { return value * unit }
    if value <= first.from { return first.to + (value - first.from) * unit }
    if value >= last.from { return last.to + (value - last.from) * unit }
    for (a, b) in zip(places, places.dropFirst()) where value <= b.from {
      return a.to + (b.to - a.to) * (value - a.from) / (b.from - a.from)
    }
    return value * unit
  }
}
