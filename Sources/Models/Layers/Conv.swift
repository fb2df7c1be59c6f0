import Tensors

/// The correlation of images with kernels, plus a bias for each channel.
///
/// Shapes: x [n, in, h, w] -> [n, out, ..]; weight [out, in / groups, kh, kw], bias [out].
package final class Conv: Layer, LayerFamily {
  package static let about = "a convolution of images [n, in, h, w] with kernels of the given size"
  package static let settings = [
    Setting("in", .size), Setting("out", .size), Setting("kernel", .sizes),
    Setting("stride", .sizes, .size(1)), Setting("padding", .sizesOrText, .size(0)),
    Setting("dilation", .sizes, .size(1)), Setting("groups", .size, .size(1)),
    Setting("bias", .flag, .flag(true)),
  ]

  package let weight: Variable
  package let bias: Variable?
  package let description: String
  private let options: Tensor.ConvolutionOptions

  package init(_ values: SettingValues, _ generator: Generator) throws {
    let (inputs, outputs, groups) = (
      try values.size(0), try values.size(1), try values.size(6)
    )
    guard inputs % groups == 0, outputs % groups == 0 else {
      throw ModelError.setting(
        "groups", expected: "a divisor of in = \(inputs) and out = \(outputs)", found: "\(groups)")
    }
    let kernel = try values.sizes(2, count: 2, atLeast: 1)
    let word = values.word(4)
    options = Tensor.ConvolutionOptions(
      stride: try values.sizes(3, count: 2, atLeast: 1),
      padding: word == nil ? try values.sizes(4, count: 2, atLeast: 0) : nil, word: word,
      dilation: try values.sizes(5, count: 2, atLeast: 1), groups: groups)
    let bound = fanInBound(inputs / groups * kernel[0] * kernel[1])
    weight = try generator.uniformVariable([outputs, inputs / groups] + kernel, bound: bound)
    bias = try values.flag(7) ? generator.uniformVariable([outputs], bound: bound) : nil
    description = values.description(Self.name)
  }

  package static func make(_ values: SettingValues, _ generator: Generator) throws -> any Layer {
    try Conv(values, generator)
  }

  package func apply(_ x: Tensor, _ generator: Generator) throws -> Tensor {
    try x.convolved(weight.tensor, bias?.tensor, options)
  }

  package var ownParameters: [NamedVariable] {
    [NamedVariable("weight", weight)] + (bias.map { [NamedVariable("bias", $0)] } ?? [])
  }
}
