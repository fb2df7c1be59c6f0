/// A part of a lesson file, opened by a `# %%` line: the percent format of Jupytext.
package struct Cell: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case code
    case markdown
    case exercise
    case hint
    case check
    case solution

    /// Whether all of it is text for the reader.
    var isProse: Bool { self == .markdown || self == .hint }
  }

  package var kind: Kind
  package var title: String
  /// Comments without their `# `: all of a markdown cell or a hint, those before an exercise's starter.
  package var prose: String
  /// What is to be run; empty in a prose cell.
  package var code: Span
  /// The whole cell, its `# %%` line included.
  package var span: Span
}

/// The cells of a source; a source without any `# %%` is one cell.
package struct Cells: Sendable {
  package private(set) var cells: [Cell] = []
  package private(set) var diagnostics: [Diagnostic] = []

  package init(_ source: Source) {
    let lines = Cells.lines(of: source)
    guard !lines.isEmpty else { return }
    var first = 0
    for next in 1...lines.count
    where next == lines.count || Cells.header(source.text(lines[next])) != nil {
      append(lines[first..<next], of: source)
      first = next
    }
  }

  private mutating func append(_ lines: ArraySlice<Span>, of source: Source) {
    guard let first = lines.first, let last = lines.last else { return }
    let span = Span(first.start, last.end)
    var kind = Cell.Kind.code
    var title = ""
    var body = lines
    if let header = Cells.header(source.text(first)) {
      (kind, title) = read(header, at: first)
      body = lines.dropFirst()
    } else if lines.allSatisfy({ Cells.trimmed(source.text($0)).isEmpty }) {
      return
    }
    var prose: [String] = []
    if kind != .code {
      let comments = body.prefix { line in
        let text = Cells.trimmed(source.text(line))
        return kind.isProse || text.isEmpty || text.hasPrefix("#")
      }
      if kind.isProse || kind == .exercise {
        prose = comments.map { Cells.uncommented(source.text($0)) }
        body = body.dropFirst(comments.count)
        if kind.isProse { reportCode(in: comments, of: source, kind) }
      }
    }
    let code = Span(body.first?.start ?? span.end, span.end)
    let text = Cells.joined(prose)
    cells.append(Cell(kind: kind, title: title, prose: text, code: code, span: span))
  }

  /// Kind and title of a header, the kind before the title or after it.
  private mutating func read(_ header: Substring, at line: Span) -> (Cell.Kind, String) {
    let text = Cells.trimmed(header)
    if text.hasPrefix("["), let close = text.firstIndex(of: "]") {
      let tag = text[text.index(after: text.startIndex)..<close]
      let title = Cells.trimmed(text[text.index(after: close)...])
      if let kind = Cell.Kind(rawValue: String(tag)) { return (kind, String(title)) }
      let nearest = DidYouMean.suggestion(
        for: String(tag), among: Cell.Kind.allCases.map(\.rawValue))
      let kinds = "the kinds are [markdown], [exercise], [hint], [check] and [solution]"
      diagnostics.append(
        Diagnostic(
          "`[\(tag)]` is no kind of cell", at: Cells.trimmedSpan(line, header),
          hints: [nearest.map { "did you mean `[\($0)]`?" } ?? kinds]))
      return (.code, String(title))
    }
    for kind in Cell.Kind.allCases where text.hasSuffix("[\(kind.rawValue)]") {
      return (kind, String(Cells.trimmed(text.dropLast(kind.rawValue.count + 2))))
    }
    return (.code, String(text))
  }

  private mutating func reportCode(
    in lines: ArraySlice<Span>, of source: Source, _ kind: Cell.Kind
  ) {
    let stray = lines.first { line in
      let text = Cells.trimmed(source.text(line))
      return !text.isEmpty && !text.hasPrefix("#")
    }
    guard let stray else { return }
    let text = source.text(stray)
    let span = Span(stray.start, stray.start + Cells.trimmedEnd(text).utf8.count)
    diagnostics.append(
      Diagnostic(
        "a line of a \(kind.rawValue) cell begins with `#`", at: span,
        hints: ["a `# %%` line before it opens a cell of code"]))
  }
}

// MARK: Lines

extension Cells {
  /// The lines of a source with their ends.
  private static func lines(of source: Source) -> [Span] {
    var lines: [Span] = []
    var start = 0
    for (index, byte) in source.bytes.enumerated() where byte == ascii("\n") {
      lines.append(Span(start, index + 1))
      start = index + 1
    }
    if start < source.bytes.count { lines.append(Span(start, source.bytes.count)) }
    return lines
  }

  /// What follows the `# %%` of a line that opens a cell.
  private static func header(_ line: String) -> Substring? {
    guard line.hasPrefix("#") else { return nil }
    let rest = line.dropFirst().drop { $0 == " " }
    return rest.hasPrefix("%%") ? rest.dropFirst(2) : nil
  }

  private static func uncommented(_ line: String) -> String {
    var text = trimmedEnd(line)
    if text.hasPrefix("# ") {
      text = text.dropFirst(2)
    } else if text.hasPrefix("#") {
      text = text.dropFirst()
    }
    return String(text)
  }

  /// Lines as one text, without the empty ones at both ends.
  private static func joined(_ lines: [String]) -> String {
    let kept = lines.drop { $0.isEmpty }.reversed().drop { $0.isEmpty }.reversed()
    return kept.joined(separator: "\n")
  }

  private static func trimmed(_ text: some StringProtocol) -> Substring {
    trimmedEnd(text).drop { $0.isWhitespace }
  }

  private static func trimmedEnd(_ text: some StringProtocol) -> Substring {
    var rest = Substring(text)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }

  private static func trimmedSpan(_ line: Span, _ header: Substring) -> Span {
    let text = trimmed(header)
    let offset = header.base.utf8.distance(from: header.base.startIndex, to: text.startIndex)
    return Span(line.start + offset, line.start + offset + text.utf8.count)
  }
}
