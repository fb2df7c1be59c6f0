import Glibc
import Testing

@testable import Tensors

struct InterruptTests {
  /// In a process of its own, since the flag is the process's.
  @Test func anInterruptStopsAComputationAndNotTheNext() async {
    await #expect(processExitsWith: .success) {
      let x = try Tensor.ones(Shape([4])).leaf()
      let y = try (x * x).sum()
      Interrupt.request()
      #expect(throws: TensorError.interrupted) { try x * x }
      #expect(throws: TensorError.interrupted) { try y.gradients([x]) }
      Interrupt.clear()
      #expect(try y.gradientsOrZero([x])[0].values == [2, 2, 2, 2])
    }
  }

  @Test func holdingTooMuchEndsWhatRunsAndNotTheNext() async {
    await #expect(processExitsWith: .success) {
      MemoryWatch.start(limit: MemoryWatch.held + 64 << 20)
      var held: [[Int]] = []
      do {
        for _ in 0..<100_000 {
          try Interrupt.poll()
          held.append([Int](repeating: 1, count: 10_000))
        }
        Issue.record("expected an error")
      } catch {
        guard case TensorError.memoryExhausted(let bytes, let limit) = error else { throw error }
        #expect(bytes > limit)
      }
      // What is held still is no reason to refuse the next step.
      usleep(300_000)
      try Interrupt.poll()
      #expect(held.count > 100)
    }
  }
}
