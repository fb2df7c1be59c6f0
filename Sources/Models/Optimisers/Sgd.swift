import Tensors

/// Stochastic gradient descent with momentum, as PyTorch defines it.
///
/// Source: Sutskever, Martens, Dahl and Hinton (2013), "On the Importance of Initialization and Momentum in Deep Learning",
/// with the learning rate outside of the momentum.
package final class Sgd: Optimiser {
  package static let about = "steps along the gradient, with momentum if wished"
  package static let settings = [
    Setting("lr", .number, .number(1e-3)), Setting("momentum", .number, .number(0)),
    Setting("dampening", .number, .number(0)), Setting("weight_decay", .number, .number(0)),
    Setting("nesterov", .flag, .flag(false)),
  ]

  package let variables: [Variable]
  package var lr: Double
  package var steps = 0
  private let momentum: Double
  private let dampening: Double
  private let weightDecay: Double
  private let nesterov: Bool
  private var buffers: [Momentum]

  package init(_ variables: [Variable], _ values: SettingValues) throws {
    self.variables = variables
    lr = try values.number(0, in: 0 ... .infinity)
    momentum = try values.number(1, in: 0 ... .infinity)
    dampening = try values.number(2)
    weightDecay = try values.number(3, in: 0 ... .infinity)
    nesterov = try values.flag(4)
    if nesterov, momentum == 0 || dampening != 0 {
      throw ModelError.setting(
        "nesterov", expected: "momentum above 0 and no dampening with it",
        found: "momentum=\(momentum.plain), dampening=\(dampening.plain)")
    }
    buffers = variables.map { _ in Momentum() }
  }

  package convenience init(_ variables: [Variable], lr: Double, momentum: Double = 0) throws {
    try self.init(variables, SettingValues(Sgd.settings, [.number(lr), .number(momentum)]))
  }

  package func update(_ gradients: [Tensor?]) throws {
    let settings = Momentum.Settings(
      lr: lr, momentum: momentum, dampening: dampening, weightDecay: weightDecay,
      nesterov: nesterov)
    for (i, gradient) in gradients.enumerated() {
      if let gradient { try buffers[i].step(variables[i], gradient, settings) }
    }
  }

  package var memory: [(name: String, tensor: Tensor)] {
    buffers.enumerated().compactMap { i, b in b.buffer.map { ("\(i).momentum", $0) } }
  }

  package func recall(_ memory: [(name: String, tensor: Tensor)]) throws {
    let byName = Dictionary(memory.map { ($0.name, $0.tensor) }) { a, _ in a }
    let known = variables.enumerated().compactMap { i, v in
      byName["\(i).momentum"] == nil ? nil : ("\(i).momentum", v.shape)
    }
    try Checkpoint.match(memory, with: known)
    buffers = variables.indices.map { Momentum(byName["\($0).momentum"]) }
  }
}
