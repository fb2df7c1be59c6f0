import Tensors

/// Adam whose weight decay shrinks the parameters themselves, with PyTorch's defaults.
///
/// Source: Loshchilov and Hutter (2019), "Decoupled Weight Decay Regularization", algorithm 2.
package final class AdamW: Optimiser {
  package static let name = "adamw"
  package static let about = "adam, whose weight decay shrinks the parameters themselves"
  package static let settings = Adam.settings.map {
    $0.name == "weight_decay" ? Setting($0.name, .number, .number(0.01)) : $0
  }

  private let adam: Adam
  private let weightDecay: Double

  package init(_ variables: [Variable], _ values: SettingValues) throws {
    weightDecay = try values.number(3, in: 0 ... .infinity)
    let rest = try [values.number(0), values.number(2)]
    adam = try Adam(
      variables,
      SettingValues(
        Adam.settings,
        [.number(rest[0]), .numbers(values.numbers(1, count: 2)), .number(rest[1]), .number(0)]))
  }

  package var variables: [Variable] { adam.variables }
  package var lr: Double {
    get { adam.lr }
    set { adam.lr = newValue }
  }
  package var steps: Int {
    get { adam.steps }
    set { adam.steps = newValue }
  }

  package func update(_ gradients: [Tensor?]) throws {
    for (variable, gradient) in zip(variables, gradients) where gradient != nil {
      try variable.assign(variable.tensor.detached * (1 - lr * weightDecay))
    }
    try adam.update(gradients)
  }

  package var memory: [(name: String, tensor: Tensor)] {
    get throws { try adam.memory }
  }

  package func recall(_ memory: [(name: String, tensor: Tensor)]) throws {
    try adam.recall(memory)
  }
}
