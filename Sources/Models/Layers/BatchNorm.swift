import Tensors

/// Each channel centred and scaled: in training by the batch's moments, else by their running means.
///
/// Shapes: x [n, channels, ..] -> the same; weight, bias and the running moments [channels].
/// Source: Ioffe and Szegedy (2015), "Batch Normalization", algorithms 1 and 2; PyTorch's defaults.
package final class BatchNorm: Layer, LayerFamily {
  package static let about = "each of n channels centred and scaled over the batch"
  package static let settings = [
    Setting("n", .size), Setting("eps", .number, .number(1e-5)),
    Setting("momentum", .number, .number(0.1)),
  ]

  package let weight: Variable
  package let bias: Variable
  package let runningMean: Variable
  package let runningVariance: Variable
  package let description: String
  package var isTraining = true
  private let eps: Double
  private let momentum: Double

  package init(_ values: SettingValues) throws {
    let shape = try Shape([values.size(0)])
    eps = try values.number(1, in: 0 ... .infinity)
    momentum = try values.number(2, in: 0...1)
    weight = Variable(try Tensor.ones(shape))
    bias = Variable(try Tensor.zeros(shape))
    runningMean = Variable(try Tensor.zeros(shape))
    runningVariance = Variable(try Tensor.ones(shape))
    description = values.description(Self.name)
  }

  package static func make(_ values: SettingValues, _ generator: Generator) throws -> any Layer {
    try BatchNorm(values)
  }

  package func apply(_ x: Tensor, _ generator: Generator) throws -> Tensor {
    guard isTraining else {
      let running = (runningMean.tensor.detached, runningVariance.tensor.detached)
      return try x.batchNormalised(running, weight.tensor, bias.tensor, eps)
    }
    let (y, mean, variance) = try x.batchNormalised(weight.tensor, bias.tensor, eps)
    let n = Double(x.count) / Double(mean.count)
    try remember(mean, in: runningMean)
    // The running variance is the unbiased one, as in PyTorch.
    try remember(variance * (n / (n - 1)), in: runningVariance)
    return y
  }

  private func remember(_ moment: Tensor, in running: Variable) throws {
    let old = running.tensor.detached
    try running.assign(old * (1 - momentum) + moment * momentum)
  }

  package var ownParameters: [NamedVariable] {
    [NamedVariable("weight", weight), NamedVariable("bias", bias)]
  }

  package var ownBuffers: [NamedVariable] {
    [
      NamedVariable("running_mean", runningMean), NamedVariable("running_var", runningVariance),
    ]
  }
}
