/// The smallest piece of a text that means something.
struct Token {
  enum Kind: Equatable {
    case number(Double)
    case string([StringPiece])
    /// After normalisation.
    case name(String)
    case word(Word)
    case symbol(Symbol)
    case newline
    case end
    /// What no token could be made of; already reported.
    case invalid
  }

  let kind: Kind
  let span: Span
  /// Whether a blank or a line's start is before it: `f -1` is no `f - 1`.
  let followsBlank: Bool

  func `is`(_ symbol: Symbol) -> Bool { kind == .symbol(symbol) }
  func `is`(_ word: Word) -> Bool { kind == .word(word) }
  func `is`(name: String) -> Bool { kind == .name(name) }

  var name: String? {
    if case .name(let text) = kind { text } else { nil }
  }

  /// Whether a line that ends with it goes on in the next.
  var continuesLine: Bool {
    switch kind {
    case .word(.and), .word(.or), .word(.not), .word(.in): true
    case .symbol(let symbol): symbol.continuesLine
    default: false
    }
  }

  /// Whether a statement may end before it.
  var endsStatement: Bool {
    switch kind {
    case .newline, .end, .symbol(.semicolon), .symbol(.closeBrace): true
    default: false
    }
  }
}

/// What stands in a string: text with its escapes resolved, or the place of a `{value:format}`.
enum StringPiece: Equatable {
  case text(String)
  case hole(value: Span, format: Span?)
}

/// A name that the language keeps for itself.
package enum Word: String, CaseIterable, Sendable {
  case and
  case or
  case not
  case `if`
  case `else`
  case `for`
  case `in`
  case `while`
  case `break`
  case `continue`
  case `return`
  case `true`
  case `false`
  case none

  /// All of the language's words, those included that are words only where a statement begins.
  package static let all =
    allCases.map(\.rawValue) + ["assert", "check", "derive", "fails", "predict"]

  private static let table: [String: Word] = {
    var table = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
    table["True"] = .true
    table["False"] = .false
    table["None"] = Word.none
    return table
  }()

  init?(spelling: String) {
    guard let word = Word.table[spelling] else { return nil }
    self = word
  }
}

/// A piece of punctuation.
enum Symbol: String, CaseIterable {
  case openParenthesis = "("
  case closeParenthesis = ")"
  case openBracket = "["
  case closeBracket = "]"
  case openBrace = "{"
  case closeBrace = "}"
  case comma = ","
  case semicolon = ";"
  case colon = ":"
  case dot = "."
  case range = ".."
  case ellipsis = "..."
  case assign = "="
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case approximately = "≈"
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case doubleSlash = "//"
  case percent = "%"
  case at = "@"
  case caret = "^"
  case compose = ">>"
  case pipe = "|>"
  case arrow = "->"
  case tilde = "~"
  case question = "?"
  case plusAssign = "+="
  case minusAssign = "-="
  case starAssign = "*="
  case slashAssign = "/="
  case doubleSlashAssign = "//="
  case percentAssign = "%="
  case atAssign = "@="
  case caretAssign = "^="

  /// The bracket that closes this one.
  var closer: Symbol? {
    switch self {
    case .openParenthesis: .closeParenthesis
    case .openBracket: .closeBracket
    case .openBrace: .closeBrace
    default: nil
    }
  }

  var isCloser: Bool {
    self == .closeParenthesis || self == .closeBracket || self == .closeBrace
  }

  /// The operator of `x += 1` and its like.
  var augmentedOperator: BinaryOperator? {
    switch self {
    case .plusAssign: .add
    case .minusAssign: .subtract
    case .starAssign: .multiply
    case .slashAssign: .divide
    case .doubleSlashAssign: .floorDivide
    case .percentAssign: .remainder
    case .atAssign: .matrixMultiply
    case .caretAssign: .power
    default: nil
    }
  }

  /// Whether a line that ends here goes on in the next.
  var continuesLine: Bool {
    switch self {
    case .openParenthesis, .closeParenthesis, .openBracket, .closeBracket, .openBrace, .closeBrace,
      .semicolon, .colon, .dot, .ellipsis, .question:
      false
    default: true
    }
  }
}
