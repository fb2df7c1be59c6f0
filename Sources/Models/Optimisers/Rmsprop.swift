import Tensors

/// Steps scaled by a running mean of the squared gradient, with PyTorch's defaults; weight decay adds to the gradient.
///
/// Source: Hinton, Srivastava and Swersky (2012), "Neural Networks for Machine Learning", lecture 6e.
package final class Rmsprop: Optimiser {
  package static let about = "steps scaled by a running mean of the squared gradient"
  package static let settings = [
    Setting("lr", .number, .number(1e-2)), Setting("alpha", .number, .number(0.99)),
    Setting("eps", .number, .number(1e-8)), Setting("weight_decay", .number, .number(0)),
  ]

  package let variables: [Variable]
  package var lr: Double
  package var steps = 0
  private let alpha: Double
  private let eps: Double
  private let weightDecay: Double
  private var squares: [Tensor]

  package init(_ variables: [Variable], _ values: SettingValues) throws {
    self.variables = variables
    lr = try values.number(0, in: 0 ... .infinity)
    alpha = try values.number(1, in: 0...1)
    eps = try values.number(2, in: 0 ... .infinity)
    weightDecay = try values.number(3, in: 0 ... .infinity)
    squares = try variables.map { try Tensor.zeros($0.shape, $0.tensor.dtype) }
  }

  package func update(_ gradients: [Tensor?]) throws {
    for (i, gradient) in gradients.enumerated() {
      guard let gradient else { continue }
      let x = variables[i].tensor.detached
      var g = try gradient.detached.cast(to: x.dtype)
      if weightDecay != 0 { g = try g + x * weightDecay }
      squares[i] = try squares[i] * alpha + g.square() * (1 - alpha)
      try variables[i].assign(x - g * lr / (squares[i].squareRoot() + eps))
    }
  }

  package var memory: [(name: String, tensor: Tensor)] {
    squares.enumerated().map { ("\($0).square", $1) }
  }

  package func recall(_ memory: [(name: String, tensor: Tensor)]) throws {
    try Checkpoint.match(memory, with: self.memory.map { ($0.name, $0.tensor.shape) })
    let byName = Dictionary(memory.map { ($0.name, $0.tensor) }) { a, _ in a }
    squares = squares.indices.map { byName["\($0).square"] ?? squares[$0] }
  }
}
