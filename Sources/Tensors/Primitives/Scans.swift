import CKernels

/// Running sums and products along a dimension.
package struct Scans: OperationFamily {
  package init() {}

  package let cumsum = Operation(
    "running sums along dim", [.tensor("x"), .size("dim", 0)],
    examples: [Example([Domain.reals.of([2, 3])], ["dim": .size(1)])],
    one: { try $0.tensor(0).cumulativeSum($0.size(1)) })
  package let cumprod = Operation(
    "running products along dim", [.tensor("x"), .size("dim", 0)],
    examples: [Example([Domain.nonzero.of([2, 4])], ["dim": .size(1)])],
    one: { try $0.tensor(0).cumulativeProduct($0.size(1)) })
  package let logcumsumexp = Operation(
    "running log(sum(exp(x))) along dim, stable for any x", [.tensor("x"), .size("dim", 0)],
    examples: [Example([Domain.reals.of([2, 4])], ["dim": .size(1)])],
    one: { try $0.tensor(0).floating().scanned($0.size(1)) { try $0.logAddExp($1) } })
}

extension Tensor {
  package func cumulativeSum(_ dim: Int) throws -> Tensor {
    let x = dtype == .bool ? try cast(to: .int64) : self
    let d = try shape.dimension(dim)
    guard rank > 0 else { return x }
    let view = ReductionView(
      outer: shape.product(0..<d), n: shape[d], inner: shape.product(d + 1..<rank), result: shape)
    guard dtype.isFloating else { return try x.cumulativeIntegerSum(view) }
    return try Kernels.cumulativeSum(x, view).recorded(x) { b in
      let g = b.g
      try b.send(to: 0) { try g.flipped([d]).cumulativeSum(d).flipped([d]) }
    }
  }

  private func cumulativeIntegerSum(_ v: ReductionView) throws -> Tensor {
    let y = try Tensor(uninitialized: shape, .int64)
    for o in 0..<v.outer {
      for j in 0..<v.inner {
        var sum: Int64 = 0
        for i in 0..<v.n {
          let at = (o * v.n + i) * v.inner + j
          // Within [outer, n, inner].
          sum &+= unsafe ints[at]
          unsafe y.ints[at] = sum
        }
      }
    }
    return y
  }

  /// Its gradients are exact where factors are zero.
  package func cumulativeProduct(_ dim: Int) throws -> Tensor {
    try (dtype == .bool ? cast(to: .int64) : self).scanned(dim) { try $0 * $1 }
  }

  /// By doubling: after k rounds each element is the combination of the 2^k up to it.
  fileprivate func scanned(_ dim: Int, _ combine: (Tensor, Tensor) throws -> Tensor) throws
    -> Tensor
  {
    let d = try shape.dimension(dim)
    guard rank > 0 else { return self }
    var (y, span) = (self, 1)
    while span < shape[d] {
      let ahead = try combine(y.sliced(d, span, shape[d]), y.sliced(d, 0, shape[d] - span))
      y = try Tensor.concatenated([y.sliced(d, 0, span), ahead], d)
      span *= 2
    }
    return y
  }
}
