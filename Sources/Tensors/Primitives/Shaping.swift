import CKernels
import Glibc

/// The same elements in another arrangement.
package struct Shaping: OperationFamily {
  package init() {}

  package let reshape = Operation(
    "the same elements in another shape; one size may be -1", [.tensor("x"), .sizes("shape")],
    examples: [Example([Domain.reals.of([2, 3])], ["shape": .sizes([3, -1])])],
    one: { try $0.tensor(0).reshaped(to: $0.sizes(1)) })
  package let flatten = Operation(
    "dimensions start_dim to end_dim as one; as a layer all but the first",
    [.tensor("x"), .size("start_dim", 0), .size("end_dim", -1)],
    examples: [Example([Domain.reals.of([2, 3, 2])], ["start_dim": .size(1)])],
    one: { try $0.tensor(0).flattened($0.size(1), $0.size(2)) }
  ).asLayer(["start_dim": .size(1)])
  package let squeeze = Operation(
    "without the dimensions of extent 1, or without dim if its extent is 1",
    [.tensor("x"), .optionalSizes("dim")],
    examples: [Example([Domain.reals.of([2, 1, 3])])],
    one: { try $0.tensor(0).squeezed($0.optionalSizes(1)) })
  package let unsqueeze = Operation(
    "with a new dimension of extent 1 at dim", [.tensor("x"), .size("dim")],
    examples: [Example([Domain.reals.of([2, 3])], ["dim": .size(1)])],
    one: { try $0.tensor(0).unsqueezed($0.size(1)) })
  package let permute = Operation(
    "the dimensions in another order", [.tensor("x"), .sizes("dims")],
    examples: [Example([Domain.reals.of([2, 3, 2])], ["dims": .sizes([2, 0, 1])])],
    one: { try $0.tensor(0).permuted($0.sizes(1)) })
  package let transpose = Operation(
    "two dimensions exchanged", [.tensor("x"), .size("dim0", 0), .size("dim1", 1)],
    examples: [Example([Domain.reals.of([2, 3])], ["dim0": .size(0), "dim1": .size(1)])],
    one: { try $0.tensor(0).transposed($0.size(1), $0.size(2)) })
  package let expand = Operation(
    "repeated along dimensions of extent 1; -1 keeps an extent", [.tensor("x"), .sizes("shape")],
    examples: [Example([Domain.reals.of([2, 1])], ["shape": .sizes([3, 2, 4])])],
    one: { try $0.tensor(0).expanded(to: $0.sizes(1)) })
  package let repeatInterleave = Operation(
    "each element, or each slice along dim, repeats times: a number, or one for each",
    [.tensor("x"), .tensor("repeats"), .optionalSize("dim")],
    examples: [
      Example([Domain.reals.of([2, 3])], ["repeats": .size(2)]),
      Example([Domain.reals.of([2, 3]), Domain.integers(below: 4).of([3])], ["dim": .size(1)]),
    ],
    one: { a in
      let (x, dim) = (try a.tensor(0), try a.optionalSize(2))
      let flat = try dim == nil ? x.reshaped(to: [-1]) : x
      return try flat.interleaved(a.tensor(1), flat.shape.dimension(dim ?? 0))
    })
  package let cat = Operation(
    "tensors one after the other along dim", [.tensors("tensors"), .size("dim", 0)],
    examples: [
      Example([Domain.reals.of([2, 3]), Domain.reals.of([1, 3])]),
      Example([Domain.reals.of([2, 1]), Domain.reals.of([2, 2])], ["dim": .size(1)]),
    ],
    one: { try Tensor.concatenated($0.tensors(0), $0.size(1)) })
  package let stack = Operation(
    "tensors of one shape along a new dimension", [.tensors("tensors"), .size("dim", 0)],
    examples: [Example([Domain.reals.of([2]), Domain.reals.of([2])], ["dim": .size(1)])],
    one: { try Tensor.stacked($0.tensors(0), $0.size(1)) })
  package let split = Operation(
    "parts of a size (or of several sizes) along dim",
    [.tensor("x"), .sizes("split_size"), .size("dim", 0)],
    examples: [
      Example([Domain.reals.of([2, 3])], ["split_size": .sizes([1, 2]), "dim": .size(1)])
    ],
    { .several(try $0.tensor(0).split($0.sizes(1), $0.size(2))) })
  package let chunk = Operation(
    "that many parts along dim, the last perhaps smaller",
    [.tensor("x"), .size("chunks"), .size("dim", 0)],
    examples: [Example([Domain.reals.of([2, 4])], ["chunks": .size(2), "dim": .size(1)])],
    { .several(try $0.tensor(0).chunks($0.size(1), $0.size(2))) })
  package let flip = Operation(
    "in reverse order along dims", [.tensor("x"), .sizes("dims")],
    examples: [Example([Domain.reals.of([2, 3])], ["dims": .sizes([1])])],
    one: { try $0.tensor(0).flipped($0.sizes(1)) })
}

extension Tensor {
  // MARK: The same bytes under another shape

  /// The caller knows that the counts agree.
  package func reshaped(_ new: Shape) throws -> Tensor {
    if new == shape { return self }
    guard new.count == count else { throw TensorError.reshape(shape, new.dims) }
    let old = shape
    return viewed(as: new).recorded(self) { b in
      let g = b.g
      try b.send(to: 0) { try g.reshaped(old) }
    }
  }

  /// One size may be -1: it is what the others leave.
  package func reshaped(to dims: [Int]) throws -> Tensor {
    var dims = dims
    if let free = dims.firstIndex(of: -1) {
      let known = dims.enumerated().reduce(1) { $1.offset == free ? $0 : $0 &* $1.element }
      guard known > 0, count % known == 0 else { throw TensorError.reshape(shape, dims) }
      dims[free] = count / known
    }
    guard dims.allSatisfy({ $0 >= 0 }) else { throw TensorError.reshape(shape, dims) }
    return try reshaped(Shape(dims))
  }

  package func flattened(_ start: Int = 0, _ end: Int = -1) throws -> Tensor {
    guard rank > 0 else { return try reshaped(to: [1]) }
    let (s, e) = (try shape.dimension(start), try shape.dimension(end))
    guard s <= e else {
      throw TensorError.argument(
        "start_dim", found: "\(start)", expected: "at most end_dim, \(end)")
    }
    let dims = Array(shape.dims[..<s]) + [shape.product(s..<e + 1)] + Array(shape.dims[(e + 1)...])
    return try reshaped(Shape(trusted: dims))
  }

  package func squeezed(_ dim: Int) throws -> Tensor { try squeezed([dim]) }

  package func squeezed(_ dims: [Int]? = nil) throws -> Tensor {
    let mask = try dims.map { try shape.reduced($0) } ?? SIMD8(repeating: 1)
    let kept = (0..<rank).filter { mask[$0] == 0 || shape[$0] != 1 }
    return try reshaped(Shape(trusted: kept.map { shape[$0] }))
  }

  package func unsqueezed(_ dim: Int) throws -> Tensor {
    let d = try shape.dimension(dim, extra: 1)
    var dims = shape.dims
    dims.insert(1, at: d)
    return try reshaped(Shape(dims))
  }

  // MARK: Copies

  package func cast(to type: DType) throws -> Tensor {
    if type == dtype { return self }
    let y = try Tensor(uninitialized: shape, type)
    // Each side has `count` elements of its type.
    switch (dtype, type) {
    case (.float32, .float64): unsafe convert(floats, y.doubles) { Double($0) }
    case (.float64, .float32): unsafe convert(doubles, y.floats) { Float($0) }
    case (.bool, .float32): unsafe convert(bools, y.floats) { Float($0) }
    case (.int64, .float32): unsafe convert(ints, y.floats) { Float($0) }
    case (.bool, .float64): unsafe convert(bools, y.doubles) { Double($0) }
    case (.int64, .float64): unsafe convert(ints, y.doubles) { Double($0) }
    case (.bool, .int64): unsafe convert(bools, y.ints) { Int64($0) }
    case (.int64, .bool): unsafe convert(ints, y.bools) { $0 == 0 ? 0 : 1 }
    case (.float32, .bool): unsafe convert(floats, y.bools) { $0 == 0 ? 0 : 1 }
    case (.float64, .bool): unsafe convert(doubles, y.bools) { $0 == 0 ? 0 : 1 }
    case (.float32, .int64), (.float64, .int64):
      for i in 0..<count {
        let v = self[flat: i].rounded(.towardZero)
        guard let whole = Int64(exactly: v) else {
          throw TensorError.argument(
            "int", found: "\(v)", expected: "numbers that fit 64-bit integers")
        }
        unsafe y.ints[i] = whole
      }
    case (.bool, .bool), (.int64, .int64), (.float32, .float32), (.float64, .float64): return self
    }
    let old = dtype
    return y.recorded(self) { b in
      let g = b.g
      try b.send(to: 0) { try g.cast(to: old) }
    }
  }

  @inline(__always)
  private func convert<A, B>(
    _ from: UnsafeMutablePointer<A>, _ to: UnsafeMutablePointer<B>, _ f: (A) -> B
  ) {
    Parallel.shared.split(count) { r in
      for i in r { unsafe to[i] = f(from[i]) }
    }
  }

  package func permuted(_ dims: [Int]) throws -> Tensor {
    let order = try dims.map { try shape.dimension($0) }
    guard order.count == rank, Set(order).count == rank else {
      throw TensorError.argument(
        "dims", found: "\(dims)", expected: "each of the \(rank) dimensions once")
    }
    if order == Array(0..<rank) { return self }
    let y = try Tensor(uninitialized: Shape(trusted: order.map { shape[$0] }), dtype)
    copyPermuted(order, into: y)
    var inverse = [Int](repeating: 0, count: rank)
    for (i, d) in order.enumerated() { inverse[d] = i }
    return y.recorded(self) { b in
      let g = b.g
      try b.send(to: 0) { try g.permuted(inverse) }
    }
  }

  private func copyPermuted(_ order: [Int], into y: Tensor) {
    var strides = [Int](repeating: 1, count: rank)
    for i in stride(from: rank - 2, through: 0, by: -1) {
      strides[i] = strides[i + 1] * shape[i + 1]
    }
    let steps = order.map { strides[$0] }
    StridedCopy(y.shape, steps).run(self, into: y)
  }

  package func transposed(_ a: Int = -2, _ b: Int = -1) throws -> Tensor {
    let (i, j) = (try shape.dimension(a), try shape.dimension(b))
    guard rank > 0 else { return self }
    var order = Array(0..<rank)
    order.swapAt(i, j)
    return try permuted(order)
  }

  /// -1 keeps an extent.
  package func expanded(to dims: [Int]) throws -> Tensor {
    guard dims.count >= rank else {
      throw TensorError.argument("shape", found: "\(dims)", expected: "at least \(rank) sizes")
    }
    let extra = dims.count - rank
    let filled = dims.enumerated().map { i, d in d == -1 && i >= extra ? shape[i - extra] : d }
    return try expanded(to: Shape(filled))
  }

  /// Shapes: broadcast to exactly `target`.
  package func expanded(to target: Shape) throws -> Tensor {
    if target == shape { return self }
    guard try shape.broadcast(with: target) == target else {
      throw TensorError.broadcast(shape, target)
    }
    let y = try Tensor(uninitialized: target, dtype)
    var steps = [Int](repeating: 0, count: target.rank)
    var size = 1
    for i in 0..<rank {
      let d = rank - 1 - i
      if shape[d] != 1 { steps[target.rank - 1 - i] = size }
      size *= shape[d]
    }
    StridedCopy(target, steps).run(self, into: y)
    return y.recorded(self) { b in
      let g = b.g
      // `send` sums what was broadcast.
      try b.send(to: 0) { g }
    }
  }

  /// Each slice along a dimension so many times, one after the other: a number for all, or one for each.
  func interleaved(_ repeats: Tensor, _ d: Int) throws -> Tensor {
    guard rank > 0 else { throw TensorError.rank(shape, expected: "a tensor with dimensions") }
    guard let times = repeats.integers, times.allSatisfy({ $0 >= 0 }),
      repeats.count == 1 || repeats.shape.dims == [shape[d]]
    else {
      throw TensorError.argument(
        "repeats", found: repeats.item.map { $0.plain } ?? "\(repeats.values)",
        expected: "a whole number of at least 0, or \(shape[d]) of them")
    }
    if times.count == 1 {
      let (outer, inner) = (shape.product(0..<d + 1), shape.product(d + 1..<rank))
      let wide = try reshaped(Shape([outer, 1, inner])).expanded(
        to: Shape([outer, times[0], inner]))
      var dims = shape.dims
      // No overflow: the copies have been made.
      dims[d] *= times[0]
      return try wide.reshaped(Shape(dims))
    }
    let total = times.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
    try Allocator.check(total)
    return try indexSelected(
      d, Tensor(times.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element) }))
  }

  package static func concatenated(_ parts: [Tensor], _ dim: Int = 0) throws -> Tensor {
    guard let first = parts.first else {
      throw TensorError.argument("tensors", found: "none", expected: "at least one tensor")
    }
    guard first.rank > 0 else {
      throw TensorError.rank(
        first.shape, expected: "tensors with dimensions; stack joins single numbers")
    }
    let d = try first.shape.dimension(dim)
    let type = try parts.dropFirst().reduce(first) { a, b in
      try Tensor.zeros(Shape(trusted: [1]), DType.promoted(a, b))
    }.dtype
    for p in parts
    where p.rank != first.rank || p.shape.replacing(d, by: 1) != first.shape.replacing(d, by: 1) {
      throw TensorError.concatenation(parts.map(\.shape), dim: dim)
    }
    let xs = try parts.map { try $0.cast(to: type) }
    let extents = xs.map { $0.shape[d] }
    let total = extents.reduce(0, +)
    let y = try Tensor(
      uninitialized: try Shape(
        first.shape.replacing(d, by: 0).dims.enumerated().map {
          $0.offset == d ? total : $0.element
        }), type)
    let outer = first.shape.product(0..<d)
    let inner = first.shape.product(d + 1..<first.rank) * type.size
    var offset = 0
    for (x, n) in zip(xs, extents) {
      Parallel.shared.split(outer, grain: max(1, 4 * Parallel.grain / max(n * inner, 1))) { rows in
        for o in rows {
          // Row o of x, n * inner bytes, goes to its place in row o of y.
          unsafe memcpy(
            y.address + (o * total + offset) * inner, x.address + o * n * inner,
            n * inner)
        }
      }
      offset += n
    }
    return y.recorded(xs) { b in
      let g = b.g
      var start = 0
      for (i, n) in extents.enumerated() {
        let from = start
        try b.send(to: i) { try g.sliced(d, from, from + n) }
        start += n
      }
    }
  }

  package static func stacked(_ parts: [Tensor], _ dim: Int = 0) throws -> Tensor {
    guard let first = parts.first else {
      throw TensorError.argument("tensors", found: "none", expected: "at least one tensor")
    }
    for p in parts where p.shape != first.shape {
      throw TensorError.broadcast(first.shape, p.shape)
    }
    let d = try first.shape.dimension(dim, extra: 1)
    return try concatenated(parts.map { try $0.unsqueezed(d) }, d)
  }

  /// The slices along the first dimension.
  package func unstacked() throws -> [Tensor] {
    guard rank > 0 else { throw TensorError.rank(shape, expected: "a tensor with dimensions") }
    return try (0..<shape[0]).map { try sliced(0, $0, $0 + 1).squeezed(0) }
  }

  package func split(_ sizes: [Int], _ dim: Int) throws -> [Tensor] {
    let d = try shape.dimension(dim)
    guard rank > 0 else { throw TensorError.rank(shape, expected: "a tensor with dimensions") }
    var parts = sizes
    if sizes.count == 1, sizes[0] > 0, sizes[0] != shape[d] {
      parts = stride(from: 0, to: shape[d], by: sizes[0]).map { min(sizes[0], shape[d] - $0) }
    }
    guard parts.allSatisfy({ 0...shape[d] ~= $0 }), parts.reduce(0, +) == shape[d] else {
      throw TensorError.argument(
        "split_size", found: "\(sizes)", expected: "sizes that add up to \(shape[d])")
    }
    var start = 0
    return try parts.map { n in
      defer { start += n }
      return try sliced(d, start, start + n)
    }
  }

  package func chunks(_ n: Int, _ dim: Int) throws -> [Tensor] {
    guard n > 0 else {
      throw TensorError.argument("chunks", found: "\(n)", expected: "at least 1")
    }
    let d = try shape.dimension(dim)
    guard rank > 0 else { throw TensorError.rank(shape, expected: "a tensor with dimensions") }
    return try split([max(shape[d] / n + (shape[d] % n == 0 ? 0 : 1), 1)], dim)
  }

  package func flipped(_ dims: [Int]) throws -> Tensor {
    let mask = try shape.reduced(dims.isEmpty ? nil : dims)
    var y = self
    for d in 0..<rank where mask[d] == 1 && !dims.isEmpty {
      y = try y.sliced(d, shape[d] - 1, -1, step: -1)
    }
    return y
  }
}
