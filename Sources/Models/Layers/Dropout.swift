import Tensors

/// In training each element is 0 with probability p, and the others are divided by 1 - p; else x itself.
///
/// Source: Srivastava et al. (2014), "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", with the
/// division moved from testing to training.
package final class Dropout: Layer, LayerFamily {
  package static let about = "0 with probability p in training, so that no unit relies on another"
  package static let settings = [Setting("p", .number, .number(0.5))]

  package let p: Double
  package var isTraining = true

  package init(_ p: Double) { self.p = p }

  package static func make(_ values: SettingValues, _ generator: Generator) throws -> any Layer {
    Dropout(try values.number(0, in: 0...1))
  }

  package func apply(_ x: Tensor, _ generator: Generator) throws -> Tensor {
    isTraining ? try x.dropout(p, generator) : x
  }

  package var description: String { "dropout(\(p.plain))" }
}
