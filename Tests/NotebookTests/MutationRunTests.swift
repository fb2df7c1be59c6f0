import Script
import Tensors
import Testing

@testable import Notebook

@Suite struct MutationRunTests {
  /// What came of all slips of a lesson, or of as many as are wanted.
  private func results(
    _ lessons: String..., count: Int? = nil, seed: UInt64 = 0
  ) throws -> [MutationRun.Result] {
    var results: [MutationRun.Result] = []
    let world = World(console: RecordingConsole(), files: MemoryFiles())
    let run = MutationRun(world: world, options: SessionOptions(isQuick: true)) {
      results.append($0)
    }
    let sources = lessons.enumerated().map { Source(name: "\($0).dg", $1) }
    try run.run(sources, choosing: count, Generator(seed: seed))
    return results
  }

  private static let derivation = """
    derive "a square", for x in [0.7, -1.2] {
       (x + 1)^2
    =  x^2 + 2 * x + 1
    =  x * (x + 2) + 1
    }
    """

  @Test func everySlipOfADerivationIsCaughtAndMostAreDiagnosed() throws {
    let tally = MutationTally(try results(Self.derivation))
    #expect(tally.tried > 30)
    #expect(tally.caught == tally.tried)
    #expect(tally.meetsTheBars)
  }

  @Test func aLineThatIsZeroWhateverStandsInItIsBlind() throws {
    let results = try results("x = 0.3\ncheck 0 * x ≈ 0")
    let missed = results.filter { $0.outcome == .missed }
    #expect(!missed.isEmpty)
    #expect(!MutationTally(results).meetsTheBars)
    let text = try #require(missed.first).text
    #expect(
      text == "0.dg:2:9: missed: operator, with `/` in place of `*`\n   check 0 * x ≈ 0")
  }

  @Test func anInequalityIsBlindWithoutItsGap() throws {
    let bare = "derive \"d\", for x in [0.7, -1.2] {\n   x^2 + 1\n>= 2 * x\n}"
    #expect(try results(bare).contains { $0.outcome == .missed })
    let stated = "derive \"d\", for x in [0.7, -1.2] {\n   x^2 + 1\n>= 2 * x gap = (x - 1)^2\n}"
    #expect(try results(stated).allSatisfy { $0.outcome.isCaught })
  }

  @Test func whatIsNotRunCatchesNothing() throws {
    let results = try results("if not quick { check 1 + 1 == 2 }")
    #expect(!results.isEmpty)
    #expect(results.allSatisfy { $0.outcome == .unreached })
    #expect(!MutationTally(results).meetsTheBars)
  }

  @Test func oneSeedChoosesTheSameSlips() throws {
    func chosen(_ seed: UInt64) throws -> [String] {
      try results(Self.derivation, "check 2 + 3 ≈ 5", count: 7, seed: seed).map(\.text)
    }
    #expect(try chosen(3).count == 7)
    #expect(try chosen(3) == chosen(3))
    #expect(try chosen(3) != chosen(4))
  }

  @Test func definitionsRelationsAndPointsAreNotChanged() throws {
    let lesson = "f(x) = x + 1\ny = 2 * 3\nfor i in 1..2 { print i + y }\nfails check f(1) ≈ 3"
    #expect(try results(lesson).isEmpty)
  }

  @Test func aSlipMeetsTheNamesAsTheyStandBeforeItsStatement() throws {
    let results = try results("x = 1\ncheck x + 2 ≈ 3\nx = 5\ncheck x + 2 ≈ 7")
    #expect(results.allSatisfy { $0.outcome.isCaught })
  }

  @Test func aLessonThatFailsAsItStandsIsRefused() {
    #expect(throws: MutationError.self) { try results("check 1 + 1 == 3") }
    #expect(throws: MutationError.self) { try results("check missing == 3") }
  }

  @Test func kindsOfSlips() throws {
    let lesson = "p(a, b) = a - b\nx = 2; y = 0.5\ncheck p(x, y) * log(x) ≈ 1.5 * log(2)"
    let texts = try results(lesson, count: nil).map(\.mutation)
    for kind in Mutation.Kind.allCases { #expect(texts.contains { $0.kind == kind }, "\(kind)") }
    let descriptions = Set(texts.map(\.description))
    for wanted in [
      "with `y` and `x` exchanged", "with `y` in place of `x`", "without the log",
      "with `exp` in place of `log`", "with `/` in place of `*`",
      "with `(2 * 1.5)` in place of `1.5`", "with `(1.5 + 1)` in place of `1.5`",
      "with a minus before `p(x, y)`",
      "with `log(p(x, y))` in place of `p(x, y)`",
    ] { #expect(descriptions.contains(wanted), "\(wanted) among \(descriptions)") }
  }

  /// The names before which a minus is put, one for each such slip.
  private func minuses(_ lesson: String) -> [String] {
    let source = Source(name: "t.dg", lesson)
    return Mutations.of(Parser.parse(source).statements, in: source).joined()
      .filter { $0.kind == .sign }.map { String($0.description.dropFirst(21).dropLast()) }
  }

  @Test func aMinusThatNothingSeesIsNoSlip() {
    func lesson(_ prior: String) -> String {
      """
      prior = \(prior)
      derive "an average", for x in [0.4, -1.3] {
         E(z ~ prior, exp(a + z) * x)
      =  integrate(z -> prior.prob(z) * exp(a + z) * x, -inf, inf)
      }
      """
    }
    let even = minuses(lesson("normal(0, 0.8)"))
    #expect(!even.contains("z"))
    #expect(even.filter { $0 == "a" }.count == 2)
    // Around another centre a minus before z is wrong, at all three places.
    #expect(minuses(lesson("normal(0.3, 0.8)")).filter { $0 == "z" }.count == 3)
  }

  @Test func aDrawThatStandsAtTwoPlacesHasASign() {
    #expect(minuses("check E(z ~ normal(0, 1), exp(z) * z) ≈ y").filter { $0 == "z" }.count == 2)
    #expect(!minuses("check E(z ~ normal(0, 1), exp(z) * z^2) ≈ y").contains("z"))
    #expect(minuses("check integrate(z -> exp(z), -inf, c) ≈ y").contains("z"))
  }

  @Test func aMinusBeforeWhatIsComparedWithZeroIsNoSlip() {
    #expect(!minuses("check log(2) ≈ 0").contains("log(2)"))
    #expect(minuses("check log(2) ≈ 1").contains("log(2)"))
    #expect(minuses("check log(2) >= 0").contains("log(2)"))
  }

  @Test func aNameThatAStatementBindsItselfIsNotKnownToBeEven() {
    let lesson = """
      q = normal(0, 1)
      derive "d", for m in [0.4, -1.3] {
          let q = normal(m, 1)
         E(z ~ q, exp(z))
      =  exp(m + 1/2)
      }
      """
    #expect(minuses(lesson).contains("z"))
  }

  @Test func sharesAreRoundedDown() {
    var tally = MutationTally()
    for i in 0..<1000 { tally.add(i < 20 ? .missed : i < 120 ? .caught : .diagnosed) }
    #expect(tally.meetsTheBars)
    tally.add(.missed)
    #expect(!tally.meetsTheBars)
    #expect(
      tally.text
        == "980 of 1001 slips caught (97.9 %, wanted 98), 880 diagnosed (87.9 %, wanted 80)")
  }
}
