import Synchronization

/// The one flag that Ctrl-C raises and everything that can run long polls.
///
/// It is process-wide because the signal that raises it is.
package enum Interrupt {
  private static let flag = Atomic<Bool>(false)

  package static var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Safe to call from a signal handler.
  package static func request() { flag.store(true, ordering: .relaxed) }

  package static func clear() { flag.store(false, ordering: .relaxed) }

  /// Throws: `TensorError.interrupted` where an interrupt was requested.
  package static func poll() throws {
    if isRequested { throw TensorError.interrupted }
  }
}
