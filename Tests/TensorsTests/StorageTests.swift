import Testing

@testable import Tensors

/// Tensors of several shapes may share their bytes; none sees what is written to another.
struct StorageTests {
  @Test func writingToATensorLeavesItsReshapedCopyAlone() throws {
    var x = try Tensor([1, 2, 3, 4], Shape([4]), .float64)
    let matrix = try x.reshaped(to: [2, 2])
    try x.setElement(0, 9)
    #expect(x.values == [9, 2, 3, 4])
    #expect(matrix.values == [1, 2, 3, 4])
  }

  @Test func writingToAReshapedTensorLeavesTheOriginalAlone() throws {
    let x = try Tensor([1, 2, 3, 4], Shape([4]), .float64)
    var matrix = try x.reshaped(to: [2, 2]).reshaped(to: [1, 4]).reshaped(to: [2, 2])
    try matrix.setElement(3, 9)
    #expect(x.values == [1, 2, 3, 4])
    #expect(matrix.values == [1, 2, 3, 9])
  }

  @Test func aReshapedTensorThatAloneHoldsTheBytesIsWrittenInPlace() throws {
    var x = try Tensor([1, 2, 3, 4], Shape([4]), .float64).reshaped(to: [2, 2])
    let address = unsafe UInt(bitPattern: x.address)
    try x.setElement(1, 9)
    #expect(unsafe UInt(bitPattern: x.address) == address)
    #expect(x.values == [1, 9, 3, 4])
  }

  @Test func sharedBytesAreGivenBackWithTheirLastUser() async {
    await #expect(processExitsWith: .success) {
      let before = Allocator.shared.live
      var x: Tensor? = try Tensor.zeros(Shape([1 << 20]))
      var y = try x?.reshaped(to: [2, 1 << 19])
      x = nil
      #expect(Allocator.shared.live >= before + 4 << 20)
      #expect(y?.values.last == 0)
      y = nil
      #expect(Allocator.shared.live == before)
    }
  }
}
