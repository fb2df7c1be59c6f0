import CKernels
import Glibc

/// Picking elements, and putting them back.
package struct Indexing: OperationFamily {
  package init() {}

  package let gather = Operation(
    "x's elements at index along dim", [.tensor("x"), .size("dim"), .tensor("index")],
    examples: [
      Example([Domain.reals.of([2, 3]), Domain.integers(below: 3).of([2, 2])], ["dim": .size(1)])
    ],
    one: { try $0.tensor(0).gathered($0.size(1), $0.tensor(2)) })
  package let indexSelect = Operation(
    "the slices of x at index along dim", [.tensor("x"), .size("dim"), .tensor("index")],
    examples: [
      Example([Domain.reals.of([2, 3]), Domain.integers(below: 3).of([4])], ["dim": .size(1)])
    ],
    one: { try $0.tensor(0).indexSelected($0.size(1), $0.tensor(2)) })
  package let embedding = Operation(
    "the rows of weight at index", [.tensor("index"), .tensor("weight")],
    examples: [Example([Domain.integers(below: 4).of([2, 3]), Domain.reals.of([4, 2])])],
    one: { try $0.tensor(1).indexed([.tensor($0.tensor(0))]) })
  package let oneHot = Operation(
    "1 at the index, 0 elsewhere, along a new last dimension",
    [.tensor("index"), .size("num_classes", -1)],
    one: { try $0.tensor(0).oneHot($0.size(1)) })
  package let tril = Operation(
    "the lower triangle, up to a diagonal; else 0", [.tensor("x"), .size("diagonal", 0)],
    examples: [Example([Domain.reals.of([3, 3])], ["diagonal": .size(1)])],
    one: { a in
      let k = try a.size(1)
      return try a.tensor(0).triangle { $1 - $0 <= k }
    })
  package let triu = Operation(
    "the upper triangle, from a diagonal on; else 0", [.tensor("x"), .size("diagonal", 0)],
    examples: [Example([Domain.reals.of([3, 3])], ["diagonal": .size(1)])],
    one: { a in
      let k = try a.size(1)
      return try a.tensor(0).triangle { $1 - $0 >= k }
    })
  package let diag = Operation(
    "a matrix with x on its diagonal, or the diagonal of a matrix",
    [.tensor("x"), .size("diagonal", 0)],
    examples: [
      Example([Domain.reals.of([3])]), Example([Domain.reals.of([3, 3])], ["diagonal": .size(1)]),
    ],
    one: { try $0.tensor(0).diagonal($0.size(1)) })
  package let diagonal = Operation(
    "the diagonals of the matrices that dim1 and dim2 span, along a new last dimension",
    [.tensor("x"), .size("offset", 0), .size("dim1", 0), .size("dim2", 1)],
    examples: [
      Example([Domain.reals.of([3, 4])], ["offset": .size(-1)]),
      Example([Domain.reals.of([2, 3, 2])], ["dim1": .size(-2), "dim2": .size(-1)]),
    ],
    one: { a in
      let x = try a.tensor(0)
      let (i, j) = (try x.shape.dimension(a.size(2)), try x.shape.dimension(a.size(3)))
      guard x.rank >= 2, i != j else { throw TensorError.rank(x.shape, expected: "two dimensions") }
      let (k, m, n) = (try a.size(1), x.shape[i], x.shape[j])
      guard k.magnitude <= UInt(max(m, n)) else {
        throw TensorError.argument("offset", found: "\(k)", expected: "a diagonal of \(m) x \(n)")
      }
      let length = max(0, min(m - max(-k, 0), n - max(k, 0)))
      let rows = try Tensor((0..<length).map { $0 + max(-k, 0) })
      let columns = try Tensor((0..<length).map { $0 + max(k, 0) })
      let others = (0..<x.rank).filter { $0 != i && $0 != j }
      return try x.permuted(others + [i, j]).indexed(
        [.ellipsis, .tensor(rows), .tensor(columns)])
    })
  package let maskedSelect = Operation(
    "the elements where the mask holds, in order", [.tensor("x"), .tensor("mask")],
    examples: [Example([Domain.reals.of([2, 3]), Domain.booleans.of([3])])],
    one: { a in
      let shape = try a.tensor(0).shape.broadcast(with: a.tensor(1).shape)
      let (x, mask) = (try a.tensor(0).expanded(to: shape), try a.tensor(1).expanded(to: shape))
      return try x.reshaped(to: [-1]).indexed([.tensor(mask.reshaped(to: [-1]).cast(to: .bool))])
    })
  package let nonzero = Operation(
    "the indices of the elements that are not 0, one row each", [.tensor("x")],
    one: { a in
      let columns = try a.tensor(0).nonzero()
      if columns.isEmpty {
        return try Tensor.zeros(Shape([a.tensor(0).item == 0 ? 0 : 1, 0]), .int64)
      }
      return try Tensor.stacked(columns, 1)
    })
}

extension Tensor {
  /// x[...]: NumPy's basic and advanced indexing.
  package func indexed(_ subscripts: [Subscript]) throws -> Tensor {
    try taken(IndexPlan(shape, subscripts))
  }

  /// The tensor in which x[...] is replaced by the value, broadcast; this one is left alone unless
  /// nobody else holds it and no gradient is recorded.
  package consuming func assigning(_ subscripts: [Subscript], _ value: Tensor) throws -> Tensor {
    var y = self
    try y.assign(subscripts, value)
    return y
  }

  /// Replaces x[...] by the value, broadcast; in place where nobody else holds the elements and no
  /// gradient is recorded.
  ///
  /// On an error the tensor is as it was.
  package mutating func assign(_ subscripts: [Subscript], _ value: Tensor) throws {
    let plan = try IndexPlan(shape, subscripts)
    guard !value.dtype.isFloating || dtype.isFloating else {
      throw TensorError.dtype(
        value.dtype, expected: "\(dtype.name), as the tensor is; float(x) makes one of floats")
    }
    let v = try value.cast(to: dtype)
    guard try v.shape.broadcast(with: plan.result) == plan.result else {
      throw TensorError.broadcast(v.shape, plan.result)
    }
    try assign(plan, v.expanded(to: plan.result))
  }

  /// Replaces the elements of a plan made for this shape, each once, by those of a tensor of the plan's shape
  /// and of this type.
  mutating func assign(_ plan: IndexPlan, _ new: Tensor) throws {
    guard isTracked || new.isTracked else {
      try makeUnique()
      write(new, plan)
      return
    }
    let old = self
    let y = try copied()
    y.write(new, plan)
    self = y.recorded(old, new) { b in
      let g = b.g
      try b.send(to: 0) { try g.detached.assigningZero(plan, g) }
      try b.send(to: 1) { try g.taken(plan) }
    }
  }

  /// g with zeros where the plan points.
  private func assigningZero(_ plan: IndexPlan, _ g: Tensor) throws -> Tensor {
    var mask = try Tensor.ones(shape, dtype)
    try mask.makeUnique()
    mask.write(try Tensor.zeros(plan.result, dtype), plan)
    return try g * mask
  }

  private func write(_ new: Tensor, _ plan: IndexPlan) {
    let bytes = plan.block * dtype.size
    plan.positions.visit(0..<plan.positions.count) { i, p in
      // The plan was made for this shape: p + block <= count; new has positions * block elements.
      unsafe memcpy(address + p * dtype.size, new.address + i * bytes, bytes)
    }
  }

  /// The elements of a plan made for this tensor's shape.
  func taken(_ plan: IndexPlan) throws -> Tensor {
    let y = try Tensor(uninitialized: plan.result, dtype)
    let bytes = plan.block * dtype.size
    // The plan was made for this shape: p + block <= count; y has positions * block elements.
    Parallel.shared.split(
      plan.positions.count, grain: max(1, Parallel.grain / max(plan.block, 1))
    ) { r in
      switch bytes {
      case 4 where plan.block == 1:
        let (from, to) = unsafe (floats, y.floats)
        plan.positions.visit(r) { i, p in unsafe to[i] = from[p] }
      case 8 where plan.block == 1:
        let (from, to) = unsafe (ints, y.ints)
        plan.positions.visit(r) { i, p in unsafe to[i] = from[p] }
      default:
        let (from, to) = unsafe (address, y.address)
        plan.positions.visit(r) { i, p in
          unsafe memcpy(to + i * bytes, from + p * dtype.size, bytes)
        }
      }
    }
    return y.recorded(self) { b in
      let g = b.g
      try b.send(to: 0, at: plan) { g }
    }
  }

  /// Zeros of a shape to which this tensor's elements are added where the plan points.
  func scattered(_ plan: IndexPlan, into target: Shape) throws -> Tensor {
    let y: Tensor
    if plan.isAscending, plan.positions.count > 0 {
      y = try Tensor(uninitialized: target, dtype)
      place(plan, amongZerosOf: y)
    } else {
      y = try Tensor.zeros(target, dtype)
      add(at: plan, into: y)
    }
    let shape = shape
    return y.recorded(self) { b in
      let g = b.g
      try b.send(to: 0) { try g.taken(plan).reshaped(shape) }
    }
  }

  /// Another tensor with this one's elements added where the plan points, over its bytes where nobody else holds them.
  func added(at plan: IndexPlan, to other: consuming Tensor) throws -> Tensor {
    var sum = other
    guard sum.isUnique() else {
      return try scattered(plan, into: sum.shape) + sum
    }
    add(at: plan, into: sum)
    return sum
  }

  private func add(at plan: IndexPlan, into y: Tensor) {
    let (n, all) = (plan.block, 0..<plan.positions.count)
    // The plan was made for y's shape: p + n <= count; this tensor has positions * n elements.
    switch (dtype, n) {
    case (.float64, 1): plan.positions.visit(all) { i, p in unsafe y.doubles[p] += doubles[i] }
    case (_, 1): plan.positions.visit(all) { i, p in unsafe y.floats[p] += floats[i] }
    case (.float64, _):
      plan.positions.visit(all) { i, p in
        unsafe dg_add_into_f64(doubles + i * n, y.doubles + p, n)
      }
    default:
      plan.positions.visit(all) { i, p in unsafe dg_add_into_f32(floats + i * n, y.floats + p, n) }
    }
  }

  /// Writes these elements where an ascending plan points, and zeros between.
  private func place(_ plan: IndexPlan, amongZerosOf y: Tensor) {
    let (size, n, count) = (dtype.size, plan.block, plan.positions.count)
    if size == 4, n == 1, y.count < Parallel.grain {
      // Of single floats a call for each would take longest.
      let (from, to) = unsafe (floats, y.floats)
      unsafe to.update(repeating: 0, count: y.count)
      plan.positions.visit(0..<count) { i, p in unsafe to[p] = from[i] }
      return
    }
    let start = unsafe y.address
    // Each byte of y is written once: by a block, or as part of the gap before it or after the last.
    Parallel.shared.split(count, grain: max(1, Parallel.grain / max(n, 1))) { r in
      var end = r.lowerBound == 0 ? 0 : plan.positions[r.lowerBound - 1] + n
      plan.positions.visit(r) { i, p in
        unsafe memset(start + end * size, 0, (p - end) * size)
        unsafe memcpy(start + p * size, address + i * n * size, n * size)
        end = p + n
      }
      if r.upperBound == count { unsafe memset(start + end * size, 0, (y.count - end) * size) }
    }
  }

  /// Elements `from..<to` along a dimension that exists; a negative step walks backwards to after `to`.
  package func sliced(_ dim: Int, _ from: Int, _ to: Int, step: Int = 1) throws -> Tensor {
    if step == 1, from == 0, to == shape[dim] { return self }
    let picked = Array(stride(from: from, to: to, by: step))
    return try selected(dim, picked)
  }

  /// The slices at indices that are known to be within the extent.
  private func selected(_ dim: Int, _ index: [Int]) throws -> Tensor {
    let inner = shape.product(dim + 1..<Swift.max(rank, dim + 1))
    let row = shape[dim] * inner
    let outer = shape.product(0..<dim)
    let result = shape.replacing(dim, by: index.count)
    let isRun = zip(index, index.dropFirst()).allSatisfy { $1 == $0 + 1 }
    if isRun, let first = index.first, inner > 0 {
      return try taken(
        IndexPlan(
          result, .even(first * inner, step: row, count: outer), inner * index.count))
    }
    var positions: [Int] = []
    if inner > 0 {
      positions.reserveCapacity(outer * index.count)
      for o in 0..<outer { for i in index { positions.append(o * row + i * inner) } }
    }
    return try taken(IndexPlan(result: result, positions: positions, block: inner))
  }

  package func indexSelected(_ dim: Int, _ index: Tensor) throws -> Tensor {
    let d = try shape.dimension(dim)
    guard rank > 0, index.rank <= 1, let whole = index.integers else {
      throw TensorError.shape(index.shape, expected: "a list of whole numbers")
    }
    return try selected(d, whole.map { try IndexPlan.position($0, shape[d]) })
  }

  /// Rows by number: what a batch is made with.
  ///
  /// Throws: where an index is out of range.
  package func rows(_ index: [Int]) throws -> Tensor {
    guard rank > 0 else { throw TensorError.rank(shape, expected: "a tensor with rows") }
    return try selected(0, index.map { try IndexPlan.position($0, shape[0]) })
  }

  /// Shapes: index [.., m, ..] where x is [.., n, ..], other extents at most x's -> index's shape.
  package func gathered(_ dim: Int, _ index: Tensor) throws -> Tensor {
    try rank > 0 ? taken(gathering(dim, index)) : self
  }

  /// The places in this tensor that an index along a dimension means.
  func gathering(_ dim: Int, _ index: Tensor) throws -> IndexPlan {
    let d = try shape.dimension(dim)
    guard let whole = index.integers else {
      throw TensorError.dtype(index.dtype, expected: "whole numbers")
    }
    guard index.rank == rank, (0..<rank).allSatisfy({ $0 == d || index.shape[$0] <= shape[$0] })
    else {
      throw TensorError.shape(
        index.shape, expected: "an index that fits \(shape) except in dimension \(dim)")
    }
    var positions: [Int] = []
    positions.reserveCapacity(whole.count)
    for (flat, i) in whole.enumerated() {
      var (rest, p, size) = (flat, 0, 1)
      for k in stride(from: rank - 1, through: 0, by: -1) {
        let (quotient, own) = rest.quotientAndRemainder(dividingBy: index.shape[k])
        p += (k == d ? try IndexPlan.position(i, shape[d]) : own) * size
        size *= shape[k]
        rest = quotient
      }
      positions.append(p)
    }
    return IndexPlan(result: index.shape, positions: positions, block: 1)
  }

  /// For each dimension the indices of the elements that are not 0.
  func nonzero() throws -> [Tensor] {
    let hits = values.enumerated().filter { $0.element != 0 }.map(\.offset)
    var size = 1
    var columns: [Tensor] = []
    for k in stride(from: rank - 1, through: 0, by: -1) {
      let (n, below) = (shape[k], size)
      columns.append(try Tensor(hits.map { $0 / below % n }))
      size *= n
    }
    return columns.reversed()
  }

  package func oneHot(_ classes: Int) throws -> Tensor {
    guard let index = integers,
      !dtype.isFloating || zip(index, values).allSatisfy({ Double($0) == $1 })
    else {
      throw TensorError.dtype(dtype, expected: "whole numbers")
    }
    let n = classes == -1 ? (index.max() ?? -1) &+ 1 : classes
    let y = try Tensor.zeros(Shape(shape.dims + [n]), .int64)
    for (row, i) in index.enumerated() {
      guard i >= 0, i < n else { throw TensorError.indexOutOfRange(i, extent: n) }
      // Row `row` of y has n elements and 0 <= i < n.
      unsafe y.ints[row * n + i] = 1
    }
    return y
  }

  func triangle(_ keeps: (Int, Int) -> Bool) throws -> Tensor {
    guard rank >= 2 else { throw TensorError.rank(shape, expected: "a matrix") }
    let (m, n) = (shape[rank - 2], shape[rank - 1])
    var mask: [Bool] = []
    for i in 0..<m { for j in 0..<n { mask.append(keeps(i, j)) } }
    return try Tensor(mask, Shape(trusted: [m, n])).choose(self, 0)
  }

  package func diagonal(_ k: Int) throws -> Tensor {
    guard k.magnitude < Int32.max else {
      throw TensorError.argument("diagonal", found: "\(k)", expected: "a diagonal near the middle")
    }
    if rank == 1 {
      let n = count + Swift.abs(k)
      let square = try Shape([n, n])
      let positions = (0..<count).map { ($0 + max(-k, 0)) * n + $0 + max(k, 0) }
      return try scattered(IndexPlan(result: shape, positions: positions, block: 1), into: square)
    }
    guard rank == 2 else { throw TensorError.rank(shape, expected: "a vector or a matrix") }
    let (m, n) = (shape[0], shape[1])
    let length = max(0, min(m - max(-k, 0), n - max(k, 0)))
    let positions = (0..<length).map { ($0 + max(-k, 0)) * n + $0 + max(k, 0) }
    return try taken(IndexPlan(result: Shape([length]), positions: positions, block: 1))
  }
}
