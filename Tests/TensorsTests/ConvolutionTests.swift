import Testing

@testable import Tensors

/// Convolutions against their definition, whatever they stride over, and their errors.
struct ConvolutionTests {
  struct Case: CustomStringConvertible, Sendable {
    var n = 2
    var channels = 2
    var outputs = 3
    var image = (5, 5)
    var kernel = (3, 3)
    var stride = (1, 1)
    var padding = (0, 0)
    var dilation = (1, 1)
    var groups = 1
    var description: String {
      "\(n)x\(channels)x\(image) \(outputs)x\(kernel) stride \(stride) padding \(padding) "
        + "dilation \(dilation) groups \(groups)"
    }
  }

  static let cases: [Case] = [
    Case(),
    Case(n: 1, channels: 1, outputs: 1, image: (1, 1), kernel: (1, 1)),
    Case(n: 0),
    Case(image: (28, 28), kernel: (3, 3), padding: (1, 1)),
    Case(
      n: 3, channels: 5, outputs: 9, image: (14, 14), kernel: (4, 4), stride: (2, 2),
      padding: (1, 1)),
    Case(image: (9, 8), kernel: (2, 3), stride: (5, 4)),
    Case(image: (7, 6), kernel: (1, 1), stride: (3, 2), padding: (2, 1)),
    Case(image: (9, 11), kernel: (3, 2), stride: (2, 3), padding: (3, 4), dilation: (3, 2)),
    Case(image: (12, 12), kernel: (3, 3), stride: (2, 2), padding: (2, 2), dilation: (2, 2)),
    Case(
      n: 3, channels: 4, outputs: 6, image: (8, 7), kernel: (3, 2), stride: (2, 1), padding: (1, 0),
      groups: 2),
    Case(n: 2, channels: 6, outputs: 6, image: (6, 6), padding: (1, 1), groups: 6),
    Case(n: 2, channels: 30, outputs: 100, image: (4, 4), kernel: (4, 4)),
    Case(
      n: 1, channels: 50, outputs: 200, image: (6, 6), kernel: (4, 4), stride: (2, 2),
      padding: (1, 1)),
    Case(n: 2, image: (1, 70), kernel: (1, 2), dilation: (1, 16)),
    Case(
      n: 4, channels: 3, outputs: 8, image: (33, 33), kernel: (5, 5), stride: (3, 3),
      padding: (1, 1)),
    Case(image: (2, 2), kernel: (3, 3), padding: (5, 4)),
    Case(image: (21, 23), kernel: (3, 2), stride: (10, 9), padding: (1, 1)),
    // Taps that see nothing but padding, and strides and dilations beyond any image.
    Case(image: (3, 3), kernel: (3, 3), padding: (1 << 20, 1), dilation: (1 << 20, 1)),
    Case(image: (4, 5), kernel: (2, 2), stride: (1 << 24, 1 << 24), padding: (1, 1)),
  ]

  static func options(_ c: Case) -> Tensor.ConvolutionOptions {
    Tensor.ConvolutionOptions(
      stride: [c.stride.0, c.stride.1], padding: [c.padding.0, c.padding.1],
      dilation: [c.dilation.0, c.dilation.1], groups: c.groups)
  }

  /// Every place at which an element of the result, one of the image and one of the kernel meet.
  static func meetings(_ c: Case, _ result: [Int], _ body: (Int, Int, Int) -> Void) {
    let (inner, outer) = (c.channels / c.groups, c.outputs / c.groups)
    for (image, output) in pairs(c.n, c.outputs) {
      for (oh, ow) in pairs(result[2], result[3]) {
        let y = ((image * c.outputs + output) * result[2] + oh) * result[3] + ow
        for i in 0..<inner {
          for (kh, kw) in pairs(c.kernel.0, c.kernel.1) {
            let h = oh * c.stride.0 - c.padding.0 + kh * c.dilation.0
            let w = ow * c.stride.1 - c.padding.1 + kw * c.dilation.1
            guard (0..<c.image.0).contains(h), (0..<c.image.1).contains(w) else { continue }
            let channel = output / outer * inner + i
            body(
              y, ((image * c.channels + channel) * c.image.0 + h) * c.image.1 + w,
              ((output * inner + i) * c.kernel.0 + kh) * c.kernel.1 + kw)
          }
        }
      }
    }
  }

  static func pairs(_ m: Int, _ n: Int) -> [(Int, Int)] {
    (0..<m).flatMap { i in (0..<n).map { (i, $0) } }
  }

  @Test(arguments: cases) func convolutionsAndTheirGradientsFollowTheDefinition(_ c: Case) throws {
    for (dtype, tolerance) in [(DType.float64, 1e-11), (.float32, 1e-2)] {
      let generator = Generator(seed: 3)
      let x = try generator.normal(Shape([c.n, c.channels, c.image.0, c.image.1]), dtype).leaf()
      let w = try generator.normal(
        Shape([c.outputs, c.channels / c.groups, c.kernel.0, c.kernel.1]), dtype
      ).leaf()
      let b = try generator.normal(Shape([c.outputs]), dtype).leaf()
      let y = try x.convolved(w, b, Self.options(c))
      let g = try generator.normal(y.shape, dtype)
      let gradients = try y.gradientsOrZero([x, w, b], seed: g)
      let (xs, ws, gs) = (x.values, w.values, g.values)
      let area = y.shape[2] * y.shape[3]
      var result = (0..<y.count).map { b.values[$0 / area % c.outputs] }
      var (dx, dw) = (
        [Double](repeating: 0, count: x.count), [Double](repeating: 0, count: w.count)
      )
      Self.meetings(c, y.shape.dims) {
        result[$0] += xs[$1] * ws[$2]
        dx[$1] += gs[$0] * ws[$2]
        dw[$2] += gs[$0] * xs[$1]
      }
      let db = (0..<c.outputs).map { o in
        gs.indices.reduce(0.0) { $1 / area % c.outputs == o ? $0 + gs[$1] : $0 }
      }
      for (found, expected) in zip([y] + gradients, [result, dx, dw, db]) {
        #expect(zip(found.values, expected).allSatisfy { abs($0 - $1) <= tolerance }, "\(dtype)")
      }
      // The transpose reaches every pixel that a window shows, from the result's side.
      let extra = [
        (c.image.0 + 2 * c.padding.0 - c.dilation.0 * (c.kernel.0 - 1) - 1) % c.stride.0,
        (c.image.1 + 2 * c.padding.1 - c.dilation.1 * (c.kernel.1 - 1) - 1) % c.stride.1,
      ]
      let back = try g.transposedConvolved(w, nil, Self.options(c), outputPadding: extra)
      #expect(back.shape == x.shape)
      #expect(zip(back.values, dx).allSatisfy { abs($0 - $1) <= tolerance }, "\(dtype)")
    }
  }

  /// Taps that a mask has emptied are left out, and leave nothing out.
  @Test func masksChangeNeitherValuesNorGradients() throws {
    let generator = Generator(seed: 4)
    let x = try generator.normal(Shape([2, 3, 9, 8]), .float64).leaf()
    let w = try generator.normal(Shape([4, 3, 3, 3]), .float64).leaf()
    let mask = try Tensor([1, 1, 1, 1, 0, 0, 0, 0, 0], Shape([3, 3]), .float64)
    let tiny = try mask + 1e-300
    let options = Tensor.ConvolutionOptions(padding: [1])
    let found = try [mask, tiny].map { mask in
      let y = try x.convolved(w * mask, nil, options)
      return [y] + (try y.square().sum().gradientsOrZero([x, w]))
    }
    for (a, b) in zip(found[0], found[1]) {
      #expect(zip(a.values, b.values).allSatisfy { abs($0 - $1) < 1e-11 })
    }
    let wm = try (w.detached * mask).leaf()
    let dw = try x.convolved(wm, nil, options).sum().gradientsOrZero([wm])[0]
    #expect(dw.values.allSatisfy { $0 != 0 })
  }

  @Test func zeroTimesInfinityIsNotANumber() throws {
    let x = try Tensor([1, .infinity, 3], Shape([1, 1, 1, 3]), .float64)
    let w = try Tensor([1, 0], Shape([1, 1, 1, 2]), .float64)
    let y = try x.convolved(w, nil, Tensor.ConvolutionOptions()).values
    #expect(y[0].isNaN)
    #expect(y[1] == .infinity)
    let empty = try Tensor.zeros(Shape([2, 1, 1, 2]), .float32)
    #expect(
      try Tensor.ones(Shape([1, 1, 4, 4])).convolved(empty, nil, Tensor.ConvolutionOptions())
        .values == [Double](repeating: 0, count: 24))
  }

  @Test func resultsWithoutAPixelAreRefused() throws {
    let x = try Tensor.ones(Shape([1, 1, 2, 4]))
    let w = try Tensor.ones(Shape([1, 1, 3, 3]))
    let error = #expect(throws: TensorError.self) {
      try x.convolved(w, nil, Tensor.ConvolutionOptions())
    }
    #expect(
      error?.message
        == "expected an image of at least the kernel's size, 3 x 3, found shape [2, 4]")
  }
}
