import Script
import Testing

@Test(arguments: [
  (#""text {x:.3f} and {name}""#, #"(string "text " {x:format} " and " {name})"#),
  (#"'single "double"'"#, #"(string "single "double"")"#),
  (#""{{x}} # no comment""#, #"(string "{x} # no comment")"#),
  (#""\"\\\{""#, #"(string ""\{")"#),
  (#""{r["lr"]:5.2f}""#, #"(string {(index r (string "lr")):format})"#),
  (
    #""{x[1:3]} {f({a: 1})}""#,
    #"(string {(index x (slice 1.0 3.0 _))} " " {(call f (record a: 1.0))})"#
  ),
  (#"r"\nu {x}""#, #"(string "\nu {x}")"#),
  (#"f"{x}""#, "(string {x})"),
  (#""\u03bc\x41""#, #"(string "μA")"#),
  (#""""#, "(string)"),
])
func stringsHoldTextAndValues(text: String, expected: String) {
  #expect(tree(text) == expected)
}

@Test func escapesStandForCharacters() {
  #expect(tree(#""a\tb\nc""#) == "(string \"a\tb\nc\")")
}

@Test(arguments: [
  ("ϕ = φ", "(= φ φ)"),
  ("x₁ = x1", "(= x1 x1)"),
  ("µ", "μ"),
  ("𝐱 + 𝜇𝟙", "(+ x μ1)"),
  ("ε_1", "ε_1"),
  ("ﬁt", "fit"),
  ("xᵢ", "xi"),
  ("ｘ", "x"),
])
func namesAreNormalised(text: String, expected: String) {
  #expect(tree(text) == expected)
}

@Test func marksMayBeComposedOrNot() {
  #expect(tree("x\u{302} = e\u{301}") == "(= x̂ \u{E9})")
}

@Test func mathematicalAlphabetsAreLaidOutAsUnicodeHasThem() {
  #expect(Letters.normalized("𝐀𝐙𝐚𝐳𝑨𝒛𝔸𝖟𝚣") == "AZazAzAzz")
  #expect(Letters.normalized("𝚨𝛀𝛂𝛚𝜱𝝋𝝐𝞡") == "ΑΩαωΦφεΘ")
}

@Test func aByteOrderMarkIsNoText() {
  #expect(tree("\u{FEFF}x = 1") == "(= x 1.0)")
}

@Test func bytesThatAreNotUTF8AreReportedWhereverTheyStand() {
  for text in ["x = \u{1}", "x = 1 # \u{1}", "\"\u{1}\""] {
    let bytes = text.utf8.map { $0 == 1 ? 0xFF : $0 }
    let tree = Parser.parse(Source(name: "t", bytes: bytes))
    #expect(tree.diagnostics.map(\.message) == ["byte 0xFF is not UTF-8"])
    #expect(tree.diagnostics.map(\.span.start) == [bytes.firstIndex(of: 0xFF)])
  }
}
