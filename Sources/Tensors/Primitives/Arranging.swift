/// Copies of a tensor's elements moved, repeated or compared with their neighbours.
package struct Arranging: OperationFamily {
  package init() {}

  package let roll = Operation(
    "moved along dims by shifts, what leaves at one end coming back at the other",
    [.tensor("x"), .sizes("shifts"), .optionalSizes("dims")],
    examples: [
      Example([Domain.reals.of([2, 3])], ["shifts": .sizes([1])]),
      Example([Domain.reals.of([2, 3])], ["shifts": .sizes([1, -1]), "dims": .sizes([0, 1])]),
    ],
    one: { try $0.tensor(0).rolled($0.sizes(1), $0.optionalSizes(2)) })
  package let `repeat` = Operation(
    "x so many times along each dimension, new ones first", [.tensor("x"), .sizes("repeats")],
    examples: [Example([Domain.reals.of([2, 3])], ["repeats": .sizes([2, 1, 2])])],
    one: { a in
      let (x, n) = (try a.tensor(0), try a.sizes(1))
      guard n.count >= x.rank else {
        throw TensorError.argument(
          "repeats", found: "\(n)", expected: "a number for each of \(x.rank) dimensions")
      }
      return try x.tiled(n)
    })
  package let tile = Operation(
    "x so many times along each of its last dimensions", [.tensor("x"), .sizes("dims")],
    examples: [Example([Domain.reals.of([2, 3])], ["dims": .sizes([2])])],
    one: { try $0.tensor(0).tiled($0.sizes(1)) })
  package let meshgrid = Operation(
    "the coordinates of a grid's points, one tensor for each axis; indexing \"ij\" or \"xy\"",
    [.operands("tensors"), .text("indexing", "ij")],
    examples: [
      Example([Domain.reals.of([2]), Domain.reals.of([3])]),
      Example([Domain.reals.of([2]), Domain.reals.of([3])], ["indexing": .text("xy")]),
    ],
    { .several(try Tensor.grid($0.operands(0), indexing: $0.text(1))) })
  package let movedim = Operation(
    "x with dimensions moved from source to destination, the others in order",
    [.tensor("x"), .sizes("source"), .sizes("destination")],
    examples: [
      Example([Domain.reals.of([2, 3, 2])], ["source": .sizes([0]), "destination": .sizes([-1])])
    ],
    one: { a in
      let x = try a.tensor(0)
      let from = try a.sizes(1).map { try x.shape.dimension($0) }
      let to = try a.sizes(2).map { try x.shape.dimension($0) }
      guard from.count == to.count, Set(from).count == from.count, Set(to).count == to.count else {
        throw TensorError.argument(
          "destination", found: "\(try a.sizes(2))", expected: "a place for each of \(from)")
      }
      var rest = (0..<x.rank).filter { !from.contains($0) }[...]
      return try x.permuted(
        (0..<x.rank).map { d in to.firstIndex(of: d).map { from[$0] } ?? rest.removeFirst() })
    })
  package let diff = Operation(
    "each element less the one before it along dim, n times over",
    [.tensor("x"), .size("n", 1), .size("dim", -1)],
    examples: [Example([Domain.reals.of([2, 4])], ["n": .size(2)])],
    one: { try $0.tensor(0).differences($0.size(1), $0.size(2)) })
}

extension Tensor {
  /// Each element 0 with probability p, the others divided by 1 - p.
  package func dropout(_ p: Double, _ generator: Generator) throws -> Tensor {
    guard p > 0 else { return self }
    if p >= 1 { return try self * 0 }
    let kept = try generator.uniform(shape, dtype).compare(.greaterOrEqual, to: p)
    return try self * (kept.cast(to: dtype) * (1 / (1 - p)))
  }

  package func rolled(_ shifts: [Int], _ dims: [Int]?) throws -> Tensor {
    guard let dims, !dims.isEmpty else {
      return try reshaped(Shape(trusted: [count])).rolled(shifts, [0]).reshaped(shape)
    }
    guard shifts.count == dims.count else {
      throw TensorError.argument(
        "shifts", found: "\(shifts)", expected: "one for each of \(dims.count) dims")
    }
    guard rank > 0 else { return self }
    var y = self
    for (shift, dim) in zip(shifts, dims) {
      let d = try shape.dimension(dim)
      let n = shape[d]
      if n == 0 { continue }
      let cut = ((-(shift % n)) % n + n) % n
      if cut == 0 { continue }
      y = try Tensor.concatenated([y.sliced(d, cut, n), y.sliced(d, 0, cut)], d)
    }
    return y
  }

  /// So many copies side by side along the last dimensions; new ones come first.
  package func tiled(_ times: [Int]) throws -> Tensor {
    let rank = Swift.max(rank, times.count)
    let extents = [Int](repeating: 1, count: rank - shape.rank) + shape.dims
    let counts = [Int](repeating: 1, count: rank - times.count) + times
    guard counts.allSatisfy({ $0 >= 0 }) else { throw TensorError.negativeExtent(times) }
    let all = try Shape(
      zip(counts, extents).map { n, extent in
        let (product, overflow) = n.multipliedReportingOverflow(by: extent)
        guard !overflow else { throw TensorError.tooLarge(times, elementSize: dtype.size) }
        return product
      })
    // One dimension at a time, so that no more dimensions are needed than the result has.
    var y = try reshaped(Shape(extents))
    for d in 0..<rank where counts[d] != 1 {
      let (outer, inner) = (y.shape.product(0..<d), y.shape.product(d..<rank))
      let wide = try y.reshaped(Shape([outer, 1, inner])).expanded(
        to: Shape([outer, counts[d], inner]))
      y = try wide.reshaped(y.shape.replacing(d, by: all[d]))
    }
    return y
  }

  package static func grid(_ axes: [Tensor], indexing: String) throws -> [Tensor] {
    guard indexing == "ij" || indexing == "xy" else {
      throw TensorError.argument(
        "indexing", found: "\"\(indexing)\"", expected: "\"ij\" or \"xy\"")
    }
    for axis in axes where axis.rank > 1 {
      throw TensorError.rank(axis.shape, expected: "vectors")
    }
    var order = Array(axes.indices)
    // "xy" exchanges the first two dimensions: rows go with y.
    if indexing == "xy", axes.count > 1 { order.swapAt(0, 1) }
    var dims = [Int](repeating: 1, count: axes.count)
    for (i, axis) in axes.enumerated() { dims[order[i]] = axis.count }
    let shape = try Shape(dims)
    return try axes.enumerated().map { i, axis in
      var own = [Int](repeating: 1, count: axes.count)
      own[order[i]] = axis.count
      return try axis.reshaped(to: own).expanded(to: shape)
    }
  }

  package func differences(_ n: Int, _ dim: Int) throws -> Tensor {
    let d = try shape.dimension(dim)
    guard rank > 0, n >= 0 else {
      throw n < 0
        ? TensorError.argument("n", found: "\(n)", expected: "at least 0")
        : TensorError.rank(shape, expected: "a tensor with dimensions")
    }
    var y = self
    for _ in 0..<Swift.min(n, shape[d]) {
      let m = y.shape[d]
      y = try y.sliced(d, Swift.min(1, m), m) - y.sliced(d, 0, Swift.max(m - 1, 0))
    }
    return y
  }
}
