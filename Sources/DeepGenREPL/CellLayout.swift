import Script

/// The longest beginning of a text that fits.
func clipped(_ text: String, to room: Int) -> String {
  var result = ""
  var used = 0
  for character in text {
    used += character.columns
    if used > room { break }
    result.append(character)
  }
  return result
}

/// The rows that a text takes on a screen, beginning in a column and wrapping at the width.
func rowCount(_ text: String, from column: Int, width: Int) -> Int {
  var rows = 1
  var column = column
  for character in text {
    let taken = character == "\n" ? 0 : character.columns
    if character == "\n" || column + taken > width {
      rows += 1
      column = 0
    }
    column += taken
    // A full row sends the cursor to the next at once.
    if column == width {
      rows += 1
      column = 0
    }
  }
  return rows
}

/// Words in columns, read downwards, each line ended; past `limit` words the rest is counted.
func columns(_ words: [String], width: Int, limit: Int = 200) -> String {
  let shown = words.prefix(limit)
  let cell = (shown.map(\.columns).max() ?? 0) + 2
  let count = max(1, width / cell)
  let rows = (shown.count + count - 1) / count
  var text = ""
  for row in 0..<rows {
    let line = stride(from: row, to: shown.count, by: rows).map { shown[$0] }
    for word in line.dropLast() {
      text += word + String(repeating: " ", count: cell - word.columns)
    }
    text += clipped(line.last ?? "", to: width) + "\n"
  }
  return words.count > limit ? text + "... and \(words.count - limit) more\n" : text
}

/// The longest beginning that two words share.
func commonPrefix(_ a: String, _ b: String) -> String {
  String(zip(a, b).prefix { $0 == $1 }.map(\.0))
}
