import Script
import Tensors

/// What an author wants to know of a lesson: that every solution passes its checks and every starter fails them.
package struct Verification {
  /// What came of one exercise.
  package struct Row {
    package let title: String
    /// What is wrong with it; nil where all is well.
    package let complaint: String?

    package var text: String {
      complaint.map { "✗ \(title): \($0)" } ?? "✓ \(title)"
    }
  }

  package private(set) var rows: [Row] = []
  private let session: Session

  /// What the lesson itself prints and plots is not shown.
  package init(world: World, options: SessionOptions) {
    var world = world
    world.console = QuietConsole()
    var options = options
    options.figures = nil
    session = Session(world: world, options: options)
  }

  package var isGood: Bool { rows.allSatisfy { $0.complaint == nil } }

  /// Goes through a lesson once, each exercise first with its starter, then with its solution.
  ///
  /// Throws: the lesson's own error, as text.
  package mutating func run(_ source: Source) throws {
    let cells = Cells(source).cells
    var i = 0
    while i < cells.count {
      if cells[i].kind == .exercise {
        let end = cells[(i + 1)...].firstIndex { !$0.kind.belongsToExercise } ?? cells.count
        try verify(Array(cells[i..<end]), source)
        i = end
      } else {
        if cells[i].isCode { try carryOut(cells[i], source) }
        i += 1
      }
    }
    if session.interpreter.checks.failed > 0 {
      rows.append(
        Row(title: source.name, complaint: "\(session.interpreter.checks.failed) checks fail"))
    }
  }

  private mutating func verify(_ group: [Cell], _ source: Source) throws {
    let title = group[0].title
    let checks = group.filter { $0.kind == .check }
    let before = session.interpreter.snapshot()
    let (starter, starterError) = tally([group[0]] + checks, source)
    session.interpreter.restore(before)
    guard let solution = group.first(where: { $0.kind == .solution }) else {
      rows.append(Row(title: title, complaint: "it has no [solution]"))
      return
    }
    let (solved, solvedError) = tally([solution] + checks, source)
    let complaint: String? =
      if checks.isEmpty {
        "it has no [check]"
      } else if let starterError {
        "the starter ends in an error: \(starterError)"
      } else if starter.failed == 0 {
        "the starter passes every check"
      } else if let solvedError {
        "the solution ends in an error: \(solvedError)"
      } else if solved.failed > 0 {
        "the solution fails \(solved.failed) of \(solved.total) checks"
      } else {
        nil
      }
    rows.append(Row(title: title, complaint: complaint))
    if let solvedError { throw ScriptError.message(solvedError) }
  }

  /// How many checks pass and fail in some cells, and the error that ended them.
  private func tally(_ cells: [Cell], _ source: Source) -> (CheckTally, String?) {
    let before = session.interpreter.checks
    var ended: String?
    for cell in cells where ended == nil {
      let outcome = session.interpreter.run(source, cell.code)
      ended = outcome.text
      if case .interrupted = outcome { ended = "interrupted" }
    }
    let after = session.interpreter.checks
    return (after - before, ended)
  }

  private func carryOut(_ cell: Cell, _ source: Source) throws {
    let outcome = session.interpreter.run(source, cell.code)
    if case .interrupted = outcome { throw TensorError.interrupted }
    if let text = outcome.text { throw ScriptError.message(text) }
  }
}

extension Cell.Kind {
  /// Whether it comes after an exercise as a part of it.
  fileprivate var belongsToExercise: Bool {
    switch self {
    case .hint, .check, .solution: true
    case .code, .markdown, .exercise: false
    }
  }
}
