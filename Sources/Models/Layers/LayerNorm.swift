import Tensors

/// Each row centred and scaled over its last dimensions, then by weights of its own.
///
/// Shapes: x [.., *normalized_shape] -> the same; weight, bias normalized_shape.
/// Source: Ba, Kiros and Hinton (2016), "Layer Normalization", equation 4; PyTorch's defaults.
package final class LayerNorm: Layer, LayerFamily {
  package static let about = "each row centred and scaled over its last dimensions"
  package static let settings = [
    Setting("normalized_shape", .sizes), Setting("eps", .number, .number(1e-5)),
  ]

  package let weight: Variable
  package let bias: Variable
  package let description: String
  private let dims: [Int]
  private let eps: Double

  package init(_ values: SettingValues) throws {
    dims = try values.widths(0)
    eps = try values.number(1, in: 0 ... .infinity)
    weight = Variable(try Tensor.ones(Shape(dims)))
    bias = Variable(try Tensor.zeros(Shape(dims)))
    description = values.description(Self.name)
  }

  package static func make(_ values: SettingValues, _ generator: Generator) throws -> any Layer {
    try LayerNorm(values)
  }

  package func apply(_ x: Tensor, _ generator: Generator) throws -> Tensor {
    try x.layerNormalised(dims, weight.tensor, bias.tensor, eps)
  }

  package var ownParameters: [NamedVariable] {
    [NamedVariable("weight", weight), NamedVariable("bias", bias)]
  }
}
