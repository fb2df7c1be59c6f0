import Testing

@testable import Plotting

private func labels(_ lower: Double, _ upper: Double, about count: Int = 5) -> [String] {
  let ticks = Ticks(in: Extent(lower: lower, upper: upper), about: count)
  return ticks.labels + (ticks.note.isEmpty ? [] : [ticks.note])
}

@Test func ticksAreRoundAndCarryNoBinaryNoise() {
  #expect(labels(0, 1) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
  #expect(labels(-0.3, 0.3) == ["−0.3", "−0.2", "−0.1", "0.0", "0.1", "0.2", "0.3"])
  #expect(labels(3, 97) == ["20", "40", "60", "80"])
  #expect(labels(-0.01, 4.2) == ["0", "1", "2", "3", "4"])
}

@Test func largeAndSmallTicksShareAUnit() {
  #expect(labels(0, 42_000) == ["0", "10k", "20k", "30k", "40k"])
  #expect(labels(0, 1.2e6) == ["0", "0.2M", "0.4M", "0.6M", "0.8M", "1.0M", "1.2M"])
  #expect(labels(0, 5e-4) == ["0", "1", "2", "3", "4", "5", "×10⁻⁴"])
  #expect(labels(0, 2e12) == ["0.0", "0.5", "1.0", "1.5", "2.0", "×10¹²"])
}

@Test func ticksFarFromZeroMoveTheirCommonPartIntoTheNote() {
  #expect(
    labels(1e9, 1e9 + 1e-3)
      == ["0.0000", "0.0002", "0.0004", "0.0006", "0.0008", "0.0010", "+1000000000"])
}

@Test(arguments: [
  Extent(lower: 1e-300, upper: 2e-300), Extent(lower: 0, upper: 1e300),
  Extent(lower: -8e307, upper: 8e307), Extent(lower: 1e15, upper: 1e15 + 2),
  Extent(lower: -1e-5, upper: 1e9), Extent(lower: 5, upper: 5.000001),
])
func ticksLieInsideTheirDomainInOrder(domain: Extent) {
  for count in 1...12 {
    let ticks = Ticks(in: domain, about: count)
    #expect(!ticks.values.isEmpty)
    #expect(ticks.values == ticks.values.sorted())
    #expect(ticks.labels.count == ticks.values.count)
    #expect(Set(ticks.labels).count == ticks.labels.count)
    let slack = domain.span * 1e-6
    #expect(ticks.values.allSatisfy { $0 >= domain.lower - slack && $0 <= domain.upper + slack })
  }
}

@Test func aNumberRoundsToSignificantDigitsAndReadsAsWritten() {
  #expect(DecimalNumber(0.30000000000000004, significant: 4)?.text == "0.3")
  #expect(DecimalNumber(-123456.7, significant: 3)?.text == "−123000")
  #expect(DecimalNumber(9.9999, significant: 3)?.text == "10")
  #expect(DecimalNumber(6.02e23, significant: 4)?.text == "6.02×10²³")
  #expect(DecimalNumber(1e-300, significant: 4)?.text == "10⁻³⁰⁰")
  #expect(DecimalNumber(.leastNonzeroMagnitude, significant: 4)?.text == "5×10⁻³²⁴")
  #expect(DecimalNumber(0, significant: 4)?.text == "0")
  #expect(DecimalNumber(.nan, significant: 4) == nil)
}

@Test func anExtentSeesOnlyFiniteValuesAndHasRoomAroundAConstant() {
  #expect(Extent(of: []) == nil)
  #expect(Extent(of: [.nan, .infinity]) == nil)
  #expect(Extent(of: [.nan, 2, -1]) == Extent(lower: -1, upper: 2))
  #expect(Extent(of: [5, 5])?.padded(by: 0) == Extent(lower: 4.5, upper: 5.5))
  #expect(Extent(of: [0])?.padded(by: 0) == Extent(lower: -1, upper: 1))
  #expect(Extent(from: 1, to: 1) == nil)
  #expect(Extent(from: .nan, to: 1) == nil)
  let widest = Extent(of: [-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude])
  #expect(widest?.padded(by: 0.05).span.isFinite == true)
}
