/// Convolutions of images and of sequences, under PyTorch's names.
package struct Convolutions: OperationFamily {
  package init() {}

  private static let parameters: [Operation.Parameter] = [
    .tensor("x"), .tensor("weight"), .optionalTensor("bias"), .sizes("stride", [1]),
    .sizesOrText("padding", [0]), .sizes("dilation", [1]), .size("groups", 1),
  ]

  private static let transposeParameters: [Operation.Parameter] = [
    .tensor("x"), .tensor("weight"), .optionalTensor("bias"), .sizes("stride", [1]),
    .sizes("padding", [0]), .sizes("output_padding", [0]), .size("groups", 1),
    .sizes("dilation", [1]),
  ]

  package let conv1d = Operation(
    "the correlation of sequences x [n, in, length] with kernels weight [out, in / groups, k]",
    parameters,
    examples: [
      Example([Domain.reals.of([2, 2, 5]), Domain.reals.of([2, 2, 3]), Domain.reals.of([2])]),
      Example(
        [Domain.reals.of([1, 2, 6]), Domain.reals.of([2, 1, 2])],
        [
          "bias": .none, "stride": .sizes([2]), "padding": .sizes([1]), "dilation": .sizes([2]),
          "groups": .size(2),
        ]),
    ],
    one: { a in
      let (x, w) = try sequences(a, "[out, in, k]")
      let options = try Tensor.ConvolutionOptions(
        stride: [1] + one(a, 3), padding: a.word(4) == nil ? [0] + one(a, 4) : nil,
        word: a.word(4), dilation: [1] + one(a, 5), groups: a.size(6))
      return try x.unsqueezed(-2).convolved(w.unsqueezed(-2), a.optionalTensor(2), options)
        .squeezed(-2)
    })
  package let conv2d = Operation(
    "the correlation of images x [n, in, h, w] with kernels weight [out, in / groups, kh, kw]",
    parameters,
    examples: [
      Example([
        Domain.reals.of([2, 2, 4, 3]), Domain.reals.of([2, 2, 3, 2]), Domain.reals.of([2]),
      ]),
      Example(
        [Domain.reals.of([1, 2, 4, 5]), Domain.reals.of([2, 1, 2, 2])],
        [
          "bias": .none, "stride": .sizes([1, 2]), "padding": .sizes([2, 1]),
          "dilation": .sizes([2, 1]), "groups": .size(2),
        ]),
      Example(
        [Domain.reals.of([2, 1, 3, 3]), Domain.reals.of([2, 1, 2, 3])],
        ["bias": .none, "padding": .text("same")]),
      Example([Domain.reals.of([2, 2, 2, 2]), Domain.reals.of([3, 2, 1, 1])], ["bias": .none]),
    ],
    one: { a in
      let options = try Tensor.ConvolutionOptions(
        stride: a.sizes(3), padding: a.word(4) == nil ? a.sizes(4) : nil, word: a.word(4),
        dilation: a.sizes(5), groups: a.size(6))
      return try a.tensor(0).convolved(a.tensor(1), a.optionalTensor(2), options)
    })
  package let convTranspose2d = Operation(
    "the transpose of conv2d: x [n, in, h, w], weight [in, out / groups, kh, kw] -> [n, out, ..]",
    transposeParameters,
    examples: [
      Example([
        Domain.reals.of([2, 2, 2, 3]), Domain.reals.of([2, 2, 2, 2]), Domain.reals.of([2]),
      ]),
      Example(
        [Domain.reals.of([1, 2, 2, 2]), Domain.reals.of([2, 1, 3, 2])],
        [
          "bias": .none, "stride": .sizes([2]), "padding": .sizes([1, 0]),
          "output_padding": .sizes([1, 0]), "groups": .size(2), "dilation": .sizes([1, 2]),
        ]),
    ],
    one: { a in
      let options = try Tensor.ConvolutionOptions(
        stride: a.sizes(3), padding: a.sizes(4), dilation: a.sizes(7), groups: a.size(6))
      return try a.tensor(0).transposedConvolved(
        a.tensor(1), a.optionalTensor(2), options, outputPadding: a.sizes(5))
    })

  package let convTranspose1d = Operation(
    "the transpose of conv1d: x [n, in, length], weight [in, out / groups, k] -> [n, out, ..]",
    transposeParameters,
    examples: [
      Example([Domain.reals.of([2, 2, 3]), Domain.reals.of([2, 2, 2]), Domain.reals.of([2])]),
      Example(
        [Domain.reals.of([1, 2, 3]), Domain.reals.of([2, 1, 3])],
        [
          "bias": .none, "stride": .sizes([2]), "padding": .sizes([1]),
          "output_padding": .sizes([1]), "groups": .size(2), "dilation": .sizes([2]),
        ]),
    ],
    one: { a in
      let (x, w) = try sequences(a, "[in, out, k]")
      let options = try Tensor.ConvolutionOptions(
        stride: [1] + one(a, 3), padding: [0] + one(a, 4), dilation: [1] + one(a, 7),
        groups: a.size(6))
      return try x.unsqueezed(-2).transposedConvolved(
        w.unsqueezed(-2), a.optionalTensor(2), options, outputPadding: [0] + one(a, 5)
      ).squeezed(-2)
    })

  private static func sequences(_ a: Arguments, _ kernels: String) throws -> (Tensor, Tensor) {
    let (x, w) = (try a.tensor(0), try a.tensor(1))
    guard w.rank == 3, x.rank == 3 || x.rank == 2 else {
      throw TensorError.rank(
        w.rank == 3 ? x.shape : w.shape,
        expected: "sequences [n, in, length] and kernels \(kernels)")
    }
    return (x, w)
  }

  private static func one(_ a: Arguments, _ i: Int) throws -> [Int] {
    let sizes = try a.sizes(i)
    guard sizes.count == 1 else {
      throw TensorError.argument(
        a.parameters[i].name, found: "\(sizes)", expected: "one whole number")
    }
    return sizes
  }
}

extension Tensor {
  /// Strides and such as PyTorch takes them: one number, or one for rows and one for columns.
  package struct ConvolutionOptions {
    package var stride: [Int]
    /// Absent where a word stands for it.
    package var padding: [Int]?
    /// "same" or "valid".
    package var word: String?
    package var dilation: [Int]
    package var groups: Int

    package init(
      stride: [Int] = [1], padding: [Int]? = [0], word: String? = nil, dilation: [Int] = [1],
      groups: Int = 1
    ) {
      self.stride = stride
      self.padding = padding
      self.word = word
      self.dilation = dilation
      self.groups = groups
    }
  }

  /// The correlation of images with kernels.
  ///
  /// Shapes: [n, in, h, w] or [in, h, w], weight [out, in / groups, kh, kw], bias [out] -> [n, out, ..]
  package func convolved(_ weight: Tensor, _ bias: Tensor?, _ options: ConvolutionOptions) throws
    -> Tensor
  {
    let (x, w) = try images(weight, "kernels [out, in, kh, kw]")
    let before = Pair(x.shape[2], x.shape[3])
    let groups = try Tensor.groups(options.groups, [x.shape[1], w.shape[0]])
    guard x.shape[1] == w.shape[1] * groups else {
      throw TensorError.shape(
        shape,
        expected: "\(w.shape[1] * groups) channels for kernels \(w.shape)"
          + (groups == 1 ? "" : " in \(groups) groups"))
    }
    let (windows, after) = try options.windows(w, before)
    let y = try Convolution(
      windows: windows, groups: groups, channels: x.shape[1], outputs: w.shape[0], before: before,
      after: after
    ).convolve(x, w, Tensor.channelBias(bias, w.shape[0], x.dtype))
    return rank == 4 ? y : try y.squeezed(0)
  }

  /// The transpose of `convolved`, with in and out exchanged.
  ///
  /// Shapes: [n, in, h, w] or [in, h, w], weight [in, out / groups, kh, kw], bias [out] -> [n, out, ..]
  package func transposedConvolved(
    _ weight: Tensor, _ bias: Tensor?, _ options: ConvolutionOptions, outputPadding: [Int] = [0]
  ) throws -> Tensor {
    let (x, w) = try images(weight, "kernels [in, out, kh, kw]")
    let groups = try Tensor.groups(options.groups, [x.shape[1]])
    guard x.shape[1] == w.shape[0] else {
      throw TensorError.shape(shape, expected: "\(w.shape[0]) channels for kernels \(w.shape)")
    }
    let (after, kernel) = (Pair(x.shape[2], x.shape[3]), Pair(w.shape[2], w.shape[3]))
    let windows = Windows(
      kernel: kernel, stride: try Pair(options.stride, "stride"),
      padding: try Pair(options.padding ?? [0], "padding", least: 0),
      dilation: try Pair(options.dilation, "dilation"))
    let extra = try Pair(outputPadding, "output_padding", least: 0)
    guard
      extra.h < max(windows.stride.h, windows.dilation.h),
      extra.w < max(windows.stride.w, windows.dilation.w)
    else {
      throw TensorError.argument(
        "output_padding", found: "\(outputPadding)", expected: "less than stride or dilation")
    }
    func size(_ n: Int, _ k: Int, _ s: Int, _ p: Int, _ d: Int, _ more: Int) -> Int {
      (n - 1) * s - 2 * p + d * (k - 1) + more + 1
    }
    let before = Pair(
      size(after.h, kernel.h, windows.stride.h, windows.padding.h, windows.dilation.h, extra.h),
      size(after.w, kernel.w, windows.stride.w, windows.padding.w, windows.dilation.w, extra.w))
    if x.shape[0] == 0, before.h >= 0, before.w >= 0, before.product == 0 {
      // Of no images nothing is left to refuse, as in PyTorch.
      let extents = [w.shape[1] * groups, before.h, before.w]
      return try (x.sum() + w.sum())
        * Tensor.zeros(Shape((rank == 4 ? [0] : []) + extents), x.dtype)
    }
    guard before.h > 0, before.w > 0 else {
      throw TensorError.argument(
        "padding", found: "\(options.padding ?? [0])",
        expected: "less, for a result with at least one pixel")
    }
    let y = try Convolution(
      windows: windows, groups: groups, channels: w.shape[1] * groups, outputs: x.shape[1],
      before: before, after: after
    ).transpose(x, w, Tensor.channelBias(bias, w.shape[1] * groups, x.dtype))
    return rank == 4 ? y : try y.squeezed(0)
  }

  /// Images with a batch dimension, and the kernels, in one float type.
  private func images(_ weight: Tensor, _ expected: String) throws -> (Tensor, Tensor) {
    guard weight.rank == 4, weight.count > 0 else {
      throw TensorError.rank(weight.shape, expected: expected)
    }
    guard rank == 4 || rank == 3 else {
      throw TensorError.rank(shape, expected: "images [n, channels, h, w]")
    }
    let type = DType.promoted(try floating(), try weight.floating())
    let x = try cast(to: type)
    return (rank == 3 ? try x.unsqueezed(0) : x, try weight.cast(to: type))
  }

  private static func groups(_ n: Int, _ channels: [Int]) throws -> Int {
    guard n > 0, channels.allSatisfy({ $0 % n == 0 }) else {
      throw TensorError.argument(
        "groups", found: "\(n)",
        expected: "a divisor of \(channels.map(String.init).joined(separator: " and of ")) channels"
      )
    }
    return n
  }

  private static func channelBias(_ bias: Tensor?, _ channels: Int, _ type: DType) throws
    -> Tensor?
  {
    guard let bias else { return nil }
    guard bias.rank == 1, bias.count == channels else {
      throw TensorError.shape(bias.shape, expected: "a bias of shape [\(channels)]")
    }
    return try bias.cast(to: type)
  }
}

extension Tensor.ConvolutionOptions {
  /// The windows over an image, and how many there are.
  fileprivate func windows(_ weight: Tensor, _ image: Pair) throws -> (Windows, Pair) {
    var windows = Windows(
      kernel: Pair(weight.shape[2], weight.shape[3]), stride: try Pair(stride, "stride"),
      dilation: try Pair(dilation, "dilation"))
    switch word {
    case "same":
      guard windows.stride == Pair(1, 1) else {
        throw TensorError.argument(
          "stride", found: "\(stride)", expected: "1 where padding is \"same\"")
      }
      // Where the zeros are odd in number, the one more comes after the last pixel.
      windows.padding = Pair(
        windows.dilation.h * (windows.kernel.h - 1) / 2,
        windows.dilation.w * (windows.kernel.w - 1) / 2)
      return (windows, image)
    case nil: windows.padding = try Pair(padding ?? [0], "padding", least: 0)
    case "valid": break
    default:
      throw TensorError.argument(
        "padding", found: "\"\(word ?? "")\"", expected: "numbers, \"same\" or \"valid\"")
    }
    return (windows, try windows.count(image))
  }
}
