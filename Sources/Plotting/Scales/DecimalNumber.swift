/// A number as `mantissa * 10^exponent`, for text without the noise of binary fractions.
package struct DecimalNumber: Equatable, Sendable {
  var mantissa: Int
  var exponent: Int

  init(mantissa: Int, exponent: Int) {
    self.mantissa = mantissa
    self.exponent = exponent
  }

  /// A finite number rounded to some significant digits, halves away from zero; nothing for the others.
  init?(_ value: Double, significant digits: Int) {
    guard value.isFinite else { return nil }
    // The shortest description that reads back the same has at most 17 digits: no libm, no noise.
    let parts = value.magnitude.description.split(separator: "e")
    guard let plain = parts.first else { return nil }
    exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let pieces = plain.split(separator: ".", omittingEmptySubsequences: false)
    var figures = String(pieces[0])
    if pieces.count > 1, pieces[1] != "0" {
      figures += pieces[1]
      exponent -= pieces[1].utf8.count
    }
    mantissa = Int(figures) ?? 0
    round(to: digits)
    if value < 0 { mantissa = -mantissa }
  }

  /// The exact double nearest to this number.
  var value: Double { Double("\(mantissa)e\(exponent)") ?? 0 }

  /// How many digits the mantissa has; 1 for zero.
  var digitCount: Int { String(mantissa.magnitude).utf8.count }

  /// The place of the leading digit: 0 for 1 to 9, -1 for 0.1 to 0.9.
  var order: Int { digitCount - 1 + exponent }

  private mutating func round(to digits: Int) {
    while digitCount > Swift.max(digits, 1) {
      let excess = digitCount - Swift.max(digits, 1)
      let unit = DecimalNumber.power(excess)
      mantissa = mantissa / unit + (mantissa % unit * 2 >= unit ? 1 : 0)
      exponent += excess
    }
  }

  /// 10^n for n from 0 to 18.
  static func power(_ n: Int) -> Int {
    (0..<Swift.min(Swift.max(n, 0), 18)).reduce(1) { p, _ in p * 10 }
  }

  /// The number with exactly that many digits after the point, which must not cut any off.
  func fixed(decimals: Int) -> String {
    var figures = String(mantissa.magnitude)
    if exponent + decimals > 0, mantissa != 0 {
      figures += String(repeating: "0", count: exponent + decimals)
    }
    if figures.utf8.count <= decimals {
      figures = String(repeating: "0", count: decimals + 1 - figures.utf8.count) + figures
    }
    let sign = mantissa < 0 ? "−" : ""
    return decimals > 0
      ? sign + figures.dropLast(decimals) + "." + figures.suffix(decimals) : sign + figures
  }

  /// The same number without zeros at the end of its mantissa.
  var shortened: DecimalNumber {
    var short = self
    while short.mantissa != 0, short.mantissa % 10 == 0 {
      short.mantissa /= 10
      short.exponent += 1
    }
    return short
  }

  /// The number as a reader would write it: `0.25`, `−120000`, `1.5×10⁹`.
  package var text: String {
    guard mantissa != 0 else { return "0" }
    var short = shortened
    if (-4...11).contains(short.order) { return short.fixed(decimals: max(0, -short.exponent)) }
    let power = "10" + DecimalNumber.superscript(short.order)
    if short.mantissa == 1 { return power }
    short.exponent = 1 - short.digitCount
    return short.fixed(decimals: -short.exponent) + "×" + power
  }

  static func superscript(_ n: Int) -> String {
    let figures: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return String(
      String(n).map { c in c == "-" ? "⁻" : c.wholeNumberValue.map { figures[$0 % 10] } ?? c })
  }
}

extension Double {
  /// Four significant digits for prose: `−101.3`, `2×10⁻⁵`, `nan`.
  var brief: String { DecimalNumber(self, significant: 4)?.text ?? "\(self)" }
}
