import Testing

@testable import DeepGenREPL

@Suite struct KeyReaderTests {
  private func decoded(_ bytes: [UInt8]) -> String {
    var decoder = ScalarDecoder()
    var text = String.UnicodeScalarView()
    for byte in bytes { text += decoder.push(byte) }
    return String(text)
  }

  @Test(arguments: ["abc", "μ ± σ", "中文", "🙂 e\u{301}", ""])
  func utf8IsDecoded(text: String) {
    #expect(decoded(Array(text.utf8)) == text)
  }

  @Test(arguments: [
    ([0xFF, 0x61], "\u{fffd}a"), ([0xC3, 0x28], "\u{fffd}("), ([0x80, 0x80], "\u{fffd}\u{fffd}"),
    ([0xED, 0xA0, 0x80, 0x61], "\u{fffd}a"), ([0xF4, 0x90, 0x80, 0x80, 0x62], "\u{fffd}b"),
    ([0xE2, 0x82, 0xCE, 0xBC], "\u{fffd}μ"), ([0xC0, 0x80], "\u{fffd}\u{fffd}"),
  ])
  func whatIsNotUTF8IsReplaced(bytes: [UInt8], expected: String) {
    #expect(decoded(bytes) == expected)
  }

  @Test func aPasteKeepsOnlyTextAndLineEnds() {
    let paste = "a\r\nb\rc\nd\te\u{1b}[31m\u{0}\u{7f}\u{85}μ\n\n"
    #expect(pasteable(paste.unicodeScalars) == "a\nb\nc\nd\te[31mμ")
  }
}
