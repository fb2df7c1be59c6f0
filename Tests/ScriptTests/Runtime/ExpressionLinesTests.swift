import Testing

@testable import Script

@Suite("the lines of a long expression")
struct ExpressionLinesTests {
  private let bound = "E(z ~ q, log_lik(x, z)) - E(z ~ q, q.log_prob(z) - prior.log_prob(z))"

  @Test("what fits stays on one line")
  func short() { #expect(ExpressionLines("a + b", width: 8).lines == ["a + b"]) }

  @Test("a sum is broken before a sign outside of brackets")
  func sum() {
    #expect(
      ExpressionLines(bound, width: 53, indent: 4).lines == [
        "E(z ~ q, log_lik(x, z))", "- E(z ~ q, q.log_prob(z) - prior.log_prob(z))",
      ])
  }

  @Test("nothing is lost, and no line is longer than there is room")
  func complete() {
    for width in 12...70 {
      let lines = ExpressionLines(bound, width: width, indent: 4).lines
      #expect(lines.joined(separator: " ") == bound || width < 24)
      #expect(lines.joined().filter { $0 != " " } == bound.filter { $0 != " " })
      #expect(lines.allSatisfy { $0.columns <= width }, "\(width): \(lines)")
    }
  }

  @Test("a text without blanks is cut where the room ends")
  func solid() { #expect(ExpressionLines("abcdefghijkl", width: 8).lines == ["abcdefgh", "ijkl"]) }
}

@Suite("derive on a narrow page")
struct NarrowDerivationTests {
  private func page(width: Int) -> String {
    var text = ""
    let interpreter = Interpreter { output in
      if case .derivation(let report) = output { text = report.text(width: width) }
    }
    _ = interpreter.run(
      Source(
        name: "test.dg",
        """
        m = 0.4; s = 0.7; prior = normal(0, 1); q = normal(m, s)
        derive "a KL", for x in [0.4], wrt=[m, s] {
           kl(normal(m, s), prior) + x
        =  (m^2 + s^2 - 1 - 2 * log(s)) / 2 + x * (sin(m)^2 + cos(m)^2) because "sine and cosine"
        }
        """))
    return text
  }

  @Test("a line that does not fit goes on below, to be read whole")
  func narrow() {
    #expect(
      page(width: 72) == """
        a KL                                                    value  gradient
              kl(normal(m, s), prior) + x
          =   (m^2 + s^2 - 1 - 2 * log(s)) / 2                      0   2.2e-16  ✓
                  + x * (sin(m)^2 + cos(m)^2)
                    sine and cosine
        """)
  }

  @Test("a wide window shows it as it is written")
  func wide() {
    let line = "  =   (m^2 + s^2 - 1 - 2 * log(s)) / 2 + x * (sin(m)^2 + cos(m)^2)"
    #expect(page(width: 120).contains(line))
    #expect(page(width: 120).hasSuffix("✓  sine and cosine"))
  }
}
