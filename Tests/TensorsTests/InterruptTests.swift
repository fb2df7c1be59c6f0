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
}
