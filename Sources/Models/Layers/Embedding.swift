import Tensors

/// A table of n vectors, looked up by whole numbers.
///
/// Shapes: x [..] -> [.., d]; weight [n, d], from the standard normal distribution as in PyTorch's `nn.Embedding`.
package final class Embedding: Layer, LayerFamily {
  package static let about = "a table of n vectors of d numbers, looked up by whole numbers"
  package static let settings = [Setting("n", .size), Setting("d", .size)]

  package let weight: Variable

  package init(_ n: Int, _ d: Int, _ generator: Generator) throws {
    weight = Variable(try generator.normal(Shape([n, d])))
  }

  package static func make(_ values: SettingValues, _ generator: Generator) throws -> any Layer {
    try Embedding(values.size(0), values.size(1), generator)
  }

  package func apply(_ x: Tensor, _ generator: Generator) throws -> Tensor {
    let rows = try weight.tensor.indexSelected(0, x.detached.reshaped(to: [-1]))
    return try rows.reshaped(to: x.shape.dims + [weight.shape[1]])
  }

  package var ownParameters: [NamedVariable] { [NamedVariable("weight", weight)] }

  package var description: String { "embedding(\(weight.shape[0]), \(weight.shape[1]))" }
}
