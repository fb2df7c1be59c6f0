import Testing

@testable import Plotting

@Test func everyDrawnGlyphIsReadToItsEnd() {
  for (character, advance, path) in LatinGlyphs.table + GreekGlyphs.table + SignGlyphs.table {
    let glyph = Glyph(advance: advance, path: path)
    #expect(glyph != nil, "\(character)")
    // Ink stays near its own cell: at most a serif's width outside it.
    for point in (glyph?.strokes ?? []).joined() {
      #expect(point.x >= -0.5 && point.x <= advance + 0.2, "\(character)")
      #expect(point.y >= -4.6 && point.y <= 15.7, "\(character)")
    }
  }
}

@Test func noGlyphIsDrawnTwice() {
  let all = (LatinGlyphs.table + GreekGlyphs.table + SignGlyphs.table).map(\.0)
  #expect(Set(all).count == all.count)
}

@Test func theFontHasAsciiGreekAndTheSignsOfFormulas() {
  let greek = "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"
  let signs = "−×·±≈≤≥→²³½∞∂∇∑∫√εθμσφψλ⁻¹₀₁ϕ"
  let ascii = String(String.UnicodeScalarView((32...126).compactMap { Unicode.Scalar($0) }))
  #expect((ascii + greek + signs).filter { !StrokeFont.standard.has($0) } == "")
}

@Test func accentsStandOverTheirLettersHoweverTheyAreWritten() throws {
  let font = StrokeFont.standard
  let base = try #require(font.glyph(for: "e"))
  let composed = try #require(font.glyph(for: "\u{E9}"))
  let combined = try #require(font.glyph(for: "e\u{301}"))
  #expect(composed.strokes == combined.strokes)
  #expect(composed.strokes.count == base.strokes.count + 1)
  #expect(composed.advance == base.advance)
}

@Test func anUnknownCharacterIsABox() {
  let font = StrokeFont.standard
  #expect(font.glyph(for: "中")?.strokes.count == 1)
  #expect(font.width(of: "中", size: 20) > 0)
  #expect(font.strokes(of: "", size: 15).isEmpty)
}

@Test func stemsAndBarsLieOnWholePixels() throws {
  let glyph = try #require(StrokeFont.standard.glyph(for: "E"))
  for size in [11.0, 13, 15, 20] {
    let fit = GridFit(glyph, unit: size / 20)
    for stem in glyph.stems { #expect((fit.x(stem) - 0.5).remainder(dividingBy: 1) == 0) }
    for bar in glyph.bars { #expect(fit.y(bar).remainder(dividingBy: 1) == 0) }
  }
}

@Test func textInAsciiSpellsWhatItCannotShow() {
  #expect("−1.5×10⁻⁴".transliterated == "-1.5x10^-4")
  #expect("σ(x̂) ≥ ½, é, 中".transliterated == "sigma(x) >= 1/2, e, ?")
  #expect("z₁".transliterated == "z_1")
}
