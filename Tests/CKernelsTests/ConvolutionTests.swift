import CKernels
import Testing

extension KernelTests {
  @Suite struct ConvolutionTests {
    static let shapes: [dg_conv_shape] = [
      shape(image: (1, 5, 5), kernel: (3, 3)),
      shape(image: (2, 6, 7), kernel: (3, 2), stride: (2, 1), pad: (1, 2)),
      shape(image: (3, 8, 5), kernel: (2, 3), stride: (1, 3), pad: (2, 3), dilation: (3, 2)),
      shape(image: (1, 1, 1), kernel: (1, 1), pad: (4, 4)),
      shape(image: (2, 28, 28), kernel: (4, 4), stride: (2, 2), pad: (1, 1)),
    ]

    static func shape(
      image: (Int, Int, Int), kernel: (Int, Int), stride: (Int, Int) = (1, 1),
      pad: (Int, Int) = (0, 0), dilation: (Int, Int) = (1, 1)
    ) -> dg_conv_shape {
      dg_conv_shape(
        channels: image.0, height: image.1, width: image.2, kernel_h: kernel.0, kernel_w: kernel.1,
        stride_h: stride.0, stride_w: stride.1, pad_h: pad.0, pad_w: pad.1, dilation_h: dilation.0,
        dilation_w: dilation.1,
        out_h: (image.1 + 2 * pad.0 - dilation.0 * (kernel.0 - 1) - 1) / stride.0 + 1,
        out_w: (image.2 + 2 * pad.1 - dilation.1 * (kernel.1 - 1) - 1) / stride.1 + 1,
        columns_row: 0)
    }

    /// For each entry of the columns, the pixel that it shows, if any.
    private func pixels(_ s: dg_conv_shape) -> [Int?] {
      var places: [Int?] = []
      for c in 0..<s.channels {
        for kh in 0..<s.kernel_h {
          for kw in 0..<s.kernel_w {
            for oh in 0..<s.out_h {
              for ow in 0..<s.out_w {
                let h = oh * s.stride_h - s.pad_h + kh * s.dilation_h
                let w = ow * s.stride_w - s.pad_w + kw * s.dilation_w
                let inside = (0..<s.height).contains(h) && (0..<s.width).contains(w)
                places.append(inside ? (c * s.height + h) * s.width + w : nil)
              }
            }
          }
        }
      }
      return places
    }

    @Test(arguments: shapes.indices) func columnsShowTheirPixelsAndComeBack(_ index: Int) {
      let shape = Self.shapes[index]
      let places = pixels(shape)
      var random = TestRandom(state: 41)
      let x: [Double] = random.numbers(shape.channels * shape.height * shape.width)
      let columns: [Double] = random.numbers(places.count)
      var back = [Double](repeating: 0, count: x.count)
      for (place, value) in zip(places, columns) {
        if let place { back[place] += value }
      }
      KernelTests.withEachISA { isa in
        #expect(Double.im2col(x, shape) == places.map { $0.map { x[$0] } ?? 0 }, "\(isa)")
        let found = Double.col2im(columns, shape)
        #expect(zip(found, back).allSatisfy { abs($0 - $1) < 1e-12 }, "\(isa)")
        let floats = x.map { Float($0) }
        #expect(Float.im2col(floats, shape) == places.map { $0.map { floats[$0] } ?? 0 }, "\(isa)")
        let narrow = Float.col2im(columns.map { Float($0) }, shape)
        #expect(zip(narrow, back).allSatisfy { abs(Double($0) - $1) < 1e-5 }, "\(isa)")
      }
    }
  }
}
