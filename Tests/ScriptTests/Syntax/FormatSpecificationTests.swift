import Script
import Testing

@Test func aFormatIsPythons() throws {
  let format = try #require(FormatSpecification("*^+#012,.3f"))
  #expect(format.fill == "*" && format.alignment == .center && format.sign == .always)
  #expect(format.isAlternate && format.width == 12 && format.grouping == ",")
  #expect(format.precision == 3 && format.type == "f")
}

@Test func aZeroBeforeTheWidthPadsAfterTheSign() throws {
  let format = try #require(FormatSpecification("05d"))
  #expect(format.fill == "0" && format.alignment == .afterSign && format.width == 5)
}

@Test(arguments: ["", "3", ".2f", ">8", "e", "%", "5.1%", " .3f", "_d"])
func formatsOfEveryKindAreRead(text: String) {
  #expect(FormatSpecification(text) != nil)
}

@Test(arguments: ["q", ".f", "3.", "ff", "99999999999999999999", "3 f"])
func whatIsNoFormatIsRefused(text: String) {
  #expect(FormatSpecification(text) == nil)
}
