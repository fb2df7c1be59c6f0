import Script
import Testing

private func cells(_ text: String) -> [String] {
  let source = Source(name: "t", text)
  return Cells(source).cells.map {
    "\($0.kind.rawValue)|\($0.title)|\($0.prose)|\(source.text($0.code))"
  }
}

@Test func aFileWithoutMarksIsOneCell() {
  #expect(cells("x = 1\ny") == ["code|||x = 1\ny"])
  #expect(cells("") == [])
  #expect(cells("\n\n") == [])
}

@Test func aMarkOpensACell() {
  let text = """
    # a comment
    # %% [markdown]
    # # A title
    #
    # Text $z$.

    # %% A first sample
    seed 7
      # %% not at the start of a line
    # %%
    x
    """
  #expect(
    cells(text) == [
      "code|||# a comment\n",
      "markdown||# A title\n\nText $z$.|",
      "code|A first sample||seed 7\n  # %% not at the start of a line\n",
      "code|||x",
    ])
}

@Test func anExerciseHasProseAndAStarter() {
  let text = """
    # %% [exercise] The KL
    # Write f(x).

    f(x) = 0    # the starter
    # %% [hint]
    # Think.
    # %% [check]
    # checked
    check f(1) == 1
    # %% A solution [solution]
    f(x) = x
    """
  #expect(
    cells(text) == [
      "exercise|The KL|Write f(x).|f(x) = 0    # the starter\n",
      "hint||Think.|",
      "check|||# checked\ncheck f(1) == 1\n",
      "solution|A solution||f(x) = x",
    ])
}

@Test func carriageReturnsAreNoPartOfProse() {
  #expect(cells("# %% [markdown]\r\n# a\r\n# b\r\n") == ["markdown||a\nb|"])
}

@Test func spansAreThoseOfTheFile() {
  let source = Source(name: "t.dg", "# %% One\nx = 1\n# %% Two\ny = )\n")
  let cells = Cells(source).cells
  #expect(cells.map(\.span) == [Span(0, 15), Span(15, 30)])
  #expect(Parser.parse(source, cells[1].code).diagnostics.map(\.span) == [Span(28, 29)])
}

@Test func whatIsOutOfPlaceInACellIsReported() {
  let source = Source(name: "t.dg", "# %% [excercise] A\n# a\n# %% [markdown]\n# b\nx = 3\n")
  #expect(
    DiagnosticRenderer.text(Cells(source).diagnostics, in: source) == """
      t.dg:1:6: `[excercise]` is no kind of cell
         # %% [excercise] A
              ^~~~~~~~~~~~~
         hint: did you mean `[exercise]`?
      t.dg:5:1: a line of a markdown cell begins with `#`
         x = 3
         ^~~~~
         hint: a `# %%` line before it opens a cell of code
      """)
}
