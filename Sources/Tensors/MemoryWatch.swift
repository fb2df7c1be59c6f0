import Glibc
import Synchronization

/// Sees that all that a process holds stays within a limit.
///
/// Lists and texts too, which no allocator of ours counts. What runs then ends with an error, and the
/// session goes on.
package enum MemoryWatch {
  private static let bound = Atomic<Int>(0)
  /// Beyond this the next alarm is raised; more than the limit where an alarm left that much in use.
  private static let threshold = Atomic<Int>(0)

  /// Units: bytes.
  static var limit: Int { bound.load(ordering: .relaxed) }

  /// Looks ten times a second from now on.
  ///
  /// Units: bytes; without a limit half of the machine's memory.
  package static func start(limit: Int? = nil) {
    let limit = limit ?? total / 2
    bound.store(limit, ordering: .relaxed)
    threshold.store(limit, ordering: .relaxed)
    var thread = pthread_t()
    // The body takes no argument.
    let failure = unsafe pthread_create(
      &thread, nil,
      { _ in
        while true {
          usleep(100_000)
          MemoryWatch.look()
        }
      }, nil)
    if failure == 0 { pthread_detach(thread) }
  }

  static func look() {
    let (held, limit) = (held, limit)
    guard held > limit else {
      threshold.store(limit, ordering: .relaxed)
      return
    }
    guard held > threshold.load(ordering: .relaxed) else { return }
    // What a script keeps in its names stays in use: it must be able to let go of it.
    threshold.store(held + 256 << 20, ordering: .relaxed)
    Interrupt.reportExhaustion()
  }

  /// What the process has in memory, in bytes; 0 where the system does not say.
  static var held: Int {
    guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
    defer { unsafe _ = fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard unsafe fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let fields = text.split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * pageSize : 0
  }

  private static let pageSize = sysconf(Int32(_SC_PAGESIZE))
  private static let total = sysconf(Int32(_SC_PHYS_PAGES)) * pageSize
}
