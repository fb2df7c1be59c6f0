import Notebook
import Script
import Testing

@testable import DeepGenREPL

@Suite struct CellLayoutTests {
  @Test func wideCharactersAreClippedWhole() {
    #expect(clipped("中文字", to: 5) == "中文")
  }

  @Test(arguments: [
    ("", 1), ("123456", 2), ("12345", 1), ("1234567890123456", 3), ("a\nb", 2), ("12345中", 2),
  ])
  func rowsWrapAtTheWidth(text: String, expected: Int) {
    #expect(rowCount(text, from: 4, width: 10) == expected)
  }

  @Test func columnsReadDownwards() {
    #expect(columns(["a", "bb", "c", "d", "e"], width: 12) == "a   c   e\nbb  d\n")
    #expect(columns(["a", "b", "c"], width: 1) == "a\nb\nc\n")
    #expect(columns(["a", "b", "c"], width: 80, limit: 2) == "a  b\n... and 1 more\n")
    #expect(columns([], width: 80) == "")
  }

  @Test func theCommonBeginning() {
    #expect(commonPrefix("sigmoid", "sigma") == "sigm")
    #expect(commonPrefix("μ_a", "μ_b") == "μ_")
    #expect(commonPrefix("", "x") == "")
  }
}

@Suite struct ProgressLineTests {
  let line = ProgressLine(width: 80, colors: .none)

  @Test func theBarShowsFractionTimesAndValues() {
    let progress = Progress(done: 50, total: 200, tracked: [("elbo", -92.3149), ("kl", 12)])
    #expect(
      line.text(progress, elapsed: 10)
        == "━━━━━━━━" + String(repeating: " ", count: 22)
        + "  50/200  0:10, 0:30 left  elbo -92.31  kl 12")
  }

  @Test func anUnknownEndHasNoBar() {
    #expect(line.text(Progress(done: 7, total: nil), elapsed: 3725) == "7  1:02:05")
    #expect(line.text(Progress(done: 7, total: 0), elapsed: 0) == "7  0:00")
  }

  @Test(arguments: [1, 5, 10, 20, 40, 79, 200])
  func itNeverFillsTheWidth(width: Int) {
    let line = ProgressLine(width: width, colors: .none)
    let tracked = (0..<9).map { (name: "value\($0)", value: Double.nan) }
    let text = line.text(Progress(done: 3, total: 4, tracked: tracked), elapsed: .infinity)
    #expect(text.columns <= max(0, width - 5))
  }

  @Test func coloursAddNoCells() {
    let colored = ProgressLine(width: 80, colors: .trueColor)
    let progress = Progress(done: 1, total: 2)
    #expect(withoutEscapes(colored.text(progress, elapsed: 1)).hasSuffix("1/2  0:01, 0:01 left"))
  }
}

@Suite struct EnvironmentTests {
  private func colors(_ variables: [String: String]) -> Capabilities.Colors {
    Environment(variables: variables).colors
  }

  @Test func coloursFollowTheEnvironment() {
    #expect(colors([:]) == .none)
    #expect(colors(["TERM": "dumb", "COLORTERM": "truecolor"]) == .none)
    #expect(colors(["TERM": "xterm"]) == .palette256)
    #expect(colors(["TERM": "xterm", "COLORTERM": "truecolor"]) == .trueColor)
    #expect(colors(["TERM": "xterm", "NO_COLOR": "1"]) == .none)
    #expect(colors(["TERM": "xterm", "NO_COLOR": ""]) == .palette256)
  }

  @Test func theHistoryHasItsPlace() {
    #expect(Environment(variables: [:]).historyPath == nil)
    let home = ["HOME": "/h"]
    #expect(Environment(variables: home).historyPath == "/h/.local/state/deepgen-repl/history")
    let state = home.merging(["XDG_STATE_HOME": "/s"]) { $1 }
    #expect(Environment(variables: state).historyPath == "/s/deepgen-repl/history")
    let own = state.merging(["DEEPGEN_HISTORY": "/x"]) { $1 }
    #expect(Environment(variables: own).historyPath == "/x")
  }

  @Test func escapesAreTakenOut() {
    #expect(withoutEscapes("\u{1b}[1;31merror\u{1b}[0m: x[0]") == "error: x[0]")
  }
}
