import Script
import Testing

@Test(arguments: [
  ("1 + 2 * 3 - 4", "(- (+ 1.0 (* 2.0 3.0)) 4.0)"),
  ("2^3^2", "(^ 2.0 (^ 3.0 2.0))"),
  ("2**3", "(^ 2.0 3.0)"),
  ("-x^2", "(- (^ x 2.0))"),
  ("x^-1", "(^ x (- 1.0))"),
  ("-x * y", "(* (- x) y)"),
  ("x // 2 % 3 @ y", "(@ (% (// x 2.0) 3.0) y)"),
  ("1..n - 1", "(.. 1.0 (- n 1.0))"),
  ("f >> g >> h", "(>> (>> f g) h)"),
  ("x |> f(2) |> g", "(|> (|> x (call f 2.0)) g)"),
  ("f >> g |> h == k", "(compare (|> (>> f g) h) == k)"),
  ("0 < x <= 1", "(compare 0.0 < x <= 1.0)"),
  ("(a < b) == c", "(compare (compare a < b) == c)"),
  ("a ≤ b", "(compare a <= b)"),
  ("a ≥ b", "(compare a >= b)"),
  ("a ≠ b", "(compare a != b)"),
  ("a ~= b", "(compare a ≈ b)"),
  ("not a == b and c or d", "(or (and (not (compare a == b)) c) d)"),
  ("x -> x + 1 == y", "(-> (x) (compare (+ x 1.0) == y))"),
  ("x² + y⁻¹", "(+ (^ x 2.0) (^ y (- 1.0)))"),
])
func operatorsBindAsTheTableSays(text: String, expected: String) {
  #expect(tree(text) == expected)
}

@Test(arguments: [
  ("f(x)[i].g", "(. (index (call f x) i) g)"),
  ("x.f(b)", "(method x f b)"),
  ("x.f", "(. x f)"),
  ("x.sum(dim=-1)", "(method x sum dim=(- 1.0))"),
  ("f(x)(y)", "(call (call f x) y)"),
  ("y = f (x)", "(= y (call f x))"),
  ("3.sqrt()", "(method 3.0 sqrt)"),
  ("f(a, b=2,)", "(call f a b=2.0)"),
  ("E(z ~ q, x ~ p(z), f(x), n=10)", "(call E (~ z q) (~ x (call p z)) (call f x) n=10.0)"),
  ("E((a, b) ~ q, a)", "(call E (~ (tuple a b) q) a)"),
  ("sum(x for x in xs)", "(call sum (comprehension x (for x xs)))"),
])
func callsAndMembersChain(text: String, expected: String) {
  #expect(tree(text) == expected)
}

@Test(arguments: [
  ("x[-1]", "(index x (- 1.0))"),
  ("x[0:10, :]", "(index x (slice 0.0 10.0 _) (slice _ _ _))"),
  ("x[..., 0]", "(index x ... 0.0)"),
  ("x[:, none]", "(index x (slice _ _ _) newaxis)"),
  ("x[::2, c + 1:]", "(index x (slice _ _ 2.0) (slice (+ c 1.0) _ _))"),
  ("x[mask]", "(index x mask)"),
  ("x[a:b:c]", "(index x (slice a b c))"),
  ("r[\"lr\"]", "(index r (string \"lr\"))"),
])
func subscriptsSlice(text: String, expected: String) {
  #expect(tree(text) == expected)
}

@Test(arguments: [
  ("[1, 2, 3]", "(list 1.0 2.0 3.0)"),
  ("[]", "(list)"),
  ("[[1], [2],]", "(list (list 1.0) (list 2.0))"),
  ("[\n1,\n2\n]", "(list 1.0 2.0)"),
  ("()", "(tuple)"),
  ("(x,)", "(tuple x)"),
  ("(x)", "x"),
  ("a, b", "(tuple a b)"),
  ("{}", "(record)"),
  ("{lr: 3e-4, layers: [64, 32]}", "(record lr: 0.0003 layers: (list 64.0 32.0))"),
  ("{\n  a: 1,\n  \"b c\": 2,\n}", "(record a: 1.0 b c: 2.0)"),
  ("{ a; b }", "(block (silent a) b)"),
  (
    "[f(x) for x in xs if x > 0]",
    "(comprehension (call f x) (for x xs) (if (compare x > 0.0)))"
  ),
  ("[a*b for a in xs for b in ys]", "(comprehension (* a b) (for a xs) (for b ys))"),
  ("[x for i, (x, y) in zs]", "(comprehension x (for (tuple i (tuple x y)) zs))"),
  ("true, false, none", "(tuple true false none)"),
  ("True, False, None", "(tuple true false none)"),
])
func bracketsMakeCollections(text: String, expected: String) {
  #expect(tree(text) == expected)
}

@Test(arguments: [
  ("x -> x^2", "(-> (x) (^ x 2.0))"),
  ("(x, y=1) -> x*y", "(-> (x y=1.0) (* x y))"),
  ("() -> 3", "(-> () 3.0)"),
  ("x -> y -> x", "(-> (x) (-> (y) x))"),
  ("f >> x -> x + 1", "(>> f (-> (x) (+ x 1.0)))"),
  ("map(x -> x, xs)", "(call map (-> (x) x) xs)"),
  ("f = x -> { y = x; y }", "(= f (-> (x) (block (= y x) y)))"),
  (
    "x = if a { 1 } else if b { 2 } else { 3 }",
    "(= x (if a (block 1.0) b (block 2.0) (block 3.0)))"
  ),
])
func functionsAndConditionsAreValues(text: String, expected: String) {
  #expect(tree(text) == expected)
}

@Test func aNumberIsPythons() {
  #expect(tree("[1., .5, 2.5e-3, 1e3, 1_000, 1.e2]") == "(list 1.0 0.5 0.0025 1000.0 1000.0 100.0)")
  #expect(tree("1..3") == "(.. 1.0 3.0)")
}

@Test func theOperatorKeepsItsPlace() {
  let parsed = Parser.parse(Source(name: "", "h = x @ w"))
  guard case .assign(_, let value)? = parsed.statements.first?.kind,
    case .binary(_, let span, let left, let right) = value.kind
  else {
    Issue.record("no product")
    return
  }
  #expect(span == Span(6, 7))
  #expect(left.span == Span(4, 5))
  #expect(right.span == Span(8, 9))
  #expect(value.span == Span(4, 9))
}
