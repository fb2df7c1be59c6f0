import Script
import Testing

@testable import Notebook

/// A lesson gone through by somebody who types.
@Suite struct LessonWalkTests {
  private static let lesson = """
    # %% [markdown]
    # # Squares
    # Read this.

    # %% A first cell
    seed 3
    a = 2; a
    check a == 2

    # %% [exercise] Square
    # Write sq(x).
    sq(x) = x

    # %% [hint]
    # A power.

    # %% [check]
    check sq(3) == 9
    check sq(rand(2)).shape == [2]

    # %% [solution]
    sq(x) = x^2

    # %% [markdown]
    # And now?

    # %%
    predict "sq(5)?", sq(5)
    rand()
    """

  private final class Walker {
    let console = RecordingConsole()
    private(set) var kept: String?
    private var answers: [String]
    private let session: Session
    private var walk: LessonWalk?
    private var seen = 0

    init(_ text: String = LessonWalkTests.lesson, answers: [String] = [], at place: String? = nil) {
      self.answers = answers
      let muted = MutableConsole(console)
      session = Session(world: World(console: muted, files: MemoryFiles()))
      let predictions = Predictions(console: muted) { [unowned self] question in
        console.write(question + "\n")
        return self.answers.isEmpty ? nil : self.answers.removeFirst()
      }
      session.predict = predictions.predict
      let walk = LessonWalk(
        Source(name: "l.dg", text), in: session, console: muted, predictions: predictions
      ) { [unowned self] in kept = $0 }
      self.walk = walk.begin(at: place) ? walk : nil
    }

    var hasBegun: Bool { walk != nil }
    var checks: CheckTally { session.interpreter.checks }

    /// What is said to an input.
    func type(_ text: String) -> String {
      _ = said
      _ = walk?.enter(text)
      return said
    }

    /// What was said since this was last asked.
    var said: String {
      defer { seen = console.output.utf8.count }
      return String(decoding: console.output.utf8.dropFirst(seen), as: UTF8.self)
    }
  }

  @Test func proseAndCodeAreShownBeforeWhatTheyGive() {
    let walker = Walker()
    #expect(
      walker.said.hasSuffix(
        "# Squares\nRead this.\n\n## A first cell\n    seed 3\n    a = 2; a\n    check a == 2\n2\n✓ 1 check passed\n"
      ))
    let question = walker.type("")
    #expect(question.contains("## Square\nWrite sq(x).\n\n    sq(x) = x\n"))
    #expect(question.hasSuffix("Write your answer, or: hint, solution, skip.\n"))
  }

  @Test func anAnswerIsCheckedAtOnceAndMayBeTriedAgain() {
    let walker = Walker()
    _ = walker.type("")
    #expect(walker.type("1 + 2") == "3\n", "what defines nothing is no answer")
    #expect(walker.type("sq(x) = 2 * x").contains("l.dg:18:7: check failed\n   sq(3) == 9"))
    #expect(walker.checks.failed == 0, "what was tried again does not count")
    #expect(walker.type("") == "Write your answer, or: hint, solution, skip.\n")
    #expect(walker.type("hint").contains("A power.") && walker.type("hint").contains("last hint"))
    #expect(walker.type("sq(x) = x * x") == "✓ right\n")
    #expect(walker.checks.passed == 3)
  }

  /// Two rights to the same dice, however many attempts they took.
  @Test func everyoneGoesOnWithTheSameNumbers() {
    func ending(_ inputs: [String]) -> String {
      let walker = Walker()
      let said = inputs.map { walker.type($0) }
      return said.last ?? ""
    }
    let plain = Bench()
    plain.run(Self.lesson)
    let number = plain.console.output.split(separator: "\n").dropLast().last ?? ""
    for inputs in [["", "skip"], ["", "solution", ""], ["", "sq(x) = 1", "sq(x) = x^2", ""]] {
      #expect(ending(inputs).hasSuffix("it is 25\n\(number)\n"), "\(inputs)")
    }
  }

  @Test func predictionsAreScored() {
    let walker = Walker(answers: ["5 * 5"])
    _ = walker.type("")
    let asked = walker.type("skip")
    #expect(!asked.contains("predict \""), "its line would give the answer away")
    #expect(asked.contains("sq(5)?\n✓ it is 25; 1 of 1 predictions right\n"))
    let end = walker.type("")
    #expect(end.contains("That was the lesson.") && end.contains("1 of 1 predictions right"))
    let wrong = Walker(answers: ["24"])
    _ = wrong.type("")
    #expect(wrong.type("skip").contains("✗ it is 25; 0 of 1 predictions right\n"))
  }

  @Test func backAndAgainBringTheNamesBack() {
    let walker = Walker()
    _ = walker.type("a = 7")
    #expect(walker.type("again").contains("\n2\n"))
    _ = walker.type("")
    #expect(walker.type("back").contains("\n2\n"))
    #expect(walker.type("a") == "2\n")
  }

  @Test func tomorrowItGoesOnWhereItStood() {
    let walker = Walker()
    _ = ["b = 40", "", "sq(x) = x^2 + \"\\\\\".len() - 1", ""].map { walker.type($0) }
    let next = Walker(at: walker.kept)
    #expect(next.said.contains("Going on where you left off, at cell 3 of 3."))
    #expect(next.type("b + sq(2)") == "44\n")
    #expect(next.type("").contains("That was the lesson.") && next.kept == nil)
    let changed = Walker(Self.lesson + "\n1", at: walker.kept)
    #expect(changed.said.contains("Read this."), "a lesson that was changed begins anew")
    #expect(Walker("x = (", at: nil).hasBegun == false)
  }
}
