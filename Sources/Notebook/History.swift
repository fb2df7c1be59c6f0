import Script
import Tensors

/// The named series of a session: what `track` adds to and `history.elbo` reads.
final class History: ScriptObject {
  private var names: [String] = []
  private var series: [String: [Double]] = [:]
  /// What the last `track` named: what a progress bar shows.
  private var current: [String] = []

  let typeName = "history"
  var description: String { "the history" }
  var memberNames: [String] { names }
  var count: Int? { names.count }

  func add(_ values: [(name: String, value: Double)]) {
    current = values.map(\.name)
    for (name, value) in values {
      if series[name] == nil { names.append(name) }
      series[name, default: []].append(value)
    }
  }

  /// The last value of each series that is being tracked.
  var latest: [(name: String, value: Double)] {
    current.compactMap { name in series[name]?.last.map { (name, $0) } }
  }

  func attribute(_ name: String) throws -> Value? {
    guard let values = series[name] else { return nil }
    return .tensor(try Tensor(values, Shape([values.count]), .float64))
  }

  func display(width: Int) -> String {
    if names.isEmpty { return "nothing tracked yet: track loss=loss" }
    return names.map { name in
      let values = series[name] ?? []
      return "\(name): \(values.count) values, the last \(values.last.map { "\($0)" } ?? "")"
    }.joined(separator: "\n")
  }

  var builtins: [Builtin] {
    [
      Builtin(
        "track", in: "training", [.options("values")],
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
