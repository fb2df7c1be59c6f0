import Tensors

/// Adam, with PyTorch's defaults; weight decay adds to the gradient.
///
/// Source: Kingma and Ba (2015), "Adam: A Method for Stochastic Optimization", algorithm 1.
package final class Adam: Optimiser {
  package static let about = "steps scaled by running means of the gradient and its square"
  package static let settings = [
    Setting("lr", .number, .number(1e-3)), Setting("betas", .numbers, .numbers([0.9, 0.999])),
    Setting("eps", .number, .number(1e-8)), Setting("weight_decay", .number, .number(0)),
  ]

  package let variables: [Variable]
  package var lr: Double
  package var steps = 0
  private let betas: [Double]
  private let eps: Double
  private let weightDecay: Double
  private var moments: [AdamMoments]

  package init(_ variables: [Variable], _ values: SettingValues) throws {
    self.variables = variables
    lr = try values.number(0, in: 0 ... .infinity)
    betas = try values.numbers(1, count: 2)
    guard betas.allSatisfy({ $0 >= 0 && $0 < 1 }) else {
      throw ModelError.setting(
        "betas", expected: "numbers of at least 0, below 1", found: "\(betas)")
    }
    eps = try values.number(2, in: 0 ... .infinity)
    weightDecay = try values.number(3, in: 0 ... .infinity)
    moments = try variables.map { try AdamMoments(like: $0) }
  }

  package convenience init(_ variables: [Variable], lr: Double = 1e-3) throws {
    try self.init(variables, SettingValues(Adam.settings, [.number(lr)]))
  }

  package func update(_ gradients: [Tensor?]) throws {
    let settings = AdamMoments.Settings(
      lr: lr, beta1: betas[0], beta2: betas[1], eps: eps, weightDecay: weightDecay)
    for (i, gradient) in gradients.enumerated() {
      if let gradient { try moments[i].step(variables[i], gradient, settings) }
    }
  }

  package var memory: [(name: String, tensor: Tensor)] {
    get throws {
      try moments.enumerated().flatMap { i, m in
        [
          ("\(i).first", m.first), ("\(i).second", m.second), ("\(i).steps", try Tensor([m.steps])),
        ]
      }
    }
  }

  package func recall(_ memory: [(name: String, tensor: Tensor)]) throws {
    try Checkpoint.match(memory, with: self.memory.map { ($0.name, $0.tensor.shape) })
    let byName = Dictionary(memory.map { ($0.name, $0.tensor) }) { a, _ in a }
    for i in moments.indices {
      guard let first = byName["\(i).first"], let second = byName["\(i).second"],
        let steps = byName["\(i).steps"]?.integers?.first
      else { continue }
      moments[i] = AdamMoments(first: first, second: second, steps: steps)
    }
  }
}
