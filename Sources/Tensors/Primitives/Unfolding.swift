/// The windows of an image as columns, and columns added up to an image, under PyTorch's names.
package struct Unfolding: OperationFamily {
  package init() {}

  package let unfold = Operation(
    "the windows of images as columns: [n, c, h, w] -> [n, c * window, windows]",
    [
      .tensor("x"), .sizes("kernel_size"), .sizes("dilation", [1]), .sizes("padding", [0]),
      .sizes("stride", [1]),
    ],
    examples: [
      Example([Domain.reals.of([2, 2, 3, 4])], ["kernel_size": .sizes([2])]),
      Example(
        [Domain.reals.of([1, 1, 4, 3])],
        [
          "kernel_size": .sizes([2, 1]), "dilation": .sizes([2, 1]), "padding": .sizes([1, 0]),
          "stride": .sizes([2]),
        ]),
    ],
    one: { a in
      let x = try a.tensor(0)
      guard x.rank == 4 else {
        throw TensorError.rank(x.shape, expected: "images [n, channels, h, w]")
      }
      let windows = try windows(a, 1)
      let p = windows.padding
      let wide = try x.padded([p.w, p.w, p.h, p.h], 0)
      return try wide.taken(columns(wide.shape, windows))
    })
  package let fold = Operation(
    "columns added up where their windows lie: the transpose of unfold",
    [
      .tensor("x"), .sizes("output_size"), .sizes("kernel_size"), .sizes("dilation", [1]),
      .sizes("padding", [0]), .sizes("stride", [1]),
    ],
    examples: [
      Example(
        [Domain.reals.of([2, 8, 6])], ["output_size": .sizes([3, 4]), "kernel_size": .sizes([2])]),
      Example(
        [Domain.reals.of([1, 4, 2])],
        [
          "output_size": .sizes([2, 3]), "kernel_size": .sizes([2]), "stride": .sizes([2]),
          "padding": .sizes([0, 1]),
        ]),
    ],
    one: { a in
      let (x, size) = (try a.tensor(0), try Pair(a.sizes(1), "output_size"))
      let windows = try windows(a, 2)
      let (p, k) = (windows.padding, windows.kernel)
      guard x.rank == 3, x.shape[1] % k.product == 0 else {
        throw TensorError.shape(x.shape, expected: "[n, channels * \(k.h) * \(k.w), windows]")
      }
      let wide = try Shape([
        x.shape[0], x.shape[1] / k.product, size.h + 2 * p.h, size.w + 2 * p.w,
      ])
      let plan = try columns(wide, windows)
      guard plan.result == x.shape else {
        throw TensorError.shape(x.shape, expected: "the shape \(plan.result)")
      }
      return try x.floating().scattered(plan, into: wide).padded([-p.w, -p.w, -p.h, -p.h], 0)
    })

  /// How windows move, by the arguments from the i-th on.
  private static func windows(_ a: Arguments, _ i: Int) throws -> Windows {
    Windows(
      kernel: try Pair(a.sizes(i), "kernel_size"), stride: try Pair(a.sizes(i + 3), "stride"),
      padding: try Pair(a.sizes(i + 2), "padding", least: 0),
      dilation: try Pair(a.sizes(i + 1), "dilation"))
  }

  /// Where each element of the columns stands in images whose padding is there already.
  private static func columns(_ shape: Shape, _ windows: Windows) throws -> IndexPlan {
    let (n, c, h, w) = (shape[0], shape[1], shape[2], shape[3])
    var inner = windows
    inner.padding = Pair(0, 0)
    let after = try inner.count(Pair(h, w))
    let (k, s, d) = (windows.kernel, windows.stride, windows.dilation)
    // By checked products.
    let result = try Shape([n, Shape([c, k.h, k.w]).count, Shape([after.h, after.w]).count])
    try Allocator.check(result.count * MemoryLayout<Int>.size)
    var positions: [Int] = []
    positions.reserveCapacity(result.count)
    for plane in 0..<n * c {
      for (i, j) in (0..<k.product).map({ ($0 / k.w, $0 % k.w) }) {
        for row in 0..<after.h {
          let start = (plane * h + row * s.h + i * d.h) * w + j * d.w
          for column in 0..<after.w { positions.append(start + column * s.w) }
        }
      }
      try Interrupt.poll()
    }
    return IndexPlan(result: result, positions: positions, block: 1)
  }
}
