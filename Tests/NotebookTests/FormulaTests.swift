import Testing

@testable import Notebook

@Test(arguments: [
  (#"$\log p_\theta(x)$"#, "log p_θ(x)"),
  (#"$\sigma^2$ and $x_1$"#, "σ² and x₁"),
  (#"$$p(x) = \int p(x|z)\, p(z)\, dz$$"#, "p(x) = ∫ p(x|z) p(z) dz"),
  (#"$\frac{1}{2}\mu^2$"#, "½μ²"),
  (#"$\frac{p(x, z)}{q(z)}$"#, "(p(x, z))/(q(z))"),
  (#"$E_{q}\left[\hat{x}\right]$"#, "E_q[x\u{302}]"),
  ("costs $5", "costs $5"),
  (#"$\unknown{x}$"#, "unknownx"),
])
func proseShowsFormulasAsText(_ example: (tex: String, text: String)) {
  #expect(Formula.prose(example.tex) == example.text)
}

@Test func aDeepNestOfBracesIsLeftAlone() {
  let nest = String(repeating: "{", count: 20_000)
  #expect(Formula.prose("$\(nest)$").count > 1000)
}

@Test func aParagraphIsFilledAndAListIsNot() {
  let prose = "# Head\none two three\nfour\n\n- a b c d e f g"
  #expect(
    Prose.lines(prose, width: 10) == [
      .heading("# Head"), .text("one two"), .text("three four"), .text(""),
      .text("- a b c d e f g"),
    ])
  #expect(Prose.lines("one two\nthree", width: nil) == [.text("one two"), .text("three")])
}
