import CKernels

extension Tensor {
  /// The product along one dimension, or of everything; exact gradients where factors are zero.
  package func product(_ dim: Int?, keepdim: Bool = false) throws -> Tensor {
    guard let dim else {
      let flat = try reshaped(Shape(trusted: [count]))
      let y = try flat.product(0)
      return keepdim ? try y.reshaped(Shape(trusted: dims1())) : y
    }
    let d = try shape.dimension(dim)
    guard rank > 0 else { return dtype == .bool ? try cast(to: .int64) : self }
    let mask = try shape.reduced([d])
    guard dtype.isFloating else { return try foldedIntegers(mask, keepdim: keepdim, 1, &*) }
    let x = self
    return try x.reduced(DG_PROD, mask, keepdim: keepdim).recorded(x) { b in
      let (g, x) = (b.g, b[0])
      try b.send(to: 0) {
        // The product of the others: what stands before times what stands after.
        let upstream = keepdim ? g : try g.unsqueezed(d)
        return try x.productOfOthers(d) * upstream
      }
    }
  }

  private func dims1() -> [Int] { [Int](repeating: 1, count: rank) }

  /// For each element the product of the others along a dimension: of those before it times those after it,
  /// which is exact where elements are zero.
  private func productOfOthers(_ d: Int) throws -> Tensor {
    let n = shape[d]
    if n == 0 { return self }
    let one = try Tensor.ones(shape.replacing(d, by: 1), dtype)
    let before = try sliced(d, 0, n - 1).cumulativeProduct(d)
    let after = try sliced(d, 1, n).flipped([d]).cumulativeProduct(d).flipped([d])
    return try Tensor.concatenated([one, before], d) * Tensor.concatenated([after, one], d)
  }
}
