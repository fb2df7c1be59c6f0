/// The greatest or the mean of each window of an image, under PyTorch's names.
package struct Pooling: OperationFamily {
  package init() {}

  package let maxPool2d = Operation(
    "the greatest element of each window; where several tie the first takes the gradient",
    [
      .tensor("x"), .sizes("kernel_size"), .optionalSizes("stride"), .sizes("padding", [0]),
      .sizes("dilation", [1]), .flag("ceil_mode"),
    ],
    examples: [
      Example([Domain.distinct.of([2, 2, 4, 4])], ["kernel_size": .sizes([2])]),
      Example(
        [Domain.distinct.of([1, 2, 4, 5])],
        [
          "kernel_size": .sizes([2, 3]), "stride": .sizes([2, 1]), "padding": .sizes([1]),
          "dilation": .sizes([2, 1]), "ceil_mode": .flag(true),
        ]),
    ],
    one: { a in
      try a.tensor(0).maxPooled(
        windows(a, dilation: a.sizes(4)), ceiling: a.flag(5))
    })
  package let avgPool2d = Operation(
    "the mean of each window; the zeros of the padding count unless count_include_pad=false",
    [
      .tensor("x"), .sizes("kernel_size"), .optionalSizes("stride"), .sizes("padding", [0]),
      .flag("ceil_mode"), .flag("count_include_pad", true),
    ],
    examples: [
      Example([Domain.reals.of([2, 2, 4, 4])], ["kernel_size": .sizes([2])]),
      Example(
        [Domain.reals.of([1, 2, 4, 5])],
        [
          "kernel_size": .sizes([2, 3]), "stride": .sizes([2]), "padding": .sizes([1]),
          "ceil_mode": .flag(true), "count_include_pad": .flag(false),
        ]),
    ],
    one: { a in
      try a.tensor(0).averagePooled(
        windows(a, dilation: [1]), ceiling: a.flag(4), countsPadding: a.flag(5))
    })

  package let maxPool1d = Operation(
    "the greatest element of each window of a sequence; where several tie the first takes the gradient",
    [
      .tensor("x"), .sizes("kernel_size"), .optionalSizes("stride"), .sizes("padding", [0]),
      .sizes("dilation", [1]), .flag("ceil_mode"),
    ],
    examples: [
      Example(
        [Domain.distinct.of([2, 2, 5])],
        ["kernel_size": .sizes([3]), "stride": .sizes([2]), "padding": .sizes([1])])
    ],
    one: { a in
      let x = try sequence(a)
      return try x.maxPooled(windows(a, dilation: a.sizes(4), isLine: true), ceiling: a.flag(5))
        .squeezed(-2)
    })
  package let avgPool1d = Operation(
    "the mean of each window of a sequence; the zeros of the padding count unless count_include_pad=false",
    [
      .tensor("x"), .sizes("kernel_size"), .optionalSizes("stride"), .sizes("padding", [0]),
      .flag("ceil_mode"), .flag("count_include_pad", true),
    ],
    examples: [
      Example(
        [Domain.reals.of([2, 2, 5])], ["kernel_size": .sizes([2]), "padding": .sizes([1])])
    ],
    one: { a in
      let x = try sequence(a)
      return try x.averagePooled(
        windows(a, dilation: [1], isLine: true), ceiling: a.flag(4), countsPadding: a.flag(5)
      ).squeezed(-2)
    })
  /// The sequences as images of one row.
  private static func sequence(_ a: Arguments) throws -> Tensor {
    let x = try a.tensor(0)
    guard x.rank == 2 || x.rank == 3 else {
      throw TensorError.rank(x.shape, expected: "sequences [n, channels, length]")
    }
    return try x.unsqueezed(-2)
  }

  private static func windows(
    _ a: Arguments, dilation: [Int], isLine: Bool = false
  ) throws -> Windows {
    func pair(_ sizes: [Int], _ name: String, least: Int = 1, across: Int = 1) throws -> Pair {
      guard isLine else { return try Pair(sizes, name, least: least) }
      guard sizes.count == 1 else {
        throw TensorError.argument(name, found: "\(sizes)", expected: "one number")
      }
      return try Pair(across, Pair(sizes, name, least: least).w)
    }
    let kernel = try pair(a.sizes(1), "kernel_size")
    let stride = try a.optionalSizes(2).flatMap { $0.isEmpty ? nil : try pair($0, "stride") }
    let padding = try pair(a.sizes(3), "padding", least: 0, across: 0)
    guard padding.h <= kernel.h / 2, padding.w <= kernel.w / 2 else {
      throw TensorError.argument(
        "padding", found: "\(try a.sizes(3))", expected: "at most half of kernel_size")
    }
    return Windows(
      kernel: kernel, stride: stride ?? kernel, padding: padding,
      dilation: try pair(dilation, "dilation"))
  }
}

extension Tensor {
  /// The greatest element of each window.
  ///
  /// Shapes: [.., h, w] of rank 3 or 4 -> [.., windows down, windows across]
  func maxPooled(_ windows: Windows, ceiling: Bool) throws -> Tensor {
    let x = try pooled()
    let size = Pair(shape[rank - 2], shape[rank - 1])
    let after = try windows.count(size, ceiling: ceiling)
    let planes = shape.product(0..<rank - 2)
    let result = try Shape(shape.dims.dropLast(2) + [after.h, after.w])
    var positions = [Int](repeating: 0, count: result.count)
    let pool = MaxPool(windows: windows, size: size, after: after)
    // Each plane reads its own elements of x and writes its own positions.
    unsafe positions.withUnsafeMutableBufferPointer { positions in
      guard let base = positions.baseAddress else { return }
      Parallel.shared.split(planes, grain: max(1, Parallel.grain / 4 / max(after.h * after.w, 1))) {
        for plane in $0 {
          let target = unsafe base + plane * after.h * after.w
          if x.dtype == .float64 {
            unsafe pool.run(x.doubles, plane * size.h * size.w, target)
          } else {
            unsafe pool.run(x.floats, plane * size.h * size.w, target)
          }
        }
      }
    }
    return try x.taken(IndexPlan(result: result, positions: positions, block: 1))
  }

  /// The mean of each window.
  ///
  /// Shapes: as for `maxPooled`.
  func averagePooled(_ windows: Windows, ceiling: Bool, countsPadding: Bool) throws -> Tensor {
    let x = try pooled()
    let size = Pair(shape[rank - 2], shape[rank - 1])
    let after = try windows.count(size, ceiling: ceiling)
    let planes = shape.product(0..<rank - 2)
    let sums = Convolution(
      windows: windows, groups: 1, channels: 1, outputs: 1, before: size, after: after)
    let ones = try Tensor.ones(Shape([1, 1, windows.kernel.h, windows.kernel.w]), x.dtype)
    let total = try sums.convolve(x.reshaped(to: [planes, 1, size.h, size.w]), ones)
    /// How many elements each window along one dimension has.
    func extents(_ n: Int, _ count: Int, _ k: Int, _ s: Int, _ p: Int) -> [Int] {
      (0..<count).map { i in
        let from = i * s - p
        return countsPadding ? min(from + k, n + p) - from : min(from + k, n) - max(from, 0)
      }
    }
    let down = extents(
      size.h, after.h, windows.kernel.h, windows.stride.h, windows.padding.h)
    let across = extents(
      size.w, after.w, windows.kernel.w, windows.stride.w, windows.padding.w)
    let counts = down.flatMap { d in across.map { Double(d * $0) } }
    let mean = try total / Tensor(counts, Shape([after.h, after.w]), x.dtype)
    return try mean.reshaped(to: shape.dims.dropLast(2) + [after.h, after.w])
  }

  private func pooled() throws -> Tensor {
    guard rank == 4 || rank == 3 else {
      throw TensorError.rank(shape, expected: "images [n, channels, h, w]")
    }
    return try floating()
  }
}

/// Finds where in each window of a plane the greatest element lies; a NaN is the greatest.
private struct MaxPool {
  let windows: Windows
  let size: Pair
  let after: Pair

  /// `x` holds planes of `size`, one beginning at `start`; `positions` has room for `after`.
  func run<T: BinaryFloatingPoint>(
    _ x: UnsafeMutablePointer<T>, _ start: Int, _ positions: UnsafeMutablePointer<Int>
  ) {
    for i in 0..<after.h {
      let rows = inside(
        i * windows.stride.h - windows.padding.h, windows.kernel.h, windows.dilation.h, size.h)
      for j in 0..<after.w {
        let columns = inside(
          j * windows.stride.w - windows.padding.w, windows.kernel.w, windows.dilation.w, size.w)
        var (best, total, at) = (-T.infinity, T.zero, start + rows.first * size.w + columns.first)
        var row = rows.first
        for _ in 0..<rows.count {
          var place = start + row * size.w + columns.first
          for _ in 0..<columns.count {
            let v = unsafe x[place]
            // Without a branch, which no processor could predict; NaN, which is rare, is looked for after.
            at = v > best ? place : at
            best = v > best ? v : best
            total += v
            place += windows.dilation.w
          }
          row += windows.dilation.h
        }
        if total.isNaN { at = unsafe firstNaN(x, start, rows, columns) ?? at }
        // A window with holes may miss the image altogether: it shows the plane's first element.
        unsafe positions[i * after.w + j] = rows.count * columns.count > 0 ? at : start
      }
    }
  }

  private func firstNaN<T: BinaryFloatingPoint>(
    _ x: UnsafeMutablePointer<T>, _ start: Int, _ rows: Places, _ columns: Places
  ) -> Int? {
    for i in 0..<rows.count {
      for j in 0..<columns.count {
        let (row, column) = (
          rows.first + i * windows.dilation.h, columns.first + j * windows.dilation.w
        )
        // Within the plane, as the places are.
        if unsafe x[start + row * size.w + column].isNaN { return start + row * size.w + column }
      }
    }
    return nil
  }

  private typealias Places = (first: Int, count: Int)

  /// Which of `k` places from `from` on, `step` apart, lie in `0..<n`: the first, and how many.
  private func inside(_ from: Int, _ k: Int, _ step: Int, _ n: Int) -> Places {
    // In the middle of the image all do.
    if from >= 0, from + (k - 1) * step < n { return (from, k) }
    let skipped = from < 0 ? (-from + step - 1) / step : 0
    let first = from + skipped * step
    guard first < n, skipped < k else { return (0, 0) }
    return (first, min(k - skipped, (n - 1 - first) / step + 1))
  }
}
