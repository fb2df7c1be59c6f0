import Tensors
import Testing

@testable import Models

@Suite struct LayerTests {
  private let rng = Generator(seed: 3)

  @Test func theCatalogueListsEachFileOfItsFolder() throws {
    #expect(try sources("Layers") == LayerCatalogue.families.map { "\($0)" }.sorted())
    #expect(
      Set(LayerCatalogue.families.map { $0.name }).isSuperset(of: ["dense", "mlp", "dropout"]))
  }

  @Test func denseIsAnAffineMap() throws {
    let layer = try Dense(5, 3, rng)
    let x = try rng.normal(Shape([2, 4, 5]))
    let y = try layer.apply(x, rng)
    let expected = try x.matmul(layer.weight.tensor) + (layer.bias?.tensor ?? Tensor(0))
    #expect(y.shape.dims == [2, 4, 3])
    #expect(try y.isClose(to: expected, rtol: 1e-5, atol: 1e-6))
    #expect(layer.description == "dense(5, 3)" && layer.parameterCount == 18)
    let plain = try Dense(5, 3, bias: false, rng)
    #expect(plain.description == "dense(5, 3, bias=false)" && plain.parameterCount == 15)
    #expect(
      message { try layer.apply(Tensor.zeros(Shape([2, 4])), rng) }
        == "shapes do not fit: [2, 4] @ [5, 3] needs 4 = 5")
  }

  @Test func layerNormCentresAndScalesEachRow() throws {
    let layer = try LayerNorm(SettingValues(LayerNorm.settings, [.size(4), nil]))
    let y = try layer.apply(rng.normal(Shape([3, 4])) * 5 + 2, rng)
    #expect(try y.mean([1]).isClose(to: Tensor.zeros(Shape([3])), rtol: 0, atol: 1e-6))
    #expect(
      try y.variance([1], correction: 0).isClose(to: Tensor.ones(Shape([3])), rtol: 0, atol: 1e-3))
    #expect(layer.description == "layer_norm(4)" && layer.parameterCount == 8)
  }

  /// Weights from U(-b, b), b = 1 / sqrt(in): the variance of 60 000 of them is within 2.5 % of b^2 / 3
  /// but for one seed in 1e11 (the standard error of a uniform's variance is 0.9 / sqrt(n) of it).
  @Test func denseStartsFromPyTorchsDistribution() throws {
    let layer = try Dense(400, 150, rng)
    let weight = layer.weight.tensor.detached
    let range = weight.range
    #expect(range.least >= -0.05 && range.greatest <= 0.05 && range.greatest > 0.0499)
    let variance = try weight.variance(nil, correction: 1)[flat: 0]
    #expect(abs(variance * 3 / (0.05 * 0.05) - 1) < 0.025)
    #expect((layer.bias?.tensor.range.greatest ?? 1) <= 0.05)
  }

  @Test func anMlpIsDenseLayersWithActivationsBetween() throws {
    let values = try SettingValues(Mlp.settings, [.sizes([4, 8, 8, 2])])
    let model = try Mlp.make(values, rng)
    #expect(
      model.children.map(\.layer.description) == [
        "dense(4, 8)", "relu", "dense(8, 8)", "relu", "dense(8, 2)",
      ])
    #expect(
      model.parameters.map(\.name) == [
        "0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias",
      ])
    #expect(model.summary("decoder").map(\.path).first == "decoder.0")
    #expect(model.summary().map(\.parameterCount) == [40, 0, 72, 0, 18])
    #expect(model.parameterCount == 130)
    #expect(
      message { try Mlp.make(SettingValues(Mlp.settings, [.size(4)]), rng) }
        == "widths: expected at least two positive whole numbers, found (4)")
  }

  @Test(arguments: [0, 0.01, 0.2]) func reluAfterDenseGivesTheSameInOnePass(slope: Double) throws {
    let (first, second) = (try Dense(6, 5, rng), try Dense(5, 2, rng))
    let relu =
      slope == 0.2
      ? FunctionLayer("leaky", slope: slope) { try $0.leakyRelu(slope) }
      : try FunctionLayer(activation: slope == 0 ? "relu" : "leaky_relu")
    let model = Sequential([Sequential([first, relu]), second])
    let x = try rng.normal(Shape([7, 6])).leaf()
    let fused = try model.apply(x, rng)
    let plain = try second.apply(relu.apply(first.apply(x, rng), rng), rng)
    #expect(try fused.isClose(to: plain, rtol: 1e-6, atol: 1e-7))
    let targets = [x] + model.parameters.map(\.variable.tensor)
    let (a, b) = (
      try fused.sum().gradientsOrZero(targets), try plain.sum().gradientsOrZero(targets)
    )
    for (a, b) in zip(a, b) { #expect(try a.isClose(to: b, rtol: 1e-5, atol: 1e-6)) }
  }

  @Test func everyActivationIsALayer() throws {
    let x = try rng.normal(Shape([3]))
    for name in ["relu", "tanh", "sigmoid", "leaky_relu", "softplus", "gelu", "silu", "elu"] {
      let layer = try FunctionLayer(activation: name)
      #expect(try layer.apply(x, rng).shape == x.shape && layer.description == name)
    }
    #expect(
      message { try FunctionLayer(activation: "rleu") }
        == "act: expected an activation, such as relu, found rleu")
  }

  /// Of 100 000 elements the share of zeros is within five standard errors of p: 6e-7 by chance.
  @Test func dropoutKeepsTheMeanAndOnlyInTraining() throws {
    let layer = Dropout(0.3)
    let x = try Tensor.ones(Shape([100_000]))
    let y = try layer.apply(x, rng)
    let zeros = try y.compare(.equal, to: 0).cast(to: .float64).mean()[flat: 0]
    #expect(abs(zeros - 0.3) < 5 * (0.21 / 100_000).squareRoot())
    #expect(abs(y.range.greatest - 1 / 0.7) < 1e-6)
    let model = Sequential([try Dense(2, 2, rng), layer])
    model.isTraining = false
    #expect(try !layer.isTraining && !model.isTraining && layer.apply(x, rng).values == x.values)
    model.isTraining = true
    #expect(layer.isTraining)
    #expect(
      message { try Dropout.make(SettingValues(Dropout.settings, [.number(1.5)]), rng) }
        == "p: expected a number from 0 to 1, found 1.5")
  }

  @Test func anEmbeddingLooksUpRows() throws {
    let layer = try Embedding(5, 3, rng)
    let index = try Tensor([4, 0, 4, 1], Shape([2, 2]))
    let y = try layer.apply(index, rng)
    #expect(y.shape.dims == [2, 2, 3])
    #expect(try y.sliced(0, 0, 1).values.prefix(3) == layer.weight.tensor.rows([4]).values[...])
    let g = try y.sum().gradientsOrZero([layer.weight.tensor])[0]
    #expect(try g.sum([1]).values == [3, 3, 0, 0, 6])
  }

  @Test func aSharedLayersParametersCountOnce() throws {
    let layer = try Dense(3, 3, rng)
    let model = Sequential([layer, layer])
    #expect(model.parameters.map(\.name) == ["0.weight", "0.bias"])
  }

  @Test func missingSettingsAreNamed() {
    #expect(
      message { try Dense.make(SettingValues(Dense.settings, [.size(3)]), rng) }
        == "out: expected a value, found none")
    #expect(
      message { try Dense.make(SettingValues(Dense.settings, [.size(3), .size(0)]), rng) }
        == "out: expected a whole number of at least 1, found 0")
  }
}
