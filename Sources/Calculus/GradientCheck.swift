import Tensors

/// Gradients by the tape, compared with central differences in float64, entry by entry.
///
/// Small arguments are checked in every entry. Of large ones a seeded choice of entries is, and three
/// random directions through all of them.
package struct GradientCheck {
  /// What was found for one argument.
  package struct Row {
    package let name: String
    package let shape: Shape
    /// 1: the gradient itself; 2: the gradient of its product with a random vector, a row of second derivatives.
    package let order: Int
    /// How many entries were checked, of `shape.count`.
    package let checked: Int
    /// How many directions through all entries were checked besides.
    package let directions: Int
    /// At how many places the slope is too small to be told from rounding.
    package let drowned: Int
    package let largestAbsolute: Worst
    package let largestRelative: Worst
    package let verdict: Verdict
    /// The entries that are furthest off, the worst first; at most five.
    package let worst: [Entry]
  }

  package enum Verdict: Equatable, Sendable {
    case correct
    /// At so many entries the function has a kink, and the gradient lies between the slopes of its two sides.
    case kinks(Int)
    /// At so many entries noise in the function's values hides its slope: nothing speaks against the
    /// gradient, and too little for it.
    case noisy(Int)
    case wrong

    package var isGood: Bool {
      switch self {
      case .correct, .kinks: true
      case .noisy, .wrong: false
      }
    }
  }

  /// Where an error is largest.
  package struct Worst: Sendable {
    package let error: Double
    package let place: Place
  }

  /// What was moved: one entry, by its index, or all of them along a random direction.
  package enum Place: Hashable, Sendable {
    case entry([Int])
    case direction(Int)

    /// `[0, 3]`, or `direction 1`.
    package var description: String {
      switch self {
      case .entry(let index): "[" + index.map(String.init).joined(separator: ", ") + "]"
      case .direction(let i): "direction \(i + 1)"
      }
    }
  }

  /// One comparison.
  package struct Entry: Sendable {
    package enum Judgement: Equatable, Sendable, CaseIterable {
      case right
      /// The gradient lies between the slopes of the two sides.
      case kink
      /// The slope is too small to be told from rounding.
      case drowned
      /// The slope is hidden by noise that is more than rounding.
      case noisy
      case wrong
    }

    package let place: Place
    /// Which output it was, where each of several was checked on its own.
    package var output: [Int]?
    package let gradient: Double
    package let difference: Double
    /// The slopes of the two sides, where these differ.
    package var sides: ClosedRange<Double>?
    /// How far the difference itself may be off.
    package let uncertainty: Double
    package var judgement: Judgement

    package var absoluteError: Double { abs(gradient - difference) }

    /// The difference, relative to the larger of the two, or to the uncertainty where both drown in it.
    package func relativeError(tolerance: Double) -> Double {
      let scale = max(abs(gradient), abs(difference), uncertainty / tolerance)
      return absoluteError == 0 || !absoluteError.isFinite ? absoluteError : absoluteError / scale
    }
  }

  package let rows: [Row]
  /// The relative error up to which two numbers count as equal.
  ///
  /// In float64 1e-6: what truncation leaves is far smaller, unless fifth derivatives are a million times
  /// the gradient, and what a wrong formula does is far larger. Where the function computes in float32, 1e-3.
  package let tolerance: Double
  /// The type in which the function computed.
  package let dtype: DType
  package var isGood: Bool { rows.allSatisfy { $0.verdict.isGood } }

  /// Checks the gradient of `f`, a number or several, with respect to each argument of floats.
  ///
  /// `f` gets the arguments in float64, and must give the same value for the same arguments: a
  /// generator given here is wound back before each evaluation. With `order` 2 the gradient's own
  /// gradient is checked too.
  package init(
    _ arguments: [(name: String, value: Tensor)], order: Int = 1,
    replaying generator: Generator? = nil,
    _ f: @escaping ([Tensor]) throws -> Tensor
  ) throws {
    let state = generator?.state
    func value(_ x: [Tensor]) throws -> Tensor {
      if let state { generator?.state = state }
      return try f(x)
    }
    let values = arguments.map(\.value)
    let which = values.indices.filter { values[$0].dtype.isFloating }
    let counts = which.map { values[$0].count }
    let evaluations = Self.evaluations(counts)
    var subject = try GradientCheckSubject(values, most: evaluations / 16, value)
    guard !which.isEmpty else { throw CalculusError.nothingToCheck }
    dtype = subject.dtype
    tolerance = dtype == .float64 ? 1e-6 : 1e-3
    var rows: [Row] = []
    for order in 1...max(order, 1) {
      // A row of second derivatives takes a sweep back at each evaluation.
      if order > 1 {
        let few = max(8, evaluations / 8 / max(counts.reduce(0, +), 1))
        subject = try GradientCheckSubject(values, most: few, value).slopesAlongRandomVector(which)
      }
      let groups = subject.groups.count
      let shares = Self.shares(
        counts, evaluations: order > 1 ? evaluations / groups : evaluations - 3 * groups,
        outputs: groups)
      let gradients = try subject.gradients(which)
      let choice = Generator(seed: 0)
      for (k, i) in which.enumerated() {
        let check = ArgumentCheck(
          argument: i, gradients: gradients.map { $0[k] }, tolerance: tolerance)
        let result = try check.run(entries: shares[k], &subject, choice)
        rows.append(
          Row(
            arguments[i].name, values[i].shape, order: order, result.found,
            checked: result.entries, directions: result.directions, tolerance: tolerance))
      }
    }
    self.rows = rows
  }

  /// Checks the gradient of `f` with respect to its arguments and to variables that it reads.
  ///
  /// The variables have float64 values while `f` runs, and their own again afterwards.
  package init(
    _ arguments: [(name: String, value: Tensor)],
    variables: [(name: String, variable: Variable)], order: Int = 1,
    replaying generator: Generator? = nil, _ f: @escaping ([Tensor]) throws -> Tensor
  ) throws {
    let all = arguments + variables.map { ($0.name, $0.variable.tensor) }
    try self.init(all, order: order, replaying: generator) { x in
      let own = variables.map(\.variable.tensor)
      for (v, value) in zip(variables, x[arguments.count...]) { v.variable.replace(value) }
      // Nothing is left that holds the values, so the next one is written in their place.
      defer { for (v, value) in zip(variables, own) { v.variable.replace(value) } }
      return try f(Array(x[..<arguments.count]))
    }
  }

  /// How often the function may be evaluated: an evaluation's cost grows with the number of entries, of which
  /// about 1e9 pass in a second.
  private static func evaluations(_ counts: [Int]) -> Int {
    min(max(1_000_000_000 / max(counts.reduce(0, +), 1), 2000), 10_000)
  }

  /// How many entries of each argument to check: all of them while evaluations are few, four an entry, and
  /// comparisons in each output too; else the large arguments share what the small ones leave.
  private static func shares(_ counts: [Int], evaluations: Int, outputs: Int) -> [Int] {
    var (left, result) = (min(evaluations / 4, 500_000 / outputs), counts)
    let bySize = counts.indices.sorted { counts[$0] < counts[$1] }
    for (rank, i) in bySize.enumerated() {
      result[i] = min(counts[i], max(left / (counts.count - rank), 10))
      left = max(left - result[i], 0)
    }
    return result
  }
}
