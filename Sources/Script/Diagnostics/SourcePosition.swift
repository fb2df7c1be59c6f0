/// A place as people count it: lines and characters from 1.
package struct SourcePosition: Hashable, Sendable {
  package let line: Int
  package let column: Int
}

extension Source {
  package func position(of offset: Int) -> SourcePosition {
    let offset = min(max(offset, 0), bytes.count)
    let line = bytes[..<offset].reduce(1) { $1 == ascii("\n") ? $0 + 1 : $0 }
    let start = lineSpan(at: offset).start
    return SourcePosition(line: line, column: text(Span(start, offset)).count + 1)
  }

  /// The line that holds a byte, without its end.
  package func lineSpan(at offset: Int) -> Span {
    var start = min(max(offset, 0), bytes.count)
    var end = start
    while start > 0 && bytes[start - 1] != ascii("\n") { start -= 1 }
    while end < bytes.count && bytes[end] != ascii("\n") { end += 1 }
    if end > start && bytes[end - 1] == ascii("\r") { end -= 1 }
    return Span(start, end)
  }
}
