/// A formula in TeX as a line of plain text: `$\log p_\theta(x)$` reads log p_θ(x).
///
/// What it does not know it leaves as it stands, so that nothing of a formula is lost.
package struct Formula {
  private var input: Substring
  private var depth = 0

  package static func text(_ tex: String) -> String {
    var formula = Formula(input: tex[...])
    return formula.sequence(until: nil)
  }

  /// Prose with every `$...$` and `$$...$$` as plain text.
  package static func prose(_ line: String) -> String {
    var out = ""
    var rest = line[...]
    while let open = rest.firstIndex(of: "$") {
      out += rest[..<open]
      let fence = rest[open...].hasPrefix("$$") ? "$$" : "$"
      let body = rest[rest.index(open, offsetBy: fence.count)...]
      guard let close = body.firstRange(of: fence) else {
        return out + rest[open...]
      }
      out += text(String(body[..<close.lowerBound]))
      rest = body[close.upperBound...]
    }
    return out + rest
  }

  private init(input: Substring) { self.input = input }

  private mutating func sequence(until end: Character?) -> String {
    var out = ""
    while let c = input.popFirst() {
      if c == end { break }
      switch c {
      case "\\": out += command()
      case "{": out += group()
      case "^": out += raised(Symbols.superscripts, "^")
      case "_": out += raised(Symbols.subscripts, "_")
      case "~": out += " "
      case "-": out += "−"
      default: out.append(c)
      }
    }
    return out
  }

  /// What stands between braces, of which the opening one has been read.
  ///
  /// Too deep a nest is left as it stands.
  private mutating func group() -> String {
    depth += 1
    defer { depth -= 1 }
    if depth > 50 {
      defer { input = "" }
      return String(input)
    }
    return sequence(until: "}")
  }

  /// One argument: a group, a command or a character.
  private mutating func argument() -> String {
    while input.first == " " { input.removeFirst() }
    guard let c = input.popFirst() else { return "" }
    if c == "{" { return group() }
    if c == "\\" { return command() }
    return String(c)
  }

  private mutating func command() -> String {
    guard let first = input.first else { return "\\" }
    guard first.isLetter else {
      input.removeFirst()
      // Spacing: a thin one is a space, a negative one nothing.
      switch first {
      case ",", ";", ":", " ":
        while input.first == " " { input.removeFirst() }
        return " "
      case "!": return ""
      case "|": return "‖"
      case "\\": return "  "
      default: return String(first)
      }
    }
    let name = String(input.prefix { $0.isLetter })
    input.removeFirst(name.count)
    if let symbol = Symbols.letters[name] ?? Symbols.signs[name] { return symbol }
    if let mark = Symbols.marks[name] { return argument() + mark }
    switch name {
    case "frac", "tfrac", "dfrac": return fraction()
    case "sqrt": return "√" + parenthesized(argument())
    case "mathbb", "mathcal", "mathrm", "mathbf", "text", "operatorname", "boldsymbol":
      return argument()
    case "left", "right", "big", "Big", "bigl", "bigr", "displaystyle", "limits":
      if input.first == "." { input.removeFirst() }
      return ""
    default: return name
    }
  }

  private mutating func fraction() -> String {
    let (above, below) = (argument(), argument())
    if above == "1", below == "2" { return "½" }
    return parenthesized(above) + "/" + parenthesized(below)
  }

  private func parenthesized(_ s: String) -> String {
    let isOne = s.count <= 1 || s.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." }
    return isOne ? s : "(" + s + ")"
  }

  /// A sub- or superscript in small letters where each has one, else behind its sign.
  private mutating func raised(_ small: [Character: Character], _ sign: String) -> String {
    let s = argument()
    let plain = s.map { $0 == "−" ? "-" : $0 }
    let letters = plain.compactMap { small[$0] }
    if !s.isEmpty, letters.count == plain.count { return String(letters) }
    return s.count == 1 ? sign + s : sign + "{" + s + "}"
  }
}
