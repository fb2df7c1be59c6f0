import Glibc
import Notebook
import Script
import Tensors

/// Runs what the command line asks for: scripts, then the prompt where it is wanted.
struct Program {
  let options: Options
  let environment: Environment
  let terminal: Terminal
  let disk = Disk()
  let world: World
  /// What scripts may use of this thread's stack, in bytes.
  let stackSize: Int

  /// Larger files are no scripts.
  private static let scriptLimit = 16 << 20

  init(options: Options, stackSize: Int, environment: Environment = .current) {
    self.options = options
    self.stackSize = stackSize
    self.environment = environment
    terminal = Terminal(
      environment: environment, noColor: options.noColor, plain: options.plain)
    world = World(
      console: terminal, files: disk,
      dataFolders: dataFolders(option: options.data, environment: environment),
      clock: monotonicSeconds)
  }

  /// The result is the exit status.
  func run() -> Int32 {
    forceUTF8()
    if let memory = options.memory { TensorMemory.limit(to: memory.bytes) }
    // The program itself, lists and texts come on top of the tensors.
    MemoryWatch.start(limit: options.memory.map { $0.bytes + 512 << 20 })
    if let threads = options.threads { Parallel.shared.use(threads: threads) }
    if let isa = options.isa {
      let used = isa.use()
      guard used == isa else {
        return refuse("--isa \(isa.name): this processor has \(used.name) at most")
      }
    }
    let isTyped = isatty(STDIN_FILENO) == 1
    let hasScripts = !options.files.isEmpty || !options.eval.isEmpty
    let isPrompting = isTyped && (options.interactive || options.step || !hasScripts)
    Signals.listen(interactive: isPrompting)

    // The worst decides: 130 for an interruption, 2 for an error, 1 for a failed check.
    var status: Int32 = 0
    var session: Session?
    var unused = UnusedSettings(given: options.set.map(\.name))
    if options.mutate { return mutate() }
    if options.verify { return verify() }
    if options.step, isTyped, terminal.capabilities.isTerminal { return step(options.files[0]) }
    for path in options.files {
      let fresh = makeSession()
      status = max(status, runFile(path, in: fresh))
      if status == 130 { return status }
      unused.note(fresh)
      session = fresh
    }
    let last = session ?? makeSession()
    if !options.eval.isEmpty {
      status = max(status, runLines(options.eval, in: last))
      if status == 130 { return status }
    }
    if isPrompting { return prompt(last) }
    if options.interactive || !hasScripts {
      status = max(status, runFile(nil, in: last))
    }
    unused.note(last)
    // What ended in an error may not have come to its options.
    if status < 2 {
      for remark in unused.remarks { terminal.writeError("deepgen-repl: \(remark)\n") }
    }
    return status
  }

  /// Runs what `-e` gives, one text after the other, until one does not end well.
  private func runLines(_ lines: [String], in session: Session) -> Int32 {
    var status = Session.Status.fine
    for line in lines where status == .fine {
      status = session.run(Source(name: "-e", line))
    }
    return session.conclude(status).rawValue
  }

  private var sessionOptions: SessionOptions {
    let settings = Dictionary(options.set.map { ($0.name, $0.value) }) { _, last in last }
    return SessionOptions(
      seed: options.seed, settings: settings, isQuick: options.quick, figures: options.figures,
      stackSize: stackSize)
  }

  private func makeSession() -> Session { Session(world: world, options: sessionOptions) }

  /// Tries slips in lessons; the exit status is 1 where too many of one, or of a sample, go unnoticed.
  private func mutate() -> Int32 {
    var tallies: [String: MutationTally] = [:]
    var total = MutationTally()
    let run = MutationRun(world: world, options: sessionOptions) { result in
      tallies[result.source.name, default: MutationTally()].add(result.outcome)
      total.add(result.outcome)
      if result.outcome != .diagnosed { terminal.write(result.text + "\n") }
    }
    do {
      let lessons = try options.files.map {
        Source(name: $0, bytes: try disk.read($0, limit: Self.scriptLimit))
      }
      try run.run(lessons, choosing: options.count, Generator(seed: options.seed))
    } catch {
      return refuse("\(error)")
    }
    for path in options.files {
      if let tally = tallies[path] { terminal.write("\(path): \(tally.text)\n") }
    }
    if options.files.count > 1 { terminal.write("together: \(total.text)\n") }
    // A sample of one lesson is too small to be judged on its own.
    let judged = options.count == nil ? Array(tallies.values) : [total]
    return judged.allSatisfy(\.meetsTheBars) ? 0 : 1
  }

  /// Verifies the exercises of lessons; the exit status is 1 where one is not as it should be.
  private func verify() -> Int32 {
    var status: Int32 = 0
    for path in options.files {
      var verification = Verification(world: world, options: sessionOptions)
      do {
        try verification.run(
          Source(name: path, bytes: disk.read(path, limit: Self.scriptLimit)))
      } catch let error as ScriptError {
        status = max(status, refuse(error.message))
      } catch {
        status = max(status, refuse("\(path): \(error)"))
      }
      terminal.write("\(path)\n")
      for row in verification.rows { terminal.write("  \(row.text)\n") }
      if !verification.isGood { status = max(status, 1) }
    }
    return status
  }

  /// Runs a file, or the standard input.
  private func runFile(_ path: String?, in session: Session) -> Int32 {
    let limit = Self.scriptLimit
    do {
      let bytes = try path.map { try disk.read($0, limit: limit) } ?? disk.readInput(limit: limit)
      return session.conclude(session.run(Source(name: path ?? "<stdin>", bytes: bytes))).rawValue
    } catch {
      return refuse("\(error)")
    }
  }

  /// Reads and runs inputs until Ctrl-D; the exit status does not tell of mistakes made on the way.
  private func prompt(_ session: Session) -> Int32 {
    guard let editor = editor(session) else { return refuse(Self.noEditor) }
    session.predict = predictions(editor, terminal).predict
    return converse(editor) { text in
      if session.isFarewell(text) { return false }
      _ = session.runInput(Source(name: "prompt", text))
      return true
    }
  }

  /// Goes through a lesson cell by cell, with the prompt in between.
  private func step(_ path: String) -> Int32 {
    var world = world
    let console = MutableConsole(terminal)
    world.console = console
    let session = Session(world: world, options: sessionOptions)
    guard let editor = editor(session) else { return refuse(Self.noEditor) }
    let predictions = predictions(editor, console)
    session.predict = predictions.predict
    do {
      let source = Source(name: path, bytes: try disk.read(path, limit: Self.scriptLimit))
      let place = environment.placePath(of: path)
      let kept = place.flatMap { try? disk.read($0, limit: Self.scriptLimit) }
      let walk = LessonWalk(source, in: session, console: console, predictions: predictions) {
        keep($0, at: place)
      }
      guard walk.begin(at: kept.map { String(decoding: $0, as: UTF8.self) }) else { return 2 }
      return converse(editor, walk.enter)
    } catch {
      return refuse("\(error)")
    }
  }

  /// Where a lesson stands; what cannot be kept is not.
  private func keep(_ text: String?, at path: String?) {
    guard let path, let slash = path.lastIndex(of: "/") else { return }
    try? disk.makeFolder(String(path[..<slash]))
    try? disk.save(Array((text ?? "").utf8), to: path)
  }

  private func predictions(_ editor: LineEditor, _ console: any Console) -> Predictions {
    Predictions(console: console) { question in
      console.write(question + "\n")
      guard case .text(let text) = editor.read() else { return nil }
      return text
    }
  }

  /// Hands on what is typed until that is told to end, or Ctrl-D.
  private func converse(_ editor: LineEditor, _ enter: (String) -> Bool) -> Int32 {
    while true {
      switch editor.read() {
      case .text(let text): if !enter(text) { return 0 }
      case .abandoned: continue
      case .end: return 0
      }
    }
  }

  private static let noEditor = "the terminal cannot be used; try a pipe or a file"

  private func editor(_ session: Session) -> LineEditor? {
    let history = LineHistory(path: options.history ?? environment.historyPath)
    let hooks = LineHooks(
      openBrackets: { text in
        switch Completeness.of(text) {
        case .complete: nil
        case .incomplete(let depth): depth
        }
      },
      complete: { text, cursor in
        let found = session.complete(text, at: cursor)
        return LineCompletion(start: found.start, candidates: found.candidates)
      })
    return LineEditor(
      environment: environment, history: history,
      isColored: terminal.capabilities.colors != .none, hooks: hooks)
  }

  private func refuse(_ message: String) -> Int32 {
    terminal.writeError("deepgen-repl: \(message)\n")
    return 2
  }
}
