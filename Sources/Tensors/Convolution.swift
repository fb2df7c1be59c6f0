import CKernels

/// A convolution of images [n, channels, ..] with kernels [outputs, channels / groups, ..], and the two
/// maps that make up its gradients: each of the three is linear in either operand, and each one's
/// pullbacks are the other two.
///
/// All three are products with the matrix of windows (a row for each tap of each channel, a column for each
/// place of the result), which the kernels read straight from the image.
struct Convolution {
  let windows: Windows
  let groups: Int
  let channels: Int
  let outputs: Int
  /// The images before and after the convolution.
  let before: Pair
  let after: Pair

  private let down: WindowAxis
  private let across: WindowAxis

  init(windows: Windows, groups: Int, channels: Int, outputs: Int, before: Pair, after: Pair) {
    (self.windows, self.groups) = (windows, groups)
    (self.channels, self.outputs) = (channels, outputs)
    (self.before, self.after) = (before, after)
    down = WindowAxis(
      before: before.h, after: after.h, kernel: windows.kernel.h, stride: windows.stride.h,
      padding: windows.padding.h, dilation: windows.dilation.h)
    across = WindowAxis(
      before: before.w, after: after.w, kernel: windows.kernel.w, stride: windows.stride.w,
      padding: windows.padding.w, dilation: windows.dilation.w)
  }

  /// Channels of the images and of the results that a group has.
  private var inner: Int { channels / groups }
  private var outer: Int { outputs / groups }
  private var taps: Int { windows.kernel.product }

  /// The correlation of each image with the kernels, plus a number for each output.
  ///
  /// Shapes: x [n, channels, ..], kernel [outputs, channels / groups, ..], bias [outputs] -> [n, outputs, ..]
  func convolve(_ x: Tensor, _ kernel: Tensor, _ bias: Tensor? = nil) throws -> Tensor {
    let n = x.shape[0]
    let y = try Tensor(uninitialized: Shape([n, outputs, after.h, after.w]), x.dtype)
    let source = SpreadImages(down, across)
    let used = nonzeroTaps(kernel, x).compactMap { tap in
      place(tap, source).map { (tap: tap, place: $0) }
    }
    var (places, columns): ([Int], [Int]) = ([], [])
    for channel in 0..<inner {
      for (tap, place) in used {
        places.append(place + channel * source.plane)
        columns.append(channel * taps + tap)
      }
    }
    let weights = try (0..<groups).map {
      try PackedWeights(
        kernel, first: $0 * outer * inner * taps, row: inner * taps, rows: outer, columns: columns)
    }
    let work = WorkPlan(images: n, places: after.product, rows: outer, groups: groups, x.dtype)
    let size = x.dtype.size
    let benches = try Benches(
      work.count,
      [
        Kernels.workspaceSize(x.dtype),
        !source.isSpread ? 0 : work.images * inner * source.plane * size,
        work.images == 1 ? 0 : work.rows * work.images * after.product * size,
      ])
    Parallel.shared.run(work.count) { i in
      if Interrupt.isRequested { return }
      let part = work[i]
      benches.with { bench in
        let product = WindowProduct(
          source: source, grid: after, places: places, weights: weights[part.group],
          images: part.images.count, rows: part.rows, dtype: x.dtype)
        let origin = images(x, part, channels, before.product, inner, source, bench[1])
        let target =
          (part.images.lowerBound * outputs + part.group * outer + part.rows.lowerBound)
          * after.product
        let isDirect = part.images.count == 1
        // One image's results are a matrix as they are; those of several lie side by side on the bench.
        unsafe product.run(
          origin, into: isDirect ? y.address + target * size : bench[2].address,
          bias: biasAddress(bias, part.group * outer + part.rows.lowerBound), bench[0])
        if isDirect { return }
        let weave = dg_weave(
          rows: part.rows.count, images: part.images.count, lines: 1, width: after.product,
          stride: 1, phase: 0, one_phase: 0, y_image: outputs * after.product,
          y_row: after.product, y_line: 0)
        unsafe Kernels.weave(bench[2].address, y.address + target * size, weave, x.dtype)
      }
    }
    try Interrupt.poll()
    return y.recorded(x, kernel, bias) { b in
      let (g, x, kernel) = (b.g, b[0], b[1])
      try b.send(to: 0) { try transpose(g, kernel) }
      let factor = b.constantFactor(of: 1)
      try b.send(to: 1) { try correlate(x, g, factor: factor) }
      if b.inputCount > 2 { try b.send(to: 2) { try g.sumOfChannels() } }
    }
  }

  /// The transpose of the convolution, which spreads each pixel over its window; plus a number for each channel.
  ///
  /// Where it strides, the pixels fall into phases, each of which is a convolution of the results with some
  /// of the taps.
  /// Shapes: y [n, outputs, ..], kernel [outputs, channels / groups, ..], bias [channels] -> [n, channels, ..]
  func transpose(_ y: Tensor, _ kernel: Tensor, _ bias: Tensor? = nil) throws -> Tensor {
    let n = y.shape[0]
    let x = try Tensor(uninitialized: Shape([n, channels, before.h, before.w]), y.dtype)
    let source = SpreadImages(resultsOf: down, across)
    // Long strides leave phases that no result reaches.
    let isWoven = windows.stride.w <= 8
    let rowPhases = down.reachedPhases
    let columnPhases = isWoven ? Array(0..<across.imagePhases) : across.reachedPhases
    let phases = try phases(
      kernel, source, rowPhases, columnPhases, used: nonzeroTaps(kernel, y))
    if !isWoven || rowPhases.count < down.imagePhases { x.fill(channels: bias, before.product) }
    let coarse = Pair(down.count(0), across.count(0))
    let work = WorkPlan(
      images: n, places: coarse.product, rows: inner, groups: groups, y.dtype)
    let size = y.dtype.size
    let isWhole = windows.stride == Pair(1, 1)
    let room = work.rows * work.images * coarse.product
    let benches = try Benches(
      work.count,
      [
        Kernels.workspaceSize(y.dtype),
        !source.isSpread ? 0 : work.images * outer * source.plane * size,
        isWhole && work.images == 1 ? 0 : room * columnPhases.count * size,
      ])
    Parallel.shared.run(work.count) { i in
      if Interrupt.isRequested { return }
      let part = work[i]
      benches.with { bench in
        let origin = images(y, part, outputs, after.product, outer, source, bench[1])
        let channel = part.group * inner + part.rows.lowerBound
        let target =
          unsafe x.address
          + (part.images.lowerBound * channels + channel) * before.product * size
        let isDirect = isWhole && part.images.count == 1
        for (i, row) in rowPhases.enumerated() {
          let lines = unsafe target + row * before.w * size
          var weave = dg_weave()
          (weave.rows, weave.images) = (part.rows.count, part.images.count)
          (weave.lines, weave.width) =
            isWhole ? (1, before.product) : (down.count(row), before.w)
          (weave.stride, weave.phase) = (windows.stride.w, room)
          (weave.y_image, weave.y_row) = (channels * before.product, before.product)
          weave.y_line = windows.stride.h * before.w
          for (j, column) in columnPhases.enumerated() {
            let phase = phases[i * columnPhases.count + j]
            let own = unsafe bench[2].address + j * room * size
            let product = WindowProduct(
              source: source, grid: Pair(down.count(row), across.count(column)),
              places: phase.places, weights: phase.weights[part.group],
              images: part.images.count, rows: part.rows, dtype: y.dtype)
            unsafe product.run(
              origin, into: isDirect ? target : own, bias: biasAddress(bias, channel), bench[0])
            if isWoven { continue }
            (weave.one_phase, weave.width) = (1, before.w - column)
            unsafe Kernels.weave(own, lines + column * size, weave, y.dtype)
          }
          if isWoven, !isDirect { unsafe Kernels.weave(bench[2].address, lines, weave, y.dtype) }
        }
      }
    }
    try Interrupt.poll()
    return x.recorded(y, kernel, bias) { b in
      let (g, y, kernel) = (b.g, b[0], b[1])
      try b.send(to: 0) { try convolve(g, kernel) }
      let factor = b.constantFactor(of: 1)
      try b.send(to: 1) { try correlate(g, y, factor: factor) }
      if b.inputCount > 2 { try b.send(to: 2) { try g.sumOfChannels() } }
    }
  }

  /// The kernel's gradient: the correlation of the images with what arrives for the results.
  ///
  /// `factor` is what the result will be multiplied by, where that is known: where all of a tap's factors are
  /// zero, as in a mask, finite gradients need not be computed.
  /// Shapes: x [n, channels, ..], y [n, outputs, ..] -> [outputs, channels / groups, ..]
  func correlate(_ x: Tensor, _ y: Tensor, factor: Tensor? = nil) throws -> Tensor {
    let shape = try Shape([outputs, inner, windows.kernel.h, windows.kernel.w])
    let seen = (0..<taps).filter { place($0, SpreadImages(down, across)) != nil }
    var used = seen
    if let factor, let wanted = nonzeroTaps(try factor.detached.expanded(to: shape)),
      Kernels.isFinite(x), Kernels.isFinite(y)
    {
      used = seen.filter(Set(wanted).contains)
    }
    let kernel = try correlations(x, y, used).spread(over: used, of: shape)
    return kernel.recorded(x, y) { b in
      let (g, x, y) = (b.g, b[0], b[1])
      try b.send(to: 0) { try transpose(y, g) }
      try b.send(to: 1) { try convolve(x, g) }
    }
  }

  /// The kernel's gradient at some of the taps.
  ///
  /// Shapes: as for `correlate` -> [outputs, channels / groups, taps]
  private func correlations(_ x: Tensor, _ y: Tensor, _ used: [Int]) throws -> Tensor {
    let n = x.shape[0]
    let rows = inner * used.count
    let kernel = try Tensor(uninitialized: Shape([outputs, inner, used.count]), x.dtype)
    let source = SpreadImages(down, across)
    let starts = used.compactMap { place($0, source) }
    let places = (0..<inner).flatMap { channel in starts.map { $0 + channel * source.plane } }
    let correlation = Correlation(
      source: source, groups: groups, channels: channels, outer: outer, before: before.product,
      grid: after, places: places)
    let operands = try correlation.prepare(x, y)
    // Parts of the windows' rows where these are many, else of the lines of the results: then each part has
    // a sum of its own, and these are added in order.
    let byRows = groups > 1 || rows >= 384 || n * after.product < 4096
    let height = byRows ? Kernels.tileMultiple(max((rows + 7) / 8, 48), x.dtype) : rows
    let parts = (rows + height - 1) / height
    let lines = n * correlation.lines
    let sums = byRows ? 1 : min(lines, 8)
    let size = x.dtype.size
    let scratch = try Storage(byteCount: sums * groups * rows * outer * size)
    Parallel.shared.run(groups * parts * sums) { i in
      if Interrupt.isRequested { return }
      let (group, part, sum) = (i / (parts * sums), i / sums % parts, i % sums)
      let range = part * height..<min((part + 1) * height, rows)
      // Each part of the scratch is written by one call, and read by the same one unless there are sums to add.
      let target =
        unsafe scratch.address
        + ((sum * groups + group) * rows + range.lowerBound) * outer * size
      unsafe correlation.run(
        operands, group, rows: range, lines: lines * sum / sums..<lines * (sum + 1) / sums,
        into: target)
      if sums > 1 { return }
      unsafe Kernels.transposeBlock(
        target, outer,
        kernel.address + (group * outer * rows + range.lowerBound) * size, rows,
        range.count, outer, x.dtype)
    }
    try Interrupt.poll()
    if sums > 1 {
      Kernels.sumParts(sums, rows * outer, scratch, x.dtype)
      unsafe Kernels.transposeBlock(
        scratch.address, outer, kernel.address, rows, rows, outer, x.dtype)
    }
    return kernel
  }

  // MARK: Taps

  /// Where a tap's windows begin in a channel's plane; nil if they only see padding.
  private func place(_ tap: Int, _ source: SpreadImages) -> Int? {
    let (i, j) = tap.quotientAndRemainder(dividingBy: windows.kernel.w)
    guard let h = down.place(i), let w = across.place(j) else { return nil }
    return (h.phase * across.phases.count + w.phase) * down.extent * across.extent
      + h.offset * source.line + w.offset
  }

  /// The taps whose weights are not all zero, as a mask leaves them.
  ///
  /// The others contribute nothing to a sum of finite numbers. All of them where an operand holds an infinity
  /// or a NaN, which times zero is NaN.
  private func nonzeroTaps(_ kernel: Tensor, _ operand: Tensor) -> [Int] {
    guard let used = nonzeroTaps(kernel), Kernels.isFinite(operand) else { return Array(0..<taps) }
    return used
  }

  /// The taps at which not everything is zero, where that is not all of them.
  private func nonzeroTaps(_ kernel: Tensor) -> [Int]? {
    let kernels = kernel.count / taps
    let used = (0..<taps).filter { tap in
      // Within the kernel's kernels * taps elements.
      kernel.dtype == .float64
        ? (0..<kernels).contains { unsafe kernel.doubles[$0 * taps + tap] != 0 }
        : (0..<kernels).contains { unsafe kernel.floats[$0 * taps + tap] != 0 }
    }
    return used.count < taps ? used : nil
  }

  private struct Phase {
    var places: [Int] = []
    /// One for each group.
    var weights: [PackedWeights] = []
  }

  /// For each of the phases of the image, row by row, the windows over the results and the weights that fill it.
  private func phases(
    _ kernel: Tensor, _ source: SpreadImages, _ rowPhases: [Int], _ columnPhases: [Int],
    used: [Int]
  ) throws -> [Phase] {
    let used = Set(used)
    let padding = Pair(down.results.padding, across.results.padding)
    var lists: [[Int]] = []
    var phases: [Phase] = []
    for row in rowPhases {
      for column in columnPhases {
        let own = down.taps(row).flatMap { i in
          across.taps(column).map { j in
            (
              tap: i.tap * windows.kernel.w + j.tap,
              place: (i.first + padding.h) * source.line + j.first + padding.w
            )
          }
        }.filter { used.contains($0.tap) }
        lists.append(own.map(\.tap))
        phases.append(
          Phase(places: (0..<outer).flatMap { o in own.map { o * source.plane + $0.place } }))
      }
    }
    for group in 0..<groups {
      let weights = try PackedWeights.transposed(
        kernel, first: group * outer * inner * taps, outputs: outer, rows: inner, taps: taps,
        lists: lists)
      for i in phases.indices { phases[i].weights.append(weights[i]) }
    }
    return phases
  }

  // MARK: Operands

  /// A part's images of one group, spread on the bench or as they are.
  private func images(
    _ x: Tensor, _ part: WorkPlan.Part, _ channels: Int, _ pixels: Int, _ own: Int,
    _ source: SpreadImages, _ scratch: Storage
  ) -> ImagesInPlace {
    let first = (part.images.lowerBound * channels + part.group * own) * pixels
    guard source.isSpread else {
      return unsafe ImagesInPlace(
        address: UnsafeRawPointer(x.address + first * x.dtype.size),
        step: channels * pixels, limit: x.count - first)
    }
    for i in 0..<part.images.count {
      source.run(
        x, first + i * channels * pixels, planes: own, into: scratch, at: i * own * source.plane)
    }
    return unsafe ImagesInPlace(
      address: UnsafeRawPointer(scratch.address), step: own * source.plane,
      limit: scratch.byteCount / x.dtype.size)
  }

  private func biasAddress(_ bias: Tensor?, _ first: Int) -> UnsafeRawPointer? {
    // The bias has a number for each row.
    unsafe bias.map { unsafe UnsafeRawPointer($0.address + first * $0.dtype.size) }
  }
}

extension Tensor {
  /// The sum of each channel of [n, channels, ..]: plane by plane as they lie, then over the images.
  fileprivate func sumOfChannels() throws -> Tensor { try sum([2, 3]).sum([0]) }

  /// Sets each channel of [n, channels, ..] to its number, or to 0.
  fileprivate func fill(channels: Tensor?, _ pixels: Int) {
    for i in 0..<count / max(pixels, 1) {
      // Within n * channels planes of that many pixels.
      if dtype == .float64 {
        unsafe Kernels.fill(doubles + i * pixels, channels?.doubles[i % shape[1]] ?? 0, pixels)
      } else {
        unsafe Kernels.fill(floats + i * pixels, channels?.floats[i % shape[1]] ?? 0, pixels)
      }
    }
  }

  /// [.., used.count] as [..] of the given shape with zeros at the other taps, which are its last dimensions.
  fileprivate func spread(over used: [Int], of shape: Shape) throws -> Tensor {
    if count == shape.count { return try reshaped(shape) }
    let y = try Tensor.zeros(shape, dtype)
    if used.isEmpty { return y }
    let taps = shape.count / (count / used.count)
    for row in 0..<count / used.count {
      for (i, tap) in used.enumerated() {
        // Rows of used.count elements here, of taps there.
        if dtype == .float64 {
          unsafe y.doubles[row * taps + tap] = doubles[row * used.count + i]
        } else {
          unsafe y.floats[row * taps + tap] = floats[row * used.count + i]
        }
      }
    }
    return y
  }
}
