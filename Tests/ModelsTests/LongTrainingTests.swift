import Testing

@testable import Models
@testable import Tensors

struct LongTrainingTests {
  /// In a process of its own, where nothing else takes or gives back memory.
  @Test func twentyThousandStepsTakeTheMemoryOfTheFirst() async {
    await #expect(processExitsWith: .success) {
      let w = Variable(try Tensor.full(Shape([2, 2]), 0.5))
      let x = try Tensor([1, 2, 3, 4], Shape([2, 2]))
      let optimiser = try Adam([w], lr: 1e-2)
      func train(_ steps: Int) throws {
        for _ in 0..<steps { try optimiser.step((w.tensor * x).tanh().sum()) }
      }
      try train(100)
      let (tensors, process) = (Allocator.shared.live, MemoryWatch.held)
      try train(20_000)
      #expect(Allocator.shared.live == tensors)
      // A step that left a single node or tensor behind would be more: 20 000 take at least 2 MB.
      #expect(MemoryWatch.held < process + 2_000_000)
    }
  }
}
