import Synchronization

/// The one flag that stops what is running: Ctrl-C raises it, or `MemoryWatch`; everything that can run
/// long polls it.
///
/// It is process-wide because the signal that raises it is.
package enum Interrupt {
  private static let asked: UInt8 = 1
  private static let exhausted: UInt8 = 2
  private static let flag = Atomic<UInt8>(0)

  package static var isRequested: Bool { flag.load(ordering: .relaxed) != 0 }

  /// Safe to call from a signal handler.
  package static func request() { flag.store(asked, ordering: .relaxed) }

  package static func clear() { flag.store(0, ordering: .relaxed) }

  /// Asks whatever runs to end because memory does; a Ctrl-C that is pending goes first.
  static func reportExhaustion() {
    _ = flag.compareExchange(expected: 0, desired: exhausted, ordering: .relaxed)
  }

  /// Throws: `TensorError.interrupted` where an interrupt was requested, `TensorError.memoryExhausted`,
  /// once, where the process holds too much.
  package static func poll() throws {
    if isRequested { try stop() }
  }

  private static func stop() throws {
    let (isExhausted, _) = flag.compareExchange(
      expected: exhausted, desired: 0, ordering: .relaxed)
    throw isExhausted
      ? TensorError.memoryExhausted(bytes: MemoryWatch.held, limit: MemoryWatch.limit)
      : TensorError.interrupted
  }
}
