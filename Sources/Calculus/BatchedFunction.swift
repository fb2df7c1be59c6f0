import Distributions
import Tensors

/// A function written for one draw, evaluated at many of them: at once where that gives what one after
/// the other would, which is tried on two of them.
package final class BatchedFunction {
  private enum Mode {
    case untried
    case atOnce(Arrangement)
    /// The value does not depend on the draws.
    case constant
    case oneByOne
  }

  /// How many draws lie in a tensor.
  private enum Arrangement {
    /// Along the first dimension.
    case first
    /// Along the first, with as many dimensions of extent 1 behind it as the value has.
    case apart(Int)
    /// Along the last, so that `z[0]` is the first number of each.
    case last
  }

  private let given: ([Tensor], BatchedFunction) throws -> Tensor
  /// What its integral may cost.
  let budget: IntegralBudget
  private var mode = Mode.untried

  /// `f` takes the draws, each in its own shape.
  package init(_ f: @escaping ([Tensor]) throws -> Tensor) {
    self.given = { draws, _ in try f(draws) }
    budget = IntegralBudget()
  }

  /// `f` is told which function it is the heart of.
  package init(
    budget: IntegralBudget, _ f: @escaping ([Tensor], BatchedFunction) throws -> Tensor
  ) {
    given = f
    self.budget = budget
  }

  private func f(_ draws: [Tensor]) throws -> Tensor { try given(draws, self) }

  /// Whether many draws go at once.
  func isFast(for draws: [Tensor]) throws -> Bool {
    if case .untried = mode { _ = try values(draws.map { try $0.sliced(0, 0, 8) }) }
    if case .oneByOne = mode { return false }
    return true
  }

  /// Where the function's comparisons are noted; nil where nobody notes them.
  package var jumps: MovingJumps?

  /// Whether the function integrates itself.
  package var isNested = false

  /// Whether the value has been seen not to depend on the draws.
  var isConstant: Bool {
    if case .constant = mode { return true }
    return false
  }

  /// Whether draws have been seen to go one after the other, or to cost an integral each.
  var isSlow: Bool {
    if case .oneByOne = mode { return true }
    return isNested
  }

  /// Shapes: draws, each [n] + its own shape -> [n] + the value's; float64.
  package func values(_ draws: [Tensor]) throws -> Tensor {
    let n = draws.first?.shape.dims.first ?? 0
    switch mode {
    case .untried: return try attempt(draws, n)
    case .atOnce(let arrangement):
      if let y = try atOnce(draws, arrangement, n) { return y }
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
    guard n > 2 else { return try oneByOne(draws, n) }
    func isRight(_ all: Tensor) throws -> Bool {
      try zip(places, singles).allSatisfy { try Self.agree(Self.row([all], $0)[0], $1) }
    }
    let plain = try? f(draws).floating64()
    try Interrupt.poll()
    if let plain, plain.rank > 0, plain.shape[0] == n, try isRight(plain) {
      mode = .atOnce(.first)
      return plain
    }
    if let plain, plain.shape == singles[0].shape,
      try singles.allSatisfy({ try Self.agree(plain, $0) })
    {
      mode = .constant
      return try spread(plain, n)
    }
    let hasVectors = draws.contains { $0.rank > 1 }
    if hasVectors || singles[0].rank > 0 {
      let arrangement = hasVectors ? Arrangement.last : .apart(singles[0].rank)
      if let all = try atOnce(draws, arrangement, n), try isRight(all) {
        mode = .atOnce(arrangement)
        return all
      }
    }
    return try oneByOne(draws, n)
  }

  /// Nil where the function does not take many draws at once.
  private func atOnce(_ draws: [Tensor], _ arrangement: Arrangement, _ n: Int) throws -> Tensor? {
    do {
      let y: Tensor
      switch arrangement {
      case .first: y = try f(draws).floating64()
      case .apart(let rank):
        let ones = [Int](repeating: 1, count: rank)
        y = try f(draws.map { try $0.reshaped(to: $0.shape.dims + ones) }).floating64()
      case .last:
        let back = try f(draws.map { try $0.permuted(Array(1..<$0.rank) + [0]) }).floating64()
        guard back.rank > 0 else { return nil }
        y = try back.permuted([back.rank - 1] + Array(0..<(back.rank - 1)))
      }
      return y.rank > 0 && y.shape[0] == n ? y : nil
    } catch {
      try Interrupt.poll()
      return nil
    }
  }

  private func oneByOne(_ draws: [Tensor], _ n: Int) throws -> Tensor {
    calls += n
    guard calls <= most else {
      throw CalculusError.unsettled(near: .nan, error: .nan, of: .nan)
    }
    // The gradient of a row is as large as what the row is cut from: rows of blocks keep that near n^1.5, not n^2.
    let width = max(1, Int(Double(n).squareRoot()))
    let values = try stride(from: 0, to: n, by: width).flatMap { start in
      let end = min(start + width, n)
      let block = try draws.map { try $0.sliced(0, start, end) }
      return try (0..<(end - start)).map { i in
        try Interrupt.poll()
        try budget.check()
        return try f(Self.row(block, i)).floating64()
      }
    }
    return try Tensor.stacked(values, 0)
  }

  private var calls = 0
  /// How many calls one by one an exact average may take.
  var most = Int.max

  private func spread(_ value: Tensor, _ n: Int) throws -> Tensor {
    try value.expanded(to: [n] + value.shape.dims)
  }

  /// Whether each number of the value depends on the number of the draw at its place alone, which is
  /// tried on draws that are mixed of two.
  func isElementwise(on q: any Distribution) throws -> Bool {
    guard q.eventShape.isScalar, let both = try? q.sample([2], Generator(seed: 1)) else {
      return false
    }
    let draws = try both.unstacked()
    func value(_ z: Tensor) throws -> Tensor { try f([z]).floating64() }
    let ends = try draws.map(value)
    guard ends.allSatisfy({ $0.shape == q.batchShape }) else { return false }
    for k in [2, 3] {
      let mask = try Tensor((0..<q.batchShape.count).map { $0 % k == 0 }, q.batchShape)
      let mixed = try value(mask.choose(draws[0], draws[1]))
      guard try Self.agree(mixed, mask.choose(ends[0], ends[1])) else { return false }
    }
    return true
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
