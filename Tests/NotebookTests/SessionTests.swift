import Script
import Testing

@testable import Notebook

@Suite struct SessionTests {
  @Test func proseIsPrintedAndCodeIsRun() {
    let bench = Bench()
    let status = bench.run(
      """
      # %% [markdown]
      # # A title
      # The mean is $\\mu$.

      # %% A cell
      1 + 1
      2;
      """)
    #expect(status == .fine)
    #expect(bench.console.output == "\n# A title\nThe mean is μ.\n\n2\n")
  }

  @Test func aFailedCheckIsCountedAndTheRunGoesOn() {
    let bench = Bench()
    #expect(bench.run("check 1 == 2\ncheck 1 == 1\nprint \"on\"") == .checkFailed)
    #expect(bench.console.output.contains("on\n1 check passed, 1 failed\n"))
  }

  @Test func quitAloneOnALineEndsTheSession() {
    let bench = Bench()
    #expect(bench.session.isFarewell("quit") && bench.session.isFarewell(" exit "))
    #expect(!bench.session.isFarewell("quit = 3"))
    _ = bench.session.runInput(Source(name: "prompt", "quit = 3"))
    #expect(!bench.session.isFarewell("quit"))
  }

  @Test func anErrorEndsTheRunAndGoesToTheErrorStream() {
    let bench = Bench()
    #expect(bench.run("x = [1, 2, 3]\nx @ ones(2, 2)\nprint \"never\"") == .failed)
    #expect(
      bench.console.errors == """
        test.dg:2:3: shapes do not fit: [3] @ [2, 2] needs 3 = 2
           x @ ones(2, 2)
             ^

        """)
    #expect(!bench.console.output.contains("never"))
  }

  @Test func aMistakeInTheLastLineIsFoundBeforeAnythingRuns() {
    let bench = Bench()
    #expect(bench.run("print \"first\"\nx = (1 +") == .failed)
    #expect(bench.console.output.isEmpty)
  }

  @Test func theSolutionStandsInForTheStarter() {
    let bench = Bench()
    let status = bench.run(
      """
      # %% [exercise] Two
      # Give two.
      two() = 0

      # %% [hint]
      # One and one.

      # %% [check]
      check two() == 2

      # %% [solution]
      two() = 2
      """)
    #expect(status == .fine)
    #expect(bench.console.output == "\n## Two\nGive two.\n\n1 check passed\n")
  }

  @Test func whatIsTrackedIsLiveWithoutBatchesToo() {
    let bench = Bench()
    bench.run("for i in 1..3 { track loss=1 / i }")
    #expect(bench.console.progress.map(\.done) == [1, 2, 3])
    #expect(bench.console.progress.last?.tracked.first?.value == 1.0 / 3)
    bench.run("for x in batches(ones(4, 1), 2) { track l=1 }")
    #expect(bench.console.progress.dropFirst(3).map(\.total) == [2, 2])
    bench.run("for x in batches(ones(4, 1), 2) { break }\ntrack l=2")
    #expect(bench.console.progress.last?.total == nil)
  }

  @Test func theSameSeedGivesTheSameNumbers() {
    let (a, b) = (Bench(), Bench())
    for bench in [a, b] { bench.run("randn(3)\nz ~ normal(0, 1)\nz") }
    #expect(a.console.output == b.console.output)
  }

  @Test func aFigureIsShownOnceWithAllThatWasAddedAndSaved() {
    let bench = Bench(figures: "out")
    bench.run("plot [1, 2], label=\"a\", title=\"T\"\nplot [2, 1], label=\"b\", add=true")
    #expect(bench.files.contents.keys.sorted() == ["out/01-t.png"])
    #expect(bench.console.output.components(of: "[figure 1: T.") == 1)
    #expect(bench.console.output.contains("b: line of 2 points"))
  }

  @Test func onATerminalAFigureIsDrawn() {
    let bench = Bench(isTerminal: true)
    bench.run("plot [1, 2], title=\"T\"")
    #expect(bench.console.output.contains("┤"))
    #expect(!bench.console.output.contains("\u{1b}"))
  }

  @Test func batchesReportTheirProgress() {
    let bench = Bench()
    bench.run("for x in batches(randn(10, 2), 4) { track n=len(x) }\nhistory.n")
    #expect(bench.console.progress.map(\.done) == [0, 1, 2])
    #expect(bench.console.progress.last?.tracked.first?.value == 4)
    #expect(bench.console.output == "[4, 4, 2] float64\n")
  }

  @Test func aModelIsSavedAndLoadedAgain() {
    let bench = Bench()
    let status = bench.run(
      """
      a = {encoder: mlp(3, 4, 2), decoder: mlp(2, 3)}
      save a, "m.safetensors"
      b = {encoder: mlp(3, 4, 2), decoder: mlp(2, 3)}
      x = randn(5, 3)
      check any(a.encoder(x) != b.encoder(x))
      load "m.safetensors", into=b
      check a.encoder(x) == b.encoder(x)
      """)
    #expect(status == .fine)
  }

  @Test func aModelOfAnotherShapeIsRefusedAndLeftAlone() {
    let bench = Bench()
    bench.run("save mlp(3, 4), \"m.safetensors\"")
    #expect(bench.run("load \"m.safetensors\", into=mlp(4, 3)") == .failed)
    #expect(
      bench.console.errors.contains(
        "0.weight: expected shape [4, 3], found [3, 4] in the checkpoint"))
  }

  @Test func aStepTurnsTheLossIntoANumberAndMovesTheParameters() {
    let bench = Bench()
    let status = bench.run(
      """
      w = param([1, 2])
      opt = sgd([w], lr=0.1)
      loss = sum(w^2)
      step opt, loss
      check loss == 5
      check w ≈ [0.8, 1.6]
      check type(loss) == "number"
      """)
    #expect(status == .fine)
  }
}

@Suite struct CompletionTests {
  private func candidates(_ text: String, after code: String = "") -> [String] {
    let bench = Bench()
    bench.run(code)
    return bench.session.complete(text, at: text.utf8.count).candidates
  }

  @Test func namesAreCompleted() {
    #expect(candidates("logsumex") == ["logsumexp"])
    #expect(candidates("learning_r", after: "learning_rate = 1") == ["learning_rate"])
  }

  @Test func membersAreCompleted() {
    #expect(candidates("r.al", after: "r = {alpha: 1, beta: 2}") == ["alpha"])
    #expect(candidates("x.unsq", after: "x = ones(2)") == ["unsqueeze"])
  }

  @Test func aSymbolTakesThePlaceOfItsName() {
    let bench = Bench()
    let completion = bench.session.complete("1 + \\mu", at: 7)
    #expect(completion.candidates == ["μ"])
    #expect(completion.start == 4)
  }

  @Test func argumentNamesAreCompleted() {
    #expect(candidates("plot x, titl") == ["title="])
  }
}

extension String {
  fileprivate func components(of part: String) -> Int {
    var (count, rest) = (0, self[...])
    while let range = rest.firstRange(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}

@Test func everyBuiltinSaysWhatItDoes() {
  let bench = Bench()
  let builtins = bench.session.interpreter.builtins
  #expect(builtins.count > 150)
  for builtin in builtins {
    #expect(builtin.about.count > 2, "\(builtin.name)")
    bench.run("help \(builtin.name)")
  }
  #expect(bench.console.errors.isEmpty)
}

@Suite struct VerificationTests {
  private func complaints(starter: String, solution: String) throws -> [String?] {
    let bench = Bench()
    var verification = Verification(
      world: World(console: bench.console, files: bench.files), options: SessionOptions())
    try verification.run(
      Source(
        name: "lesson.dg",
        """
        # %% [exercise] Two
        # Give two.
        \(starter)

        # %% [check]
        check two() == 2

        # %% [solution]
        \(solution)
        """))
    return verification.rows.map(\.complaint)
  }

  @Test func aGoodExerciseHasNoComplaint() throws {
    #expect(try complaints(starter: "two() = 0", solution: "two() = 2") == [nil])
  }

  @Test func aStarterThatPassesIsFound() throws {
    #expect(
      try complaints(starter: "two() = 2", solution: "two() = 2")
        == ["the starter passes every check"])
  }

  @Test func aSolutionThatFailsIsFound() throws {
    #expect(
      try complaints(starter: "two() = 0", solution: "two() = 3").first
        == "the solution fails 1 of 1 checks")
  }
}
