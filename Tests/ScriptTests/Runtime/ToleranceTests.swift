import Testing

@testable import Script

/// How many checks of a program held, and how many did not.
private func verdicts(_ program: String) -> (passed: Int, failed: Int) {
  let interpreter = Interpreter { _ in }
  let outcome = interpreter.run(Source(name: "test.dg", program))
  #expect(outcome.text == nil, "\(program)")
  return (interpreter.checks.passed, interpreter.checks.failed)
}

/// Rounding must not fail what is true, and nothing of a relative size of 1e-6 may hide behind it.
@Suite("the tolerance of exact comparisons")
struct ToleranceTests {
  static let sizes = [1e-4, 3e6]

  @Test(
    "a true identity passes however its terms cancel",
    arguments: [
      "for x in [0.3, 1e-4, 1e6], wrt=[x] { x = x + 1e3 - 1e3 = x - 1e3 + 1e3 }",
      "for x in [0.3, -7], wrt=[x] { x = x + 1e6 - 1e6 }",
      "for a in [0.3, 2], wrt=[a] { sum(a * d^2) = sum(flip(a * d^2, 0)) = a * sum(d * d) = 1000 * mean(a * d * d) }",
      "for a in [0.3, 2], wrt=[a] { 0 * a = sum(a * (d - mean(d))) = a * (sum(d) - 1000 * mean(d)) }",
      "for a in [0.3, 2], wrt=[a] { sum((a * d - mean(a * d))^2) = sum((a * d)^2) - 1000 * mean(a * d)^2 }",
      """
      for (a, b) in [(0.3, -0.4), (30, 31), (-700, -690)], wrt=[a, b] {
         log(exp(a) + exp(b)) = a + log(1 + exp(b - a)) = logsumexp([a, b], 0) = b + softplus(a - b)
      }
      """,
      """
      for (m, s) in [(0.3, 1.2), (1, 0.5)], wrt=[m, s] {
         kl(normal(m, s), normal(0, 1))
      =  E(z ~ normal(m, s), normal(m, s).log_prob(z) - 1e3) - E(z ~ normal(m, s), normal(0, 1).log_prob(z) - 1e3)
      =  E(z ~ normal(m, s), 1e3 * z^2 + normal(m, s).log_prob(z)) - E(z ~ normal(m, s), 1e3 * z^2 + normal(0, 1).log_prob(z))
      }
      """,
      "for s in [0.1, 3], wrt=[s] { 0 * s = E(z ~ normal(0, s), z^3 + z) }",
    ])
  func identities(_ block: String) {
    let found = verdicts("d = floor(rand(1000) * 17)\nderive \"an identity\", " + block)
    #expect(found.passed > 0 && found.failed == 0)
  }

  @Test("a relative error of 1e-6 is caught in a value, whatever its size", arguments: sizes)
  func values(_ size: Double) {
    let found = verdicts(
      """
      shifted(d) = (1 + double(arange(30))) * (1 + d * one_hot(7, 30))
      fails check \(size) ≈ \(size) * (1 + 1e-6)
      fails check double([1, 2, 3]) * \(size) ≈ double([1, 2 + 2e-6, 3]) * \(size)
      fails check E(z ~ normal(1, 1), \(size) * z) ≈ \(size) * (1 + 1e-6)
      fails derive "a number", for x in [\(size)] { x = x * (1 + 1e-6) }
      fails derive "no gradient", for x in [\(size)], wrt=[x] {
         x
      =  x + 1e-6 * detach(x)
      }
      fails derive "an element", for x in [\(size)], wrt=[x] {
         x * double([1, 2, 3])
      =  x * double([1, 2, 3]) + double([0, 2e-6, 0]) * detach(x)
      }
      fails derive "one of many", for x in [\(size)], wrt=[x] {
         x * (1 + double(arange(30)))
      =  x * shifted(1e-6)
      }
      fails derive "an expectation", for x in [\(size)], wrt=[x] {
         E(z ~ normal(x, 2 * x), z)
      =  x + 1e-6 * detach(x)
      }
      """)
    #expect(found == (8, 0))
  }

  @Test("a relative error of 1e-6 is caught in a gradient alone", arguments: sizes)
  func gradients(_ size: Double) {
    let found = verdicts(
      """
      shifted(d) = (1 + double(arange(30))) * (1 + 2 * d * one_hot(7, 30))
      fails derive "a number", for x in [\(size)], wrt=[x] { x^2 = x^2 + 2e-6 * x * (x - detach(x)) }
      fails derive "an element", for x in [\(size)], wrt=[x] {
         x^2 * double([1, 2, 3])
      =  x^2 * double([1, 2, 3]) + double([0, 4e-6, 0]) * x * (x - detach(x))
      }
      fails derive "one of many", for x in [\(size)], wrt=[x] {
         x^2 * (1 + double(arange(30)))
      =  x^2 * shifted(1e-6 * (x - detach(x)) / x)
      }
      fails derive "an expectation", for x in [\(size)], wrt=[x] {
         E(z ~ normal(x, 2 * x), z^2)
      =  5 * x^2 + 1e-5 * x * (x - detach(x))
      }
      """)
    #expect(found == (4, 0))
  }

  @Test("a small entry of a gradient is not lost beside a large one")
  func smallEntries() {
    let found = verdicts(
      """
      fails derive "beside a large one", for x in [double([1e-4, 1])], wrt=[x] {
         sum(x^2)
      =  sum(x^2) + sum(double([2e-6, 0]) * x * (x - detach(x)))
      }
      """)
    #expect(found == (1, 0))
  }
}

/// The stated rate is less than 1e-4 a comparison; the seeds are fixed.
@Suite("comparisons of estimates")
struct EstimateRateTests {
  @Test(
    "a true identity of estimates does not fail",
    arguments: [
      "E(z ~ normal(m, 0.5), z^2, n=100) ≈ E(z ~ normal(m, 0.5), m * z + 0.25, n=100)",
      "E(z ~ exponential(1), z, n=200) ≈ E(z ~ exponential(1), z^2 / 2, n=200)",
      "E(z ~ normal(m, 0.5), z, n=100) ≈ m",
      "log(E(z ~ normal(0, 1), exp(z), n=400)) ≈ 0.5 + E(z ~ normal(0, 1), z, n=400)",
    ])
  func checks(_ identity: String) {
    let found = verdicts(
      "m = 0.8\nfor s in range(500) {\n seed(s)\n check \(identity)\n}")
    #expect(found == (500, 0))
  }

  @Test("a derivation of estimates does not fail where every line is true")
  func derivations() {
    let found = verdicts(
      """
      for s in range(150) {
         seed(s)
         derive "second moment", for m in [0.4, 0.8], wrt=[m] {
            E(z ~ normal(m, 0.5), z^2, n=50)
         =  E(z ~ normal(m, 0.5), m * z + 0.25, n=50)
         =  m^2 + 0.25
         }
      }
      """)
    #expect(found == (300, 0))
  }

  @Test("an event that no draw shows does not fail a derivation")
  func rareEvents() {
    let found = verdicts(
      """
      derive "rare", for a in [3.5, 6] {
         E(z ~ normal(0, 1), z > a, n=100)
      =  1 - normal(0, 1).cdf(a)
      }
      fails derive "not as rare as that", for a in [6] {
         E(z ~ normal(0, 1), z > a, n=100)
      =  0.2
      }
      """)
    #expect(found == (2, 0))
  }

  @Test("a bias of 1 % is found in a million draws whose standard deviation is the mean")
  func power() {
    let found = verdicts(
      """
      check E(z ~ exponential(1), z, n=1000000) ≈ 1
      fails check E(z ~ exponential(1), z, n=1000000) ≈ 1.01
      fails check 0.99 ≈ E(z ~ exponential(1), z, n=1000000)
      fails check E(z ~ exponential(1), z, n=1000) ≈ E(z ~ exponential(1), 1.01 * z, n=1000)
      fails derive "a line of fewer draws, as many standard errors off", for m in [2] {
         E(z ~ exponential(1), m * z, n=10000)
      =  1.1 * m
      }
      """)
    #expect(found == (5, 0))
  }

  @Test("a bias of 1 % in the gradient alone is found")
  func powerOfGradients() {
    let found = verdicts(
      """
      fails derive "in its gradient", for m in [2], wrt=[m] {
         E(z ~ exponential(1), m * z, n=1000000)
      =  m + 0.01 * (m - detach(m))
      }
      """)
    #expect(found == (1, 0))
  }
}
