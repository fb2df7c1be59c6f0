/// Plain numbers as text.
package enum NumberText {
  /// The shortest text that reads as the same number: 3, 0.1, 1e-05, inf.
  package static func shortest(_ value: Double) -> String { trimmed(value.description) }

  package static func shortest(_ value: Float) -> String { trimmed(value.description) }

  private static func trimmed(_ text: String) -> String {
    // A NaN's sign says nothing.
    text == "-nan" ? "nan" : text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// At most as many significant digits, without trailing zeros: what `%.6g` gives.
  package static func rounded(_ value: Double, digits: Int) -> String {
    if !value.isFinite { return shortest(value) }
    if value == value.rounded(), abs(value) < 1e15 { return shortest(value) }
    return Formatting.printf("g", value, digits)
  }
}
