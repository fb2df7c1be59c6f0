import Testing

@testable import Notebook

/// The first number that is not finite is reported with the step that made it.
@Suite struct NonFiniteTests {
  private func errors(_ text: String) -> String {
    let bench = Bench()
    bench.run(text)
    return bench.console.errors
  }

  @Test func aLossPointsAtTheStepThatMadeItNaN() {
    #expect(
      errors(
        """
        w = param([1, -1])
        opt = adam([w], lr=0.1)
        f(v) = log(v)
        loss = sum(f(w)) * 2
        step opt, loss
        """)
          == """
          test.dg:5:1: step: loss is nan at step 1: the parameters are left as they were
             step opt, loss
             ^~~~
          test.dg:3:8: the first nan is made here, of -1, at [1]
             f(v) = log(v)
                    ^~~

          """)
  }

  @Test func anInfinityOnTheWayIsTheOriginOfTheNaNItCauses() {
    let text = errors(
      """
      w = param([1, 0, 4])
      opt = adam([w], lr=0.1)
      p = w / sum(w * 0)
      step opt, sum(p - p)
      """)
    #expect(text.contains("test.dg:3:7: the first nan is made here, of 0 and 0, at [1]"))
  }

  @Test func whatWasGivenIsToldFromWhatWasMade() {
    let text = errors(
      """
      net = mlp(2, 3, 1)
      opt = adam(params(net), lr=0.1)
      step opt, mean(net([[1, 2], [3, nan]])^2)
      """)
    #expect(text.contains("test.dg:3:16: an operand here is nan already, at [1, 1]"))
  }

  @Test func aGradientPointsAtTheStepItPassedThrough() {
    let bench = Bench()
    bench.run(
      """
      w = param([1, 0, 4])
      opt = adam([w], lr=0.1)
      loss = sum(sqrt(w))
      step opt, loss
      """)
    #expect(
      bench.console.errors.contains(
        "step: a gradient is inf at step 1: the parameters are left as they were"))
    #expect(
      bench.console.errors.contains(
        "test.dg:3:12: the first gradient that is inf is that of the operand here, where it is 0, at [1]"
      ))
    bench.run("w")
    #expect(bench.console.output == "[1, 0, 4]\n")
  }

  @Test func gradcheckPointsThereToo() {
    let text = errors("f(x) = sum(sqrt(x - 1))\ngradcheck f, [0.5, 2]")
    #expect(text.contains("gradcheck: the function's value here is nan: no gradient to check"))
    #expect(text.contains("test.dg:1:12: the first nan is made here, of -0.5, at [0]"))
  }
}
