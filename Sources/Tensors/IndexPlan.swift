/// One subscript of `x[...]`.
package enum Subscript {
  case at(Int)
  /// Bounds as Python reads them: from either end, cut to the extent.
  case slice(Int?, Int?, Int)
  case newAxis
  case ellipsis
  /// Integers pick, booleans select.
  case tensor(Tensor)

  package static var all: Subscript { .slice(nil, nil, 1) }
}

/// Which elements `x[...]` means, and in which shape.
///
/// The elements come as blocks: `block` neighbours from each of `positions`, in order.
struct IndexPlan {
  /// Where blocks begin, in order.
  enum Positions {
    /// Evenly spaced, as those of a slice are.
    case even(Int, step: Int, count: Int)
    case list([Int])

    var count: Int {
      switch self {
      case .even(_, _, let count): count
      case .list(let list): list.count
      }
    }

    subscript(i: Int) -> Int {
      switch self {
      case .even(let first, let step, _): first + i * step
      case .list(let list): list[i]
      }
    }

    var all: [Int] { (0..<count).map { self[$0] } }

    /// Calls `body` with the number and the position of each block of a range that exists.
    @inline(__always)
    func visit(_ range: Range<Int>, _ body: (Int, Int) -> Void) {
      switch self {
      case .even(let first, let step, _): for i in range { body(i, first + i * step) }
      case .list(let list):
        unsafe list.withUnsafeBufferPointer { for i in range { unsafe body(i, $0[i]) } }
      }
    }
  }

  let result: Shape
  let positions: Positions
  let block: Int

  /// One dimension of the result, or several that are indexed together: its extents, and what each
  /// index adds to the position.
  private struct Group {
    enum Offsets {
      /// Evenly spaced, from a start on.
      case run(Int, step: Int, count: Int)
      case list([Int])

      static let single = Offsets.run(0, step: 0, count: 1)
    }

    let dims: [Int]
    let offsets: Offsets

    static func single(_ offset: Int, dims: [Int] = []) -> Group {
      Group(dims: dims, offsets: .run(offset, step: 0, count: 1))
    }

    func added(to positions: [Int]) -> [Int] {
      var all: [Int] = []
      switch offsets {
      case .run(0, _, 1): return positions
      case .run(let start, let step, let n):
        all.reserveCapacity(positions.count * n)
        for p in positions { for i in 0..<n { all.append(p + start + i * step) } }
      case .list(let list):
        all.reserveCapacity(positions.count * list.count)
        for p in positions { for offset in list { all.append(p + offset) } }
      }
      return all
    }
  }

  /// Whether each block lies after the one before, as those of a slice do.
  var isAscending: Bool {
    switch positions {
    case .even(_, let step, let count): count < 2 || step >= block
    case .list(let list): zip(list, list.dropFirst()).allSatisfy { $0 + block <= $1 }
    }
  }

  /// Whole slices of `block` elements, in another shape.
  init(result: Shape, positions: [Int], block: Int) {
    self.init(result, .list(positions), block)
  }

  init(_ result: Shape, _ positions: Positions, _ block: Int) {
    self.result = result
    self.positions = positions
    self.block = block
  }

  init(_ shape: Shape, _ subscripts: [Subscript]) throws {
    let consumed = subscripts.reduce(0) { $0 + $1.consumed }
    guard consumed <= shape.rank else {
      throw TensorError.rank(
        shape, expected: "a tensor of at least \(consumed) dimensions for \(consumed) indices")
    }
    var strides = [Int](repeating: 1, count: shape.rank)
    for i in stride(from: shape.rank - 2, through: 0, by: -1) {
      strides[i] = strides[i + 1] * shape[i + 1]
    }

    var groups: [Group] = []
    var joint: [(index: Tensor, dim: Int)] = []
    var jointAt: Int?
    var isSplit = false
    var lastWasTensor = false
    var dim = 0
    func whole(_ d: Int) -> Group {
      Group(dims: [shape[d]], offsets: .run(0, step: strides[d], count: shape[d]))
    }
    var seenEllipsis = false
    for s in subscripts {
      var isTensor = false
      switch s {
      case .newAxis: groups.append(.single(0, dims: [1]))
      case .ellipsis:
        guard !seenEllipsis else {
          throw TensorError.argument("index", found: "two ...", expected: "at most one")
        }
        seenEllipsis = true
        for _ in 0..<shape.rank - consumed {
          groups.append(whole(dim))
          dim += 1
        }
      case .at(let i):
        // Its dimension goes before tensors of indices are looked at, as in PyTorch; NumPy counts it among these.
        groups.append(.single(try Self.position(i, shape[dim]) * strides[dim]))
        dim += 1
        continue
      case .slice(let lo, let hi, let step):
        let picked = try Self.slice(lo, hi, step, shape[dim])
        let stride = strides[dim]
        groups.append(
          Group(
            dims: [picked.count],
            // A step so long that it overflows is never taken.
            offsets: .run(picked.first * stride, step: picked.step &* stride, count: picked.count)))
        dim += 1
      case .tensor(let t):
        isTensor = true
        if t.dtype == .bool {
          guard t.rank > 0 else {
            throw TensorError.rank(t.shape, expected: "a mask with dimensions")
          }
          guard t.shape.dims == Array(shape.dims[dim..<dim + t.rank]) else {
            throw TensorError.shape(
              t.shape, expected: "a mask of shape \(Array(shape.dims[dim..<dim + t.rank]))")
          }
          for (k, index) in try t.nonzero().enumerated() { joint.append((index, dim + k)) }
          dim += t.rank
        } else {
          guard let whole = t.integers,
            t.dtype == .int64 || zip(whole, t.values).allSatisfy({ Double($0) == $1 })
          else { throw TensorError.dtype(t.dtype, expected: "whole numbers as indices") }
          joint.append((try Tensor(whole, t.shape), dim))
          dim += 1
        }
      }
      if isTensor {
        if jointAt == nil {
          jointAt = groups.count
        } else if !lastWasTensor {
          isSplit = true
        }
      }
      lastWasTensor = isTensor
    }
    while dim < shape.rank {
      groups.append(whole(dim))
      dim += 1
    }
    if let at = jointAt {
      groups.insert(try Self.group(joint, shape, strides), at: isSplit ? 0 : at)
    }
    try self.init(Shape(groups.flatMap(\.dims)), groups[...])
  }

  private init(_ result: Shape, _ groups: ArraySlice<Group>) throws {
    var groups = groups
    var (block, base) = (1, 0)
    // From the last dimension on, as far as the elements are neighbours.
    while case .run(let start, let step, let n)? = groups.last?.offsets, n == 1 || step == block {
      base += start
      block *= n
      groups.removeLast()
    }
    if result.count == 0 {
      self.init(result, .even(0, step: 0, count: 0), 0)
      return
    }
    if groups.count < 2, case .run(let start, let step, let n) = groups.last?.offsets ?? .single {
      self.init(result, .even(base + start, step: step, count: n), block)
      return
    }
    try Allocator.check(result.count / block * MemoryLayout<Int>.size)
    let positions = groups.reduce([base]) { $1.added(to: $0) }
    self.init(result, .list(positions), block)
  }

  private static func group(
    _ joint: [(index: Tensor, dim: Int)], _ shape: Shape, _ strides: [Int]
  ) throws -> Group {
    let common = try joint.reduce(Shape.scalar) { try $0.broadcast(with: $1.index.shape) }
    try Allocator.check(common.count * MemoryLayout<Int>.size)
    var offsets = [Int](repeating: 0, count: common.count)
    for (index, dim) in joint {
      let all = try index.expanded(to: common)
      for i in 0..<all.count {
        // Within the count just made.
        offsets[i] += try position(unsafe Int(all.ints[i]), shape[dim]) * strides[dim]
      }
    }
    return Group(dims: common.dims, offsets: .list(offsets))
  }

  /// An index from either end, as one from the front.
  static func position(_ i: Int, _ extent: Int) throws -> Int {
    guard i >= -extent, i < extent else { throw TensorError.indexOutOfRange(i, extent: extent) }
    return i < 0 ? i + extent : i
  }

  /// The indices a Python slice means: the first, and how many.
  static func slice(_ lo: Int?, _ hi: Int?, _ step: Int, _ n: Int) throws -> (
    first: Int, step: Int, count: Int
  ) {
    guard step != 0 else {
      throw TensorError.argument("step", found: "0", expected: "a step forwards or backwards")
    }
    func bound(_ i: Int, _ low: Int, _ high: Int) -> Int { min(max(i < 0 ? i + n : i, low), high) }
    if step > 0 {
      let (a, b) = (bound(lo ?? 0, 0, n), bound(hi ?? n, 0, n))
      return (a, step, b > a ? (b - a - 1) / step + 1 : 0)
    }
    let a = lo.map { bound($0, -1, n - 1) } ?? n - 1
    let b = hi.map { bound($0, -1, n - 1) } ?? -1
    return (max(a, 0), step, a > b ? Int((a - b - 1).magnitude / step.magnitude) + 1 : 0)
  }
}

extension Subscript {
  /// How many dimensions of the source it takes.
  fileprivate var consumed: Int {
    switch self {
    case .newAxis, .ellipsis: 0
    case .at, .slice: 1
    case .tensor(let t): t.dtype == .bool ? t.rank : 1
    }
  }
}
