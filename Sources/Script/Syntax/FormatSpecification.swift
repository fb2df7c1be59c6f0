/// Python's format mini-language, `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
package struct FormatSpecification: Hashable, Sendable {
  package enum Alignment: Character, Sendable {
    case left = "<"
    case right = ">"
    case center = "^"
    /// Padding between the sign and the digits.
    case afterSign = "="
  }

  package enum Sign: Character, Sendable {
    case negativeOnly = "-"
    case always = "+"
    case space = " "
  }

  package var fill: Character = " "
  package var alignment: Alignment?
  package var sign: Sign = .negativeOnly
  package var isAlternate = false
  package var width = 0
  /// `,` or `_` between groups of three digits.
  package var grouping: Character?
  package var precision: Int?
  /// One of `b c d e E f F g G n o s x X %`.
  package var type: Character?

  package init() {}
}

extension FormatSpecification {
  /// Reads what stands after the colon of `{value:format}`; none if it is no format.
  package init?(_ text: String) {
    self.init()
    var rest = Substring(text)
    let second = rest.dropFirst().first
    if let mark = second.flatMap(Alignment.init(rawValue:)), let first = rest.first {
      fill = first
      alignment = mark
      rest = rest.dropFirst(2)
    } else if let mark = rest.first.flatMap(Alignment.init(rawValue:)) {
      alignment = mark
      rest = rest.dropFirst()
    }
    if let mark = rest.first.flatMap(Sign.init(rawValue:)) {
      sign = mark
      rest = rest.dropFirst()
    }
    if rest.first == "#" {
      isAlternate = true
      rest = rest.dropFirst()
    }
    if rest.first == "0" {
      if alignment == nil {
        fill = "0"
        alignment = .afterSign
      }
      rest = rest.dropFirst()
    }
    guard let width = FormatSpecification.number(&rest) else { return nil }
    self.width = width ?? 0
    if let mark = rest.first, mark == "," || mark == "_" {
      grouping = mark
      rest = rest.dropFirst()
    }
    if rest.first == "." {
      rest = rest.dropFirst()
      guard let digits = FormatSpecification.number(&rest), let digits else { return nil }
      precision = digits
    }
    if let letter = rest.first, "bcdeEfFgGnosxX%".contains(letter) {
      type = letter
      rest = rest.dropFirst()
    }
    guard rest.isEmpty else { return nil }
  }

  /// Digits: none of them gives an inner none, too large a number an outer one.
  private static func number(_ rest: inout Substring) -> Int?? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(digits.count)
    if digits.isEmpty { return .some(nil) }
    guard let value = Int(digits), value <= 1000 else { return nil }
    return .some(value)
  }
}
