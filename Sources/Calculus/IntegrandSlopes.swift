import Tensors

/// How an integrand changes with what it reads: where it is continuous its derivatives need not be, and
/// an integral of them must be as exact as that of the integrand.
enum IntegrandSlopes {
  /// Beside the integrand's components the derivatives of all of them along a random direction of all
  /// that they depend on, the first or the first two.
  ///
  /// Nil where nothing is to be differentiated. Shapes: [n, ..] -> [n, components + order].
  static func appended(to values: Tensor, order: Int) throws -> Tensor? {
    let leaves = values.leaves
    guard let n = values.shape.dims.first, n > 0, !leaves.isEmpty else { return nil }
    let each = try values.cast(to: .float64).reshaped(to: [n, -1])
    let random = Generator(seed: 1)
    let mix = try random.normal(Shape([each.shape[1]]), .float64)
    // The derivative in the places' weights of a derivative in the leaves gives one number a place.
    let weights = try Tensor.ones(Shape([n]), .float64).leaf()
    var along = try ((each * mix).sum([1]) * weights).sum()
    var columns = [each.detached]
    for _ in 0..<order {
      var next: Tensor?
      for (leaf, g) in zip(leaves, try along.gradients(leaves, createGraph: true)) {
        guard let g else { continue }
        let part = try (g.cast(to: .float64) * random.normal(leaf.shape, .float64)).sum()
        next = try next.map { try $0 + part } ?? part
      }
      let zeros = try Tensor.zeros(Shape([n]), .float64)
      along = try next ?? zeros.sum()
      let slopes = try along.gradients([weights]).first ?? nil
      columns.append(try (slopes ?? zeros).detached.reshaped(to: [n, 1]))
    }
    return try Tensor.concatenated(columns, 1)
  }
}

extension Tensor {
  /// The same numbers, whose derivatives from the given order on are refused.
  func refusing(order: Int, _ error: CalculusError) -> Tensor {
    detached.recorded(self) { back in
      if order <= 1 { throw error }
      // Tracked only where the gradient is to be differentiated again.
      let (x, g) = (back[0], back.g)
      try back.send(to: 0) { try g * Tensor.one(besides: x, until: order - 1, error) }
    }
  }

  /// A one that seems to depend on x, with derivatives of zero up to an order, and none from it on.
  private static func one(
    besides x: Tensor, until order: Int, _ error: CalculusError
  ) throws -> Tensor {
    try Tensor(1).recorded(x) { back in
      if order <= 1 { throw error }
      let again = back[0]
      try back.send(to: 0) {
        try Tensor.zeros(again.shape, again.dtype) * one(besides: again, until: order - 1, error)
      }
    }
  }
}
