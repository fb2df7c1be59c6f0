import CKernels
import Glibc
import Synchronization

/// Memory for tensors, in size classes a quarter of a power of two apart, each with a list of free blocks.
///
/// One for the process, like the heap it stands on; it may be used from any thread.
final class Allocator: @unchecked Sendable {
  static let shared = Allocator()

  private struct State {
    /// At most so much is in use at once; half of the machine's memory where nothing else is said.
    var limit: Int?
    /// Free blocks by class; a free block's first word points to the next.
    var free = Lists(repeating: 0)
    var cached = 0
    var live = 0
    /// The most that was in use at once in this epoch and in the one before it.
    var peak = 0
    var lastPeak = 0
    /// Blocks handed out in this epoch.
    var handedOut = 0

    /// How many bytes of free blocks are worth keeping.
    var mayKeep: Int { Allocator.slack + max(peak, lastPeak) - live }

    /// Counts a block that is handed out.
    mutating func handOut(_ bytes: Int) {
      live += bytes
      handedOut += 1
      if handedOut == Allocator.epoch { (lastPeak, peak, handedOut) = (peak, 0, 0) }
      peak = max(peak, live)
    }
  }

  // Taken for some ten instructions at a time: a Mutex would cost a small operation a tenth of its time.
  private let isTaken = Atomic(false)
  /// Only touched within `locked`.
  private var state = State()

  /// One for each size class.
  private typealias Lists = InlineArray<256, UInt>
  private static let alignment = 64
  /// So many bytes of free blocks are always kept for reuse, and more as long as all blocks together take
  /// no more than was lately in use at once: a training step finds those of the step before, and what one
  /// large tensor took goes back to the system.
  private static let slack = 64 << 20
  /// How many blocks an epoch hands out: those of many small steps, or of a few large ones.
  private static let epoch = 4096

  /// The class of a request, and the bytes a block of that class has.
  @inline(__always)
  static func sizeClass(_ byteCount: Int) -> (index: Int, bytes: Int) {
    if byteCount <= 512 {
      let sixtyFours = max((byteCount + 63) >> 6, 1)
      return (sixtyFours, sixtyFours << 6)
    }
    let n = byteCount
    let power = Int.bitWidth - 1 - (n - 1).leadingZeroBitCount  // 2^power < n <= 2^(power+1)
    let quarter = 1 << max(power - 2, 6)
    let bytes = (n + quarter - 1) / quarter * quarter
    return (power * 4 + (bytes >> max(power - 2, 6)) % 4, bytes)
  }

  @inline(__always)
  private func locked<Result>(_ body: (inout State) -> Result) -> Result {
    while isTaken.exchange(true, ordering: .acquiring) { sched_yield() }
    defer { isTaken.store(false, ordering: .releasing) }
    return body(&state)
  }

  /// glibc keeps freed objects of up to 152 bytes, as a `Node` is, on lists of their own only if it is told so.
  init() { dg_heap_keep_small(160) }

  /// Sees whether a block fits under the limit, and a large one into memory with a little left to the
  /// rest of the machine.
  ///
  /// Throws: `TensorError.outOfMemory` where it does not.
  static func check(_ byteCount: Int) throws { try shared.check(byteCount) }

  private func check(_ byteCount: Int) throws {
    let (live, limit) = locked { ($0.live, $0.limit ?? Self.half) }
    guard byteCount <= limit - live else {
      throw TensorError.beyondLimit(bytes: byteCount, live: live, limit: limit)
    }
    guard byteCount >= 16 << 20 else { return }
    var available = Self.freeMemory()
    if byteCount > available - (64 << 20) {
      giveBack()
      available = Self.freeMemory()
    }
    guard byteCount <= available - (64 << 20) else {
      throw TensorError.outOfMemory(bytes: byteCount, available: available)
    }
  }

  /// Lets tensors take so many bytes in all.
  func limit(to bytes: Int) { locked { $0.limit = bytes } }

  private static let half = memory("MemTotal:") / 2

  func allocate(_ byteCount: Int) throws -> UnsafeMutableRawPointer {
    guard byteCount <= 1 << 46 else {
      throw TensorError.outOfMemory(bytes: byteCount, available: Self.freeMemory())
    }
    let (index, bytes) = Self.sizeClass(byteCount)
    let (found, keepsTooMuch): (UInt, Bool) = locked { s in
      let head = s.free[index]
      guard head != 0, let block = unsafe UnsafeMutableRawPointer(bitPattern: head) else {
        return (0, false)
      }
      // A free block is at least 64 bytes, so its first word is the list's.
      s.free[index] = unsafe block.load(as: UInt.self)
      s.cached -= bytes
      s.handOut(bytes)
      return (head, s.cached > s.mayKeep)
    }
    if keepsTooMuch { giveBack() }
    if let block = unsafe UnsafeMutableRawPointer(bitPattern: found) { return unsafe block }
    return try unsafe fresh(bytes, for: byteCount)
  }

  /// A block from the system; it counts as live only once it is there, so that what is refused is in nobody's way.
  private func fresh(_ bytes: Int, for byteCount: Int) throws -> UnsafeMutableRawPointer {
    try check(byteCount)
    guard let block = unsafe aligned_alloc(Self.alignment, bytes) else {
      throw TensorError.outOfMemory(bytes: byteCount, available: Self.freeMemory())
    }
    let keepsTooMuch = locked { s in
      s.handOut(bytes)
      return s.cached > s.mayKeep
    }
    if keepsTooMuch { giveBack() }
    return unsafe block
  }

  func release(_ address: UnsafeMutableRawPointer, byteCount: Int) {
    let (index, bytes) = Self.sizeClass(byteCount)
    let word = UInt(bitPattern: address)
    let kept = locked { s in
      s.live -= bytes
      guard s.cached + bytes <= s.mayKeep,
        let block = unsafe UnsafeMutableRawPointer(bitPattern: word)
      else { return false }
      // The block is at least 64 bytes and nobody's any more.
      unsafe block.storeBytes(of: s.free[index], as: UInt.self)
      s.free[index] = word
      s.cached += bytes
      return true
    }
    if !kept { unsafe free(address) }
  }

  /// Gives all free blocks back to the system.
  private func giveBack() {
    let lists = locked { s in
      defer { (s.free, s.cached) = (Lists(repeating: 0), 0) }
      return s.free
    }
    for i in lists.indices {
      var head = lists[i]
      while let block = unsafe UnsafeMutableRawPointer(bitPattern: head) {
        // A free block's first word is the next one's address.
        head = unsafe block.load(as: UInt.self)
        unsafe Glibc.free(block)
      }
    }
  }

  /// Bytes of free blocks kept for reuse.
  var cached: Int { locked { $0.cached } }

  /// Bytes in use by tensors.
  var live: Int { locked { $0.live } }

  /// Bytes that the system says are available, or a cautious guess where it says nothing.
  static func freeMemory() -> Int { memory("MemAvailable:") }

  private static func memory(_ entry: String) -> Int {
    guard let file = unsafe fopen("/proc/meminfo", "r") else { return 1 << 30 }
    defer { unsafe _ = fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while unsafe fgets(&line, Int32(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard text.hasPrefix(entry) else { continue }
      let digits = text.filter(\.isNumber)
      return (Int(digits) ?? 1 << 20) * 1024
    }
    return 1 << 30
  }
}

/// How much memory tensors may take.
package enum TensorMemory {
  /// Units: bytes.
  package static func limit(to bytes: Int) { Allocator.shared.limit(to: bytes) }
}
