import Testing

@testable import Tensors

@Suite struct WorkTests {
  @Test func everyNumberAndEveryOperationCounts() throws {
    let (x, y) = (
      try Tensor.ones(Shape([1000]), .float64), try Tensor.ones(Shape([1000]), .float64)
    )
    let before = Work.done
    _ = try x + y
    #expect(Work.done - before == 1000 + Work.ofOperation)
  }

  @Test func gradientsCountToo() throws {
    let x = try Tensor.ones(Shape([1000]), .float64).leaf()
    let before = Work.done
    let y = try x.sin().sum()
    let forward = Work.done - before
    _ = try y.gradients([x])
    #expect(Work.done - before >= 2 * forward)
  }

  /// As many sums of a thousand numbers.
  private func compute(_ sums: Int) throws {
    let x = try Tensor.ones(Shape([1000]), .float64)
    for _ in 0..<sums { _ = try x + x }
  }

  private func square(_ side: Int) throws {
    _ = try Tensor.ones(Shape([side, side]), .float64)
  }

  @Test func whatGoesBeyondALimitIsRefusedBeforeItTakesMemory() throws {
    let before = Work.done
    #expect(throws: TensorError.tooMuchWork) {
      try Work.limited(to: 1_000_000) { try square(1001) }
    }
    #expect(Work.done - before < 1_000_000)
    try Work.limited(to: 1_100_000) { try square(1001) }
    try square(1100)
  }

  @Test func whoSwallowsARefusalIsRefusedAgain() throws {
    #expect(throws: TensorError.tooMuchWork) {
      try Work.limited(to: 100_000) {
        try? square(400)
        try compute(1)
      }
    }
    #expect(throws: TensorError.tooMuchWork) {
      try Work.limited(to: 100_000) { try? square(400) }
    }
  }

  @Test func aLimitWithinAnotherEndsWithIt() throws {
    func within(_ inner: Int, _ sums: Int) throws {
      try Work.limited(to: 100_000) {
        // What is refused within leaves the rest to the outer one.
        try? Work.limited(to: 2000) { try compute(5) }
        try compute(5)
        try Work.limited(to: inner) { try compute(sums) }
      }
    }
    try within(100_000, 50)
    #expect(throws: TensorError.tooMuchWork) { try within(1_000_000, 100) }
  }
}
