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
  /// Edges that depend on what derivatives are taken in: a sign of 1 for an upper one, of -1 for a lower one.
  var movingEdges: [(edge: Tensor, sign: Double)] = []

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

  /// What an integral gains as its edges move: zero where they are, with derivatives to the sixth order.
  ///
  /// From an edge e to e + d the integral is d times the mean of the integrand between, by Gauss's rule of
  /// three points, all of which lie at e. Nil where no edge moves. Shapes: the integrand takes [3] + the
  /// shape of the range's bounds -> [3, ..].
  func gain(_ integrand: (Tensor) throws -> Tensor) throws -> Tensor? {
    var total: Tensor?
    let root = 0.6.squareRoot()
    for (edge, sign) in movingEdges {
      let inside = try Self.next(edge.detached, towards: Tensor(-sign))
      let shift = try edge - edge.detached
      let shares = try Self.column([(1 - root) / 2, 0.5, (1 + root) / 2], edge)
      let values = try integrand(inside + shift * shares)
      let trailing = [Int](repeating: 1, count: values.rank - 1)
      let weights = try Tensor([5.0 / 18, 8.0 / 18, 5.0 / 18], Shape([3] + trailing), .float64)
      let step = try edge.count == 1 ? shift.reshaped(to: []) : shift
      let gain = try (values * weights).sum([0]) * step * sign
      total = try total.map { try $0 + gain } ?? gain
    }
    guard let total, total.detached.range.nonfinite == 0 else {
      if total == nil { return nil }
      throw CalculusError.noSlope(1, "it is not finite at an edge that moves")
    }
    return total
  }

  /// An integral with what it gains; a gain that is not finite leaves it without derivatives.
  func adding(to value: Tensor, _ integrand: (Tensor) throws -> Tensor) throws -> Tensor {
    do {
      guard let gain = try gain(integrand) else { return value }
      return try value + gain
    } catch let error as CalculusError {
      let edges = try movingEdges.reduce(value) { try $0 + ($1.edge - $1.edge.detached).sum() }
      return edges.refusing(order: 1, error)
    }
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
        guard (x - edge) / scale > 0 else { return .nan }
        // Newton's iteration for t - exp(-t) = log of the distance.
        let goal = log((x - edge) / scale)
        var t = max(goal, 0)
        for _ in 0..<60 { t -= (t - exp(-t) - goal) / (1 + exp(-t)) }
        return t
      }
    case .interval(let low, let high):
      return all(low, high) { x, low, high in
        low < x && x < high ? asinh(log((x - low) / (high - x)) / .pi) : .nan
      }
    }
  }

  private func isLost(_ t: Double) -> Bool {
    switch range {
    case .line: return false
    case .halfLine(let edge, let scale):
      let distance = exp(t - exp(-t))
      return distance <= Self.smallest
        || distance * abs(scale[flat: 0]) < edge[flat: 0].magnitude * 0x1p-52
    case .interval(let low, let high):
      let share = 1 / (1 + exp(.pi * sinh(abs(t))))
      let distance = (high[flat: 0] - low[flat: 0]) * share
      return share <= Self.smallest || distance < (t < 0 ? low : high)[flat: 0].magnitude * 0x1p-52
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
      movingEdges = try [(low, -1.0), (high, 1.0)].filter { $0.0.isTracked }.map {
        (edge: try $0.0.cast(to: .float64).expanded(to: shape), sign: $0.1)
      }
    case .boolean, .integers, .wholeNumbers, .wholeNumbersUpTo, .simplex, .oneHot, .points:
      return nil
    }
  }

  /// Numbers around the middle of a distribution that is much narrower than its range.
  func narrowHill(_ q: any Distribution) throws -> [Double] {
    let room: Tensor
    switch range {
    case .line: return []
    case .halfLine(_, let scale): room = scale
    case .interval(let low, let high): room = try high - low
    }
    if q is Uniform { return [] }
    let (center, width) = try Self.middle(q)
    let (c, w, r) = (center.detached, width.detached, room.detached)
    guard let narrowest = try (w / r).values.min(), narrowest < 0.1 else { return [] }
    return try [-9, -4.5, -1.5, 0, 1.5, 4.5, 9].flatMap { try (c + w * $0).values }
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
