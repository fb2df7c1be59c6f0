import CKernels

/// Two numbers, one for the rows of an image and one for its columns.
package struct Pair: Equatable, Sendable {
  package let h: Int
  package let w: Int

  package init(_ h: Int, _ w: Int) {
    self.h = h
    self.w = w
  }

  /// One number for both, or one for each, of at least `least`.
  init(_ sizes: [Int], _ name: String, least: Int = 1) throws {
    guard sizes.count == 1 || sizes.count == 2, sizes.allSatisfy({ $0 >= least && $0 <= 1 << 24 })
    else {
      throw TensorError.argument(
        name, found: "\(sizes)", expected: "one number or two, of at least \(least)")
    }
    self.init(sizes[0], sizes[sizes.count - 1])
  }
}

/// How a window moves over an image.
struct Windows: Equatable {
  var kernel: Pair
  var stride = Pair(1, 1)
  /// Zeros before the first row and column; those after the last follow from the size of the result.
  var padding = Pair(0, 0)
  var dilation = Pair(1, 1)

  /// How many windows fit into an image with `padding` at both ends.
  func count(_ image: Pair, ceiling: Bool = false) throws -> Pair {
    func one(_ n: Int, _ k: Int, _ s: Int, _ p: Int, _ d: Int) -> Int {
      let room = n + 2 * p - d * (k - 1) - 1
      guard room >= 0 else { return 0 }
      let least = room / s + 1
      // A window more where elements are left over, unless it would begin in the padding after the last.
      return ceiling && room % s != 0 && least * s < n + p ? least + 1 : least
    }
    let fit = Pair(
      one(image.h, kernel.h, stride.h, padding.h, dilation.h),
      one(image.w, kernel.w, stride.w, padding.w, dilation.w))
    guard fit.h > 0, fit.w > 0 else {
      throw TensorError.shape(
        try Shape([image.h, image.w]),
        expected: "an image of at least the kernel's size, \(kernel.h) x \(kernel.w)")
    }
    return fit
  }
}

/// A convolution of images [n, channels, ..] with kernels [outputs, channels / groups, ..], and the two
/// maps that make up its gradients: each of the three is linear in either operand, and each one's
/// pullbacks are the other two.
struct Convolution: Equatable {
  let windows: Windows
  let groups: Int
  let channels: Int
  let outputs: Int
  /// The images before and after the convolution.
  let before: Pair
  let after: Pair

  private var rows: Int { channels / groups * windows.kernel.h * windows.kernel.w }
  private var columns: Int { after.h * after.w }
  private var imageSize: Int { channels * before.h * before.w }
  private var resultSize: Int { outputs * columns }

  /// Whether a window is a single pixel, so that an image is its own matrix of windows.
  private var isPointwise: Bool {
    windows == Windows(kernel: Pair(1, 1)) && before == after
  }

  /// One group's channels of one image, as the kernels describe it.
  private var shape: dg_conv_shape {
    dg_conv_shape(
      channels: channels / groups, height: before.h, width: before.w,
      kernel_h: windows.kernel.h, kernel_w: windows.kernel.w,
      stride_h: windows.stride.h, stride_w: windows.stride.w,
      pad_h: windows.padding.h, pad_w: windows.padding.w,
      dilation_h: windows.dilation.h, dilation_w: windows.dilation.w,
      out_h: after.h, out_w: after.w)
  }

  /// What one thread works with.
  private struct Bench {
    let columns: Tensor
    let workspace: Storage
  }

  private func bench(_ dtype: DType) throws -> Bench {
    Bench(
      columns: try Tensor(uninitialized: Shape([isPointwise ? 0 : rows, columns]), dtype),
      workspace: try Kernels.workspace(dtype))
  }

  /// Runs `work` for each image, in up to four parts whose number depends on the images alone.
  private func eachImage(
    _ images: Int, _ dtype: DType, _ work: (_ part: Int, _ image: Int, Bench) -> Void
  ) throws {
    let parts = Self.parts(images)
    let benches = try (0..<parts).map { _ in try bench(dtype) }
    Parallel.shared.run(parts) { part in
      for image in images * part / parts..<images * (part + 1) / parts {
        if Interrupt.isRequested { return }
        work(part, image, benches[part])
      }
    }
    try Interrupt.poll()
  }

  private static func parts(_ images: Int) -> Int { min(max(images, 1), 4) }

  /// The correlation of each image with the kernels.
  ///
  /// Shapes: x [n, channels, ..], kernel [outputs, channels / groups, ..] -> [n, outputs, ..]
  func convolve(_ x: Tensor, _ kernel: Tensor) throws -> Tensor {
    let n = x.shape[0]
    let y = try Tensor(uninitialized: Shape([n, outputs, after.h, after.w]), x.dtype)
    let m = outputs / groups
    try eachImage(n, x.dtype) { _, i, bench in
      for g in 0..<groups {
        let (windows, offset) = gather(x, i, g, bench)
        MatrixJob(
          m: m, n: columns, k: rows, a: kernel, b: windows, aOffset: g * m * rows,
          bOffset: offset, yOffset: i * resultSize + g * m * columns
        ).run(into: y, bench.workspace)
      }
    }
    return y.recorded([x, kernel]) { b in
      let (g, x, kernel) = (b.g, b[0], b[1])
      try b.send(to: 0) { try transpose(g, kernel) }
      try b.send(to: 1) { try correlate(x, g) }
    }
  }

  /// The transpose of the convolution, which spreads each pixel over its window.
  ///
  /// Shapes: y [n, outputs, ..], kernel [outputs, channels / groups, ..] -> [n, channels, ..]
  func transpose(_ y: Tensor, _ kernel: Tensor) throws -> Tensor {
    let n = y.shape[0]
    let x = try Tensor.zeros(Shape([n, channels, before.h, before.w]), y.dtype)
    let m = outputs / groups
    try eachImage(n, y.dtype) { _, i, bench in
      for g in 0..<groups {
        let start = i * imageSize + g * imageSize / groups
        MatrixJob(
          m: rows, n: columns, k: m, a: kernel, b: y, transposeA: true,
          aOffset: g * m * rows, bOffset: i * resultSize + g * m * columns,
          yOffset: isPointwise ? start : 0
        ).run(into: isPointwise ? x : bench.columns, bench.workspace)
        scatter(bench, into: x, start)
      }
    }
    return x.recorded([y, kernel]) { b in
      let (g, y, kernel) = (b.g, b[0], b[1])
      try b.send(to: 0) { try convolve(g, kernel) }
      try b.send(to: 1) { try correlate(g, y) }
    }
  }

  /// The kernel's gradient: the correlation of the images with what arrives for the results.
  ///
  /// Shapes: x [n, channels, ..], y [n, outputs, ..] -> [outputs, channels / groups, ..]
  func correlate(_ x: Tensor, _ y: Tensor) throws -> Tensor {
    let n = x.shape[0]
    let m = outputs / groups
    let kernelShape = try Shape([
      outputs, channels / groups, windows.kernel.h, windows.kernel.w,
    ])
    // A sum for each part, added in order: the bits are those of any number of threads.
    let sums = try (0..<Self.parts(n)).map { _ in try Tensor.zeros(kernelShape, x.dtype) }
    try eachImage(n, x.dtype) { part, i, bench in
      for g in 0..<groups {
        let (windows, offset) = gather(x, i, g, bench)
        MatrixJob(
          m: m, n: rows, k: columns, a: y, b: windows, transposeB: true,
          aOffset: i * resultSize + g * m * columns, bOffset: offset, yOffset: g * m * rows,
          accumulate: true
        ).run(into: sums[part], bench.workspace)
      }
    }
    let kernel = try sums.dropFirst().reduce(sums[0]) { try $0 + $1 }
    return kernel.recorded([x, y]) { b in
      let (g, x, y) = (b.g, b[0], b[1])
      try b.send(to: 0) { try transpose(y, g) }
      try b.send(to: 1) { try convolve(x, g) }
    }
  }

  /// The windows of a group of an image as the columns of a matrix, and where in the tensor it begins.
  private func gather(_ x: Tensor, _ image: Int, _ group: Int, _ bench: Bench) -> (Tensor, Int) {
    let start = image * imageSize + group * imageSize / groups
    if isPointwise { return (x, start) }
    var shape = shape
    // The group's channels lie within x, the windows within the bench's matrix, by their shapes.
    if x.dtype == .float64 {
      unsafe dg_im2col_f64(x.doubles + start, bench.columns.doubles, &shape)
    } else {
      unsafe dg_im2col_f32(x.floats + start, bench.columns.floats, &shape)
    }
    return (bench.columns, 0)
  }

  private func scatter(_ bench: Bench, into x: Tensor, _ start: Int) {
    if isPointwise { return }
    var shape = shape
    // As in `gather`.
    if x.dtype == .float64 {
      unsafe dg_col2im_f64(bench.columns.doubles, x.doubles + start, &shape)
    } else {
      unsafe dg_col2im_f32(bench.columns.floats, x.floats + start, &shape)
    }
  }
}
