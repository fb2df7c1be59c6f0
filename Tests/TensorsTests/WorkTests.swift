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
}
