import CKernels

/// Where, on the way to a result, numbers stopped being finite.
package struct NonFiniteOrigin: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// A step made it of finite numbers.
    case result
    /// It arose on the way back: the gradient that a step passes on.
    case gradient
    /// It came with the data or the parameters: an operand of this step.
    case operand
  }

  package let kind: Kind
  /// The place of the step, else of the first step after it that has one; 0 where none has.
  package let site: UInt64
  /// The number: NaN or an infinity.
  package let value: Double
  package let index: [Int]
  /// What the step worked on at that index, where it treats each by itself; empty where it does not.
  package let operands: [Double]
}

extension Tensor {
  /// Follows what is not finite from this result back to the step that made it; nil where all is
  /// finite or nothing was recorded.
  package func nonFiniteOrigin() -> NonFiniteOrigin? {
    guard isTracked, var (value, flat) = firstNonFinite else { return nil }
    var node = node
    var site = node.site
    var shape = shape
    while true {
      if node.site != 0 { site = node.site }
      let bad = node.inputs.compactMap { x in x.firstNonFinite.map { (x: x, $0) } }
      // What is NaN leads to its origin more surely than an infinity, which may be harmless.
      guard let (x, found) = bad.first(where: { $0.1.value.isNaN }) ?? bad.first else {
        return NonFiniteOrigin(
          kind: .result, site: site, value: value, index: shape.index(ofFlat: flat),
          operands: node.operands(at: flat, of: shape))
      }
      (value, flat, shape) = (found.value, found.flat, x.shape)
      guard x.isTracked, x.node.leaf == nil else {
        return NonFiniteOrigin(
          kind: .operand, site: site, value: value, index: shape.index(ofFlat: flat),
          operands: [])
      }
      node = x.node
    }
  }

  /// Takes the gradients anew, up to the step that passes on the first that is not finite.
  package func nonFiniteGradientOrigin(_ targets: [Tensor]) throws -> NonFiniteOrigin? {
    guard let place, count == 1 else { return nil }
    let leaves = targets.compactMap(\.place)
    var origin: NonFiniteOrigin?
    var sites = [ObjectIdentifier(place): node.site]
    var sweep = Sweep(from: node, to: leaves)
    _ = try sweep.run(
      try Tensor.ones(shape, dtype), place, leaves, createGraph: false
    ) { node in
      let site = node.site != 0 ? node.site : sites[ObjectIdentifier(node)] ?? 0
      for x in node.inputs {
        guard let input = x.place else { continue }
        sites[ObjectIdentifier(input)] = site
        guard let (value, flat) = input.gradient?.firstNonFinite else { continue }
        origin = NonFiniteOrigin(
          kind: .gradient, site: site, value: value, index: x.shape.index(ofFlat: flat),
          operands: node.operands(at: flat, of: x.shape))
        return true
      }
      return false
    }
    return origin
  }

  /// Whether each element is a finite number.
  package var isAllFinite: Bool {
    // The kernels read `count` elements.
    switch dtype {
    case .float32: unsafe dg_count_nonfinite_f32(floats, count) == 0
    case .float64: unsafe dg_count_nonfinite_f64(doubles, count) == 0
    default: true
    }
  }

  /// The first NaN, else the first infinity.
  private var firstNonFinite: (value: Double, flat: Int)? {
    guard !isAllFinite else { return nil }
    let infinite = (0..<count).first { !self[flat: $0].isFinite }
    let first = (0..<count).first { self[flat: $0].isNaN } ?? infinite
    return first.map { (self[flat: $0], $0) }
  }
}

extension Node {
  /// The inputs' elements at a place of a tensor of the given shape; none unless each input is of
  /// that shape or a single number.
  fileprivate func operands(at flat: Int, of shape: Shape) -> [Double] {
    guard inputs.allSatisfy({ $0.shape == shape || $0.count == 1 }) else { return [] }
    return inputs.map { $0[flat: $0.count == 1 ? 0 : flat] }
  }
}
