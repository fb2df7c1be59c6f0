/// Methods of texts, under Python's names.
enum TextBuiltins {
  private static func make(
    _ name: String, _ parameters: [Builtin.Parameter], _ about: String,
    _ call: @escaping (Invocation, String) throws -> Value
  ) -> Builtin {
    Builtin(name, in: "Texts", [.init("text", .text)] + parameters, about: about) {
      try call($0, $0.text(0))
    }
  }

  static let methods: [Builtin] = [
    make("upper", [], "in capitals") { .text($1.uppercased()) },
    make("lower", [], "in small letters") { .text($1.lowercased()) },
    make("strip", [], "without blanks at both ends") { .text(stripped($1)) },
    make("startswith", [.init("start", .text)], "whether it begins so") {
      .bool($1.hasPrefix(try $0.text(1)))
    },
    make("endswith", [.init("end", .text)], "whether it ends so") {
      .bool($1.hasSuffix(try $0.text(1)))
    },
    make("contains", [.init("part", .text)], "whether it holds the part") {
      let part = try $0.text(1)
      return .bool(part.isEmpty || $1.contains(part))
    },
    make("replace", [.init("old", .text), .init("new", .text)], "with every old replaced by new") {
      let old = try $0.text(1)
      return .text(old.isEmpty ? $1 : $1.replacing(old, with: try $0.text(2)))
    },
    make(
      "split", [.optional("separator", .text)], "the parts between separators, or between blanks"
    ) {
      let separator = try $0.optionalText(1) ?? ""
      let parts =
        separator.isEmpty
        ? $1.split(whereSeparator: \.isWhitespace).map(String.init)
        : $1.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
      return .list(ListObject(parts.map { .text($0) }))
    },
    make("join", [.init("parts", .list)], "the parts with this text between them") {
      .text(try $0.list(1).map { Display.printed($0) }.joined(separator: $1))
    },
  ]

  private static func stripped(_ text: String) -> String {
    var rest = Substring(text)
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}
