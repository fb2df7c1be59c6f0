import Testing

@testable import Plotting

private func parabola() throws -> Figure {
  let xs = (0...40).map { Double($0) / 10 - 2 }
  var figure = Figure(title: "Two curves", xLabel: "x", yLabel: "y")
  figure.add(try Line(x: xs, y: xs.map { $0 * $0 }, label: "x²"))
  figure.add(try Line(x: xs, y: xs.map { 2 - $0 }, label: "2 − x", style: LineStyle("--")))
  return figure
}

@Test func aFigureInBraille() throws {
  let expected = """
                    Two curves
      y
     4┤⠐⢖⠤ ⡀                              ⡠⠂ ── x²
      │  ⢣ ⠈⠉ ⠢⠤⡀                        ⡔⠁
      │   ⠑⢄     ⠈⠑⠂⠠⢄⣀                ⡠⠊
     2┤     ⠑⢄          ⠒⠤⠄⣀⡀        ⢠⠊
      │      ⠈⠒⢄            ⠈⠁⠐⠤⣀ ⢀⡠⠊⠁
      │         ⠉⠢⢄⡀           ⣀⠤⠒⠑⠒ ⢄⣀⡀
     0┤            ⠈⠑⠒⠤⠤⠤⠤⠤⠤⠔⠒⠉         ⠐⠒⠄  ╌╌ 2 − x
      └┬────────┬────────┬────────┬────────┬
      −2       −1        0        1        2
                         x

    """
  #expect(try parabola().text(columns: 50, rows: 12).plain == expected)
}

@Test func aFigureInAscii() throws {
  let style = TextStyle(glyphs: .ascii)
  let text = try parabola().text(columns: 50, rows: 12, style: style).plain
  let expected = """
                    Two curves
      y
     4+':...                              .' -- x^2
      |  '.   :..                        :
      |   '.     '' ..                 .'
     2+     '.        '''  ..        .'
      |      ''.             ''.   .''
      |         ''..           ..''''.
     0+             ''.......''         ''.. -  2 - x
      ++--------+--------+--------+--------+
      -2       -1        0        1        2
                         x

    """
  #expect(text == expected)
  #expect(text.utf8.allSatisfy { $0 < 128 })
}

@Test func plainTextHasNoEscapesAndColoursEndWithTheirRow() throws {
  let picture = try parabola().text(columns: 50, rows: 12)
  #expect(!picture.plain.utf8.contains(0x1B))
  for colours in [TextColours.ansi256, .trueColour] {
    for row in picture.ansi(colours).split(separator: "\n") where row.utf8.contains(0x1B) {
      let last = row.split(separator: "\u{1B}").last ?? ""
      #expect(last.hasPrefix("[0m"))
    }
  }
}

@Test func controlCharactersInLabelsDoNotReachTheTerminal() throws {
  var figure = Figure(title: "a\u{1B}[2Jb\nc", xLabel: "\t")
  figure.add(try Line(y: [1, 2], label: "\u{7}"))
  let text = figure.text(columns: 40, rows: 10).plain
  #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 32 })
  #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 11)
}

@Test func wideCharactersTakeTwoCells() throws {
  let picture = Figure(title: "中文").text(columns: 20, rows: 6)
  #expect(picture.rows.allSatisfy { $0.count == 20 })
  #expect(picture.plain.contains("中文"))
}

@Test func textIsCutToItsWidth() throws {
  let long = String(repeating: "long ", count: 100)
  var figure = Figure(title: long, xLabel: long, yLabel: long)
  figure.add(try Line(y: [1, 2], label: long))
  let picture = figure.text(columns: 40, rows: 10)
  #expect(picture.rows.allSatisfy { $0.count == 40 })
  #expect(figure.pixels(width: 200, height: 100).width == 200)
}

private let ramp = [0, 0.25, 0.5, 0.75, 1, 1, 0, 0]

@Test func imagesAreHalfBlocksInColour() throws {
  let images = try Images(pixels: ramp, count: 2, height: 2, width: 2, columns: 2)
  let style = TextStyle(colours: .trueColour)
  let picture = Figure(title: "Ramp", marks: [images]).text(columns: 9, rows: 3, style: style)
  let row = picture.rows[1]
  #expect(
    row[0] == TextCell("▀", foreground: Colour(grey: 0), background: Colour(grey: 0)))
  #expect(picture.plain.contains("▀"))
}

@Test func imagesAreBrailleDotsWithoutColourAndPunctuationWithoutUnicode() throws {
  let images = try Images(pixels: ramp, count: 2, height: 2, width: 2, columns: 2)
  let figure = Figure(title: "Ramp", marks: [images])
  let braille = """
    Ramp
              ⣿⣿⣿⣿⣿
    ⢔⢔⢴⢶⢶     ⠉⠉⠉⠉⠉
    ⠑⠑⠙⠛⠛

    """
  #expect(figure.text(columns: 16, rows: 3).plain == braille)
  let ascii = figure.text(columns: 16, rows: 3, style: TextStyle(glyphs: .ascii)).plain
  #expect(ascii == "Ramp\n  ::  @@@@\n++##\n")
}

@Test func coloursInTextHaveTheirScaleBesideThem() throws {
  let map = try Heatmap(values: [0, 1, 2, 4], rows: 2, columns: 2)
  let expected = """
     2┤▒▒▒▒▒▒▒▒▒█████████ ▓▓ 4
      │▒▒▒▒▒▒▒▒▒█████████ ▒▒
     1┤         ░░░░░░░░░ ░░ 2
     0┤         ░░░░░░░░░    0
      └┬────────────────┬
       0                2

    """
  let text = Figure(marks: [map]).text(columns: 26, rows: 6).plain
  #expect(text == expected)
  // Where it would take half of the plot's room, it is left out.
  #expect(!Figure(marks: [map]).text(columns: 16, rows: 6).plain.contains(" ▒▒ "))
}

@Test func imagesTooWideForTheTerminalShrink() throws {
  let pixels = (0..<40 * 64).map { Double($0 % 3) / 2 }
  let images = try Images(pixels: pixels, count: 40, height: 8, width: 8, columns: 40)
  for glyphs in [TextStyle.Glyphs.ascii, .unicode] {
    for colours in [TextColours.none, .trueColour] {
      let style = TextStyle(glyphs: glyphs, colours: colours)
      let picture = Figure(marks: [images]).text(columns: 50, rows: 10, style: style)
      #expect(picture.rows.allSatisfy { $0.count <= 50 })
      #expect(!picture.rows.isEmpty)
    }
  }
}

@Test func aColourFindsItsNeighbourAmong256() {
  #expect(Colour.black.ansi256 == 16)
  #expect(Colour.white.ansi256 == 231)
  #expect(Colour(grey: 128).ansi256 == 244)
  #expect(Colour(0xFF0000).ansi256 == 196)
}

@Test func aDescriptionTellsTheFigureInWords() throws {
  #expect(
    try parabola().description == "Two curves. "
      + "x from −2 to 2, y from 0 to 4. "
      + "x²: line of 41 points, y from 0 to 4, last 4. "
      + "2 − x: line of 41 points, y from 0 to 4, last 0.")
  let images = try Images(pixels: ramp, count: 2, height: 2, width: 2, columns: 2)
  #expect(
    Figure(title: "Ramp", marks: [images]).description
      == "Ramp. 2 grey images of 2x2 pixels in 1 row of up to 2, values from 0 to 1.")
  #expect(Figure().description == "x from 0 to 1, y from 0 to 1. no data.")
}

@Test func smallImagesBeginAtWholeCharacters() throws {
  let pixels = [Double](repeating: 1, count: 4 * 64)
  let images = try Images(pixels: pixels, count: 4, height: 8, width: 8, columns: 2)
  let picture = Figure(marks: [images]).text(columns: 16, rows: 6)
  // Two by two images of four by two characters of dots, a free column and row between them.
  #expect(picture.plain == "⣿⣿⣿⣿ ⣿⣿⣿⣿\n⣿⣿⣿⣿ ⣿⣿⣿⣿\n\n⣿⣿⣿⣿ ⣿⣿⣿⣿\n⣿⣿⣿⣿ ⣿⣿⣿⣿\n")
}
