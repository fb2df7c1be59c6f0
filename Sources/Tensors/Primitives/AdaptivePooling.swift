/// Pooling to a given number of windows, which cover the image, under PyTorch's names.
///
/// Window i of `size` goes from element floor(i n / size) to before ceil((i + 1) n / size).
package struct AdaptivePooling: OperationFamily {
  package init() {}

  package let adaptiveAvgPool1d = Operation(
    "the means of as many windows as output_size says, which cover the sequence",
    [.tensor("x"), .sizes("output_size")],
    examples: [Example([Domain.reals.of([2, 2, 5])], ["output_size": .sizes([3])])],
    one: { try $0.tensor(0).averaged(to: $0.sizes(1), dims: 1) })
  package let adaptiveAvgPool2d = Operation(
    "the means of as many windows down and across as output_size says, which cover the image",
    [.tensor("x"), .sizes("output_size")],
    examples: [
      Example([Domain.reals.of([1, 2, 4, 5])], ["output_size": .sizes([3, 2])]),
      Example([Domain.reals.of([2, 4, 3])], ["output_size": .sizes([1])]),
    ],
    one: { try $0.tensor(0).averaged(to: $0.sizes(1), dims: 2) })
  package let adaptiveMaxPool1d = Operation(
    "the greatest elements of as many windows as output_size says, which cover the sequence",
    [.tensor("x"), .sizes("output_size")],
    examples: [Example([Domain.distinct.of([2, 2, 5])], ["output_size": .sizes([3])])],
    one: { try $0.tensor(0).maxima(of: $0.sizes(1), dims: 1) })
  package let adaptiveMaxPool2d = Operation(
    "the greatest elements of as many windows down and across as output_size says, which cover the image",
    [.tensor("x"), .sizes("output_size")],
    examples: [
      Example([Domain.distinct.of([1, 2, 4, 5])], ["output_size": .sizes([3, 2])]),
      Example([Domain.distinct.of([2, 4, 3])], ["output_size": .sizes([1])]),
    ],
    one: { try $0.tensor(0).maxima(of: $0.sizes(1), dims: 2) })
}

extension Tensor {
  /// The means over that many windows along each of the last dimensions.
  ///
  /// Shapes: [.., n, ..] -> [.., size, ..]; one size stands for all.
  func averaged(to sizes: [Int], dims: Int) throws -> Tensor {
    var y = try floating()
    for (k, windows) in try adaptiveWindows(sizes, dims).enumerated() {
      let (size, d) = (windows.count, rank - dims + k)
      var shares = try Tensor.zeros(Shape([shape[d], size]), y.dtype)
      for (i, window) in windows.enumerated() {
        for j in window { try shares.setElement(j * size + i, 1 / Double(window.count)) }
      }
      y = try y.transposed(d, -1).matmul(shares).transposed(d, -1)
    }
    return y
  }

  /// The greatest of each of that many windows along the last dimensions: of equal ones the first, and a NaN
  /// before all.
  ///
  /// Shapes: [.., n, ..] -> [.., size, ..]; one size stands for all.
  func maxima(of sizes: [Int], dims: Int) throws -> Tensor {
    let x = try floating()
    let windows = try adaptiveWindows(sizes, dims)
    let (down, across) = (dims == 2 ? windows[0] : [0..<1], windows[dims - 1])
    let width = shape[rank - 1]
    let plane = shape.product(rank - dims..<rank)
    let result = try Shape(shape.dims.dropLast(dims) + windows.map(\.count))
    var positions: [Int] = []
    positions.reserveCapacity(result.count)
    for start in stride(from: 0, to: count, by: plane) {
      try Interrupt.poll()
      for rows in down {
        for columns in across {
          var best = start + rows.lowerBound * width + columns.lowerBound
          for row in rows {
            for place in start + row * width + columns.lowerBound..<start + row * width
              + columns.upperBound
            where !x[flat: best].isNaN && !(x[flat: place] <= x[flat: best]) { best = place }
          }
          positions.append(best)
        }
      }
    }
    return try x.taken(IndexPlan(result: result, positions: positions, block: 1))
  }

  /// The windows along each of the last dimensions.
  private func adaptiveWindows(_ sizes: [Int], _ dims: Int) throws -> [[Range<Int>]] {
    guard rank == dims + 1 || rank == dims + 2 else {
      throw TensorError.rank(shape, expected: dims == 1 ? "sequences" : "images")
    }
    guard sizes.count == 1 || sizes.count == dims,
      sizes.allSatisfy({ $0 > 0 && $0 <= 1 << 24 }), shape.product(rank - dims..<rank) > 0
    else {
      throw TensorError.argument(
        "output_size", found: "\(sizes)",
        expected: "a positive number for each of \(dims) dimensions")
    }
    return (0..<dims).map { k in
      let (n, size) = (shape[rank - dims + k], sizes[min(k, sizes.count - 1)])
      return (0..<size).map { $0 * n / size..<(($0 + 1) * n + size - 1) / size }
    }
  }
}
