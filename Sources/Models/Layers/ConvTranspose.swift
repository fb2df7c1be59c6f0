import Tensors

/// The transpose of a convolution, which makes images larger where it strides.
///
/// Shapes: x [n, in, h, w] -> [n, out, ..]; weight [in, out / groups, kh, kw], bias [out].
package final class ConvTranspose: Layer, LayerFamily {
  package static let about = "the transpose of conv, which enlarges images where it strides"
  package static let settings = [
    Setting("in", .size), Setting("out", .size), Setting("kernel", .sizes),
    Setting("stride", .sizes, .size(1)), Setting("padding", .sizes, .size(0)),
    Setting("output_padding", .sizes, .size(0)), Setting("groups", .size, .size(1)),
    Setting("bias", .flag, .flag(true)), Setting("dilation", .sizes, .size(1)),
  ]

  package let weight: Variable
  package let bias: Variable?
  package let description: String
  private let options: Tensor.ConvolutionOptions
  private let outputPadding: [Int]

  package init(_ values: SettingValues, _ generator: Generator) throws {
    let (inputs, outputs, groups) = (
      try values.size(0), try values.size(1), try values.size(6)
    )
    guard inputs % groups == 0, outputs % groups == 0 else {
      throw ModelError.setting(
        "groups", expected: "a divisor of in = \(inputs) and out = \(outputs)", found: "\(groups)")
    }
    let kernel = try values.sizes(2, count: 2, atLeast: 1)
    options = Tensor.ConvolutionOptions(
      stride: try values.sizes(3, count: 2, atLeast: 1),
      padding: try values.sizes(4, count: 2, atLeast: 0),
      dilation: try values.sizes(8, count: 2, atLeast: 1), groups: groups)
    outputPadding = try values.sizes(5, count: 2, atLeast: 0)
    // PyTorch counts the outputs as the fan-in of a transpose.
    let bound = fanInBound(outputs / groups * kernel[0] * kernel[1])
    weight = try generator.uniformVariable([inputs, outputs / groups] + kernel, bound: bound)
    bias = try values.flag(7) ? generator.uniformVariable([outputs], bound: bound) : nil
    description = values.description(Self.name)
  }

  package static func make(_ values: SettingValues, _ generator: Generator) throws -> any Layer {
    try ConvTranspose(values, generator)
  }

  package func apply(_ x: Tensor, _ generator: Generator) throws -> Tensor {
    try x.transposedConvolved(
      weight.tensor, bias?.tensor, options, outputPadding: outputPadding)
  }

  package var ownParameters: [NamedVariable] {
    [NamedVariable("weight", weight)] + (bias.map { [NamedVariable("bias", $0)] } ?? [])
  }
}
