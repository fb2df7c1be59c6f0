import Testing

/// What somebody at a terminal sees; a line that is waited for must not stand in what was typed, which is echoed.
@Suite struct PromptTests {
  @Test func controlCStopsWhatRunsAndLosesNothing() throws {
    let session = try TypedSession()
    try session.enter("x = 20; n = 0")
    try session.enter("print \"begun {x * 2}\"; while true { n += 1 }")
    try session.wait(for: "begun 40")
    session.type(TypedSession.interrupt)
    try session.wait(for: "nterrupted")
    try session.enter("print \"kept {x + 1} {n > 0}\"")
    try session.wait(for: "kept 21 true")
    try session.waitForPrompt()
    session.type(TypedSession.endOfInput)
    #expect(try session.end() == 0)
  }

  @Test func controlCLeavesALineThatIsBeingTyped() throws {
    let session = try TypedSession()
    try session.waitForPrompt()
    session.type("y = (1 + ")
    try session.wait(for: "(1 + ")
    session.type(TypedSession.interrupt)
    try session.enter("print \"sum {3 + 4}\"")
    try session.wait(for: "sum 7")
  }

  @Test func aMistakeAtThePromptShowsItsPlaceAndTheSessionGoesOn() throws {
    let session = try TypedSession()
    try session.enter("z = 3")
    try session.enter("randn(2, 3) @ randn(2, 3)")
    try session.wait(for: "prompt:1:13: shapes do not fit: [2, 3] @ [2, 3]")
    try session.wait(for: "            ^")
    try session.enter("print \"still {z + 2}\"")
    try session.wait(for: "still 5")
  }

  @Test func anInputGoesOnWhileABracketIsOpen() throws {
    let session = try TypedSession()
    try session.enter("for i in 1..3 {")
    try session.wait(for: "... ")
    session.type("print \"row {i * 11}\"\n}\n")
    try session.wait(for: "row 33")
    try session.waitForPrompt()
  }

  @Test func aScriptThatIsInterruptedEndsWith130() throws {
    let session = try TypedSession(["-e", "print \"go {1 + 1}\"; while true { }"])
    try session.wait(for: "go 2")
    session.type(TypedSession.interrupt)
    #expect(try session.end() == 130)
  }

  @Test func aLessonGoesCellByCell() throws {
    let folder = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    let session = try TypedSession(["--quick", "--step", "/\(folder)/lessons/probability.dg"])
    try session.wait(for: "Enter goes on")
    try session.wait(for: "How probable is the illness, in percent?")
    try session.enter("95")
    try session.wait(for: "✗ it is 8.7")
    try session.enter("print \"in between {6 * 7}\"")
    try session.wait(for: "in between 42")
    try session.enter("quit")
    #expect(try session.end() == 0)
  }

  @Test func aPredictionIsAskedFor() throws {
    let session = try TypedSession()
    try session.enter("predict \"how much?\", 2 + 2")
    try session.wait(for: "how much?\r\n")
    try session.enter("5")
    try session.wait(for: "✗ it is 4; 0 of 1 predictions right")
  }

  @Test func aTerminalThatGoesAwayEndsTheSession() throws {
    let session = try TypedSession()
    try session.enter("print \"here {5 * 5}\"")
    try session.wait(for: "here 25")
    try session.waitForPrompt()
    // Of its own accord, not by a crash.
    #expect(try session.hangUp() >= 0)
  }
}
