import Script
import Testing

private func render(_ text: String, _ span: Span, hints: [String] = []) -> String {
  let source = Source(name: "lessons/vae.dg", text)
  return DiagnosticRenderer.text(Diagnostic("message", at: span, hints: hints), in: source)
}

@Test func aCaretStandsUnderTheSpan() {
  #expect(
    render("a = 1\n       h = x @ w2 + b2\n", Span(19, 20)) == """
      lessons/vae.dg:2:14: message
         h = x @ w2 + b2
               ^
      """)
}

@Test func aLongerSpanIsUnderlinedWithinItsLine() {
  #expect(
    render("f(x,\n  y)", Span(0, 9), hints: ["one", "two"]) == """
      lessons/vae.dg:1:1: message
         f(x,
         ^~~~
         hint: one
         hint: two
      """)
}

@Test func columnsCountCharactersAndCaretsWidths() {
  #expect(
    render("中 = x\u{302} ! 1", Span(10, 11)) == """
      lessons/vae.dg:1:7: message
         中 = x\u{302} ! 1
                ^
      """)
}

@Test func tabsStandUnderTabs() {
  #expect(render("x\t= !", Span(4, 5)) == "lessons/vae.dg:1:5: message\n   x\t= !\n    \t  ^")
}

@Test func theEndOfAnEmptyTextHasAPlace() {
  #expect(render("", Span(0, 0)) == "lessons/vae.dg:1:1: message\n\n   ^")
  #expect(render("x =\n", Span(99, 120)) == "lessons/vae.dg:2:1: message\n\n   ^")
}

@Test func carriageReturnsAndControlCharactersAreNotPrinted() {
  #expect(
    render("a \u{1B}[2J\r\nb", Span(0, 1)) == "lessons/vae.dg:1:1: message\n   a \u{FFFD}[2J\n   ^")
}

@Test func aVeryLongLineIsShownAroundTheCaret() {
  let text = String(repeating: "x", count: 500) + "!" + String(repeating: "y", count: 500)
  let lines = render(text, Span(500, 501)).split(separator: "\n")
  #expect(lines[0] == "lessons/vae.dg:1:501: message")
  #expect(lines[1].count < 140 && lines[1].contains("xx!yy"))
  #expect(lines[1].prefix { $0 != "!" }.count == lines[2].prefix { $0 != "^" }.count)
}
