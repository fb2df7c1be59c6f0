import Glibc
import Tensors

/// Python's format mini-language, carried out.
package enum Formatting {
  /// A value in a text: as `print` shows it, or in a format.
  static func text(_ value: Value, _ format: FormatSpecification?) throws -> String {
    guard let format else { return Display.printed(value) }
    if let type = format.type, type != "s" {
      if let tensor = value.storedTensor, tensor.rank > 0 {
        return try self.text(tensor.detached, format, depth: 0)
      }
      guard let number = value.scalar else {
        throw ScriptError.message(
          "the format `\(type)` is for numbers, found \(value.description)")
      }
      return try self.text(number, format)
    }
    if format.type == nil, let number = value.scalar, !value.isBool {
      return try self.text(number, format)
    }
    var text = Display.printed(value)
    if let precision = format.precision { text = String(text.prefix(precision)) }
    return padded("", text, format, .left)
  }

  static func text(_ value: Double, _ format: FormatSpecification) throws -> String {
    let sign = value.sign == .minus && !value.isNaN ? "-" : positiveSign(format.sign)
    let size = abs(value)
    var digits = try digits(size, format)
    if let separator = format.grouping { digits = grouped(digits, separator) }
    return padded(sign, digits, format, .right)
  }

  /// Every element in the format, in brackets.
  private static func text(
    _ tensor: Tensor, _ format: FormatSpecification, depth: Int
  ) throws -> String {
    guard tensor.rank > 0 else { return try text(tensor.item ?? .nan, format) }
    guard depth > 0 || tensor.count <= 1000 else {
      throw ScriptError.message(
        "a text of \(tensor.count) numbers is too long: take a part of them")
    }
    let parts = try tensor.unstacked().map { try text($0, format, depth: depth + 1) }
    return "[" + parts.joined(separator: ", ") + "]"
  }

  private static func positiveSign(_ sign: FormatSpecification.Sign) -> String {
    switch sign {
    case .negativeOnly: ""
    case .always: "+"
    case .space: " "
    }
  }

  private static func digits(_ value: Double, _ format: FormatSpecification) throws -> String {
    if !value.isFinite, format.type?.isUppercase != true { return value.isNaN ? "nan" : "inf" }
    if !value.isFinite { return value.isNaN ? "NAN" : "INF" }
    switch format.type {
    case "f", "F": return printf("f", value, format.precision ?? 6)
    case "e": return printf("e", value, format.precision ?? 6)
    case "E": return printf("E", value, format.precision ?? 6)
    case "g": return printf("g", value, format.precision ?? 6)
    case "G": return printf("G", value, format.precision ?? 6)
    case "n": return printf("g", value, format.precision ?? 6)
    case "%": return printf("f", value * 100, format.precision ?? 6) + "%"
    case "d": return try whole(value, radix: 10, "d")
    case "x": return try whole(value, radix: 16, "x")
    case "X": return try whole(value, radix: 16, "X").uppercased()
    case "o": return try whole(value, radix: 8, "o")
    case "b": return try whole(value, radix: 2, "b")
    case "c":
      guard let code = UInt32(exactly: value), let scalar = Unicode.Scalar(code) else {
        throw ScriptError.message("the format `c` is for characters' numbers")
      }
      return String(scalar)
    default:
      guard let precision = format.precision else { return NumberText.shortest(value) }
      return printf("g", value, precision)
    }
  }

  private static func whole(_ value: Double, radix: Int, _ type: Character) throws -> String {
    guard let whole = Int(exactly: value) else {
      throw ScriptError.message(
        "the format `\(type)` is for whole numbers, found \(NumberText.shortest(value))",
        hints: ["`.0f` rounds"])
    }
    return String(whole, radix: radix)
  }

  /// What C's printf makes of a finite number.
  static func printf(_ type: Character, _ value: Double, _ precision: Int) -> String {
    // 310 digits before the point, the precision (at most 1000) after it, and some room.
    let room = 400 + min(precision, 1000)
    let format = "%.\(min(precision, 1000))\(type)"
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: room) { buffer in
      let count = unsafe withVaList([value]) {
        unsafe vsnprintf(buffer.baseAddress, room, format, $0)
      }
      let bytes = unsafe buffer.prefix(max(0, min(Int(count), room - 1)))
      return unsafe String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// Separators between groups of three digits before the point.
  private static func grouped(_ digits: String, _ separator: Character) -> String {
    let whole = digits.prefix { $0.isNumber }
    var out = ""
    for (i, digit) in whole.enumerated() {
      if i > 0, (whole.count - i) % 3 == 0 { out.append(separator) }
      out.append(digit)
    }
    return out + digits.dropFirst(whole.count)
  }

  private static func padded(
    _ sign: String, _ body: String, _ format: FormatSpecification,
    _ usual: FormatSpecification.Alignment
  ) -> String {
    let missing = format.width - (sign + body).columns
    guard missing > 0 else { return sign + body }
    func fill(_ count: Int) -> String { String(repeating: format.fill, count: count) }
    switch format.alignment ?? usual {
    case .left: return sign + body + fill(missing)
    case .right: return fill(missing) + sign + body
    case .center: return fill(missing / 2) + sign + body + fill(missing - missing / 2)
    case .afterSign: return sign + fill(missing) + body
    }
  }
}

extension Value {
  fileprivate var isBool: Bool {
    if case .bool = self { true } else { false }
  }
}
