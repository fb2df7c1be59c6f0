import Script
import Testing

/// Scripts that ask for too much get an error, and the session lives on.
struct LimitsTests {
  @Test func callsWithoutEndAreStopped() {
    let said = outputLines(of: "f(n) = f(n + 1)\nf(0)")
    #expect(said.first?.hasPrefix("t.dg:1:8: calls are nested too deeply: ") == true)
    #expect(said.contains("   hint: does a function call itself without end?"))
  }

  @Test func tensorsThatDoNotFitInMemoryAreRefusedWithTheirSize() {
    let said = outputLines(of: "zeros(1000000, 1000000, 1000)")
    #expect(said.first?.contains("zeros: this would need 4 PB") == true)
  }

  @Test(arguments: [
    "1..1e300", "arange(0, 1e300)", "randint(0, 10, 1e12)", "zeros(1e18, 1e18)", "\"a\" * 1e12",
    "[1, 2][1e300]", "[1, 2][nan]", "seed 1e30", "int(inf)", "randperm(1e15)", "range(1e15)",
    "linspace(0, 1, 1e12)", "one_hot([1e18])", "x = zeros(3); x[1e18] = 1", "eye(1e9)",
  ])
  func hugeNumbersAreErrors(_ script: String) {
    #expect(outputLines(of: script).contains { $0.hasPrefix("t.dg:1:") })
  }

  @Test func deeplyNestedListsAreFreedAndShown() {
    let said = outputLines(
      of: """
        l = []
        for i in 1..50000 { l = [l, "a"] }
        r = {}
        for i in 1..50000 { r = {a: r, b: "b"} }
        l = 0
        r = 0
        print "done"
        """)
    #expect(said == ["done"])
  }

  @Test func writingElementsDoesNotCopyTheTensorEachTime() {
    let said = outputLines(
      of: """
        x = zeros(20000)
        f(x) = { for i in 0..19999 { x[i] = i }; x }
        for i in 0..19999 { x[i] += 1 }
        x = f(x)
        x[19999]
        """)
    #expect(said == ["19999"])
  }
}
