/// What depends on the order of the elements.
package struct Ordering: OperationFamily {
  package init() {}

  package let max = Operation(
    "the greatest element; with dim its values and their indices; of two tensors, the greater",
    [.tensor("x"), .optionalTensor("dim"), .flag("keepdim")],
    examples: [Example([Domain.distinct.of([2, 3])])],
    { try extreme($0, greatest: true) })
  package let min = Operation(
    "the least element; with dim its values and their indices; of two tensors, the lesser",
    [.tensor("x"), .optionalTensor("dim"), .flag("keepdim")],
    examples: [Example([Domain.distinct.of([2, 3])])],
    { try extreme($0, greatest: false) })
  package let argmax = Operation(
    "the index of the greatest element, along dim or in the flattened tensor",
    [.tensor("x"), .optionalSize("dim"), .flag("keepdim")],
    one: { try $0.tensor(0).argExtreme($0.optionalSize(1), keepdim: $0.flag(2), greatest: true) })
  package let argmin = Operation(
    "the index of the least element, along dim or in the flattened tensor",
    [.tensor("x"), .optionalSize("dim"), .flag("keepdim")],
    one: { try $0.tensor(0).argExtreme($0.optionalSize(1), keepdim: $0.flag(2), greatest: false) })
  package let sort = Operation(
    "values in order along dim, and their indices",
    [.tensor("x"), .size("dim", -1), .flag("descending")],
    examples: [Example([Domain.distinct.of([2, 3])])],
    {
      let (v, i) = try $0.tensor(0).sorted($0.size(1), descending: $0.flag(2))
      return .several([v, i])
    })
  package let argsort = Operation(
    "the indices that put x in order along dim",
    [.tensor("x"), .size("dim", -1), .flag("descending")],
    one: { try $0.tensor(0).sorted($0.size(1), descending: $0.flag(2)).1 })
  package let searchsorted = Operation(
    "where values would go in a vector in order: before equals, or after them with right=true",
    [.tensor("sorted_sequence"), .tensor("values"), .flag("right")],
    one: { a in
      let (line, values, right) = (try a.tensor(0), try a.tensor(1), try a.flag(2))
      guard line.rank == 1 else { throw TensorError.rank(line.shape, expected: "a vector") }
      let all = line.values
      let places = values.values.map { v in
        var (low, high) = (0, all.count)
        while low < high {
          let middle = (low + high) / 2
          if right ? all[middle] <= v : all[middle] < v { low = middle + 1 } else { high = middle }
        }
        return low
      }
      return try Tensor(places, values.shape)
    })
  package let topk = Operation(
    "the k greatest (or least) values along dim, and their indices",
    [.tensor("x"), .size("k"), .size("dim", -1), .flag("largest", true), .flag("sorted", true)],
    examples: [Example([Domain.distinct.of([2, 4])], ["k": .size(2)])],
    { a in
      let x = try a.tensor(0)
      let d = try x.shape.dimension(a.size(2))
      let k = try a.size(1)
      let n = x.rank == 0 ? 1 : x.shape[d]
      guard k >= 0, k <= n else {
        throw TensorError.argument("k", found: "\(k)", expected: "a whole number from 0 to \(n)")
      }
      let (v, i) = try x.sorted(d, descending: a.flag(3))
      guard x.rank > 0 else { return .several([v, i]) }
      return .several([try v.sliced(d, 0, k), try i.sliced(d, 0, k)])
    })

  private static func extreme(_ a: Arguments, greatest: Bool) throws -> Operation.Output {
    let x = try a.tensor(0)
    guard let second = try a.optionalTensor(1) else {
      return .one(try x.extreme(nil, greatest: greatest))
    }
    // A whole number is a dimension, a tensor the other operand.
    guard case .size(let dim) = a.values[1] else {
      return .one(try greatest ? x.greater(second) : x.lesser(second))
    }
    let keepdim = try a.flag(2)
    let index = try x.argExtreme(dim, keepdim: true, greatest: greatest)
    let values = try x.gathered(dim, index)
    if keepdim || x.rank == 0 { return .several([values, index]) }
    let d = try x.shape.dimension(dim)
    return .several([try values.squeezed(d), try index.squeezed(d)])
  }
}

extension Tensor {
  package func argExtreme(_ dim: Int?, keepdim: Bool = false, greatest: Bool) throws -> Tensor {
    guard count > 0 else {
      throw TensorError.shape(shape, expected: "at least one element to choose from")
    }
    let x = detached
    guard let dim else {
      return try x.argExtreme(
        ReductionView(outer: 1, n: count, inner: 1, result: .scalar), greatest: greatest)
    }
    let d = try shape.dimension(dim)
    guard rank > 0 else { return try Tensor.zeros(.scalar, .int64) }
    let view = ReductionView(
      outer: shape.product(0..<d), n: shape[d], inner: shape.product(d + 1..<rank),
      result: keepdim ? shape.replacing(d, by: 1) : shape.removing(d))
    return try x.argExtreme(view, greatest: greatest)
  }

  private func argExtreme(_ v: ReductionView, greatest: Bool) throws -> Tensor {
    if dtype.isFloating { return try Kernels.argExtreme(self, v, greatest: greatest) }
    // Integers that differ may be the same float.
    let x = try cast(to: .int64)
    let y = try Tensor(uninitialized: v.result, .int64)
    for o in 0..<v.outer {
      for j in 0..<v.inner {
        var best = 0
        for i in 1..<Swift.max(v.n, 1) {
          // Within [outer, n, inner].
          let (new, old) = unsafe (
            x.ints[(o * v.n + i) * v.inner + j], x.ints[(o * v.n + best) * v.inner + j]
          )
          if greatest ? new > old : new < old { best = i }
        }
        // Within [outer, inner].
        unsafe y.ints[o * v.inner + j] = Int64(best)
      }
    }
    return y
  }

  /// A stable sort; NaN comes last in ascending order.
  ///
  /// The gradient goes where the values came from.
  package func sorted(_ dim: Int, descending: Bool = false) throws -> (Tensor, Tensor) {
    let d = try shape.dimension(dim)
    guard rank > 0 else { return (self, try Tensor.zeros(.scalar, .int64)) }
    let (n, inner) = (shape[d], shape.product(d + 1..<rank))
    let all = values
    var index = [Int](repeating: 0, count: count)
    func precedes(_ a: Double, _ b: Double) -> Bool {
      if a.isNaN || b.isNaN { return descending ? a.isNaN && !b.isNaN : !a.isNaN && b.isNaN }
      return descending ? a > b : a < b
    }
    for o in 0..<shape.product(0..<d) {
      for j in 0..<inner {
        func at(_ i: Int) -> Int { (o * n + i) * inner + j }
        let order = (0..<n).sorted { a, b in
          let (x, y) = (all[at(a)], all[at(b)])
          return precedes(x, y) || (!precedes(y, x) && a < b)
        }
        for (i, from) in order.enumerated() { index[at(i)] = from }
      }
      try Interrupt.poll()
    }
    let indices = try Tensor(index, shape)
    return (try gathered(d, indices), indices)
  }
}
