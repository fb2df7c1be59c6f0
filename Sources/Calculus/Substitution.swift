import Distributions
import Glibc
import Tensors

/// A range of numbers as the image of the whole line, so that an integrand dies away fast at both ends.
///
/// Source: Takahasi and Mori (1974), "Double Exponential Formulas for Numerical Integration"; of their
/// maps the milder ones, since a density dies away by itself.
struct Substitution {
  enum Range {
    /// center + scale sinh(t).
    case line(center: Tensor, scale: Tensor)
    /// edge + scale exp(t - exp(-t)); downwards where the scale is negative.
    case halfLine(edge: Tensor, scale: Tensor)
    /// low + (high - low) sigmoid(pi sinh(t)).
    case interval(low: Tensor, high: Tensor)
  }

  let range: Range

  /// The numbers at the places, and their derivatives.
  ///
  /// Shapes: n places -> [n] + the shape of the range's bounds, twice.
  func callAsFunction(_ places: [Double]) throws -> (numbers: Tensor, slopes: Tensor) {
    switch range {
    case .line(let center, let scale):
      return (
        try center + scale * Self.column(places.map(sinh), center),
        try scale * Self.column(places.map(cosh), center)
      )
    case .halfLine(let edge, let scale):
      let distances = places.map { max(exp($0 - exp(-$0)), Self.smallest) }
      let slopes = zip(places, distances).map { t, d in
        d > Self.smallest ? d * (1 + exp(-t)) : .nan
      }
      let numbers = try edge + scale * Self.column(distances, edge)
      // Where the distance is lost beside the edge, the number next to it.
      let isAt = try numbers.detached.compare(.equal, to: edge.detached)
      let next = try Self.next(edge, towards: scale)
      return (
        try isAt.choose(next, numbers), try scale.absolute() * Self.column(slopes, edge)
      )
    case .interval(let low, let high):
      // From the nearer end, so that nothing is lost where the numbers crowd.
      let shares = places.map { max(1 / (1 + exp(.pi * sinh(abs($0)))), Self.smallest) }
      let slopes = zip(places, shares).map { t, u in
        u > Self.smallest ? .pi * cosh(t) * u * (1 - u) : .nan
      }
      let width = try high - low
      let isLeft = try Self.column(places.map { $0 < 0 ? 1 : 0 }, low).compare(.equal, to: 1)
      let offset = try width * Self.column(shares, low)
      let numbers = try isLeft.choose(low + offset, high - offset)
      let isLow = try numbers.detached.compare(.lessOrEqual, to: low.detached)
      let isHigh = try numbers.detached.compare(.greaterOrEqual, to: high.detached)
      let inside = try isLow.choose(
        Self.next(low, towards: width), isHigh.choose(Self.next(high, towards: -width), numbers))
      return (inside, try width * Self.column(slopes, low))
    }
  }

  /// Distances from an edge below this are none.
  private static let smallest = 1e-290

  private static func next(_ edge: Tensor, towards direction: Tensor) throws -> Tensor {
    let signs = try direction.detached.expanded(to: edge.shape).values
    let numbers = zip(edge.values, signs).map { x, sign in
      x == 0 ? (sign > 0 ? smallest : -smallest) : sign > 0 ? x.nextUp : x.nextDown
    }
    return try Tensor(numbers, edge.shape, .float64)
  }

  /// What the places mean, of the first of the numbers.
  var scale: Quadrature.Scale {
    Quadrature.Scale(
      number: { (try? self([$0]).numbers.detached[flat: 0]) ?? .nan }, ends: ends, isLost: isLost)
  }

  /// The first and the last of the numbers.
  private var ends: (Double, Double) {
    switch range {
    case .line: (-.infinity, .infinity)
    case .halfLine(let edge, let scale):
      (edge[flat: 0], scale[flat: 0] < 0 ? -.infinity : .infinity)
    case .interval(let low, let high): (low[flat: 0], high[flat: 0])
    }
  }

  /// Numbers around the middle, as far as most of a density goes.
  func hill() throws -> [Double] {
    let near = try self([-3, -1.5, 0, 1.5, 3]).numbers.detached.values
    switch range {
    case .interval(let low, let high): return near + low.values + high.values
    case .line, .halfLine: return near
    }
  }

  /// Where numbers have their places, of a batch on any of its ranges.
  func places(_ numbers: [Double]) -> [Double] {
    guard !numbers.isEmpty else { return [] }
    func all(_ a: Tensor, _ b: Tensor, _ place: (Double, Double, Double) -> Double) -> [Double] {
      zip(a.detached.values, b.detached.values).flatMap { x, y in
        numbers.map { place($0, x, y) }
      }.filter { $0.isFinite && abs($0) < 600 }
    }
    switch range {
    case .line(let center, let scale): return all(center, scale) { asinh(($0 - $1) / $2) }
    case .halfLine(let edge, let scale):
      return all(edge, scale) { x, edge, scale in
        // Newton's iteration for t - exp(-t) = log of the distance.
        let goal = log((x - edge) / scale)
        var t = max(goal, 0)
        for _ in 0..<60 { t -= (t - exp(-t) - goal) / (1 + exp(-t)) }
        return t
      }
    case .interval(let low, let high):
      return all(low, high) { x, low, high in asinh(log((x - low) / (high - x)) / .pi) }
    }
  }

  private func isLost(_ t: Double) -> Bool {
    switch range {
    case .line: return false
    case .halfLine(let edge, let scale):
      return exp(t - exp(-t)) * abs(scale[flat: 0]) < edge[flat: 0].magnitude * 0x1p-52
    case .interval(let low, let high):
      let distance = (high[flat: 0] - low[flat: 0]) / (1 + exp(.pi * sinh(abs(t))))
      return distance < (t < 0 ? low : high)[flat: 0].magnitude * 0x1p-52
    }
  }

  private static func column(_ values: [Double], _ like: Tensor) throws -> Tensor {
    let trailing = [Int](repeating: 1, count: like.rank)
    return try Tensor(values, Shape([values.count] + trailing), .float64)
  }
}

extension Substitution {
  /// The range of a distribution's values; nil where they are no numbers on a line.
  init?(_ q: any Distribution) throws {
    let shape = try Shape(q.batchShape.dims + q.eventShape.dims)
    func whole(_ x: Tensor) throws -> Tensor {
      try x.detached.cast(to: .float64).expanded(to: shape)
    }
    switch try q.support {
    case .real:
      let (center, scale) = try Self.middle(q)
      range = .line(center: try whole(center), scale: try whole(scale))
    case .positive:
      let (center, scale) = try Self.middle(q)
      let size = try center.absolute().greater(scale)
      range = .halfLine(edge: try Tensor.zeros(shape, .float64), scale: try whole(size))
    case .interval(let low, let high):
      range = .interval(low: try whole(low), high: try whole(high))
    case .boolean, .integers, .wholeNumbers, .wholeNumbersUpTo, .simplex, .oneHot, .points:
      return nil
    }
  }

  /// Where most of a distribution lies, and how wide it is there.
  private static func middle(_ q: any Distribution) throws -> (Tensor, Tensor) {
    if let normal = q as? Normal { return (normal.loc, normal.scale) }
    if let center = try? q.icdf(Tensor(0.5)), let low = try? q.icdf(Tensor(0.16)),
      let high = try? q.icdf(Tensor(0.84))
    {
      return (center, try (high - low) * 0.5)
    }
    if let mean = try? q.mean, let variance = try? q.variance,
      isFinite(mean), isFinite(variance)
    {
      return (mean, try variance.squareRoot())
    }
    // Of a sample that is always the same.
    let draws = try q.sample([999], Generator(seed: 1)).sorted(0).0
    let (low, center, high) = (
      try draws.indexed([.at(160)]), try draws.indexed([.at(499)]), try draws.indexed([.at(838)])
    )
    return (center, try ((high - low) * 0.5).clamped(1e-300, nil))
  }

  private static func isFinite(_ x: Tensor) -> Bool { x.detached.range.nonfinite == 0 }
}
