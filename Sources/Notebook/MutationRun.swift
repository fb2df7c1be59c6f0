import Script
import Tensors

/// Changes lessons' derivations and checked formulas, one slip at a time, to see that each is caught.
///
/// Every slip meets the names as they stand before its statement, and only that statement is run.
package struct MutationRun {
  /// What came of one slip.
  package struct Result {
    package enum Outcome: String {
      /// Its statement never ran, as what stands under `if not quick`.
      case unreached = "never run"
      case missed
      /// A check or a step failed, or the statement ended in an error.
      case caught = "caught, not diagnosed"
      /// Caught, and what was printed names the line and what is wrong with it.
      case diagnosed

      var isCaught: Bool { self == .caught || self == .diagnosed }
    }

    package let mutation: Mutation
    package let outcome: Outcome
    package let source: Source
    /// What the statement printed.
    package let printed: String

    /// Where, what came of it, what was changed, and the line as it stands.
    ///
    ///     lesson.dg:12:4: missed: sign, with a minus before `x`
    ///        =  x^2 + 1
    package var text: String {
      let position = source.position(of: mutation.span.start)
      let place = "\(source.name):\(position.line):\(position.column)"
      let line = source.text(source.lineSpan(at: mutation.span.start)).drop { $0 == " " }
      return """
        \(place): \(outcome.rawValue): \(mutation.kind.rawValue), \(mutation.description)
           \(line)
        """
    }
  }

  private struct Slip {
    let lesson: Int
    let statement: Int
    let mutation: Mutation
  }

  private var world: World
  private var options: SessionOptions
  /// Told of every slip as soon as it has been tried.
  private let report: (Result) throws -> Void

  /// What the lessons themselves print and plot is not shown.
  package init(
    world: World, options: SessionOptions, report: @escaping (Result) throws -> Void
  ) {
    self.world = world
    self.world.console = QuietConsole()
    self.options = options
    self.options.figures = nil
    self.report = report
  }

  /// Runs lessons with all their slips, or with `count` of all of them together that a generator chooses.
  ///
  /// Throws: `MutationError` where a lesson fails as it stands.
  package func run(_ lessons: [Source], choosing count: Int?, _ generator: Generator) throws {
    let statements = lessons.map { source in
      Cells(source).inOrderOfRunning.flatMap {
        Parser.parse(source, $0.code).statements
      }
    }
    let all = statements.enumerated().flatMap { lesson, statements in
      Mutations.of(statements, in: lessons[lesson]).enumerated().flatMap { i, mutations in
        mutations.map {
          Slip(lesson: lesson, statement: i, mutation: $0)
        }
      }
    }
    let chosen = Set(generator.permutation(all.count).prefix(count ?? all.count))
    let slips = all.indices.filter(chosen.contains).map { all[$0] }
    for (i, source) in lessons.enumerated() {
      try run(source, statements[i], slips.filter { $0.lesson == i })
    }
  }

  private func run(_ source: Source, _ statements: [Statement], _ slips: [Slip]) throws {
    let session = Session(world: world, options: options)
    // Advice takes seconds, and changes no verdict.
    session.interpreter.seeksMends = false
    session.interpreter.looksClosely = false
    for (i, statement) in statements.enumerated() {
      let before = session.interpreter.snapshot()
      let checks = session.interpreter.checks.total
      // As it stands first: what does not run cannot catch anything.
      let (outcome, printed, _) = carryOut(source, statement.span, in: session)
      if let text = outcome.text { throw MutationError.lesson(text) }
      if case .interrupted = outcome { throw TensorError.interrupted }
      if session.interpreter.checks.failed > 0 { throw MutationError.lesson(printed) }
      let isReached = session.interpreter.checks.total > checks
      let after = session.interpreter.snapshot()
      for slip in slips where slip.statement == i {
        session.interpreter.restore(before)
        try report(
          isReached
            ? try run(slip.mutation, in: statement, source, session)
            : Result(mutation: slip.mutation, outcome: .unreached, source: source, printed: ""))
      }
      session.interpreter.restore(after)
    }
  }

  private func run(
    _ slip: Mutation, in statement: Statement, _ source: Source, _ session: Session
  ) throws -> Result {
    let changed = slip.applied(to: source)
    let span = Span(statement.span.start, statement.span.end + slip.growth)
    let (outcome, printed, blamed) = carryOut(changed, span, in: session)
    if case .interrupted = outcome { throw TensorError.interrupted }
    let failed = session.interpreter.checks.failed
    return Result(
      mutation: slip, outcome: verdict(slip, outcome, failed, changed, blamed), source: source,
      printed: printed)
  }

  private func verdict(
    _ slip: Mutation, _ outcome: Outcome, _ failed: Int, _ changed: Source, _ blamed: [Int]
  ) -> Result.Outcome {
    if case .finished = outcome {
      guard failed > 0 else { return .missed }
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
  private func carryOut(
    _ source: Source, _ span: Span, in session: Session
  ) -> (Outcome, String, [Int]) {
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
      case .text, .part, .value, .prediction: break
      }
    }
    let outcome = interpreter.run(source, span)
    if let text = outcome.text { printed.append(text) }
    return (outcome, printed.joined(separator: "\n"), blamed ?? [])
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
