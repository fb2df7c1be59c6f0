import Tensors

/// x @ weight + bias.
///
/// Shapes: x [.., in] -> [.., out]; weight [in, out], bias [out]. PyTorch keeps the transpose of this weight.
package final class Dense: Layer, LayerFamily {
  package static let about = "a linear layer: x @ weight + bias"
  package static let settings = [
    Setting("in", .size), Setting("out", .size), Setting("bias", .flag, .flag(true)),
  ]

  package let weight: Variable
  package let bias: Variable?

  package init(_ inputs: Int, _ outputs: Int, bias: Bool = true, _ generator: Generator) throws {
    let bound = fanInBound(inputs)
    weight = try generator.uniformVariable([inputs, outputs], bound: bound)
    self.bias = bias ? try generator.uniformVariable([outputs], bound: bound) : nil
  }

  package static func make(_ values: SettingValues, _ generator: Generator) throws -> any Layer {
    try Dense(values.size(0), values.size(1), bias: values.flag(2), generator)
  }

  package func apply(_ x: Tensor, _ generator: Generator) throws -> Tensor {
    try apply(x, slope: 1)
  }

  /// Values below 0 multiplied by `slope`.
  func apply(_ x: Tensor, slope: Double) throws -> Tensor {
    try x.affine(weight.tensor, bias?.tensor, slope: slope)
  }

  package var ownParameters: [NamedVariable] {
    [NamedVariable("weight", weight)] + (bias.map { [NamedVariable("bias", $0)] } ?? [])
  }

  package var description: String {
    "dense(\(weight.shape[0]), \(weight.shape[1])\(bias == nil ? ", bias=false" : ""))"
  }
}
