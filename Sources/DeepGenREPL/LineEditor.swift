import CEditline
import Glibc
import Script

/// What the editor must know about the language.
struct LineHooks {
  /// How many brackets are open where an input must go on in the next line; nil where it is complete.
  var openBrackets: (String) -> Int?
  /// What may stand before the cursor, which is an offset in UTF-8 bytes.
  var complete: (_ text: String, _ cursor: Int) -> LineCompletion
}

/// Candidates for a part of the input that ends at the cursor; offsets in UTF-8 bytes.
struct LineCompletion {
  var start: Int
  var candidates: [String]
}

/// Reads inputs of one or more lines from the terminal, with libedit.
///
/// Source: editline(3), editline(7); the bracketed paste mode of xterm's control sequences.
@safe final class LineEditor {
  enum Input: Equatable {
    case text(String)
    /// Ctrl-C.
    case abandoned
    /// Ctrl-D on an empty line, or a terminal that went away.
    case end
  }

  static let indentation = "    "

  let hooks: LineHooks
  let output: Output
  let editor: OpaquePointer
  /// The lines before the one being edited.
  var pending = ""
  var lastTab: (text: String, cursor: Int)?
  private(set) var keys = KeyReader(descriptor: STDIN_FILENO)
  private var history: LineHistory
  private let past: OpaquePointer?
  private let prompts: (first: Prompt, next: Prompt)
  private let isPasteBracketed: Bool
  /// How a read ended, where not with a line.
  private var interruption: Input?

  /// Returns nil where libedit cannot work with the terminal.
  init?(environment: Environment, history: LineHistory, isColored: Bool, hooks: LineHooks) {
    forceUTF8()
    guard let editor = unsafe editline_open("deepgen-repl") else { return nil }
    unsafe self.editor = editor
    self.hooks = hooks
    self.history = history
    output = .standard
    prompts = (
      Prompt("dg>", color: isColored ? "1;32" : nil),
      Prompt("...", color: isColored ? "2" : nil)
    )
    unsafe past = history_init()
    isPasteBracketed = environment.hasEscapes
    unsafe editline_set_client(editor, Unmanaged.passUnretained(self).toOpaque())
    unsafe editline_set_prompt(
      editor, { unsafe LineEditor.of($0)?.currentPrompt }, Prompt.escape)
    unsafe editline_set_read(editor) { unsafe LineEditor.of($0)?.readKey(into: $1) ?? -1 }
    unsafe editline_set_int(editor, EL_SIGNAL, 0)
    unsafe editline_set_string(editor, EL_EDITOR, "emacs")
    if let past = unsafe past {
      unsafe editline_history_int(past, H_SETSIZE, 100_000)
      unsafe editline_set_history(editor, past)
      for entry in history.entries { unsafe editline_history_enter(past, entry) }
    }
    if environment.hasEscapes {
      bindKeys()
    } else {
      unsafe editline_set_int(editor, EL_EDITMODE, 0)
    }
  }

  deinit {
    unsafe el_end(editor)
    if let past = unsafe past { unsafe history_end(past) }
    prompts.first.free()
    prompts.next.free()
  }

  /// Reads one input, of as many lines as it needs.
  func read() -> Input {
    pending = ""
    while true {
      switch readLine() {
      case .text(let line):
        let text = pending + line
        guard let depth = hooks.openBrackets(text) else {
          remember(text)
          return .text(text)
        }
        pending = text + "\n"
        unsafe el_push(editor, String(repeating: Self.indentation, count: min(depth, 10)))
      case .abandoned:
        return .abandoned
      case .end:
        // On an empty line of a longer input Ctrl-D leaves the input, not the session.
        return pending.isEmpty ? .end : .abandoned
      }
    }
  }

  /// The line being edited, with the cursor as an offset in UTF-8 bytes.
  var line: (text: String, cursor: Int) {
    guard let info = unsafe el_line(editor) else { return ("", 0) }
    let start = unsafe info.pointee.buffer
    let end = unsafe info.pointee.lastchar
    guard let start = unsafe start, let end = unsafe end, let cursor = unsafe info.pointee.cursor
    else { return ("", 0) }
    // libedit keeps buffer <= cursor <= lastchar, within one allocation.
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: end - start)
    return unsafe (String(decoding: bytes, as: UTF8.self), cursor - start)
  }

  /// The cells that the prompt takes.
  var promptWidth: Int { (pending.isEmpty ? prompts.first : prompts.next).width }

  /// The next character of a paste; nil where it breaks off.
  func nextCharacter() -> Unicode.Scalar? {
    guard case .character(let scalar) = keys.next() else { return nil }
    return scalar
  }

  private func readLine() -> Input {
    interruption = nil
    lastTab = nil
    // What came while nobody watched: the size is asked for anew, a late Ctrl-C is for no one.
    for signal in [SIGWINCH, SIGCONT] { _ = Signals.take(signal) }
    Signals.clearInterrupt()
    unsafe el_resize(editor)
    if isPasteBracketed { output.write("\u{1b}[?2004h") }
    var count: Int32 = 0
    let text = Signals.whilePrompting {
      unsafe el_gets(editor, &count).map { unsafe String(cString: $0) }
    }
    if isPasteBracketed { output.write("\u{1b}[?2004l") }
    if let interruption {
      unsafe el_reset(editor)
      return interruption
    }
    guard var text, count > 0 else {
      output.write("\n")
      return .end
    }
    if text.utf8.last == UInt8(ascii: "\n") { text.unicodeScalars.removeLast() }
    return .text(text)
  }

  private func remember(_ text: String) {
    guard history.add(text), let past = unsafe past else { return }
    unsafe editline_history_enter(past, text)
  }

  private var currentPrompt: UnsafeMutablePointer<CChar>? {
    unsafe (pending.isEmpty ? prompts.first : prompts.next).text
  }

  /// libedit's source of characters: 1 with a character, 0 at the end, -1 where a read is broken off.
  private func readKey(into result: UnsafeMutablePointer<wchar_t>?) -> Int32 {
    while true {
      switch keys.next() {
      case .character(let scalar):
        unsafe result?.pointee = wchar_t(scalar.value)
        return 1
      case .signal(SIGINT):
        abandon()
        errno = EINTR
        return -1
      case .signal(SIGWINCH):
        resize()
      case .signal(SIGTSTP):
        suspend()
      case .signal(SIGCONT):
        resume()
      case .signal, .end:
        interruption = .end
        return 0
      }
    }
  }

  private func abandon() {
    let line = line
    let width = terminalSize(output.descriptor)?.width ?? 80
    output.write(
      String(repeating: "\n", count: cursorRows(width: width).below)
        + (isPasteBracketed ? "^C\n" : "\n"))
    keys.discard()
    // A long input is not lost: it is one key away.
    if !pending.isEmpty || line.text.contains("\n") { remember(pending + line.text) }
    interruption = .abandoned
  }

  /// Draws the input anew in a window of another size; the terminal has wrapped it to that already.
  private func resize() {
    let width = terminalSize(output.descriptor)?.width ?? 80
    let above = cursorRows(width: width).above
    output.write("\r" + (above > 0 ? "\u{1b}[\(above)A" : "") + "\u{1b}[J")
    unsafe el_resize(editor)
    unsafe editline_refresh(editor)
  }

  private func suspend() {
    if isPasteBracketed { output.write("\u{1b}[?2004l") }
    unsafe editline_set_int(editor, EL_PREP_TERM, 0)
    // SIGCONT takes it from there.
    kill(getpid(), SIGSTOP)
  }

  private func resume() {
    unsafe editline_set_int(editor, EL_PREP_TERM, 1)
    if isPasteBracketed { output.write("\u{1b}[?2004h") }
    unsafe el_resize(editor)
    unsafe editline_refresh(editor)
  }

  /// The editor that a callback of libedit is about.
  static func of(_ editor: OpaquePointer?) -> LineEditor? {
    guard let editor = unsafe editor, let client = unsafe editline_client(editor) else {
      return nil
    }
    // The client is set once, to the object that owns `editor` and outlives it.
    return unsafe Unmanaged<LineEditor>.fromOpaque(client).takeUnretainedValue()
  }
}

/// A prompt in the form that libedit takes.
@safe private struct Prompt {
  static let escape: CChar = 1
  let text: UnsafeMutablePointer<CChar>?
  let width: Int

  /// Takes in `color` the numbers of an SGR sequence.
  ///
  /// The reset comes before the blank: libedit drops an escape sequence at a prompt's very end.
  init(_ sign: String, color: String?) {
    let colored = color.map { "\u{1}\u{1b}[\($0)m\u{1}\(sign)\u{1}\u{1b}[0m\u{1} " }
    unsafe text = strdup(colored ?? sign + " ")
    width = sign.columns + 1
  }

  func free() { unsafe Glibc.free(text) }
}

/// Takes the user's character set where it is UTF-8, else C.UTF-8.
///
/// Without it libedit crashes at the first character that is not ASCII. Nothing else of the locale is
/// taken: the decimal point stays a point.
func forceUTF8() {
  unsafe setlocale(LC_CTYPE, "")
  guard let name = unsafe nl_langinfo(Int32(CODESET)), unsafe String(cString: name) == "UTF-8"
  else {
    unsafe setlocale(LC_CTYPE, "C.UTF-8")
    return
  }
}
