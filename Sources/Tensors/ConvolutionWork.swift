import CKernels

/// How a convolution is shared out: some images, one group and some rows of its weights at a time.
///
/// The parts depend on the shapes and the register tile alone, the bits of the result not even on them.
struct WorkPlan {
  struct Part {
    let images: Range<Int>
    let group: Int
    let rows: Range<Int>
  }

  /// The most images and rows that a part has.
  let images: Int
  let rows: Int
  private let allImages: Int
  private let allRows: Int
  private let groups: Int
  private let imageParts: Int
  private let rowParts: Int

  /// `places` is how many columns an image brings to the product.
  ///
  /// Columns are some hundreds a part, for narrower products waste their tiles. Four parts or a multiple are shared
  /// out evenly by two threads or four.
  init(images n: Int, places: Int, rows m: Int, groups: Int, _ dtype: DType) {
    let (fewest, most) = ((n * places + 479) / 480, n * places / 128)
    imageParts = places >= 144 ? n : min(max(fewest, min((fewest + 3) / 4 * 4, most), 1), n)
    images = (n + max(imageParts, 1) - 1) / max(imageParts, 1)
    // Every part packs its windows anew, which costs about as much as some rows of weights.
    let wanted = max(1, min(4 / max(imageParts * groups, 1), m / 48))
    rows = wanted == 1 ? m : min(Kernels.tileMultiple((m + wanted - 1) / wanted, dtype), m)
    rowParts = (m + rows - 1) / rows
    (allImages, allRows, self.groups) = (n, m, groups)
  }

  var count: Int { imageParts * rowParts * groups }

  subscript(_ i: Int) -> Part {
    let (image, rest) = i.quotientAndRemainder(dividingBy: rowParts * groups)
    let (group, row) = rest.quotientAndRemainder(dividingBy: rowParts)
    return Part(
      images: allImages * image / imageParts..<allImages * (image + 1) / imageParts, group: group,
      rows: row * rows..<min((row + 1) * rows, allRows))
  }
}

/// Images of one group in memory, spread or as they are.
@safe struct ImagesInPlace {
  let address: UnsafeRawPointer
  /// From one image to the next, and how many elements may be read.
  let step: Int
  let limit: Int
}

/// The product of some rows of weights with the windows of some images.
struct WindowProduct {
  let source: SpreadImages
  let grid: Pair
  /// Where each row of the windows begins.
  let places: [Int]
  let weights: PackedWeights
  let images: Int
  let rows: Range<Int>
  let dtype: DType

  /// Writes [rows, images * grid], `target` having room for it.
  func run(
    _ origin: ImagesInPlace, into target: UnsafeMutableRawPointer, bias: UnsafeRawPointer?,
    _ workspace: Storage
  ) {
    let columns = images * grid.product
    if columns == 0 { return }
    unsafe places.withUnsafeBufferPointer { places in
      var job = unsafe dg_conv_job()
      unsafe (job.m, job.columns) = (rows.count, columns)
      unsafe job.a = weights.address(rows.lowerBound)
      unsafe job.source = origin.address
      unsafe job.windows = dg_windows(
        places.baseAddress, count: places.count, grid: grid, line: source.line,
        image: origin.step, limit: origin.limit)
      unsafe (job.c, job.c_row) = (target, columns)
      unsafe job.bias = bias
      if dtype == .float64 {
        unsafe dg_conv_product_f64(&job, workspace.address)
      } else {
        unsafe dg_conv_product_f32(&job, workspace.address)
      }
    }
  }
}

extension dg_windows {
  /// Windows over lines that follow each other without a gap are those over a single line.
  init(
    _ rows: UnsafePointer<Int>?, count: Int, grid: Pair, line: Int, image: Int, limit: Int
  ) {
    let isOneLine = line == grid.w
    unsafe self.init(
      count: count, rows: rows, height: isOneLine ? 1 : grid.h,
      width: isOneLine ? grid.product : grid.w, image: image, line: line, limit: limit)
  }
}

/// What the gradient of the weights is made of: all images, spread, and all results in the kernel's panels.
struct Correlation {
  let source: SpreadImages
  let groups: Int
  let channels: Int
  let outer: Int
  /// Pixels of the images and of the results.
  let before: Int
  let grid: Pair
  /// Where each row of the windows begins in an image's group.
  let places: [Int]

  struct Operands {
    fileprivate let images: Tensor
    fileprivate let spread: Storage?
    fileprivate let panels: Storage
  }

  /// Elements of one image's and one group's panels: outputs rounded up to whole vectors of any width.
  private var panel: Int { grid.product * ((outer + 15) / 16 * 16) }

  /// Lines of the grid that an image has.
  var lines: Int { source.line == grid.w ? 1 : grid.h }

  func prepare(_ x: Tensor, _ y: Tensor) throws -> Operands {
    let (n, size) = (x.shape[0], x.dtype.size)
    let isDouble = x.dtype == .float64
    let spread =
      try source.isSpread
      ? Storage(byteCount: n * channels * source.plane * size) : nil
    let panels = try Storage(byteCount: n * groups * panel * size)
    Parallel.shared.run(n) { i in
      if Interrupt.isRequested { return }
      if let spread {
        source.run(
          x, i * channels * before, planes: channels, into: spread,
          at: i * channels * source.plane)
      }
      for group in 0..<groups {
        // The image's results of the group, and the group's panels of the image.
        let results = unsafe y.address + (i * groups + group) * outer * grid.product * size
        let target = unsafe panels.address + (i * groups + group) * panel * size
        if isDouble {
          unsafe dg_conv_panels_f64(results, outer, grid.product, target)
        } else {
          unsafe dg_conv_panels_f32(results, outer, grid.product, target)
        }
      }
    }
    try Interrupt.poll()
    return Operands(images: x, spread: spread, panels: panels)
  }

  /// Writes [rows, outer]: the rows of one group's windows times the results, over some of the grids' lines.
  func run(
    _ operands: Operands, _ group: Int, rows: Range<Int>, lines span: Range<Int>,
    into target: UnsafeMutableRawPointer
  ) {
    let (x, size) = (operands.images, operands.images.dtype.size)
    let own = (channels / groups) * source.plane
    unsafe places.withUnsafeBufferPointer { places in
      guard let base = places.baseAddress else { return }
      var job = unsafe dg_conv_weights_job()
      unsafe job.outputs = outer
      unsafe job.source = UnsafeRawPointer(
        (operands.spread?.address ?? x.address) + group * own * size)
      unsafe job.panels = UnsafeRawPointer(operands.panels.address + group * panel * size)
      unsafe job.panels_image = groups * panel
      unsafe job.windows = dg_windows(
        base + rows.lowerBound, count: rows.count, grid: grid, line: source.line,
        image: channels * source.plane, limit: 0)
      unsafe (job.first_line, job.lines) = (span.lowerBound, span.count)
      unsafe job.c = target
      if x.dtype == .float64 {
        unsafe dg_conv_weights_f64(&job)
      } else {
        unsafe dg_conv_weights_f32(&job)
      }
    }
  }
}
