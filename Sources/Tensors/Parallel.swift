import CKernels
import Glibc
import Synchronization

/// The one place where work is spread over threads: a pool of pinned threads that share out fixed chunks.
///
/// Chunks do not depend on the number of threads, and no chunk writes where another does, so results
/// are the same for any number of threads. A waiting thread spins for a bounded time, then sleeps; the
/// caller takes whatever chunks nobody has begun, so a sleeping or descheduled helper delays no one.
package final class Parallel: Sendable {
  package static let shared = Parallel()

  // Words that different threads write are kept on cache lines of their own: a vector of 64 bytes stands between.

  /// Bumped for each job; helpers spin or sleep on it.
  private let generation = Atomic<UInt32>(0)
  private let sleepers = Atomic<Int>(0)
  private let gapAfterGeneration = SIMD8<UInt64>()
  /// The chunks that nobody has taken, with the job's generation: all in one word, so that a late helper
  /// cannot take a chunk of one job by the count of another.
  private let next = Atomic<UInt64>(0)
  private let body = Atomic<UInt>(0)
  private let gapAfterNext = SIMD8<UInt64>()
  /// Chunks not finished yet.
  private let remaining = Atomic<UInt32>(0)
  private let gapAfterRemaining = SIMD8<UInt64>()
  private let started = Atomic<Int>(0)
  private let wanted = Atomic<Int>(0)
  private let isBusy = Atomic<Bool>(false)
  // Of short jobs: how many more the caller does alone, how many the last time, and how many in a row found a
  // helper asleep.
  private let alone = Atomic<Int>(0)
  private let penalty = Atomic<Int>(0)
  private let naps = Atomic<Int>(0)
  private static let spin = 5000

  /// How many threads share the work, the caller included; from 1 to the number of processors.
  package var threads: Int {
    let n = wanted.load(ordering: .relaxed)
    return n == 0 ? Parallel.available : n
  }

  package static let available = max(1, Int(dg_cpu_count()))

  package func use(threads: Int) {
    wanted.store(min(max(threads, 1), Parallel.available), ordering: .relaxed)
  }

  /// A generation (24 bits), the end (20) and the beginning (20) of the chunks left, in one word.
  ///
  /// The caller takes chunks from the beginning, helpers from the end: one job after the other, each finds
  /// most of what it works on in its own cache.
  private struct Ticket {
    static let most = 1 << 20 - 1
    let word: UInt64

    init(word: UInt64) { self.word = word }

    init(generation: UInt32, count: UInt64) {
      word = UInt64(generation & 0xff_ffff) << 40 | count << 20
    }

    private var end: UInt64 { word >> 20 & 0xf_ffff }
    private var beginning: UInt64 { word & 0xf_ffff }
    var isEmpty: Bool { beginning >= end }

    /// A chunk of those left, and the ticket without it; only asked where there is one.
    func taking(fromEnd: Bool) -> (chunk: Int, rest: Ticket) {
      fromEnd
        ? (Int(end) - 1, Ticket(word: word - 1 << 20)) : (Int(beginning), Ticket(word: word + 1))
    }

    func isOf(_ generation: UInt32) -> Bool { word >> 40 == UInt64(generation & 0xff_ffff) }
  }

  private final class Job {
    let run: (Int, Int) -> Void
    init(_ run: @escaping (Int, Int) -> Void) { self.run = run }
  }

  /// Runs `work` once for each chunk in `0..<count`, on any thread, in any order.
  func run(_ count: Int, _ work: (Int) -> Void) { run(count) { chunk, _ in work(chunk) } }

  /// The same; `work` is told the chunk and which of the threads runs it, from 0 to `threads` - 1.
  func run(_ count: Int, _ work: (Int, Int) -> Void) { _ = shareOut(count, work) }

  /// Whether a job of some microseconds is worth sharing: a helper that is late delays it by more than it ever brings.
  ///
  /// Counts the job as done alone where it is not.
  func takesShortJob() -> Bool {
    if threads == 1 { return false }
    let left = alone.load(ordering: .relaxed)
    if left > 0 { alone.store(left - 1, ordering: .relaxed) }
    return left == 0
  }

  /// Runs such a job, as `run` does.
  ///
  /// Where a helper keeps the caller waiting for more than `patience` spins, or is always asleep, the next jobs are
  /// better done alone, the more of them the oftener it happens.
  func runShort(_ count: Int, patience: Int, _ work: (Int, Int) -> Void) {
    let sleeps = sleepers.load(ordering: .relaxed) > 0
    let waited = shareOut(count, work)
    let naps = sleeps ? naps.load(ordering: .relaxed) + 1 : 0
    self.naps.store(naps, ordering: .relaxed)
    var next = penalty.load(ordering: .relaxed) / 2
    if waited > patience || naps > 8 {
      next = min(max(8 * next, 8), 4096)
      alone.store(next, ordering: .relaxed)
    }
    penalty.store(next, ordering: .relaxed)
  }

  /// Returns how many spins the caller waited for the others in the end.
  private func shareOut(_ count: Int, _ work: (Int, Int) -> Void) -> Int {
    guard count > 1, count <= Ticket.most, threads > 1, !isBusy.exchange(true, ordering: .acquiring)
    else {
      for i in 0..<max(count, 0) { work(i, 0) }
      return 0
    }
    defer { isBusy.store(false, ordering: .releasing) }
    startHelpers()
    return withoutActuallyEscaping(work) { work in
      let job = Job(work)
      // The job outlives every use: this function returns only when no chunk is under way.
      let address = unsafe UInt(bitPattern: Unmanaged.passUnretained(job).toOpaque())
      body.store(address, ordering: .relaxed)
      remaining.store(UInt32(count), ordering: .relaxed)
      let g = generation.load(ordering: .relaxed) &+ 1
      next.store(Ticket(generation: g, count: UInt64(count)).word, ordering: .releasing)
      generation.store(g, ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake(generation) }
      takeChunks(of: g, as: 0)
      var spins = 0
      while remaining.load(ordering: .acquiring) > 0 {
        spins += 1
        if spins < 20 * Parallel.spin { dg_pause() } else { sched_yield() }
      }
      withExtendedLifetime(job) {}
      return spins
    }
  }

  /// Takes and runs chunks of one job until none is left.
  private func takeChunks(of g: UInt32, as worker: Int) {
    while true {
      let ticket = Ticket(word: next.load(ordering: .acquiring))
      guard ticket.isOf(g), !ticket.isEmpty else { return }
      let (chunk, rest) = ticket.taking(fromEnd: worker > 0)
      let (taken, _) = next.compareExchange(
        expected: ticket.word, desired: rest.word, ordering: .acquiringAndReleasing)
      guard taken else { continue }
      if let pointer = unsafe UnsafeRawPointer(bitPattern: body.load(ordering: .relaxed)) {
        // A chunk was taken and is not finished, so `run` has not returned and the job is alive.
        unsafe Unmanaged<Job>.fromOpaque(pointer).takeUnretainedValue().run(chunk, worker)
      }
      remaining.subtract(1, ordering: .releasing)
    }
  }

  private func startHelpers() {
    let missing = threads - 1 - started.load(ordering: .relaxed)
    guard missing > 0 else { return }
    if started.load(ordering: .relaxed) == 0 { dg_pin_to_cpu(0) }
    for _ in 0..<missing {
      let index = started.add(1, ordering: .relaxed).newValue
      var thread = pthread_t()
      let argument = unsafe UnsafeMutableRawPointer(bitPattern: index)
      unsafe pthread_create(
        &thread, nil,
        {
          Parallel.shared.help(Int(bitPattern: $0))
          return nil
        }, argument)
      pthread_detach(thread)
    }
  }

  private func help(_ index: Int) {
    // Ctrl-C is for the main thread.
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    dg_pin_to_cpu(Int32(index))
    var seen: UInt32 = 0
    while true {
      var spins = 0
      while generation.load(ordering: .acquiring) == seen {
        spins += 1
        if spins < Parallel.spin {
          dg_pause()
        } else {
          sleepers.add(1, ordering: .sequentiallyConsistent)
          wait(generation, seen)
          sleepers.subtract(1, ordering: .sequentiallyConsistent)
          spins = 0
        }
      }
      seen = generation.load(ordering: .acquiring)
      if index < threads { takeChunks(of: seen, as: index) }
    }
  }

  private func wait(_ word: borrowing Atomic<UInt32>, _ value: UInt32) {
    // An Atomic<UInt32> is laid out as the word itself, which is what the futex call reads.
    unsafe withUnsafePointer(to: word) { unsafe dg_futex_wait($0, value) }
  }

  private func wake(_ word: borrowing Atomic<UInt32>) {
    unsafe withUnsafePointer(to: word) {
      unsafe dg_futex_wake(UnsafeMutableRawPointer(mutating: $0))
    }
  }
}

extension Parallel {
  /// Elements below which a second thread costs more than it brings.
  static let grain = 32_768

  /// Splits `count` elements, or rows of them, into even chunks of at least `grain` and runs them; elements are
  /// aligned to 64, rows, of which few make a chunk, are not.
  @inline(__always)
  func split(_ count: Int, grain: Int = Parallel.grain, _ work: (Range<Int>) -> Void) {
    if count < 2 * grain { work(0..<count) } else { share(count, grain, work) }
  }

  private func share(_ count: Int, _ grain: Int, _ work: (Range<Int>) -> Void) {
    let unit = grain < 64 ? 1 : 64
    let even = min(count / grain, 64)
    let chunk = ((count + even - 1) / even + unit - 1) / unit * unit
    run((count + chunk - 1) / chunk) { i in work(i * chunk..<min((i + 1) * chunk, count)) }
  }
}
