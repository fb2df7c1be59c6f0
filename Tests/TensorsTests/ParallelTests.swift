import Synchronization
import Testing

@testable import Tensors

struct ParallelTests {
  /// Many short jobs of different sizes one after the other: a helper that comes late to one must not
  /// touch the next.
  @Test func everyChunkRunsOnceWhileJobsFollowEachOther() {
    let counts = Mutex([Int](repeating: 0, count: 64))
    for round in 0..<20_000 {
      let n = 2 + round % 61
      Parallel.shared.run(n) { i in counts.withLock { $0[i] += 1 } }
    }
    let expected = (0..<64).map { i in (0..<20_000).filter { i < 2 + $0 % 61 }.count }
    #expect(counts.withLock(\.self) == expected)
  }

  @Test func aSplitCoversEveryElementOnce() {
    for n in [0, 1, 100, 131_071, 131_072, 1_000_003] {
      let total = Atomic<Int>(0)
      Parallel.shared.split(n) { total.add($0.count, ordering: .relaxed) }
      #expect(total.load(ordering: .relaxed) == n)
    }
  }
}
