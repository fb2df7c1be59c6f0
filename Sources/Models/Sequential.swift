import Tensors

/// Layers one after the other: what `>>` makes.
package final class Sequential: Layer {
  package let layers: [any Layer]
  private let steps: [Step]

  /// A layer, or a dense layer and the relu or leaky relu after it, which are one pass over the memory.
  private enum Step {
    case layer(any Layer)
    case rectified(Dense, slope: Double)

    var description: String {
      switch self {
      case .layer(let layer): layer.description
      case .rectified(let dense, _): dense.description
      }
    }
  }

  /// Sequences among the layers are taken apart, so that `(f >> g) >> h` is `f >> (g >> h)`.
  package init(_ layers: [any Layer]) {
    self.layers = layers.flatMap { ($0 as? Sequential)?.layers ?? [$0] }
    var steps: [Step] = []
    for layer in self.layers {
      if let slope = (layer as? FunctionLayer)?.slope,
        case .layer(let before)? = steps.last, let dense = before as? Dense
      {
        steps[steps.count - 1] = .rectified(dense, slope: slope)
      } else {
        steps.append(.layer(layer))
      }
    }
    self.steps = steps
  }

  package func apply(_ x: Tensor, _ generator: Generator) throws -> Tensor {
    var y = x
    for step in steps {
      do {
        switch step {
        case .layer(let layer): y = try layer.apply(y, generator)
        case .rectified(let dense, let slope): y = try dense.apply(y, slope: slope)
        }
      } catch let error as TensorError where error != .interrupted {
        throw ModelError.layer(step.description, error.message)
      }
    }
    return y
  }

  package var description: String { layers.map(\.description).joined(separator: " >> ") }

  package var children: [(name: String, layer: any Layer)] {
    layers.enumerated().map { ("\($0)", $1) }
  }
}
