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

  @Test func everyChunkOfAShortJobRunsOnceWhetherHelpersAreLateOrNot() {
    for patience in [0, 1_000_000] {
      let counts = Mutex([Int](repeating: 0, count: 4))
      for _ in 0..<5000 {
        Parallel.shared.runShort(4, patience: patience) { i, _ in counts.withLock { $0[i] += 1 } }
      }
      #expect(counts.withLock(\.self) == [5000, 5000, 5000, 5000])
    }
  }

  @Test func aSplitCoversEveryElementOnce() {
    for n in [0, 1, 100, 131_071, 131_072, 1_000_003] {
      let total = Atomic<Int>(0)
      Parallel.shared.split(n) { total.add($0.count, ordering: .relaxed) }
      #expect(total.load(ordering: .relaxed) == n)
    }
  }

  /// A few rows, each of them long, are worth a chunk each.
  @Test func fewRowsAreSharedOut() {
    for n in [2, 8, 63] {
      let chunks = Atomic<Int>(0)
      Parallel.shared.split(n, grain: 1) { rows in
        #expect(rows.count == 1)
        chunks.add(1, ordering: .relaxed)
      }
      #expect(chunks.load(ordering: .relaxed) == n)
    }
  }

  /// Large enough to be shared out, of sizes that no tile divides.
  @Test func productsAndConvolutionsDoNotDependOnTheNumberOfThreads() throws {
    defer { Parallel.shared.use(threads: Parallel.available) }
    for dtype in [DType.float32, .float64] {
      let generator = Generator(seed: 2)
      let a = try generator.normal(Shape([131, 397]), dtype)
      let b = try generator.normal(Shape([397, 205]), dtype)
      let images = try generator.normal(Shape([9, 3, 20, 21]), dtype).leaf()
      let kernels = try generator.normal(Shape([7, 3, 3, 4]), dtype).leaf()
      let (x, w) = (a.leaf(), b.leaf())
      let narrow = try generator.normal(Shape([397, 18]), dtype).leaf()
      let single = try generator.normal(Shape([397, 1]), dtype)
      // More than once: short products are shared out or not, as the helpers come.
      let found = try [1, 2, 2, 2, 2].map { threads in
        Parallel.shared.use(threads: threads)
        let y = try images.convolved(kernels, nil, Tensor.ConvolutionOptions(stride: [2, 1]))
        let gradients =
          try y.square().sum().gradientsOrZero([images, kernels])
          + x.matmul(narrow).square().sum().gradientsOrZero([x, narrow])
          + x.affine(w, nil, slope: 0.2).square().sum().gradientsOrZero([x, w])
        return [
          try a.matmul(b), try b.matmul(a, transposeA: true, transposeB: true),
          try a.matmul(b.transposed(0, 1), transposeB: true), try a.matmul(a, transposeA: true),
          try a.affine(b, b.sum([0]), slope: 0), try a.affine(b, nil, slope: 0.2), y,
          try a.matmul(narrow), try a.matmul(single),
        ].map(\.bytes) + gradients.map(\.bytes)
      }
      #expect(found.allSatisfy { $0 == found[0] })
    }
  }
}
