/// The round values inside a domain, where an axis has its ticks, and how they read.
package struct Ticks: Equatable, Sendable {
  package private(set) var values: [Double] = []
  package private(set) var labels: [String] = []
  /// What all labels share, shown once at the axis' end: `×10⁻⁵`, `+1000000`.
  package private(set) var note = ""

  /// Multiples of 1, 2 or 5 times a power of ten, about `count` of them.
  package init(in domain: Extent, about count: Int) {
    guard let step = Ticks.step(near: domain.span / Double(max(count, 1))) else { return }
    let first = (domain.lower / step.value - 1e-9).rounded(.up)
    let last = (domain.upper / step.value + 1e-9).rounded(.down)
    guard first.magnitude < 9e15, last.magnitude < 9e15, first <= last, last - first < 1000 else {
      return
    }
    let ticks = (Int(first)...Int(last)).map {
      DecimalNumber(mantissa: $0 * step.mantissa, exponent: step.exponent)
    }
    values = ticks.map(\.value)
    label(ticks)
  }

  /// Ticks at given values, which rise, each with up to four significant digits.
  package init(at values: [Double]) {
    let numbers = values.compactMap { DecimalNumber($0, significant: 4)?.shortened }
    let shown = numbers.filter { $0.mantissa != 0 }
    guard numbers.count == values.count, let exponent = shown.map(\.exponent).min(),
      let order = shown.map(\.order).max(), order - exponent < 9
    else {
      self.values = values
      labels = values.map(\.brief)
      return
    }
    self.values = values
    label(
      numbers.map {
        let shift = $0.mantissa == 0 ? 0 : $0.exponent - exponent
        return DecimalNumber(
          mantissa: $0.mantissa * DecimalNumber.power(shift), exponent: exponent)
      })
  }

  /// The nearest of 1, 2 or 5 times a power of ten; nothing for what is not positive.
  static func step(near raw: Double) -> DecimalNumber? {
    guard let rounded = DecimalNumber(raw, significant: 3), rounded.mantissa > 0 else { return nil }
    let order = rounded.order
    // The nearest of 1, 2, 5 and 10 by ratio: thresholds at √2, √10 and √50.
    let lead = raw / (DecimalNumber(mantissa: 1, exponent: order).value)
    return lead < 1.414
      ? DecimalNumber(mantissa: 1, exponent: order)
      : lead < 3.162
        ? DecimalNumber(mantissa: 2, exponent: order)
        : lead < 7.071
          ? DecimalNumber(mantissa: 5, exponent: order)
          : DecimalNumber(mantissa: 1, exponent: order + 1)
  }

  private mutating func label(_ ticks: [DecimalNumber]) {
    let exponent = ticks.first?.exponent ?? 0
    var mantissas = ticks.map(\.mantissa)
    if let largest = mantissas.map(\.magnitude).max(), largest >= 10_000_000,
      let least = mantissas.first
    {
      // More than seven digits, of which only the last few differ: the rest moves into the note.
      let offset = (least >= 0 ? least / 1000 : (least - 999) / 1000) * 1000
      mantissas = mantissas.map { $0 - offset }
      let base = DecimalNumber(mantissa: offset, exponent: exponent)
      note = (offset > 0 ? "+" : "") + base.text
    }
    let numbers = mantissas.map { DecimalNumber(mantissa: $0, exponent: exponent) }
    let order = numbers.filter { $0.mantissa != 0 }.map(\.order).max() ?? 0
    switch order {
    case 4...5 where exponent >= 2:
      write(numbers, thousandfold: 1, suffix: "k")
    case 6...8 where exponent >= 4:
      write(numbers, thousandfold: 2, suffix: "M")
    case -3...6:
      labels = numbers.map { $0.fixed(decimals: max(0, -exponent)) }
    default:
      labels = numbers.map {
        DecimalNumber(mantissa: $0.mantissa, exponent: exponent - order)
          .fixed(decimals: max(0, order - exponent))
      }
      note = "×10" + DecimalNumber.superscript(order) + (note.isEmpty ? "" : " " + note)
    }
  }

  private mutating func write(_ numbers: [DecimalNumber], thousandfold: Int, suffix: String) {
    labels = numbers.map { number in
      guard number.mantissa != 0 else { return "0" }
      let shifted = DecimalNumber(
        mantissa: number.mantissa, exponent: number.exponent - 3 * thousandfold)
      return shifted.fixed(decimals: max(0, -shifted.exponent)) + suffix
    }
  }
}
