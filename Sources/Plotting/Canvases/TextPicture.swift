/// What a terminal or page can show.
package struct TextStyle: Equatable, Sendable {
  package var glyphs: Glyphs
  package var colours: TextColours

  package enum Glyphs: Sendable {
    case ascii
    case unicode
  }

  package init(glyphs: Glyphs = .unicode, colours: TextColours = .none) {
    self.glyphs = glyphs
    self.colours = colours
  }
}

/// The colours a terminal understands.
package enum TextColours: Sendable {
  case none
  case ansi256
  case trueColour
}

/// One character of a text picture; nothing for a colour means the terminal's own.
package struct TextCell: Equatable, Sendable {
  package var character: Character
  package var foreground: Colour?
  package var background: Colour?
  /// Whether the cell is the right half of the wide character before it, and prints nothing.
  var isContinuation = false

  package static let blank = TextCell(" ")

  package init(_ character: Character, foreground: Colour? = nil, background: Colour? = nil) {
    self.character = character
    self.foreground = foreground
    self.background = background
  }
}

/// A picture of characters, rows from top to bottom.
package struct TextPicture: Equatable, Sendable {
  package let columns: Int
  package private(set) var rows: [[TextCell]]

  package init(columns: Int, rows: Int) {
    self.columns = max(columns, 0)
    self.rows = Array(
      repeating: Array(repeating: .blank, count: max(columns, 0)), count: max(rows, 0))
  }

  subscript(column: Int, row: Int) -> TextCell {
    get { contains(column, row) ? rows[row][column] : .blank }
    set { if contains(column, row) { rows[row][column] = newValue } }
  }

  private func contains(_ column: Int, _ row: Int) -> Bool {
    rows.indices.contains(row) && column >= 0 && column < columns
  }

  /// Writes text to the right of a cell; what does not fit is cut off.
  mutating func write(_ text: String, column: Int, row: Int, foreground: Colour? = nil) {
    var column = column
    for character in text {
      // A control character in a label must not reach the terminal.
      let isControl = character.unicodeScalars.contains {
        $0.properties.generalCategory == .control
      }
      let character = isControl ? " " : character
      let width = character.cellWidth
      guard column + width <= columns else { return }
      self[column, row] = TextCell(character, foreground: foreground)
      if width == 2 {
        var rest = TextCell.blank
        rest.isContinuation = true
        self[column + 1, row] = rest
      }
      column += width
    }
  }

  /// Lays another picture over this one.
  mutating func place(_ other: TextPicture, column: Int, row: Int) {
    for (y, cells) in other.rows.enumerated() {
      for (x, cell) in cells.enumerated() { self[column + x, row + y] = cell }
    }
  }

  /// The rows below each other.
  static func + (above: TextPicture, below: TextPicture) -> TextPicture {
    var picture = TextPicture(columns: max(above.columns, below.columns), rows: 0)
    picture.rows = (above.rows + below.rows).map { row in
      row + Array(repeating: .blank, count: picture.columns - row.count)
    }
    return picture
  }

  /// The characters alone, without trailing blanks, each row ended by a line feed.
  package var plain: String { ansi(.none) }

  /// The picture with the escape sequences that colour it; each row ends in the terminal's own colours.
  package func ansi(_ colours: TextColours) -> String {
    var text = ""
    for row in rows {
      let end = row.lastIndex { $0.character != " " || $0.background != nil }.map { $0 + 1 } ?? 0
      var style = ""
      for cell in row[..<end] where !cell.isContinuation {
        let wanted = cell.escape(colours)
        if wanted != style {
          // Every change begins from plain, so that no colour outlives its cell.
          text += (style.isEmpty ? "" : "\u{1B}[0m") + wanted
          style = wanted
        }
        text.append(cell.character)
      }
      text += (style.isEmpty ? "" : "\u{1B}[0m") + "\n"
    }
    return text
  }
}

extension TextCell {
  fileprivate func escape(_ colours: TextColours) -> String {
    let codes = [("38", character == " " ? nil : foreground), ("48", background)].compactMap {
      (kind, colour) -> String? in
      guard let colour else { return nil }
      return switch colours {
      case .none: nil
      case .ansi256: "\(kind);5;\(colour.ansi256)"
      case .trueColour: "\(kind);2;\(colour.red);\(colour.green);\(colour.blue)"
      }
    }
    return codes.isEmpty ? "" : "\u{1B}[" + codes.joined(separator: ";") + "m"
  }
}

extension Colour {
  /// The nearest of the 256 colours of a terminal: its cube of 216, or its ramp of 24 greys.
  var ansi256: Int {
    let levels = [0, 95, 135, 175, 215, 255]
    func nearest(_ value: UInt8) -> Int {
      levels.indices.min { abs(levels[$0] - Int(value)) < abs(levels[$1] - Int(value)) } ?? 0
    }
    func distance(_ r: Int, _ g: Int, _ b: Int) -> Int {
      let (dr, dg, db) = (r - Int(red), g - Int(green), b - Int(blue))
      return dr * dr + dg * dg + db * db
    }
    let cube = (nearest(red), nearest(green), nearest(blue))
    let step = min(max((luminance - 8 + 5) / 10, 0), 23)
    let grey = 8 + 10 * step
    return distance(grey, grey, grey) < distance(levels[cube.0], levels[cube.1], levels[cube.2])
      ? 232 + step : 16 + 36 * cube.0 + 6 * cube.1 + cube.2
  }
}

extension Character {
  /// How many cells of a terminal the character takes.
  ///
  /// Source: the wide and fullwidth blocks of Unicode's UAX #11, coarsely.
  var cellWidth: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default:
      return scalar.properties.generalCategory == .nonspacingMark ? 0 : 1
    }
  }
}

extension String {
  /// How many cells of a terminal the text takes.
  var cellWidth: Int { reduce(0) { $0 + $1.cellWidth } }

  /// The text within so many cells, cut with an ellipsis.
  func fitted(to cells: Int) -> String {
    guard cellWidth > cells else { return self }
    var text = ""
    for character in self {
      if text.cellWidth + character.cellWidth >= cells { break }
      text.append(character)
    }
    return text + "…"
  }
}
