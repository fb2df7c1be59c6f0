import Glibc
import Synchronization
import Tensors

/// The signals that a session answers, as flags that its thread reads.
///
/// A handler belongs to the process, hence the only process-wide state of this target.
enum Signals {
  private static let session = Atomic<UInt>(0)
  private static let raised = Atomic<UInt64>(0)
  private static let unanswered = Atomic<Int>(0)
  private static let patience = Atomic<Int>(2)

  /// The signals that interrupt a wait at the prompt.
  static let atPrompt = [SIGINT, SIGWINCH, SIGCONT, SIGTSTP, SIGTERM, SIGHUP]

  /// Makes the calling thread the one that Ctrl-C interrupts; computations see it as `Interrupt`.
  ///
  /// A script that does not stop at the first Ctrl-C is ended by the second.
  static func listen(interactive: Bool) {
    session.store(UInt(pthread_self()), ordering: .relaxed)
    patience.store(interactive ? .max : 2, ordering: .relaxed)
    for signal in [SIGINT, SIGWINCH, SIGCONT] { handle(signal) }
  }

  /// Runs `body` while the signals that would stop or end the process are flags too.
  static func whilePrompting<Result>(_ body: () -> Result) -> Result {
    let stopping = [SIGTSTP, SIGTERM, SIGHUP]
    let before = stopping.map(handle)
    defer {
      for (signal, action) in zip(stopping, before) {
        var action = action
        unsafe sigaction(signal, &action, nil)
      }
    }
    return body()
  }

  /// Whether the signal came since it was last asked for.
  static func take(_ signal: Int32) -> Bool {
    let bit: UInt64 = 1 << UInt64(signal)
    return raised.bitwiseAnd(~bit, ordering: .relaxed).oldValue & bit != 0
  }

  /// Forgets a Ctrl-C that has been answered, or came too late.
  static func clearInterrupt() {
    _ = take(SIGINT)
    unanswered.store(0, ordering: .relaxed)
    Interrupt.clear()
  }

  @discardableResult
  private static func handle(_ signal: Int32) -> sigaction {
    var before = sigaction()
    unsafe sigaction(signal, nil, &before)
    // What the parent process had ignored (nohup) stays ignored.
    let ignored = unsafe unsafeBitCast(SIG_IGN, to: Int.self)
    let handler = unsafe unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self)
    if handler == ignored { return before }
    var action = sigaction()
    // Without SA_RESTART, so that a waiting read returns.
    action.sa_flags = 0
    unsafe sigemptyset(&action.sa_mask)
    unsafe action.__sigaction_handler.sa_handler = { Signals.note($0) }
    unsafe sigaction(signal, &action, nil)
    return before
  }

  /// Runs in the handler: only atomics and calls that POSIX allows there.
  private static func note(_ signal: Int32) {
    let session = session.load(ordering: .relaxed)
    if session != 0, UInt(pthread_self()) != session {
      pthread_kill(pthread_t(session), signal)
      return
    }
    _ = raised.bitwiseOr(1 << UInt64(signal), ordering: .relaxed)
    guard signal == SIGINT else { return }
    Interrupt.request()
    let count = unanswered.add(1, ordering: .relaxed).newValue
    if count >= patience.load(ordering: .relaxed) { _exit(130) }
  }
}
