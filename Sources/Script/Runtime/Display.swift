import Tensors

/// Values as the prompt shows them.
package enum Display {
  /// One line or several, without a line feed at the end.
  ///
  /// Units: columns.
  package static func text(_ value: Value, width: Int = 80) -> String { short(value) }

  /// One short line.
  package static func short(_ value: Value) -> String { value.description }

  /// One line that tells what a value is: for `whos`.
  package static func summary(_ value: Value) -> String { value.description }

  /// As `print` and `{x}` show it: a text as it is.
  package static func printed(_ value: Value, width: Int = 80) -> String {
    if case .text(let text) = value { return text }
    return text(value, width: width)
  }
}

enum TextDisplay {
  /// A text as a script would write it.
  static func quoted(_ text: some StringProtocol) -> String {
    var out = "\""
    for c in text {
      switch c {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      default: out.append(c)
      }
    }
    return out + "\""
  }
}
