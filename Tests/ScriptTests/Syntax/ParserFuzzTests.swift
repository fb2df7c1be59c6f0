import Script
import Testing

/// SplitMix64, so that a failure can be replayed from its seed.
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

private let pieces = [
  "x", "f", "(", ")", "[", "]", "{", "}", ",", ";", ":", ".", "..", "...", "=", "==", "->", "~",
  "≈",
  "+", "-", "*", "^", ">>", "|>", "\n", " ", " ", " ", "if", "else", "for", "in", "while", "return",
  "derive", "check", "fails", "predict", "because", "gap", "let", "not", "and", "1", "2.5", "\"",
  "'",
  "\"{x}\"", "\"{\"", "#", "# %%", "?", "def", "lambda", "x₁", "²", "中", "\\", "none", "@", "\u{0}",
  "r\"", "{a:",
]

/// Everything that reads a text reads this one; the result does not matter.
private func readAll(_ bytes: [UInt8]) {
  let source = Source(name: "t", bytes: bytes)
  let tree = Parser.parse(source)
  for diagnostic in tree.diagnostics.prefix(3) {
    #expect(diagnostic.span.start >= 0 && diagnostic.span.start <= bytes.count)
    _ = DiagnosticRenderer.text(diagnostic, in: source)
  }
  _ = TreePrinter.text(tree.statements)
  _ = Cells(source)
  _ = Completeness.of(source.text(source.span))
}

@Test(arguments: 0..<20)
func randomBytesAreReadWithoutATrap(seed: UInt64) {
  var generator = Generator(state: seed)
  for _ in 0..<20 {
    let count = Int.random(in: 0..<200, using: &generator)
    readAll((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
  }
}

@Test(arguments: 0..<20)
func randomTokensAreReadWithoutATrap(seed: UInt64) {
  var generator = Generator(state: seed)
  for _ in 0..<50 {
    let count = Int.random(in: 0..<120, using: &generator)
    let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
    readAll(Array(text.utf8))
  }
}

@Test func timeGrowsInProportionToTheText() {
  for piece in pieces + ["\"{", "\"{x\"b", "x = [1,\n", "{(", "f(x) = {\n", "a b\n", "\"{a\"b\" "] {
    let clock = ContinuousClock()
    let text = Array(String(repeating: piece, count: 20_000 / piece.utf8.count + 1).utf8)
    let time = clock.measure { _ = Parser.parse(Source(name: "t", bytes: text)) }
    #expect(time < .seconds(2), "\(piece)")
  }
}
