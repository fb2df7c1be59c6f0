import Script
import Tensors

/// Changes a lesson's derivations and checked formulas, one slip at a time, to see that each is caught.
///
/// Every slip meets the names as they stand before its statement, and only that statement is run.
package struct MutationRun {
  /// What came of one slip.
  package struct Result {
    package enum Outcome: String {
      case missed
      /// A check or a step failed, or the statement ended in an error.
      case caught
      /// Caught, and what was printed names the line and what is wrong with it.
      case diagnosed
    }

    package let mutation: Mutation
    package let outcome: Outcome
    package let source: Source
    /// What the statement printed.
    package let printed: String

    /// `lesson.dg:12:4: sign: a minus before it: missed`.
    package var text: String {
      let position = source.position(of: mutation.span.start)
      let place = "\(source.name):\(position.line):\(position.column)"
      return "\(place): \(mutation.kind.rawValue): \(mutation.description): \(outcome.rawValue)"
    }
  }

  package private(set) var results: [Result] = []
  private let session: Session

  /// What the lesson itself prints and plots is not shown.
  package init(world: World, options: SessionOptions) {
    var world = world
    world.console = QuietConsole()
    var options = options
    options.figures = nil
    session = Session(world: world, options: options)
  }

  /// Runs a lesson with all its slips, or with `count` of them that a generator chooses.
  ///
  /// Throws: the lesson's own error, as text.
  package mutating func run(_ source: Source, choosing count: Int?, _ generator: Generator) throws {
    let statements = Cells(source).inOrderOfRunning.filter(\.isCode).flatMap {
      Parser.parse(source, $0.code).statements
    }
    let slips = statements.map { Mutations.of($0, in: source) }
    let total = slips.map(\.count).reduce(0, +)
    let chosen = Set(generator.permutation(total).prefix(count ?? total))
    var next = 0
    for (statement, slips) in zip(statements, slips) {
      let (checks, before) = (session.interpreter.checks.total, results.count)
      for slip in slips {
        if chosen.contains(next) { try run(slip, in: statement, source) }
        next += 1
      }
      let (outcome, printed, _) = carryOut(source, statement.span)
      if let text = outcome.text { throw MutationError.lesson(text) }
      if case .interrupted = outcome { throw TensorError.interrupted }
      // What did not run, as under `if not quick`, could not have been caught.
      if session.interpreter.checks.total == checks { results.removeSubrange(before...) }
      if session.interpreter.checks.failed > 0 { throw MutationError.lesson(printed) }
    }
  }

  private mutating func run(
    _ slip: Mutation, in statement: Statement, _ source: Source
  ) throws {
    let snapshot = session.interpreter.snapshot()
    defer { session.interpreter.restore(snapshot) }
    let changed = slip.applied(to: source)
    let span = Span(statement.span.start, statement.span.end + slip.growth)
    let (outcome, printed, blamed) = carryOut(changed, span)
    if case .interrupted = outcome { throw TensorError.interrupted }
    results.append(
      Result(
        mutation: slip, outcome: verdict(slip, outcome, changed, blamed), source: source,
        printed: printed))
  }

  private func verdict(
    _ slip: Mutation, _ outcome: Outcome, _ changed: Source, _ blamed: [Int]
  ) -> Result.Outcome {
    if case .finished = outcome {
      guard session.interpreter.checks.failed > 0 else { return .missed }
      // A check is its own line, and shows both sides.
      guard let wanted = slip.line else { return .diagnosed }
      return blamed.contains(wanted) ? .diagnosed : .caught
    }
    guard case .failed(let error) = outcome else { return .caught }
    // An error says what is wrong; it or the call that led to it stands where the slip is.
    let text = changed.lineSpan(at: slip.span.start)
    let places =
      [(error.diagnostic.span, error.source)] + error.trace.map { ($0.span, $0.source) }
    let isNamed = places.contains { span, source in
      source === changed && changed.lineSpan(at: span.start) == text
    }
    return isNamed ? .diagnosed : .caught
  }

  /// How a statement ended, what it printed, and the lines of a derivation that its diagnosis blames.
  private func carryOut(_ source: Source, _ span: Span) -> (Outcome, String, [Int]) {
    let interpreter = session.interpreter
    let usual = interpreter.output
    defer { interpreter.output = usual }
    var printed: [String] = []
    var blamed: [Int]?
    interpreter.output = { output in
      switch output {
      case .check(let report): if let text = report.text { printed.append(text) }
      case .derivation(let report):
        printed.append(report.text(width: 120))
        blamed = blamed ?? (report.holds ? nil : report.blamedLines)
      case .text, .value, .prediction: break
      }
    }
    let outcome = interpreter.run(source, span)
    if let text = outcome.text { printed.append(text) }
    return (outcome, printed.joined(separator: "\n"), blamed ?? [])
  }

  /// `143 of 145 slips caught (98.6 %), 130 diagnosed (89.7 %)`.
  package var summary: String {
    func share(_ n: Int) -> String {
      let tenths = results.isEmpty ? 1000 : (2000 * n + results.count) / (2 * results.count)
      return "\(tenths / 10).\(tenths % 10) %"
    }
    let caught = results.count { $0.outcome != .missed }
    let diagnosed = results.count { $0.outcome == .diagnosed }
    return
      "\(caught) of \(results.count) slips caught (\(share(caught))), \(diagnosed) diagnosed (\(share(diagnosed)))"
  }
}

/// What keeps a lesson from being tried.
package enum MutationError: Error, CustomStringConvertible {
  /// It fails as it stands.
  case lesson(String)

  package var description: String {
    switch self {
    case .lesson(let text): "the lesson fails as it stands:\n\(text)"
    }
  }
}
