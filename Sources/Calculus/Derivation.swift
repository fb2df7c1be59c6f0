/// What one line of a derivation is at one point: its elements and their derivatives, in float64.
package struct LineValue: Sendable {
  package var dims: [Int]
  package var elements: [Double]
  /// One row for each name that derivatives are taken in: all entries of the jacobian.
  package var gradients: [[Double]]
  /// How far rounding and integration may move a number, relative to its size.
  package var precision: Precision

  package init(
    _ elements: [Double], dims: [Int] = [], gradients: [[Double]] = [],
    precision: Precision = .float64
  ) {
    self.elements = elements
    self.dims = dims
    self.gradients = gradients
    self.precision = precision
  }
}

extension LineValue {
  /// The sum with a multiple of another line.
  package func plus(_ other: LineValue, times k: Double) -> LineValue {
    func sum(_ a: [Double], _ b: [Double]) -> [Double] {
      LinePair.matched(a, b).map { $0.above + k * $0.here }
    }
    return LineValue(
      sum(elements, other.elements), dims: dims.isEmpty ? other.dims : dims,
      gradients: zip(gradients, other.gradients).map(sum),
      precision: precision.union(other.precision))
  }
}

/// How far apart two computations of the same number may come out:
/// |a - b| <= atol + rtol max(|a|, |b|) + share · scale, the scale that of the terms that made them.
package struct Precision: Equatable, Sendable {
  package var rtol: Double
  package var atol: Double
  /// What rounding and integration may leave of a term that cancels, relative to it.
  package var share: Double

  /// `share` is `rtol` unless given.
  package init(rtol: Double, atol: Double, share: Double? = nil) {
    self.rtol = rtol
    self.atol = atol
    self.share = share ?? rtol
  }

  /// Rounding after some thousand operations in float64 leaves 1e-13 of the largest term.
  ///
  /// Terms up to a hundred may cancel unseen, and a relative error of 1e-6 shows in numbers down to 2e-5.
  package static let float64 = Precision(rtol: 1e-9, atol: 1e-11, share: 1e-12)
  /// A quadrature that checked itself to 1e-10, and its derivative: it aims for 1e-12 and mostly does better.
  package static let quadrature = Precision(rtol: 1e-8, atol: 2e-11, share: 1e-10)
  package static let float32 = Precision(rtol: 1e-4, atol: 1e-5)
  /// What `≈` allows.
  package static let loose = Precision(rtol: 1e-3, atol: 1e-6)

  package func union(_ other: Precision) -> Precision {
    Precision(
      rtol: max(rtol, other.rtol), atol: max(atol, other.atol), share: max(share, other.share))
  }

  /// An infinity is near nothing but itself.
  func allowance(_ a: Double, _ b: Double, _ scale: Double) -> Double {
    let own = max(abs(a), abs(b))
    return own.isFinite ? atol + rtol * own + (scale.isFinite ? share * scale : 0) : atol
  }
}

/// A line beside the one above it, at one point.
package struct LinePair: Sendable {
  package var above: LineValue
  package var here: LineValue
  /// Where the lines are estimates: the standard errors of the differences of their elements.
  package var elementErrors: [Double]?
  /// Where the lines are estimates: those of their derivatives, shaped as the gradients.
  package var gradientErrors: [[Double]]?
  /// The size of the largest term of either line, where one is known: rounding goes with it.
  package var scale = 0.0

  package init(
    _ above: LineValue, _ here: LineValue, elementErrors: [Double]? = nil,
    gradientErrors: [[Double]]? = nil, scale: Double = 0
  ) {
    self.above = above
    self.here = here
    self.elementErrors = elementErrors
    self.gradientErrors = gradientErrors
    self.scale = scale
  }

  /// Equal shapes go together, and a single number with any.
  package var shapesFit: Bool {
    above.dims == here.dims || above.dims.isEmpty || here.dims.isEmpty
  }
}

/// One step of a derivation: a line beside the one above it, at every point.
///
///     let step = DerivationStep(.equal, pairs)
///     step.isGood                     // false
///     step.break                      // at point 2, in value, element 0: 0.3 above, 0.6 here
///     step.largestElementError        // 0.3
package struct DerivationStep: Sendable {
  package enum Relation: Sendable {
    case equal
    case approximately
    case greaterOrEqual
    case greater
    case lessOrEqual
    case less
  }

  /// Where a step fails first.
  package struct Break: Equatable, Sendable {
    package enum Place: Equatable, Sendable {
      case shapes
      case element(Int)
      /// An entry of the derivative in one of the names.
      case gradient(name: Int, entry: Int)
    }

    package var point: Int
    package var place: Place
    package var above: Double
    package var here: Double
    /// How far chance may part the two, where they are estimates.
    package var noise = 0.0
  }

  package let relation: Relation
  package let pairs: [LinePair]
  package let precision: Precision?
  package private(set) var largestElementError = 0.0
  /// Nil where no derivatives were compared.
  package private(set) var largestGradientError: Double?
  /// The first place that fails; nil where the step holds.
  package private(set) var `break`: Break?

  package var isGood: Bool { `break` == nil }

  /// `precision` takes the place of what the lines themselves say.
  package init(_ relation: Relation, _ pairs: [LinePair], precision: Precision? = nil) {
    self.relation = relation
    self.pairs = pairs
    self.precision = precision
    for (point, pair) in pairs.enumerated() { compare(pair, point) }
  }

  package var isInequality: Bool {
    switch relation {
    case .equal, .approximately: false
    case .greaterOrEqual, .greater, .lessOrEqual, .less: true
    }
  }

  /// By how much the larger side of an inequality is larger: the smallest and the largest over all points.
  package var gaps: (least: Double, most: Double)? {
    let all = pairs.flatMap { pair in
      pair.matchedElements.map { relation.isDescending ? $0.above - $0.here : $0.here - $0.above }
    }
    guard let least = all.min(), let most = all.max() else { return nil }
    return (least, most)
  }

  // MARK: Comparing

  private mutating func compare(_ pair: LinePair, _ point: Int) {
    guard pair.shapesFit else {
      note(Break(point: point, place: .shapes, above: .nan, here: .nan))
      return
    }
    let precision = tolerance(pair)
    for (i, (above, here)) in pair.matchedElements.enumerated() {
      largestElementError = Self.larger(largestElementError, Self.distance(above, here))
      let noise = 4 * (pair.elementErrors?[checked: i] ?? 0)
      let slack = precision.allowance(above, here, pair.scale) + noise
      if !slack.isFinite || !relation.holds(above, here, slack) {
        note(Break(point: point, place: .element(i), above: above, here: here, noise: noise))
      }
    }
    if relation == .equal { compareGradients(pair, point, precision) }
  }

  private mutating func compareGradients(_ pair: LinePair, _ point: Int, _ precision: Precision) {
    for (name, rows) in zip(pair.above.gradients, pair.here.gradients).enumerated() {
      let size = max(rows.0.map { abs($0) }.max() ?? 0, rows.1.map { abs($0) }.max() ?? 0)
      for (i, (above, here)) in LinePair.matched(rows.0, rows.1).enumerated() {
        let error = Self.distance(above, here)
        largestGradientError = Self.larger(largestGradientError ?? 0, error)
        let noise = 4 * (pair.gradientErrors?[checked: name]?[checked: i] ?? 0)
        let slack = precision.allowance(above, here, max(size, pair.scale)) + noise
        if !slack.isFinite || !(error <= slack) {
          note(
            Break(
              point: point, place: .gradient(name: name, entry: i), above: above, here: here,
              noise: noise))
        }
      }
    }
  }

  private func tolerance(_ pair: LinePair) -> Precision {
    if let precision { return precision }
    let own = pair.above.precision.union(pair.here.precision)
    return relation == .approximately ? own.union(.loose) : own
  }

  private mutating func note(_ broken: Break) {
    if `break` == nil { `break` = broken }
  }

  /// Equal infinities are at no distance; NaN is at an infinite one from everything.
  private static func distance(_ a: Double, _ b: Double) -> Double {
    if a == b { return 0 }
    let distance = abs(a - b)
    return distance.isNaN ? .infinity : distance
  }

  private static func larger(_ a: Double, _ b: Double) -> Double { max(a, b) }
}

extension DerivationStep.Relation {
  /// Whether the line above is to be the larger one.
  package var isDescending: Bool { self == .greaterOrEqual || self == .greater }

  fileprivate func holds(_ above: Double, _ here: Double, _ slack: Double) -> Bool {
    switch self {
    case .equal, .approximately: above == here || abs(above - here) <= slack
    case .greaterOrEqual: above >= here - slack
    case .lessOrEqual: above <= here + slack
    // A strict one holds by more than what rounding may feign.
    case .greater: above > here + slack
    case .less: above < here - slack
    }
  }
}

extension LinePair {
  /// The elements of both lines side by side.
  package var matchedElements: [(above: Double, here: Double)] {
    Self.matched(above.elements, here.elements)
  }

  /// A single number goes with every one of the others.
  static func matched(_ a: [Double], _ b: [Double]) -> [(above: Double, here: Double)] {
    if a.count == b.count { return zip(a, b).map { ($0, $1) } }
    if a.count == 1 { return b.map { (a[0], $0) } }
    if b.count == 1 { return a.map { ($0, b[0]) } }
    return []
  }
}

extension Array {
  subscript(checked i: Int) -> Element? { indices.contains(i) ? self[i] : nil }
}
