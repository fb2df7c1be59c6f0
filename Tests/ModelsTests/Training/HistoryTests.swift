import Testing

@testable import Models

@Suite struct HistoryTests {
  @Test func seriesKeepTheirOrder() {
    var history = History()
    history.track("test", 3)
    history.track("train", 1)
    history.track("test", 2)
    #expect(history.series.map(\.name) == ["test", "train"])
    #expect(history["test"] == [3, 2] && history["loss"] == nil)
    history.removeAll()
    #expect(history.series.isEmpty)
  }
}
