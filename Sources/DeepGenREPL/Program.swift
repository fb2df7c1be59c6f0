import Glibc
import Notebook
import Tensors

/// Runs what the command line asks for: scripts, then the prompt where it is wanted.
struct Program {
  let options: Options
  let environment = Environment.current

  /// The result is the exit status.
  func run() -> Int32 {
    forceUTF8()
    let terminal = Terminal(
      environment: environment, noColor: options.noColor, plain: options.plain)
    let isPrompting = isatty(STDIN_FILENO) == 1
    Signals.listen(interactive: isPrompting)
    guard isPrompting else { return 0 }
    let hooks = LineHooks(
      isComplete: { text in
        text.count { "([{".contains($0) } <= text.count { ")]}".contains($0) }
      },
      complete: { text, cursor in
        let words = ["sample", "sigmoid", "softmax", "summary", "σ_max", "μ_prior", "\\mu", "\\nu"]
        let word = text.utf8.prefix(cursor).reversed().prefix { $0 != 32 && $0 != 40 && $0 != 10 }
        let prefix = String(decoding: word.reversed(), as: UTF8.self)
        if prefix == "\\mu" { return LineCompletion(start: cursor - 3, candidates: ["μ"]) }
        return LineCompletion(
          start: cursor - word.count, candidates: words.filter { $0.hasPrefix(prefix) })
      })
    let history = LineHistory(path: options.history ?? environment.historyPath)
    guard
      let editor = LineEditor(
        environment: environment, history: history,
        isColored: terminal.capabilities.colors != .none,
        hooks: hooks)
    else { return 2 }
    while true {
      switch editor.read() {
      case .text(let text):
        if text == "loop" {
          var step = 0
          while !Interrupt.isRequested {
            step += 1
            usleep(1000)
            terminal.show(
              Progress(done: step, total: 5000, tracked: [("elbo", -92.123), ("kl", 12.5)]))
          }
          terminal.endProgress()
          terminal.writeError("interrupted\n")
        } else {
          terminal.write("got [\(text)] scalars=\(text.unicodeScalars.count)\n")
        }
      case .abandoned: continue
      case .end: return 0
      }
    }
  }
}
