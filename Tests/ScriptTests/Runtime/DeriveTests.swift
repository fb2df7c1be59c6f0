import Testing

@testable import Script

/// What a program prints, tables of derivations included, and its error if there is one.
private func printed(_ program: String) -> String {
  var lines: [String] = []
  let interpreter = Interpreter { output in
    switch output {
    case .derivation(let report): lines.append(report.text(width: 100))
    case .value(let value): lines.append(Display.text(value))
    case .text(let text), .part(let text): lines.append(text)
    case .check(let report): if let text = report.text ?? report.caughtText { lines.append(text) }
    case .prediction: break
    }
  }
  let outcome = interpreter.run(Source(name: "test.dg", program))
  if let text = outcome.text { lines.append(text) }
  if interpreter.checks.total > 0 { lines.append(interpreter.checks.summary) }
  return lines.joined(separator: "\n")
}

@Suite("derive")
struct DeriveTests {
  @Test("each line is a row with the errors of its value and gradients, a mark and its reason")
  func rows() {
    let text = printed(
      """
      m = 0.5
      derive "a square", for x in [1, 2], wrt=[m] {
             (m + x)^2
          =  m^2 + 2*m*x + x^2      because "multiply out"
          >= 2*m*x                  gap = m^2 + x^2
      }
      m
      """)
    #expect(
      text == """
        a square                    value  gradient
              (m + x)^2
          =   m^2 + 2*m*x + x^2         0         0  ✓  multiply out
          >=  2*m*x                                  ✓  gap 1.25 to 4.25
              gap = m^2 + x^2           0         0  ✓
        0.5
        2 checks passed
        """)
  }

  @Test("a dropped constant is named, and the line that the others disagree with")
  func constant() {
    let text = printed(
      """
      m = 0.4; s = 0.7
      f(x) = normal(m * x, s).log_prob(x)
      derive "dropped", for x in [-1.2, 0.4, 2.0], wrt=[m, s] {
         f(x)
      =  -log(s) - (x - m * x)^2 / (2 * s^2)
      =  f(x)
      }
      """)
    #expect(
      text.hasSuffix(
        """
        test.dg:5:4: check failed: line 2 does not follow from line 1, at x = -1.2
           -log(s) - (x - m * x)^2 / (2 * s^2)
           above -1.0912432, here -0.17230465
           the sides differ by 0.91894 = ½ log 2π everywhere: a constant
           the lines around it agree: line 2 is the odd one
        0 checks passed, 2 failed
        """))
  }

  @Test(
    "what is wrong with a step is said",
    arguments: [
      ("x^2 = -x^2", "the sign is flipped"),
      ("x^2 = 0.5 * x^2", "the ratio is 0.5 = ½ everywhere: a factor"),
      ("log(x) = log(x) + log(2*pi)", "the sides differ by 1.8379 = log 2π everywhere: a constant"),
      (
        "x^2 + sin(x) - 1 = x^2 - sin(x) - 1",
        "they differ in `-sin(x)`, above `sin(x)`: the sign is flipped"
      ),
      ("x^2 + sin(x) - 1 = x^2 - 1", "missing here: `sin(x)`"),
      ("3 * (x^2 + sin(x)) = 3 * (x^2 + sin(x) + x)", "extra here: `3 * x`"),
      ("g(x) = x^2 - sin(x) - 1", "the sign of `-sin(x)` is flipped"),
      ("g(x) = x^2 + 2 * sin(x) - 1", "`2 * sin(x)` should be 0.5 = ½ times as large"),
      ("x^2 = x * detach(x)", "the values agree, the derivatives by x do not"),
      (
        "sin(x) = detach(sin(x))",
        "the values agree, the derivatives by x do not: none flows here, as behind a detach"
      ),
      ("x >= x + 1", "the inequality is the other way round"),
      ("x = log(x - 5)", "a side is infinite or no number"),
      ("x = x / 0", "a side is infinite or no number"),
      ("1 / 0 = x", "a side is infinite or no number"),
      ("x = x + log(0)", "a side is infinite or no number"),
      ("-log(x + 1) = x + 1", "the line above is -log of this line, everywhere"),
      ("x + 1 = (x + 1)^2 + log(1)", "the line above is the root of this line, everywhere"),
    ])
  func findings(line: String, sentence: String) {
    let text = printed(
      """
      g(x) = x^2 + sin(x) - 1
      derive "wrong", for x in [0.3, 1.2, 2], wrt=[x] { \(line) }
      """)
    #expect(text.contains("   \(sentence)\n"), "\(text)")
  }

  @Test("a step that holds in value but not in gradient is broken")
  func gradientOnly() {
    let text = printed("derive \"g\", for x in [0.3, 1.2], wrt=[x] { x^2 = x * detach(x) }")
    #expect(text.hasSuffix("0 checks passed, 1 failed"))
  }

  @Test("infinities are equal to themselves alone, in value and in gradient")
  func infinities() {
    #expect(printed("derive \"i\" { 1 / 0 = 2 / 0 }").hasSuffix("1 check passed"))
    #expect(printed("derive \"i\" { 1 / 0 = -1 / 0 }").hasSuffix("0 checks passed, 1 failed"))
    // The values agree at 0, the slope of the root is infinite there.
    let slopes = printed("derive \"i\", for x in [0], wrt=[x] { sqrt(x) = x }")
    #expect(slopes.hasSuffix("0 checks passed, 1 failed"))
  }

  @Test("functions read the leaves that wrt names, and everything is as before afterwards")
  func leaves() {
    let text = printed(
      """
      w = [1, 2, 3]; p = param([0.5, 0.25])
      f(x) = sum(w * x) + p.sum()
      derive "t", for x in [2, 3], wrt=[w, p] { f(x) = x * sum(w) + sum(p) }
      w.dtype, p.dtype
      """)
    #expect(text.contains("(float32, float32)"))
    #expect(text.hasSuffix("1 check passed"))
  }

  @Test("names stay as they were where a line errs")
  func restored() {
    let interpreter = Interpreter { _ in }
    _ = interpreter.run(
      Source(name: "a", "m = 2\nderive \"t\", for x in [1], wrt=[m] { m * x = nowhere }"))
    guard case .number(2)? = interpreter["m"] else {
      Issue.record("m is \(String(describing: interpreter["m"]))")
      return
    }
  }

  @Test("an error within a line points there")
  func errors() {
    #expect(
      printed("derive \"t\", for x in [1, 2] {\n   x\n=  x + 0\n=  x * y\n}") == """
        test.dg:4:8: `y` is not defined
           =  x * y
                  ^
           in line 3 of the derivation, at x = 1
        """)
    #expect(printed("derive \"t\" { [1, 2] + [1, 2, 3] = 1 }").hasPrefix("test.dg:1:21: "))
    #expect(
      printed("m = 1; s = 2\nderive \"t\", for x in [1, 2], wrt=[m, s] { m * x = x * m }") == """
        test.dg:2:38: no line depends on `s`
           derive "t", for x in [1, 2], wrt=[m, s] { m * x = x * m }
                                                ^
        """)
  }

  @Test("fails derive passes on a comparison that is false, and on nothing else")
  func fails() {
    #expect(printed("fails derive \"t\", for x in 1..3 { x^2 = -x^2 }").hasSuffix("1 check passed"))
    let holding = printed("fails derive \"t\", for x in 1..3 { x^2 = x * x }")
    #expect(holding.contains("the derivation holds, and was expected to fail"))
    #expect(holding.hasSuffix("0 checks passed, 1 failed"))
    #expect(printed("fails derive \"t\" { nowhere = 1 }").contains("`nowhere` is not defined"))
  }

  @Test("lets are worked out anew at every point, from its leaves")
  func lets() {
    let text = printed(
      """
      derive "t", for (mu, s) in [(0.3, 0.5), (0, 1)], wrt=[mu, s] {
         let q = normal(mu, s)
         q.log_prob(0.7)
      =  -log(2 * pi) / 2 - log(s) - (0.7 - mu)^2 / (2 * s^2)
      }
      """)
    #expect(text.hasSuffix("1 check passed"))
  }

  @Test("draws are five, with the session's seed")
  func draws() {
    let text = printed("derive \"t\", for x ~ normal(0, 2) { sin(x)^2 + cos(x)^2 = 1 }")
    #expect(text.hasSuffix("1 check passed"))
  }
}

@Suite("derive with expectations")
struct DeriveExpectationTests {
  @Test("the evidence splits into the ELBO and a gap, in value and in every gradient")
  func elbo() {
    let text = printed(
      """
      prior = normal(0, 1); a = 1.5; b = 0.3; noise = 0.6; m = 0.4; s = 0.7
      log_lik(x, z) = normal(a * z + b, noise).log_prob(x)
      log_joint(x, z) = prior.log_prob(z) + log_lik(x, z)
      log_evidence(x) = log(E(z ~ prior, exp(log_lik(x, z))))
      q(x) = normal(m * x, s)
      k = 1 + a^2 / noise^2
      posterior(x) = normal(a * (x - b) / noise^2 / k, 1 / sqrt(k))
      derive "split", for x in [-1.2, 0.4], wrt=[m, s] {
             log_evidence(x)
          =  E(z ~ q(x), log_evidence(x))
          >= E(z ~ q(x), log_joint(x, z) - q(x).log_prob(z))   gap = kl(q(x), posterior(x))
          =  E(z ~ q(x), log_lik(x, z)) - kl(q(x), prior)
      }
      """)
    #expect(text.hasSuffix("3 checks passed"), "\(text)")
  }

  @Test("estimates are compared with the noise that both sides share")
  func estimates() {
    let text = printed(
      """
      m = 0.4; s = 0.7
      derive "mc", wrt=[m, s] {
           E(z ~ normal(m, s), z^2 + sin(z), n=2000)
         = E(z ~ normal(m, s), sin(z) + z^2, n=2000)
         = m^2 + s^2 + E(z ~ normal(m, s), sin(z))
      }
      fails derive "half" {
           E(z ~ normal(m, s), z^2, n=2000)
         = E(z ~ normal(m, s), z^2 / 2, n=2000)
      }
      """)
    #expect(text.contains("3 checks passed"), "\(text)")
    #expect(text.contains("chance by"))
  }

  @Test("what was made of a param follows it")
  func older() {
    let text = printed(
      """
      p = param([0.5, 0.25])
      q = normal(p[0], exp(p[1]))
      derive "older", wrt=[p] { q.log_prob(0.3) = normal(p[0], exp(p[1])).log_prob(0.3) }
      """)
    #expect(text.hasSuffix("1 check passed"), "\(text)")
  }

  @Test(
    "a slip is blamed on its line, with what would mend it",
    arguments: [
      ("0.5 * (mu^2 - exp(logvar) - 1 - logvar)", "line 2 holds with `+` in place of `-`, at 5:22"),
      (
        "0.5 * (mu^2 + logvar - 1 - logvar)",
        "line 2 holds with `exp(logvar)` in place of `logvar`, at 5:24"
      ),
      ("2 * (mu^2 + exp(logvar) - 1 - logvar)", "the ratio is 4 everywhere: a factor"),
      (
        "0.5 * (mu^2 + exp(mu) - 1 - logvar)",
        "line 2 holds with `logvar` in place of `mu`, at 5:28"
      ),
    ])
  func mends(line: String, sentence: String) {
    let text = printed(
      """
      derive "KL", for (mu, logvar) in [(0.3, -0.4), (-0.7, 0.2)], wrt=[mu, logvar] {
         let q = normal(mu, exp(logvar / 2))
         let p = normal(0, 1)
         E(z ~ q, q.log_prob(z) - p.log_prob(z))
             = \(line)
             = -(1 + logvar - mu^2 - exp(logvar)) / 2
             = kl(q, p)
      }
      """)
    #expect(text.contains(sentence), "\(text)")
    #expect(text.contains("line 2 is the odd one"))
  }
}
