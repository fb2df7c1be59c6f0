import Script
import Tensors

/// A lesson gone through cell by cell: what is typed in between belongs to the station where it was typed.
///
/// Enter goes on; at an exercise the student's answer is checked at once.
package final class LessonWalk {
  private let session: Session
  private let console: MutableConsole
  private let source: Source
  private let stations: [Station]
  private let keep: (String?) -> Void
  /// The station that stands on the screen.
  private var here = -1
  /// The names and dice as they stood before each station that was come to.
  private var starts: [Interpreter.Snapshot] = []
  /// What was typed at each station.
  private var inputs: [[String]] = []
  private var isOpen = false
  private var hintsShown = 0
  private let predictions: Predictions

  /// `console` is the one that the session writes to; `keep` is given where the lesson stands, nil at its end.
  package init(
    _ source: Source, in session: Session, console: MutableConsole, predictions: Predictions,
    keep: @escaping (String?) -> Void
  ) {
    self.predictions = predictions
    self.source = source
    self.session = session
    self.console = console
    self.keep = keep
    stations = Station.all(Cells(source).cells)
  }

  /// Begins, or goes on where `place`, which was kept, says that the lesson stood.
  ///
  /// Returns false where the lesson cannot be read.
  package func begin(at place: String?) -> Bool {
    guard session.accepts(source) else { return false }
    if let place = place.flatMap({ LessonPlace($0, of: source) }), place.station < stations.count {
      resume(place)
    }
    console.write(
      "Enter goes on; back, again, quit; at an exercise hint, solution, skip.\n")
    goOn()
    return true
  }

  /// What was typed; false where the word is to leave.
  package func enter(_ text: String) -> Bool {
    let word = text.split { $0.isWhitespace }.joined(separator: " ")
    switch word {
    case "": if isOpen { remind() } else { goOn() }
    case "back": goTo(here - 1)
    case "again": goTo(here)
    case "hint", "solution", "skip": answer(word)
    default:
      if session.isFarewell(text) { return false }
      let status = session.runInput(Source(name: "prompt", text))
      guard status == .fine, inputs.indices.contains(here) else { return true }
      inputs[here].append(text)
      if isOpen, Self.changesNames(text) { check() }
      note()
    }
    return true
  }

  // MARK: Going

  private func goOn() {
    if here + 1 < stations.count {
      here += 1
      arrive()
    } else if here < stations.count {
      here = stations.count
      console.write("\nThat was the lesson. Ctrl-D leaves.\n")
      if !predictions.text.isEmpty { console.write(predictions.text + "\n") }
      keep(nil)
    }
  }

  /// Goes back to a station as it stood when it was come to.
  private func goTo(_ station: Int) {
    guard starts.indices.contains(max(station, 0)) else { return }
    here = max(station, 0)
    session.interpreter.restore(starts[here])
    starts.removeSubrange(here...)
    inputs.removeSubrange(here...)
    arrive()
  }

  /// Shows the station, and runs it unless it waits for an answer.
  private func arrive() {
    starts.append(session.interpreter.snapshot())
    inputs.append([])
    note()
    let station = stations[here]
    for prose in station.prose { session.write(prose: prose) }
    isOpen = station.exercise != nil
    hintsShown = 0
    guard let cell = station.cell else { return }
    show(cell)
    if isOpen { return remind() }
    let before = session.interpreter.checks
    _ = session.run(cell, of: source)
    let tally = session.interpreter.checks - before
    if tally.passed > 0, tally.failed == 0 { console.write("✓ \(tally.summary)\n") }
  }

  private func show(_ cell: Cell) {
    if !cell.title.isEmpty, cell.kind == .code { console.writeHeading("## " + cell.title) }
    var text = ""
    var start = cell.code.start
    // A prediction's own line would give away what it asks for.
    for statement in Parser.parse(source, cell.code).statements {
      guard case .predict = statement.kind else { continue }
      text += source.text(Span(start, statement.span.start))
      start = statement.span.end
    }
    text += source.text(Span(start, cell.code.end))
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { $0.allSatisfy(\.isWhitespace) }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    for line in lines {
      console.write(line.isEmpty ? "\n" : "    \(line)\n")
    }
  }

  private func resume(_ place: LessonPlace) {
    let predict = session.predict
    session.predict = nil
    console.isMuted = true
    for station in stations[..<place.station] {
      here += 1
      starts.append(session.interpreter.snapshot())
      let typed = place.inputs.indices.contains(here) ? place.inputs[here] : []
      inputs.append(typed)
      let isAnswered = station.exercise != nil && !typed.isEmpty
      if let cell = isAnswered ? nil : station.exercise?.solution ?? station.cell {
        _ = session.run(cell, of: source)
      }
      for text in typed { _ = session.runInput(Source(name: "prompt", text)) }
      for cell in station.exercise?.checks ?? [] { _ = session.run(cell, of: source) }
    }
    console.isMuted = false
    session.predict = predict
    console.write(
      "Going on where you left off, at cell \(place.station + 1) of \(stations.count).\n")
  }

  private func note() {
    keep(LessonPlace(station: here, inputs: inputs).text(for: source))
  }

  // MARK: Answering

  private func remind() {
    console.write("Write your answer, or: hint, solution, skip.\n")
  }

  private func answer(_ word: String) {
    guard isOpen, let exercise = stations[here].exercise else {
      return console.write("there is no exercise open here\n")
    }
    switch word {
    case "hint":
      guard hintsShown < exercise.hints.count else {
        return console.write(
          exercise.hints.isEmpty ? "it has no hint\n" : "that was the last hint\n")
      }
      session.write(prose: exercise.hints[hintsShown].prose)
      hintsShown += 1
    default:
      guard let solution = exercise.solution else {
        isOpen = false
        return console.write("it has no solution\n")
      }
      inputs[here] = []
      if word == "solution" { show(solution) }
      guard session.run(solution, of: source) == .fine else { return }
      isOpen = false
      for cell in exercise.checks { _ = session.run(cell, of: source) }
      if word == "skip" { goOn() }
    }
  }

  /// Checks the answer as it stands; what fails may be tried again and does not count.
  private func check() {
    guard let exercise = stations[here].exercise else { return }
    let before = session.interpreter.checks
    let noise = session.interpreter.generator.state
    let isGood = exercise.checks.allSatisfy { session.run($0, of: source) == .fine }
    let tally = session.interpreter.checks - before
    if isGood, tally.failed == 0 {
      isOpen = false
      console.write("✓ right\n")
    } else {
      // Whoever needs five attempts goes on with the same numbers as everyone.
      session.interpreter.forgetChecks(since: before)
      session.interpreter.generator.state = noise
    }
  }

  private static func changesNames(_ text: String) -> Bool {
    Parser.parse(Source(name: "prompt", text), nil).statements.contains { statement in
      switch statement.kind {
      case .assign, .augment, .define, .draw, .for, .while: true
      default: false
      }
    }
  }
}
