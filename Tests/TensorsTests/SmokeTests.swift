import Testing

@testable import Tensors

@Test func aThirdDerivativeOfACubeIsSix() throws {
  let x = try Tensor(2).leaf()
  let y = try x * x * x
  let d1 = try y.gradientsOrZero([x], createGraph: true)[0]
  let d2 = try d1.gradientsOrZero([x], createGraph: true)[0]
  let d3 = try d2.gradientsOrZero([x])[0]
  #expect(d1.item == 12)
  #expect(d2.item == 12)
  #expect(d3.item == 6)
}

@Test func aLossThatWasUsedUpIsAConstantAndWhatLedToItIsRefused() throws {
  let w = try Tensor(2).leaf()
  let hidden = try w * w
  let loss = try hidden * 3
  loss.releaseTape()
  #expect(try (loss * w).gradientsOrZero([w])[0].item == 12)
  #expect(throws: TensorError.self) { try (hidden * w).gradients([w]) }
}
