import Tensors
import Testing

@testable import Models

@Suite struct ImageLayerTests {
  private let rng = Generator(seed: 5)

  private func conv(_ values: [SettingValues.Value?]) throws -> Conv {
    try Conv(SettingValues(Conv.settings, values), rng)
  }

  @Test func aConvolutionHasPyTorchsShapes() throws {
    let layer = try conv([.size(3), .size(8), .size(4), .size(2), .size(1)])
    let x = try rng.normal(Shape([2, 3, 8, 6]))
    #expect(try layer.apply(x, rng).shape.dims == [2, 8, 4, 3])
    #expect(layer.weight.shape.dims == [8, 3, 4, 4] && layer.parameterCount == 8 * 48 + 8)
    #expect(layer.weight.tensor.range.greatest <= 1 / 48.0.squareRoot())
    #expect(layer.description == "conv(3, 8, 4, stride=2, padding=1)")
    let same = try conv([.size(3), .size(8), .sizes([3, 5]), nil, .text("same")])
    #expect(try same.apply(x, rng).shape.dims == [2, 8, 8, 6])
    #expect(same.description == "conv(3, 8, (3, 5), padding=\"same\")")
    let grouped = try conv([
      .size(4), .size(8), .size(1), nil, nil, nil, .size(2), .flag(false),
    ])
    #expect(grouped.weight.shape.dims == [8, 2, 1, 1] && grouped.bias == nil)
    #expect(
      message { try conv([.size(3), .size(8), .size(1), nil, nil, nil, .size(2)]) }
        == "groups: expected a divisor of in = 3 and out = 8, found 2")
    #expect(
      message { try conv([.size(3), .size(8), .sizes([3, 3, 3])]) }
        == "kernel: expected a whole number or 2, found (3, 3, 3)")
  }

  @Test func aTransposedConvolutionUndoesTheShapes() throws {
    let layer = try ConvTranspose(
      SettingValues(
        ConvTranspose.settings, [.size(8), .size(3), .size(4), .size(2), .size(1)]), rng)
    let x = try rng.normal(Shape([2, 8, 4, 3]))
    #expect(try layer.apply(x, rng).shape.dims == [2, 3, 8, 6])
    #expect(layer.weight.shape.dims == [8, 3, 4, 4] && layer.bias?.shape.dims == [3])
  }

  @Test func batchNormCentresInTrainingAndRemembers() throws {
    let layer = try BatchNorm(SettingValues(BatchNorm.settings, [.size(2)]))
    let x = try rng.normal(Shape([6, 2, 3, 3])) * 3 + 1
    let y = try layer.apply(x, rng)
    let moments = try (mean: y.mean([0, 2, 3]), variance: y.variance([0, 2, 3], correction: 0))
    #expect(moments.mean.values.allSatisfy { abs($0) < 1e-5 })
    #expect(moments.variance.values.allSatisfy { abs($0 - 1) < 1e-4 })
    let own = try (mean: x.mean([0, 2, 3]), variance: x.variance([0, 2, 3], correction: 0))
    let expected = try own.variance * (54.0 / 53) * 0.1 + 0.9
    #expect(try layer.runningMean.tensor.isClose(to: own.mean * 0.1, rtol: 1e-5, atol: 1e-7))
    #expect(try layer.runningVariance.tensor.isClose(to: expected, rtol: 1e-5, atol: 1e-7))

    layer.isTraining = false
    let (before, z) = (layer.runningMean.tensor.values, try layer.apply(x, rng))
    #expect(layer.runningMean.tensor.values == before && z.values != y.values)
    #expect(layer.parameters.map(\.name) == ["weight", "bias"])
    #expect(layer.buffers.map(\.name) == ["running_mean", "running_var"])
    #expect(layer.description == "batch_norm(2)")
  }

  @Test func batchNormsGradientGoesThroughTheMoments() throws {
    let layer = try BatchNorm(SettingValues(BatchNorm.settings, [.size(2)]))
    let x = try rng.normal(Shape([5, 2])).leaf()
    // Shifting or scaling a channel changes nothing, so the gradient has no part along either.
    let g = try layer.apply(x, rng).square().power(1.5).sum().gradientsOrZero([x])[0]
    #expect(try g.sum([0]).values.allSatisfy { abs($0) < 1e-4 })
    #expect(
      message { try layer.apply(Tensor.zeros(Shape([1, 2])), rng) }
        == "expected more than one value for each channel in training, found shape [1, 2]")
  }
}
