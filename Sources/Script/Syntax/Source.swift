import Synchronization

/// A text and the name by which messages call it: a file, or a line typed at the prompt.
package final class Source: Sendable {
  private static let count = Atomic<UInt64>(0)

  package let name: String
  package let bytes: [UInt8]
  /// One that no other source has; from 1.
  package let number: UInt64

  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    number = Self.count.add(1, ordering: .relaxed).newValue
  }

  package convenience init(name: String, _ text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  package var span: Span { Span(0, bytes.count) }

  /// The text of a span, with U+FFFD where bytes are no UTF-8.
  package func text(_ span: Span) -> String {
    let start = min(max(span.start, 0), bytes.count)
    let end = min(max(span.end, start), bytes.count)
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}

/// What the parser makes of a source: always a tree, and what is to be said about it.
package struct SyntaxTree: Sendable {
  package let source: Source
  package let statements: [Statement]
  package let diagnostics: [Diagnostic]

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

extension Source {
  /// The character that begins at a byte, or none where the bytes are no UTF-8 (of length 1 then).
  func scalar(at index: Int, before end: Int) -> (scalar: Unicode.Scalar?, length: Int) {
    guard index < end else { return (nil, 0) }
    let first = bytes[index]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first <= 0xF4, index + length <= end else { return (nil, 1) }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for next in bytes[index + 1..<index + length] {
      guard next & 0xC0 == 0x80 else { return (nil, 1) }
      value = value << 6 | UInt32(next & 0x3F)
    }
    let shortest: UInt32 = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80
    guard value >= shortest, let scalar = Unicode.Scalar(value) else { return (nil, 1) }
    return (scalar, length)
  }

  /// The first byte in a span that is part of no UTF-8 character.
  func invalidByte(in span: Span) -> Int? {
    let end = min(span.end, bytes.count)
    var index = max(0, span.start)
    while index < end {
      if bytes[index] < 0x80 {
        index += 1
        continue
      }
      let (scalar, length) = scalar(at: index, before: end)
      if scalar == nil { return index }
      index += length
    }
    return nil
  }
}
