import Distributions
import Tensors

/// Values as the prompt shows them.
package enum Display {
  /// One line or several, without a line feed at the end.
  ///
  /// Units: columns.
  package static func text(_ value: Value, width: Int = 80) -> String {
    var display = NestedDisplay()
    return display.text(value, width: max(20, width))
  }

  /// One short line.
  package static func short(_ value: Value) -> String {
    var display = NestedDisplay()
    let line = display.short(value)
    return line.count > 60 ? line.prefix(59) + "…" : line
  }

  /// One line that tells what a value is: for `whos`.
  package static func summary(_ value: Value) -> String {
    switch value {
    case .tensor, .variable:
      guard let tensor = value.storedTensor else { return "" }
      let kind = if case .variable = value { "param" } else { "tensor" }
      let head = "\(kind) \(tensor.shape) \(tensor.dtype.name)"
      return tensor.rank <= 1 && tensor.count <= 8 ? head + "  " + short(value) : head
    case .function: return "function  " + short(value)
    case .list(let list): return "list of \(list.elements.count)  " + short(value)
    case .record: return "record  " + short(value)
    case .none, .bool, .number, .text, .tuple, .distribution, .dtype:
      return "\(value.typeName)  " + short(value)
    case .object(let object):
      let line = object.display(width: 60).split(separator: "\n").first.map(String.init) ?? ""
      return line.hasPrefix(object.typeName) || line.isEmpty
        ? (line.isEmpty ? object.typeName : line) : "\(object.typeName)  \(line)"
    }
  }

  /// As `print` and `{x}` show it: a text as it is.
  package static func printed(_ value: Value, width: Int = 80) -> String {
    if case .text(let text) = value { return text }
    return text(value, width: width)
  }
}

/// Lists in records in lists: knows where it is, so that a list that holds itself ends.
private struct NestedDisplay {
  private var open: Set<ObjectIdentifier> = []
  private var depth = 0

  private static let depthLimit = 12
  /// Of a longer list the ends are shown.
  private static let longest = 40
  private static let ends = 5

  mutating func text(_ value: Value, width: Int) -> String {
    switch value {
    case .tensor, .variable:
      return value.storedTensor.map {
        EstimateDisplay.text($0, width: width) ?? TensorDisplay.text($0, width: width)
      } ?? ""
    case .object(let object): return object.display(width: width)
    case .function(let function): return function.display
    case .list, .tuple, .record:
      let line = short(value)
      if line.columns <= width, !line.contains("tensor ["), !holdsMore(value) { return line }
      return tall(value, width: width)
    case .none, .bool, .number, .text, .distribution, .dtype: return short(value)
    }
  }

  /// Whether an element needs lines of its own, such as a matrix.
  private func holdsMore(_ value: Value) -> Bool {
    let parts = if case .record(let record) = value { record.values } else { value.sequence ?? [] }
    return parts.prefix(Self.longest).contains { part in
      switch part {
      case .tensor, .variable: (part.storedTensor?.rank ?? 0) > 1
      case .object(let object): object.display(width: 60).contains("\n")
      case .function(let function): function.display.contains("\n")
      default: false
      }
    }
  }

  mutating func short(_ value: Value) -> String {
    switch value {
    case .none, .bool, .number: return value.description
    case .text(let text): return TextDisplay.quoted(text)
    case .tensor, .variable:
      guard let tensor = value.storedTensor else { return "" }
      return (tensor.rank < 2 ? EstimateDisplay.text(tensor, width: 60) : nil)
        ?? TensorDisplay.short(tensor)
    case .dtype(let type): return type.name
    case .distribution(let distribution): return distribution.description
    case .function(let function): return Self.line(function.display)
    case .object(let object): return Self.line(object.display(width: 60))
    case .list(let list):
      return nested(list, "[...]") { me in "[" + me.joined(list.elements) + "]" }
    case .tuple(let elements):
      guard depth < Self.depthLimit else { return "(...)" }
      depth += 1
      defer { depth -= 1 }
      return "(" + joined(elements) + (elements.count == 1 ? ",)" : ")")
    case .record(let record):
      return nested(record, "{...}") { me in
        "{"
          + record.items.map { "\(TextDisplay.key($0.name)): \(me.short($0.value))" }
          .joined(separator: ", ") + "}"
      }
    }
  }

  private static func line(_ text: String) -> String {
    let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    return lines.count > 1 ? lines[0] + " …" : text
  }

  private mutating func nested(
    _ object: AnyObject, _ again: String, _ body: (inout NestedDisplay) -> String
  ) -> String {
    let identity = ObjectIdentifier(object)
    guard depth < Self.depthLimit, open.insert(identity).inserted else { return again }
    depth += 1
    defer {
      depth -= 1
      open.remove(identity)
    }
    return body(&self)
  }

  private mutating func joined(_ elements: [Value]) -> String {
    var parts: [String] = []
    for (i, element) in elements.enumerated() {
      if elements.count > Self.longest, i >= Self.ends, i < elements.count - Self.ends {
        if i == Self.ends { parts.append("…") }
        continue
      }
      parts.append(short(element))
    }
    return parts.joined(separator: ", ")
  }

  /// One element a line.
  private mutating func tall(_ value: Value, width: Int) -> String {
    switch value {
    case .list(let list):
      let text = nested(list, "[...]") { $0.lines(list.elements, width, "[", "]") }
      return list.elements.count > Self.longest ? text + "  (\(list.elements.count))" : text
    case .tuple(let elements): return lines(elements, width, "(", ")")
    case .record(let record):
      return nested(record, "{...}") { me in
        let fields = record.items.map { name, field in
          let head = "  \(TextDisplay.key(name)): "
          return Self.indented(head, me.text(field, width: max(20, width - head.columns)))
        }
        return (["{"] + fields + ["}"]).joined(separator: "\n")
      }
    default: return short(value)
    }
  }

  /// Of what is short many stand on a line.
  private static let narrow = 16

  private mutating func lines(
    _ elements: [Value], _ width: Int, _ opener: String, _ closer: String
  ) -> String {
    let isNarrow =
      elements.count <= Self.longest
      && elements.allSatisfy { element in
        switch element {
        case .none, .bool, .number, .text: short(element).columns <= Self.narrow
        default: false
        }
      }
    if isNarrow { return filled(elements.map { short($0) }, width, opener, closer) }
    var parts: [String] = []
    for (i, element) in elements.enumerated() {
      if elements.count > Self.longest, i >= Self.ends, i < elements.count - Self.ends {
        if i == Self.ends { parts.append(" …") }
        continue
      }
      let text = text(element, width: max(20, width - 2))
      let comma = i == elements.count - 1 ? closer : ","
      parts.append(Self.indented(i == 0 ? opener : " ", text) + comma)
    }
    return parts.isEmpty ? opener + closer : parts.joined(separator: "\n")
  }

  private func filled(
    _ parts: [String], _ width: Int, _ opener: String, _ closer: String
  ) -> String {
    var lines = [""]
    for (i, part) in parts.enumerated() {
      let text = (i == 0 ? opener : " ") + part + (i == parts.count - 1 ? closer : ",")
      if (lines[lines.count - 1] + text).columns > width { lines.append("") }
      lines[lines.count - 1] += text
    }
    return lines.joined(separator: "\n")
  }

  /// A text of several lines after a head, its further lines as far in as the first.
  private static func indented(_ head: String, _ text: String) -> String {
    let blanks = String(repeating: " ", count: head.columns)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { i, line in
      i == 0 ? head + line : line.isEmpty ? "" : blanks + line
    }
    .joined(separator: "\n")
  }
}

enum TextDisplay {
  /// A field's name, in quotes where it is no name of the language.
  static func key(_ name: String) -> String {
    let isName = !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    return isName ? name : quoted(name)
  }

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
