/// What the order of the elements tells of their distribution: the median, quantiles, running extremes, counts.
package struct OrderStatistics: OperationFamily {
  package init() {}

  package let median = Operation(
    "the median, the lower one of an even count; with dim its values and their indices",
    [.tensor("x"), .optionalSize("dim"), .flag("keepdim")],
    examples: [
      Example([Domain.distinct.of([2, 3])]),
      Example([Domain.distinct.of([2, 4])], ["dim": .size(1)]),
    ],
    { a in
      let x = try a.tensor(0)
      guard let dim = try a.optionalSize(1) else {
        return .one(try x.reshaped(to: [-1]).median(0, keepdim: false).values)
      }
      let (values, indices) = try x.median(dim, keepdim: a.flag(2))
      return .several([values, indices])
    })
  package let quantile = Operation(
    "the q-quantile (along dim), between neighbours by straight lines; q may be several",
    [.tensor("x"), .tensor("q"), .optionalSize("dim"), .flag("keepdim")],
    examples: [
      Example([Domain.distinct.of([5]), Domain.between(0.3, 0.4).of([])]),
      Example([Domain.distinct.of([2, 4])], ["q": .number(0.5), "dim": .size(1)]),
    ],
    one: { try $0.tensor(0).quantile($0.tensor(1), $0.optionalSize(2), keepdim: $0.flag(3)) })
  package let cummax = Operation(
    "running maxima along dim, and where each was met last", [.tensor("x"), .size("dim", 0)],
    examples: [Example([Domain.distinct.of([2, 4])], ["dim": .size(1)])],
    { .several(try $0.tensor(0).cumulativeExtreme($0.size(1), greatest: true)) })
  package let cummin = Operation(
    "running minima along dim, and where each was met last", [.tensor("x"), .size("dim", 0)],
    examples: [Example([Domain.distinct.of([2, 4])], ["dim": .size(1)])],
    { .several(try $0.tensor(0).cumulativeExtreme($0.size(1), greatest: false)) })
  package let unique = Operation(
    "the distinct elements in order; with return_counts how often each stands there as well",
    [.tensor("x"), .flag("sorted", true), .flag("return_counts")],
    { a in
      let (values, counts) = try a.tensor(0).distinct()
      return try a.flag(2) ? .several([values, counts]) : .one(values)
    })
  package let bincount = Operation(
    "how often each of the integers 0, 1, ... stands in x, or the sums of their weights",
    [.tensor("x"), .optionalTensor("weights"), .size("minlength", 0)],
    one: { try $0.tensor(0).counted(weights: $0.optionalTensor(1), atLeast: $0.size(2)) })
}

extension Tensor {
  /// The lower median along a dimension and where it stands; a NaN makes it NaN.
  ///
  /// Shapes: [.., n, ..] -> [.., 1, ..] with `keepdim`, else without that dimension.
  fileprivate func median(_ dim: Int, keepdim: Bool) throws -> (values: Tensor, indices: Tensor) {
    let d = try shape.dimension(dim)
    guard rank > 0 else { return (self, try Tensor.zeros(.scalar, .int64)) }
    let n = shape[d]
    guard n > 0 else { throw TensorError.shape(shape, expected: "at least one element") }
    let (sorted, order) = try sorted(d)
    // In order NaN comes last.
    let last = try sorted.detached.sliced(d, n - 1, n)
    let place = try last.compare(.notEqual, to: last).choose(
      Double(n - 1), Tensor(Double((n - 1) / 2)).expanded(to: last.shape)
    ).cast(to: .int64)
    let (values, indices) = (try sorted.gathered(d, place), try order.gathered(d, place))
    return keepdim ? (values, indices) : (try values.squeezed(d), try indices.squeezed(d))
  }

  /// Quantiles between neighbours by straight lines, as NumPy's `linear`.
  ///
  /// Shapes: x [.., n, ..], q [] or [m] -> q's shape + x's without (or with 1 in) that dimension.
  ///
  /// Throws: where q is outside of 0 to 1.
  fileprivate func quantile(_ q: Tensor, _ dim: Int?, keepdim: Bool) throws -> Tensor {
    guard q.rank <= 1, q.values.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
      throw TensorError.argument(
        "q", found: q.item.map { $0.plain } ?? "\(q.values)", expected: "numbers from 0 to 1")
    }
    guard let dim, rank > 0 else {
      let flat = try reshaped(to: [-1]).quantile(q, 0, keepdim: false)
      guard keepdim else { return flat }
      return try flat.reshaped(to: q.shape.dims + [Int](repeating: 1, count: rank))
    }
    let d = try shape.dimension(dim)
    let n = shape[d]
    guard n > 0 else { throw TensorError.shape(shape, expected: "at least one element") }
    let x = try floating().sorted(d).0
    let last = try x.detached.sliced(d, n - 1, n)
    let isNaN = try last.compare(.notEqual, to: last)
    var each: [Tensor] = []
    for (i, level) in q.values.enumerated() {
      let below = Int((level * Double(n - 1)).rounded(.down))
      let low = try x.sliced(d, below, below + 1)
      var y = low
      if below + 1 < n {
        // The place between the neighbours follows q, also in its derivative.
        let place =
          try (q.rank == 0 ? q : q.sliced(0, i, i + 1).reshaped(to: [])) * Double(n - 1)
          - Double(below)
        let step = try x.sliced(d, below + 1, below + 2) - low
        if q.isTracked || place.detached.item != 0 { y = try low + step * place.cast(to: x.dtype) }
      }
      y = try isNaN.choose(.nan, y)
      each.append(keepdim ? y : try y.squeezed(d))
    }
    if q.rank == 0 { return each[0] }
    return try Tensor.stacked(each, 0)
  }

  /// The extremes so far along a dimension and their places, the later of equals.
  fileprivate func cumulativeExtreme(_ dim: Int, greatest: Bool) throws -> [Tensor] {
    let d = try shape.dimension(dim)
    guard rank > 0 else { return [self, try Tensor.zeros(.scalar, .int64)] }
    let (n, inner) = (shape[d], shape.product(d + 1..<rank))
    let all = values
    var index = [Int](repeating: 0, count: count)
    for o in 0..<shape.product(0..<d) {
      for j in 0..<inner {
        var best = 0
        for i in 0..<n {
          let (new, old) = (all[(o * n + i) * inner + j], all[(o * n + best) * inner + j])
          if new.isNaN || (!old.isNaN && (greatest ? new >= old : new <= old)) { best = i }
          index[(o * n + i) * inner + j] = best
        }
      }
      try Interrupt.poll()
    }
    let indices = try Tensor(index, shape)
    return [try gathered(d, indices), indices]
  }

  /// The distinct elements, least first, and how often each occurs; NaN equals none.
  fileprivate func distinct() throws -> (values: Tensor, counts: Tensor) {
    let flat = try detached.reshaped(to: [-1])
    let (inOrder, order) = try flat.sorted(0)
    let all = inOrder.values
    let starts = all.indices.filter { $0 == 0 || all[$0] != all[$0 - 1] }
    let ends = starts.dropFirst() + [all.count]
    let places = order.integers ?? []
    let values = try flat.rows(starts.map { places[$0] })
    let counts = zip(starts, ends).map { $1 - $0 }
    return (values, try Tensor(counts, Shape([counts.count])))
  }

  fileprivate func counted(weights: Tensor?, atLeast least: Int) throws -> Tensor {
    guard rank == 1, !dtype.isFloating, let bins = integers, bins.allSatisfy({ $0 >= 0 }) else {
      throw TensorError.argument(
        "x", found: "a tensor of shape \(shape) of \(dtype.name)",
        expected: "a vector of integers of at least 0, as int(x) makes them")
    }
    if let weights, weights.shape != shape { throw TensorError.broadcast(weights.shape, shape) }
    let n = max(least, (bins.max() ?? -1) + 1)
    try Allocator.check(n * MemoryLayout<Double>.size)
    var sums = [Double](repeating: 0, count: n)
    let each = weights?.values
    for (i, bin) in bins.enumerated() { sums[bin] += each?[i] ?? 1 }
    let type = weights.map { $0.dtype == .float32 ? DType.float32 : .float64 } ?? .int64
    return try Tensor(sums, Shape([n]), type)
  }
}
