import Script

/// A prose cell as lines for the reader.
enum Prose {
  enum Line: Equatable {
    case heading(String)
    case text(String)
  }

  /// Formulas as text; with a width, paragraphs are filled anew so that no line is longer.
  ///
  /// Headings, lists, tables and indented lines keep their own lines.
  static func lines(_ prose: String, width: Int?) -> [Line] {
    var lines: [Line] = []
    var paragraph = ""
    func flush() {
      guard !paragraph.isEmpty else { return }
      lines += filled(paragraph, width ?? .max).map { .text($0) }
      paragraph = ""
    }
    for line in Formula.prose(prose).split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("# ") || line.hasPrefix("## ") {
        flush()
        lines.append(.heading(String(line)))
      } else if width == nil || !isParagraph(line) {
        flush()
        lines.append(.text(String(line)))
      } else {
        paragraph += paragraph.isEmpty ? line : " " + line
      }
    }
    flush()
    return lines
  }

  private static func isParagraph(_ line: Substring) -> Bool {
    guard let first = line.first else { return false }
    return !first.isWhitespace && !"-*+|>0123456789".contains(first)
  }

  private static func filled(_ paragraph: String, _ width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in paragraph.split(separator: " ") {
      if !line.isEmpty, line.columns + 1 + word.columns > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? word : " " + word
    }
    return lines + [line]
  }
}
