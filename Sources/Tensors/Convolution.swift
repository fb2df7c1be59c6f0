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

  /// How many images share a matrix of windows: products of matrices narrower than this waste their tiles.
  private func batch(_ images: Int) -> Int {
    let wide = max(1, 128 / max(columns, 1))
    return columns >= 96 ? 1 : min(wide, max(images, 1))
  }

  /// What one thread works with: the windows of a batch, its results side by side, and room for products.
  private struct Bench {
    let windows: Tensor
    let results: Tensor
    let workspace: Storage
  }

  private func bench(_ dtype: DType, _ batch: Int) throws -> Bench {
    let isDirect = batch == 1
    return Bench(
      windows: try Tensor(
        uninitialized: Shape([isDirect && isPointwise ? 0 : rows, batch * columns]), dtype),
      results: try Tensor(
        uninitialized: Shape([isDirect ? 0 : outputs / groups, batch * columns]), dtype),
      workspace: try Kernels.workspace(dtype))
  }

  /// A batch of images, and the part of the work that it belongs to.
  private struct Batch {
    let part: Int
    let images: Range<Int>
    let bench: Bench
  }

  /// Runs `work` for each batch, in up to four parts whose number depends on the images alone.
  private func eachBatch(_ images: Int, _ dtype: DType, _ work: (Batch) -> Void) throws {
    let parts = Self.parts(images)
    let size = batch(images / parts)
    let benches = try (0..<parts).map { _ in try bench(dtype, size) }
    Parallel.shared.run(parts) { part in
      let end = images * (part + 1) / parts
      for first in stride(from: images * part / parts, to: end, by: size) {
        if Interrupt.isRequested { return }
        work(Batch(part: part, images: first..<min(first + size, end), bench: benches[part]))
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
    try eachBatch(n, x.dtype) { batch in
      for g in 0..<groups {
        let windows = gather(x, batch, g)
        let results = self.results(y, batch, g)
        MatrixJob(
          m: m, n: batch.images.count * columns, k: rows, a: kernel, b: windows.tensor,
          aOffset: g * m * rows, bOffset: windows.offset, yOffset: results.offset
        ).run(into: results.tensor, batch.bench.workspace)
        copyResults(y, batch, g, out: true)
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
    try eachBatch(n, y.dtype) { batch in
      for g in 0..<groups {
        copyResults(y, batch, g, out: false)
        let results = self.results(y, batch, g)
        let windows = self.windows(x, batch, g)
        MatrixJob(
          m: rows, n: batch.images.count * columns, k: m, a: kernel, b: results.tensor,
          transposeA: true, aOffset: g * m * rows, bOffset: results.offset,
          yOffset: windows.offset
        ).run(into: windows.tensor, batch.bench.workspace)
        scatter(batch, g, into: x)
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
    try eachBatch(n, x.dtype) { batch in
      for g in 0..<groups {
        let windows = gather(x, batch, g)
        copyResults(y, batch, g, out: false)
        let results = self.results(y, batch, g)
        MatrixJob(
          m: m, n: rows, k: batch.images.count * columns, a: results.tensor, b: windows.tensor,
          transposeB: true, aOffset: results.offset, bOffset: windows.offset,
          yOffset: g * m * rows, accumulate: true
        ).run(into: sums[batch.part], batch.bench.workspace)
      }
    }
    let kernel = try sums.dropFirst().reduce(sums[0]) { try $0 + $1 }
    return kernel.recorded([x, y]) { b in
      let (g, x, y) = (b.g, b[0], b[1])
      try b.send(to: 0) { try transpose(y, g) }
      try b.send(to: 1) { try convolve(x, g) }
    }
  }

  // MARK: The matrices of a batch

  private func isDirect(_ batch: Batch) -> Bool { batch.bench.results.shape[0] == 0 }

  /// Where a group's results lie as a matrix: in the results themselves, or side by side on the bench.
  private func results(_ y: Tensor, _ batch: Batch, _ group: Int) -> (tensor: Tensor, offset: Int) {
    guard isDirect(batch) else { return (batch.bench.results, 0) }
    return (y, batch.images.lowerBound * resultSize + group * resultSize / groups)
  }

  /// Copies a batch's results from the bench to their images, or back.
  private func copyResults(_ y: Tensor, _ batch: Batch, _ group: Int, out: Bool) {
    if isDirect(batch) { return }
    let (m, width) = (outputs / groups, batch.images.count * columns)
    let size = y.dtype.size
    for (j, image) in batch.images.enumerated() {
      for o in 0..<m {
        // Row o of the bench has a stretch of `columns` elements for each image, as channel o of y has.
        let own = unsafe y.storage.address + (image * resultSize + (group * m + o) * columns) * size
        let shared = unsafe batch.bench.results.storage.address + (o * width + j * columns) * size
        unsafe (out ? own : shared).copyMemory(from: out ? shared : own, byteCount: columns * size)
      }
    }
  }

  /// Where a group's windows lie as a matrix: in the image itself, or on the bench.
  private func windows(_ x: Tensor, _ batch: Batch, _ group: Int) -> (tensor: Tensor, offset: Int) {
    guard isPointwise, isDirect(batch) else { return (batch.bench.windows, 0) }
    return (x, batch.images.lowerBound * imageSize + group * imageSize / groups)
  }

  /// One group's channels of one image, as the kernels describe it.
  private func shape(_ batch: Batch) -> dg_conv_shape {
    dg_conv_shape(
      channels: channels / groups, height: before.h, width: before.w,
      kernel_h: windows.kernel.h, kernel_w: windows.kernel.w,
      stride_h: windows.stride.h, stride_w: windows.stride.w,
      pad_h: windows.padding.h, pad_w: windows.padding.w,
      dilation_h: windows.dilation.h, dilation_w: windows.dilation.w,
      out_h: after.h, out_w: after.w, columns_row: batch.images.count * columns)
  }

  /// The windows of a group of a batch's images, as the columns of a matrix.
  private func gather(_ x: Tensor, _ batch: Batch, _ group: Int) -> (tensor: Tensor, offset: Int) {
    let place = windows(x, batch, group)
    if place.tensor.storage === x.storage { return place }
    var shape = shape(batch)
    for (j, image) in batch.images.enumerated() {
      let start = image * imageSize + group * imageSize / groups
      // The group's channels lie within x, the image's columns within the bench's matrix, by their shapes.
      if x.dtype == .float64 {
        unsafe dg_im2col_f64(x.doubles + start, place.tensor.doubles + j * columns, &shape)
      } else {
        unsafe dg_im2col_f32(x.floats + start, place.tensor.floats + j * columns, &shape)
      }
    }
    return place
  }

  private func scatter(_ batch: Batch, _ group: Int, into x: Tensor) {
    let place = windows(x, batch, group)
    if place.tensor.storage === x.storage { return }
    var shape = shape(batch)
    for (j, image) in batch.images.enumerated() {
      let start = image * imageSize + group * imageSize / groups
      // As in `gather`.
      if x.dtype == .float64 {
        unsafe dg_col2im_f64(place.tensor.doubles + j * columns, x.doubles + start, &shape)
      } else {
        unsafe dg_col2im_f32(place.tensor.floats + j * columns, x.floats + start, &shape)
      }
    }
  }
}
