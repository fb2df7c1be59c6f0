/// How symbols are written, and what people write in their stead.
enum Spellings {
  static let symbols: [String: Symbol] = {
    var table = Dictionary(uniqueKeysWithValues: Symbol.allCases.map { ($0.rawValue, $0) })
    table["**"] = .caret
    table["**="] = .caretAssign
    table["≤"] = .lessOrEqual
    table["≥"] = .greaterOrEqual
    table["≠"] = .notEqual
    table["~="] = .approximately
    return table
  }()

  /// Characters of other languages and of the blackboard, and what to write here.
  static let mistakes: [String: String] = [
    "&&": "and", "&": "and", "||": "or", "|": "or`, or `abs(x)` for `|x|", "!": "not", "∧": "and",
    "∨": "or", "¬": "not",
    "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "→": "->",
    "←": "=", "∼": "~", "≡": "==", "∞": "inf", "√": "sqrt", "∑": "sum", "∏": "prod",
    "∫": "integrate", "∇": "grad", "∂": "grad", "∈": "in", "∘": ">>", "…": "...", "“": "\"",
    "”": "\"", "„": "\"", "«": "\"", "»": "\"", "‘": "'", "’": "'", "′": "'", "（": "(",
    "）": ")", "［": "[", "］": "]", "｛": "{", "｝": "}", "，": ",", "；": ";", "：": ":", "＝": "=",
    "＋": "+", "－": "-", "＊": "*", "／": "/",
  ]

  static func unknown(_ scalar: Unicode.Scalar, _ text: String, _ span: Span) -> Diagnostic {
    if let right = mistakes[text] {
      return Diagnostic("unknown character `\(text)`", at: span, hints: ["write `\(right)`"])
    }
    if scalar == "\\" {
      let hint = "a line goes on by itself after a comma, an operator or an open bracket"
      return Diagnostic("unknown character `\\`", at: span, hints: [hint])
    }
    let code = String(scalar.value, radix: 16, uppercase: true)
    let number = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
    let isVisible = scalar.value > 0x20 && scalar.properties.generalCategory.isVisible
    return Diagnostic(
      isVisible ? "unknown character `\(scalar)` (\(number))" : "unknown character \(number)",
      at: span)
  }
}

extension Unicode.GeneralCategory {
  fileprivate var isVisible: Bool {
    switch self {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      false
    default: true
    }
  }
}
