import Script
import Tensors

/// What the command line says of a session.
package struct SessionOptions {
  package var seed: UInt64
  /// `--set name=value`.
  package var settings: [String: String]
  package var isQuick: Bool
  /// The folder of `--figures`.
  package var figures: String?
  /// The stack that scripts may use, in bytes.
  package var stackSize: Int

  package init(
    seed: UInt64 = 0, settings: [String: String] = [:], isQuick: Bool = false,
    figures: String? = nil, stackSize: Int = 4 << 20
  ) {
    self.seed = seed
    self.settings = settings
    self.isQuick = isQuick
    self.figures = figures
    self.stackSize = stackSize
  }
}

/// A notebook without a terminal: runs cells, shows what they give, keeps everything until the end.
package final class Session {
  /// How a run ended, as the program's exit status.
  package enum Status: Int32, Comparable {
    case fine = 0
    case checkFailed = 1
    case failed = 2
    case interrupted = 130

    package static func < (a: Status, b: Status) -> Bool { a.rawValue < b.rawValue }
  }

  let world: World
  let interpreter: Interpreter
  let gallery: Gallery
  /// What asks for a prediction before the value is shown, where somebody is there to answer.
  package var predict: ((String, Value) -> Void)?
  private let history: HistoryObject

  package init(world: World, options: SessionOptions = SessionOptions()) {
    self.world = world
    let console = world.console
    interpreter = Interpreter(
      seed: options.seed, options: options.settings, isQuick: options.isQuick,
      stackSize: options.stackSize
    ) { _ in }
    gallery = Gallery(world: world, folder: options.figures)
    history = HistoryObject(console: console)
    interpreter.output = { [unowned self] output in
      if case .prediction(let question, let value) = output, let predict {
        predict(question, value)
      } else {
        Session.show(output, on: console)
      }
    }
    defineBuiltins()
  }

  private func defineBuiltins() {
    let data = DataBuiltins(world: world, history: history)
    let groups = [
      PlotBuiltins(gallery: gallery).all, data.all,
      FileBuiltins(world: world, gallery: gallery, data: data).all, history.builtins,
      ModelBuiltins.all, [clock],
    ]
    for builtin in groups.joined() {
      let merged = builtin.section == "Pictures" ? PlotBuiltins.merged : ModelBuiltins.merged
      let operation = interpreter.builtin(builtin.name)
      interpreter.define(operation.map { merged(builtin, $0) } ?? builtin)
    }
    interpreter.define("history", .object(history))
    interpreter.define("figure", .object(LastFigure()))
  }

  private var clock: Builtin {
    let now = world.clock
    return Builtin(
      "clock", in: "Session",
      about: "seconds since some moment: a difference says how long a thing took",
      examples: ["start = clock(); f(x); print clock() - start"]
    ) { _ in .number(now()) }
  }

  // MARK: Running

  /// Runs every cell of a file: prose is printed, code is run, of an exercise the solution.
  package func run(_ source: Source) -> Status {
    guard accepts(source) else { return .failed }
    for turn in Cells(source).turns {
      switch turn {
      case .read(let prose): write(prose: prose)
      case .run(let cell):
        let status = run(cell, of: source)
        if status != .fine { return status }
      }
    }
    return .fine
  }

  /// Whether all of a file can be read; says what cannot.
  func accepts(_ source: Source) -> Bool {
    let cells = Cells(source)
    let errors =
      cells.diagnostics
      + cells.cells.filter(\.isCode).flatMap { Parser.parse(source, $0.code).diagnostics }
    guard errors.contains(where: { $0.severity == .error }) else { return true }
    world.console.writeError(DiagnosticRenderer.text(errors, in: source) + "\n")
    return false
  }

  func run(_ cell: Cell, of source: Source) -> Status { runCode(source, cell.code) }

  /// Prose with a blank line around it, filled to the window where there is one.
  func write(prose: String) {
    let console = world.console
    let can = console.capabilities
    console.write("\n")
    for line in Prose.lines(prose, width: can.isTerminal ? min(can.width, 100) : nil) {
      switch line {
      case .heading(let text): console.writeHeading(text)
      case .text(let text): console.write(text + "\n")
      }
    }
    console.write("\n")
  }

  /// Runs what was typed at the prompt.
  package func runInput(_ source: Source) -> Status { runCode(source, nil) }

  /// Whether an input of the prompt ends the session: `quit` or `exit` alone on a line, unless the script has
  /// given the name a value.
  package func isFarewell(_ text: String) -> Bool {
    let words = text.split { $0.isWhitespace }
    guard words.count == 1, ["quit", "exit"].contains(words[0]) else { return false }
    return !interpreter.variables.contains { $0.name == words[0] }
  }

  private func runCode(_ source: Source, _ span: Span?) -> Status {
    let outcome = interpreter.run(source, span)
    world.console.endProgress()
    do {
      try gallery.finish()
    } catch {
      world.console.writeError("\(error)\n")
      return .failed
    }
    if let text = outcome.text { world.console.writeError(text + "\n") }
    switch outcome {
    case .finished: return .fine
    case .malformed, .failed: return .failed
    case .interrupted:
      Interrupt.clear()
      world.console.writeError("interrupted\n")
      return .interrupted
    }
  }

  /// Says how many checks passed; the status of a run that ended with `status`.
  package func conclude(_ status: Status) -> Status {
    let tally = interpreter.checks
    if tally.total > 0 { world.console.write(tally.summary + "\n") }
    return max(status, tally.failed > 0 ? .checkFailed : .fine)
  }

  private static func show(_ output: Output, on console: any Console) {
    switch output {
    case .text(let text): console.write(text + "\n")
    case .part(let text): console.write(text)
    case .value(let value):
      console.write(Display.text(value, width: console.capabilities.width) + "\n")
    case .check(let report):
      if let text = report.text ?? report.caughtText { console.write(text + "\n") }
    case .derivation(let report):
      console.write(report.text(width: console.capabilities.width) + "\n")
    case .prediction(let question, let value):
      console.write(question + " " + Display.text(value, width: console.capabilities.width) + "\n")
    }
  }
}

extension Cell {
  var isCode: Bool {
    switch kind {
    case .code, .exercise, .check, .solution: true
    case .markdown, .hint: false
    }
  }
}

/// What a plain run does with a cell.
private enum Turn {
  case read(String)
  case run(Cell)
}

extension Cells {
  /// What a plain run runs, in order.
  var inOrderOfRunning: [Cell] {
    turns.compactMap { if case .run(let cell) = $0 { cell } else { nil } }
  }

  /// A plain run: an exercise is read, and its solution stands in for its starter.
  fileprivate var turns: [Turn] {
    var turns: [Turn] = []
    var used = Set<Int>()
    for (i, cell) in cells.enumerated() where !used.contains(i) {
      switch cell.kind {
      case .markdown: turns.append(.read(cell.prose))
      case .hint: continue
      case .exercise:
        turns.append(.read(cell.question))
        let end = cells[(i + 1)...].firstIndex { $0.kind == .exercise } ?? cells.count
        let solution = cells[i..<end].firstIndex { $0.kind == .solution }
        if let solution { used.insert(solution) }
        turns.append(.run(solution.map { cells[$0] } ?? cell))
      case .code, .check, .solution: turns.append(.run(cell))
      }
    }
    return turns
  }
}
