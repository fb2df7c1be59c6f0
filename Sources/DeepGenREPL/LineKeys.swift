import CEditline
import Glibc

/// What the keys do that libedit leaves to us: completion, pasting, lines within an input.
extension LineEditor {
  func bindKeys() {
    unsafe add("dg-complete") { el, _ in unsafe LineEditor.of(el)?.completeWord() ?? failed }
    unsafe add("dg-close") { el, key in unsafe LineEditor.of(el)?.closeBracket(key) ?? failed }
    unsafe add("dg-paste") { el, _ in unsafe LineEditor.of(el)?.paste() ?? failed }
    unsafe add("dg-up") { el, _ in unsafe LineEditor.of(el)?.moveUp() ?? failed }
    unsafe add("dg-down") { el, _ in unsafe LineEditor.of(el)?.moveDown() ?? failed }
    // The user's own ~/.editrc, which may choose vi keys. In these an escape is a command, and a
    // binding that begins with one would hold it back.
    unsafe el_source(editor, nil)
    let bindings =
      unsafe editline_uses_vi(editor) != 0 ? Self.plainKeys : Self.plainKeys + Self.escapeKeys
    for (key, command) in bindings { unsafe editline_bind(editor, key, command) }
  }

  private static let plainKeys = [
    ("^I", "dg-complete"), ("^R", "em-inc-search-prev"), ("^W", "ed-delete-prev-word"),
    ("}", "dg-close"), ("]", "dg-close"), (")", "dg-close"),
  ]

  private static let escapeKeys = [
    ("\\e[200~", "dg-paste"),
    ("\\e[A", "dg-up"), ("\\eOA", "dg-up"), ("\\e[B", "dg-down"), ("\\eOB", "dg-down"),
    ("\\e[1;5D", "ed-prev-word"), ("\\e[1;5C", "em-next-word"),
    ("\\e[1;3D", "ed-prev-word"), ("\\e[1;3C", "em-next-word"),
    ("\\e[H", "ed-move-to-beg"), ("\\e[F", "ed-move-to-end"),
    ("\\eOH", "ed-move-to-beg"), ("\\eOF", "ed-move-to-end"),
    ("\\e[1~", "ed-move-to-beg"), ("\\e[4~", "ed-move-to-end"),
    ("\\e[3~", "ed-delete-next-char"),
  ]

  private func add(
    _ name: String, _ run: @escaping @convention(c) (OpaquePointer?, Int32) -> UInt8
  ) {
    unsafe editline_add_command(editor, name, name, run)
  }

  private func completeWord() -> UInt8 {
    let (text, cursor) = line
    let before = text.utf8.prefix(cursor)
    if isIndenting {
      unsafe el_insertstr(editor, Self.indentation)
      return UInt8(CC_REFRESH)
    }
    let offset = pending.utf8.count
    let completion = hooks.complete(pending + text, offset + cursor)
    let start = completion.start - offset
    guard (0...cursor).contains(start), let first = completion.candidates.first else {
      return UInt8(CC_REFRESH_BEEP)
    }
    let typed = String(decoding: Array(before.dropFirst(start)), as: UTF8.self)
    let common = completion.candidates.dropFirst().reduce(first, commonPrefix)
    if completion.candidates.count == 1 || (common != typed && common.hasPrefix(typed)) {
      lastTab = nil
      unsafe el_deletestr(editor, Int32(clamping: typed.unicodeScalars.count))
      unsafe el_insertstr(editor, common)
      return UInt8(CC_REFRESH)
    }
    guard let lastTab, lastTab == (text, cursor) else {
      lastTab = (text, cursor)
      return UInt8(CC_REFRESH_BEEP)
    }
    list(completion.candidates)
    return UInt8(CC_REDISPLAY)
  }

  /// Whether only blanks stand before the cursor, in a line that is not an input's first.
  private var isIndenting: Bool {
    let (text, cursor) = line
    return !pending.isEmpty && text.utf8.prefix(cursor).allSatisfy { $0 == UInt8(ascii: " ") }
  }

  /// Inserts a closing bracket; one that begins a line loses a step of the indentation.
  private func closeBracket(_ key: Int32) -> UInt8 {
    if isIndenting {
      unsafe el_deletestr(editor, Int32(min(line.cursor, Self.indentation.count)))
    }
    unsafe el_insertstr(editor, String(UnicodeScalar(UInt8(truncatingIfNeeded: key))))
    return UInt8(CC_REFRESH)
  }

  /// Prints the candidates under the input and leaves room to draw the input anew.
  private func list(_ candidates: [String]) {
    let width = terminalSize(output.descriptor)?.width ?? 80
    let rows = cursorRows(width: width)
    // libedit, told to redraw, clears from the input's last line up to its first, counting from the
    // line that it left the cursor in.
    output.write(
      String(repeating: "\n", count: rows.below + 1) + columns(candidates, width: width)
        + String(repeating: "\n", count: rows.above))
  }

  /// The rows of the input on the screen above and below the cursor's.
  func cursorRows(width: Int) -> (above: Int, below: Int) {
    let (text, cursor) = line
    let before = String(decoding: text.utf8.prefix(cursor), as: UTF8.self)
    let above = rowCount(before, from: promptWidth, width: width) - 1
    return (above, rowCount(text, from: promptWidth, width: width) - 1 - above)
  }

  /// Inserts what the terminal marks as pasted, as it is: no key in it acts.
  private func paste() -> UInt8 {
    let end = "\u{1b}[201~".unicodeScalars
    var text = String.UnicodeScalarView()
    while !text.suffix(end.count).elementsEqual(end) {
      guard let scalar = nextCharacter() else { return UInt8(CC_REFRESH) }
      text.append(scalar)
    }
    text.removeLast(end.count)
    unsafe el_insertstr(editor, pasteable(text))
    return UInt8(CC_REFRESH)
  }

  private func moveUp() -> UInt8 {
    let (text, cursor) = line
    let lines = linesBefore(cursor, in: text)
    guard lines.count > 1 else {
      // The key that libedit has for it, as if it were typed.
      unsafe el_push(editor, "\u{10}")
      return UInt8(CC_NORM)
    }
    let column = lines[lines.count - 1].count
    let above = lines[lines.count - 2].count
    unsafe el_cursor(editor, -Int32(clamping: column + 1 + max(0, above - column)))
    return UInt8(CC_REFRESH)
  }

  private func moveDown() -> UInt8 {
    let (text, cursor) = line
    let lines = linesBefore(cursor, in: text)
    let after = String(decoding: text.utf8.dropFirst(cursor), as: UTF8.self).unicodeScalars
      .split(separator: "\n", omittingEmptySubsequences: false)
    guard after.count > 1, let column = lines.last?.count else {
      unsafe el_push(editor, "\u{e}")
      return UInt8(CC_NORM)
    }
    unsafe el_cursor(
      editor, Int32(clamping: after[0].count + 1 + min(column, after[1].count)))
    return UInt8(CC_REFRESH)
  }

  private func linesBefore(_ cursor: Int, in text: String) -> [Substring.UnicodeScalarView] {
    Substring(decoding: text.utf8.prefix(cursor), as: UTF8.self).unicodeScalars
      .split(separator: "\n", omittingEmptySubsequences: false)
  }
}

/// What a key's function answers where there is no editor.
private let failed = UInt8(CC_ERROR)

/// A paste as it may stand in the input: lines end in `\n`, the last has no end, and no control
/// character but the tab is left.
func pasteable(_ text: String.UnicodeScalarView) -> String {
  var result = String.UnicodeScalarView()
  var isAfterReturn = false
  for scalar in text {
    if scalar == "\r" || (scalar == "\n" && !isAfterReturn) {
      result.append("\n")
    } else if scalar == "\t" || (scalar.value >= 0x20 && !(0x7f..<0xa0).contains(scalar.value)) {
      result.append(scalar)
    }
    isAfterReturn = scalar == "\r"
  }
  while result.last == "\n" { result.removeLast() }
  return String(result)
}
