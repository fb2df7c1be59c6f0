/// What is wrong with some bytes that were to be read, or with a value that was to be written.
package enum FormatError: Error, Equatable {
  /// The bytes do not begin as this format does.
  case notThisFormat(format: String, found: [UInt8], expected: String)
  /// `what` should go on for `needed` bytes from `offset`, where only `available` are left.
  case truncated(format: String, what: String, needed: Int, available: Int, offset: Int)
  /// `what`, at `offset`, breaks a rule of the format.
  case malformed(format: String, what: String, found: String, expected: String, offset: Int)
  /// The format allows it, this program does not read or write it.
  case unsupported(format: String, what: String, found: String, supported: String)
  /// `what` is said to hold more than is sensible, or than the bytes can hold.
  case tooLarge(format: String, what: String, claimed: String, limit: String)
  /// A place in a text, counted from one.
  case text(format: String, found: String, expected: String, line: Int, column: Int)
  /// A value that the format has no place for.
  case unwritable(format: String, found: String, expected: String)
}

extension FormatError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notThisFormat(let format, let found, let expected):
      let start = found.isEmpty ? "nothing" : found.map(Self.hex).joined(separator: " ")
      return "this is not \(format): it begins with \(start), expected \(expected)"
    case .truncated(let format, let what, let needed, let available, let offset):
      return
        "\(format): \(what) is cut short: needs \(needed) bytes at offset \(offset), found \(available)"
    case .malformed(let format, let what, let found, let expected, let offset):
      return "\(format): \(what) at offset \(offset) is \(found), expected \(expected)"
    case .unsupported(let format, let what, let found, let supported):
      return "\(format): \(what) is \(found), which is not supported; supported: \(supported)"
    case .tooLarge(let format, let what, let claimed, let limit):
      return "\(format): \(what) is said to be \(claimed), more than \(limit)"
    case .text(let format, let found, let expected, let line, let column):
      return "\(format): line \(line), column \(column): found \(found), expected \(expected)"
    case .unwritable(let format, let found, let expected):
      return "\(format) cannot hold \(found), expected \(expected)"
    }
  }

  static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }
}
