import Glibc
import Testing

@testable import DeepGenREPL

@Suite struct LineHistoryTests {
  let path = "/tmp/deepgen-history-\(getpid())-\(UInt32.random(in: 0 ... .max))/h/history"

  @Test func entriesOutliveTheSession() {
    var history = LineHistory(path: path)
    let entries = ["x = 1", "f(x) = {\n    \\mu + \"\\n\"\n}", "σ = 中文"]
    let added = entries.map { history.add($0) }
    #expect(added == [true, true, true])
    #expect(LineHistory(path: path).entries == entries)
  }

  @Test func blanksAndRepetitionsAreNotKept() {
    var history = LineHistory(path: nil)
    let added = ["a", "a", "", " \n ", "b", "a"].map { history.add($0) }
    #expect(added == [true, false, false, false, true, true])
    #expect(history.entries == ["a", "b", "a"])
  }

  @Test func aLongHistoryLosesItsOldest() {
    var history = LineHistory(path: path, limit: 4)
    for index in 0..<8 { _ = history.add("x\(index)") }
    #expect(LineHistory(path: path, limit: 4).entries == ["x4", "x5", "x6", "x7"])
    #expect(LineHistory(path: path, limit: 100).entries.count == 4)
  }

  @Test func anUnwritablePlaceIsNoError() {
    var history = LineHistory(path: "/proc/none/history")
    let added = history.add("x")
    #expect(added)
  }

  @Test(arguments: ["", "\\", "\\n", "\n", "a\\\\\nb", "\\\n\\n"])
  func encodingKeepsOneLine(entry: String) {
    let encoded = LineHistory.encode(entry)
    #expect(!encoded.utf8.contains(10))
    #expect(LineHistory.decode(encoded) == entry)
  }
}
