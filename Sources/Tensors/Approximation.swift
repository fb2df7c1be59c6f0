import CKernels

extension Tensor {
  /// Whether |a - b| <= atol + rtol |b| for every pair of elements, equal infinities included; NaN never.
  package func isClose(to other: Tensor, rtol: Double, atol: Double) throws -> Bool {
    let shape = try shape.broadcast(with: other.shape)
    let (a, b) = (try detached.expanded(to: shape), try other.detached.expanded(to: shape))
    for i in 0..<shape.count {
      let (x, y) = (a[flat: i], b[flat: i])
      if x == y { continue }
      guard abs(x - y) <= atol + rtol * abs(y), y.isFinite else { return false }
    }
    return true
  }

  /// The least and the greatest element that is a number, and how many are not finite.
  package var range: (least: Double, greatest: Double, nonfinite: Int) {
    // The kernels read `count` elements.
    if dtype == .float32 {
      var (lo, hi) = (Float(0), Float(0))
      unsafe dg_min_max_f32(floats, count, &lo, &hi)
      return (Double(lo), Double(hi), unsafe dg_count_nonfinite_f32(floats, count))
    }
    var (lo, hi, bad) = (Double.infinity, -Double.infinity, 0)
    for i in 0..<count {
      let v = self[flat: i]
      if !v.isFinite { bad += 1 }
      if !v.isNaN { (lo, hi) = (min(lo, v), max(hi, v)) }
    }
    return (lo, hi, bad)
  }
}

/// Which instruction set the kernels use.
package enum InstructionSet: Int, CaseIterable, Sendable {
  case baseline
  case avx2
  case avx512

  package static var current: InstructionSet {
    InstructionSet(rawValue: Int(dg_isa_current())) ?? .baseline
  }

  /// Uses this one, or the best that the processor has if that is less; returns which.
  @discardableResult
  package func use() -> InstructionSet {
    InstructionSet(rawValue: Int(dg_isa_use(Int32(rawValue)))) ?? .baseline
  }

  package var name: String { "\(self)" }
}
