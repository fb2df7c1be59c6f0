import Models
import Script
import Tensors

/// The named series of a session: what `track` adds to and `history.elbo` reads.
final class HistoryObject: ScriptObject {
  private var history = History()
  /// What the last `track` named: what a progress bar shows.
  private var current: [String] = []
  /// The loop over batches under way, which shows its own progress.
  weak var loop: AnyObject?
  private let console: any Console

  init(console: any Console) { self.console = console }

  let typeName = "history"
  var description: String { "the history" }
  var memberNames: [String] { history.series.map(\.name) }
  var count: Int? { history.series.count }

  func add(_ values: [(name: String, value: Double)]) {
    current = values.map(\.name)
    for (name, value) in values { history.track(name, value) }
    guard loop == nil, let first = values.first else { return }
    let count = history[first.name]?.count ?? 0
    console.show(Progress(done: count, total: nil, tracked: latest))
  }

  /// The last value of each series that is being tracked.
  var latest: [(name: String, value: Double)] {
    current.compactMap { name in history[name]?.last.map { (name, $0) } }
  }

  func attribute(_ name: String) throws -> Value? {
    guard let values = history[name] else { return nil }
    return .tensor(try Tensor(values, Shape([values.count]), .float64))
  }

  func display(width: Int) -> String {
    let series = history.series
    if series.isEmpty { return "nothing tracked yet: track loss=loss" }
    return series.map { s in
      "\(s.name): \(s.values.count) values, the last \(s.values.last.map { "\($0)" } ?? "")"
    }.joined(separator: "\n")
  }

  var builtins: [Builtin] {
    [
      Builtin(
        "track", in: "Training", [.options("values")],
        about: "adds numbers to named series: plot(history.elbo)", examples: ["track elbo=-loss"]
      ) { call in
        self.add(
          try call.options.map { name, value in
            guard let number = value.scalar else {
              throw ScriptError.kind(name, expected: "a number", found: value)
            }
            return (name, number)
          })
        return .none
      }
    ]
  }
}
