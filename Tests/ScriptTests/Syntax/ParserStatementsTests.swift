import Script
import Testing

@Test(arguments: [
  ("x = 3", "(= x 3.0)"),
  ("mu, logvar = pair", "(= (tuple mu logvar) pair)"),
  ("a, (b, c) = d", "(= (tuple a (tuple b c)) d)"),
  ("a = b = 3", "(= a b 3.0)"),
  ("x = 1, 2", "(= x (tuple 1.0 2.0))"),
  ("x[0, :] = 3", "(= (index x 0.0 (slice _ _ _)) 3.0)"),
  ("r.lr = 1e-3", "(= (. r lr) 0.001)"),
  ("n += 1", "(+= n 1.0)"),
  ("n **= 2", "(^= n 2.0)"),
  ("x[0] @= y", "(@= (index x 0.0) y)"),
  ("z ~ normal(0, 1)", "(~ z (call normal 0.0 1.0))"),
])
func assignmentsNameTheirTargets(text: String, expected: String) {
  #expect(tree(text) == expected)
}

@Test(arguments: [
  ("f(x) = x^2 + 1", "(define f (x) (+ (^ x 2.0) 1.0))"),
  ("elbo(x, beta=1) = {\n  y = x\n  y\n}", "(define elbo (x beta=1.0) (block (= y x) y))"),
  ("bound() = 3", "(define bound () 3.0)"),
  ("f(x) = x -> x", "(define f (x) (-> (x) x))"),
  ("f(x) = { return x, 2 }", "(define f (x) (block (return (tuple x 2.0))))"),
  ("f (x) = x", "(define f (x) x)"),
])
func namesInParenthesesBeforeAnEqualSignDefine(text: String, expected: String) {
  #expect(tree(text) == expected)
}

@Test(arguments: [
  ("for x in xs { print x }", "(for x xs (block (command print x)))"),
  ("for i, x in enumerate(xs) { }", "(for (tuple i x) (call enumerate xs) (block))"),
  ("while not done { break; continue }", "(while (not done) (block (break) (continue)))"),
  ("if a { b } else { c }", "(silent (if a (block b) (block c)))"),
  (
    "f(x) = {\n  if x > 0 { 1 } else { 2 }\n}",
    "(define f (x) (block (silent (if (compare x > 0.0) (block 1.0) (block 2.0)))))"
  ),
])
func blocksStandInBraces(text: String, expected: String) {
  #expect(tree(text) == expected)
}

@Test(arguments: [
  ("x; y", "(silent x)\ny"),
  ("a = 1; b = 2\n\nc", "(= a 1.0)\n(= b 2.0)\nc"),
  ("x = 1 +\n  2", "(= x (+ 1.0 2.0))"),
  ("x =\n  2", "(= x 2.0)"),
  ("f = g >> # a comment\n  h", "(= f (>> g h))"),
  ("x = a and\n  not\n  b", "(= x (and a (not b)))"),
  ("plot x,\n  y", "(command plot x y)"),
  ("x = (1\n  + 2)", "(= x (+ 1.0 2.0))"),
  ("x\n-y", "x\n(- y)"),
  ("x = 1\r\ny = 2\r\n", "(= x 1.0)\n(= y 2.0)"),
  ("\tx = 1\t# tab", "(= x 1.0)"),
  ("", ""),
  ("# only a comment", ""),
])
func aLineEndsItsStatement(text: String, expected: String) {
  #expect(tree(text) == expected)
}

@Test(arguments: [
  ("plot losses, title=\"ELBO\"", "(command plot losses title=(string \"ELBO\"))"),
  ("seed 7", "(command seed 7.0)"),
  ("load \"x.npy\"", "(command load (string \"x.npy\"))"),
  ("print -x", "(command print (- x))"),
  ("plot [1, 4, 9]", "(command plot (list 1.0 4.0 9.0))"),
  ("show {a: 1}", "(command show (record a: 1.0))"),
  ("help kl", "(command help kl)"),
  ("?kl", "(command help kl)"),
  ("? while", "(command help (string \"while\"))"),
  ("?", "(command help)"),
  ("x -1", "(command x (- 1.0))"),
  ("x - 1", "(- x 1.0)"),
  ("x-1", "(- x 1.0)"),
  ("x[0]", "(index x 0.0)"),
  ("x [0]", "(command x (list 0.0))"),
  ("f (x)", "(call f x)"),
  ("f (x), y", "(command f x y)"),
  ("f (x, y) -> x", "(command f (-> (x y) x))"),
  ("print not x", "(command print (not x))"),
  ("print true", "(command print true)"),
  ("step opt, mean((x - t)^2)", "(command step opt (call mean (^ (- x t) 2.0)))"),
  ("track d=d_loss, g=g_loss", "(command track d=d_loss g=g_loss)"),
  ("x and y", "(and x y)"),
])
func aNameABlankAndAValueAreACommand(text: String, expected: String) {
  #expect(tree(text) == expected)
}

@Test(arguments: [
  ("check kl(q, p) >= 0", "(check (compare (call kl q p) >= 0.0))"),
  ("check a ≈ b, rtol=1e-4, \"equal\"", "(check (compare a ≈ b) rtol=0.0001 (string \"equal\"))"),
  ("check (a < b) == c", "(check (compare (compare a < b) == c))"),
  ("assert x > 0, \"positive\"", "(assert (compare x > 0.0) (string \"positive\"))"),
  ("fails check a ≈ b", "(fails (check (compare a ≈ b)))"),
  ("fails derive { a = b }", "(fails (derive (first a) (= b)))"),
  ("predict \"How large?\", 3", "(predict (string \"How large?\") 3.0)"),
  ("check = 3", "(= check 3.0)"),
  ("predict(x) = net(x)", "(define predict (x) (call net x))"),
])
func wordsTakeTheRestOfTheirLine(text: String, expected: String) {
  #expect(tree(text) == expected)
}

@Test func aDerivationHasSourcesNamesLetsAndLines() {
  let text = """
    derive "t", for x in xs, for (a, b) in ps, for z ~ q, wrt=[m, s], rtol=1e-6 {
      let u = normal(m * x, s)
      let f(t) = t + u
      -log(x)
      + f(2)
      =  (a < b)
         because "a reason"
      >= x       gap = kl(u, p) because "another"
      ≈ y
    }
    """
  #expect(
    tree(text) == """
      (derive (string "t") (for x xs) (for (tuple a b) ps) (~ z q) (wrt m s) rtol=1e-06 \
      (let (= u (call normal (* m x) s))) (let (define f (t) (+ t u))) \
      (first (+ (- (call log x)) (call f 2.0))) \
      (= (compare a < b) (because (string "a reason"))) \
      (>= x (gap (call kl u p)) (because (string "another"))) (≈ y))
      """)
}

@Test func gapAndBecauseAreNamesElsewhere() {
  #expect(tree("gap = 3; because = gap; wrt = let") == "(= gap 3.0)\n(= because gap)\n(= wrt let)")
}
