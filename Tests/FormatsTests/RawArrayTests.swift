import Tensors
import Testing

@testable import Formats

@Suite struct RawArrayTests {
  @Test func tensorsComeBack() throws {
    let shape = try Shape([2, 2])
    let tensors = [
      try Tensor([1, 2, 3, -0.5] as [Float], shape),
      try Tensor([1, 2, 3, 1e300] as [Double], shape, .float64),
      try Tensor([1, 2, 3, .max] as [Int], shape),
      try Tensor([true, false, true, true], shape),
    ]
    for tensor in tensors {
      let back = try RawArray(tensor).tensor()
      #expect(back.dtype == tensor.dtype)
      #expect(back.shape == shape)
      #expect(back.bytes == tensor.bytes)
    }
  }

  @Test func narrowTypesBecomeTheTensorsOwn() throws {
    let bytes = try RawArray(.uint8, shape: [2], bytes: [0, 255]).tensor()
    #expect(bytes.dtype == .int64)
    #expect(bytes.values == [0, 255])
    let halves = try RawArray(.float16, shape: [1], bytes: [0x00, 0x3C]).tensor()
    #expect(halves.dtype == .float32)
    #expect(halves.values == [1])
    // A byte that is neither 0 nor 1 is true, and stored as 1.
    #expect(try RawArray(.bool, shape: [2], bytes: [0, 7]).tensor().bytes == [0, 1])
  }

  @Test func whatTensorsCannotHoldIsAnError() throws {
    let large = try RawArray(.uint64, shape: [1], bytes: [UInt8](repeating: 0xFF, count: 8))
    #expect(
      message { try large.tensor() }
        == "int64 cannot hold the integer 18446744073709551615, expected at most \(Int64.max)")
    let deep = try RawArray(shape: [Int](repeating: 1, count: 9), floats: [1])
    #expect(throws: TensorError.self) { try deep.tensor() }
  }

  @Test func aShapeAndItsBytesAgree() {
    #expect(
      message { try RawArray(.float32, shape: [3], bytes: [0]) }
        == "an array: data is cut short: needs 12 bytes at offset 0, found 1")
    #expect(message { try RawArray(.float32, shape: [-1], bytes: []) }.contains("no negative"))
    #expect(message { try RawArray(.bool, shape: [.max, .max], bytes: []) }.contains("more than"))
  }
}
