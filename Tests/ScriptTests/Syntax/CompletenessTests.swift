import Script
import Testing

@Test(arguments: [
  "", "x = 3", "f(x)", "x; # (", "\"(\"", "x = \"abc", "print(\"abc", "(]", ")", "f(x) = {\n x\n}",
])
func aWholeStatementIsComplete(text: String) {
  #expect(Completeness.of(text) == .complete)
}

@Test(arguments: [
  ("f(", 1), ("for x in xs {", 1), ("x = [1, {a:", 2), ("x =", 0), ("a +  # more", 0),
  ("plot x,\n", 0),
  ("x = y and", 0), ("f = g >>", 0), ("if a {\n  b\n} else {\n", 1),
])
func anOpenBracketOrATrailingOperatorWaitsForMore(text: String, depth: Int) {
  #expect(Completeness.of(text) == .incomplete(depth: depth))
}
