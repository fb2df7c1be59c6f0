import Tensors

/// A function written for one draw, evaluated at many of them: at once where that gives what one after
/// the other would, which is tried on two of them.
package final class BatchedFunction {
  private enum Mode {
    case untried
    case atOnce
    /// The value does not depend on the draws.
    case constant
    case oneByOne
  }

  private let f: ([Tensor]) throws -> Tensor
  private var mode = Mode.untried

  /// `f` takes the draws, each in its own shape.
  package init(_ f: @escaping ([Tensor]) throws -> Tensor) { self.f = f }

  /// Shapes: draws, each [n] + its own shape -> [n] + the value's; float64.
  package func values(_ draws: [Tensor]) throws -> Tensor {
    let n = draws.first?.shape.dims.first ?? 0
    switch mode {
    case .untried: return try attempt(draws, n)
    case .atOnce:
      if let y = try atOnce(draws), y.rank > 0, y.shape[0] == n { return y }
      mode = .oneByOne
      return try oneByOne(draws, n)
    case .constant: return try spread(f(Self.row(draws, 0)).floating64(), n)
    case .oneByOne: return try oneByOne(draws, n)
    }
  }

  private func attempt(_ draws: [Tensor], _ n: Int) throws -> Tensor {
    let places = [n * 2 / 5, n * 3 / 4]
    let singles = try places.map { try f(Self.row(draws, $0)).floating64() }
    mode = .oneByOne
    if n > 2, let all = try atOnce(draws) {
      if all.rank > 0, all.shape[0] == n,
        try zip(places, singles).allSatisfy({ try Self.agree(Self.row([all], $0)[0], $1) })
      {
        mode = .atOnce
        return all
      }
      if all.shape == singles[0].shape, try singles.allSatisfy({ try Self.agree(all, $0) }) {
        mode = .constant
        return try spread(all, n)
      }
    }
    return try oneByOne(draws, n)
  }

  /// Nil where the function does not take many draws at once.
  private func atOnce(_ draws: [Tensor]) throws -> Tensor? {
    do {
      return try f(draws).floating64()
    } catch {
      try Interrupt.poll()
      return nil
    }
  }

  private func oneByOne(_ draws: [Tensor], _ n: Int) throws -> Tensor {
    try Tensor.stacked(
      (0..<n).map { i in
        try Interrupt.poll()
        return try f(Self.row(draws, i)).floating64()
      }, 0)
  }

  private func spread(_ value: Tensor, _ n: Int) throws -> Tensor {
    try value.expanded(to: [n] + value.shape.dims)
  }

  private static func row(_ draws: [Tensor], _ i: Int) throws -> [Tensor] {
    try draws.map { try $0.sliced(0, i, i + 1).reshaped(to: Array($0.shape.dims.dropFirst())) }
  }

  /// Whether two values are the same but for rounding, in float32 at worst.
  private static func agree(_ a: Tensor, _ b: Tensor) throws -> Bool {
    guard a.shape == b.shape else { return false }
    let (x, y) = (a.values, b.values)
    let size = y.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    return zip(x, y).allSatisfy { p, q in
      p == q || (p.isNaN && q.isNaN) || abs(p - q) <= 1e-4 * abs(q) + 1e-6 * size
    }
  }
}

extension Tensor {
  fileprivate func floating64() throws -> Tensor { try cast(to: .float64) }
}
