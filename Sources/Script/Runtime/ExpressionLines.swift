/// Breaks an expression that is too long for a line where a person would: outside of brackets rather than
/// within them, before a `+` or a `-` rather than elsewhere.
///
///     ExpressionLines("f(x) + g(y, z)", width: 8).lines     // ["f(x)", "+ g(y, z)"]
struct ExpressionLines {
  private(set) var lines: [String] = []

  /// Lines after the first are to have `indent` columns less than `width`.
  init(_ text: String, width: Int, indent: Int = 0) {
    var rest = Array(text)
    var room = max(width, 8)
    while columns(rest) > room {
      let end = Self.lineEnd(rest, room)
      lines.append(String(rest[..<end]))
      rest = Array(rest[end...].drop { $0 == " " })
      room = max(width - indent, 8)
    }
    lines.append(String(rest))
  }

  private func columns(_ text: [Character]) -> Int { text.reduce(0) { $0 + $1.columns } }

  /// How many characters the first line gets.
  private static func lineEnd(_ text: [Character], _ room: Int) -> Int {
    var (depth, used, quote) = (0, 0, Character?.none)
    var best: (place: Int, cost: Int)?
    for (i, character) in text.enumerated() {
      if character == " ", quote == nil, used > room / 3 {
        let cost = 3 * depth + cost(of: text[(i + 1)...])
        if cost <= best?.cost ?? .max { best = (i, cost) }
      }
      used += character.columns
      if used > room { return best?.place ?? max(i, 1) }
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if "([{".contains(character) {
        depth += 1
      } else if ")]}".contains(character) {
        depth -= 1
      }
    }
    return text.count
  }

  /// Of a break before this text: least before a sum's sign.
  private static func cost(of next: ArraySlice<Character>) -> Int {
    guard let first = next.first, next.dropFirst().first == " " else { return 2 }
    return first == "+" || first == "-" ? 0 : "*/@".contains(first) ? 1 : 2
  }
}
