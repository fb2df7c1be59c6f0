import Glibc
import Tensors

/// The integral of a function over a line, with an estimate of its error.
///
/// The integrand is asked for its values at many places at once. Where it is smooth and dies away fast
/// at both ends, the trapezoidal rule converges so quickly that its two finest meshes agree to all
/// digits, and one evaluation is enough. Elsewhere panels are halved until each agrees with itself.
///
/// The places are chosen by plain numbers; the result is a weighted sum of one evaluation at the final
/// places, so that gradients flow to all that the integrand reads, to every order. The places do not move
/// with it: where the integrand jumps at a place that a parameter sets, as (z > a) z does, `MovingJumps` adds
/// the jump's height times the place's speed.
///
/// Source: Trefethen and Weideman (2014), "The Exponentially Convergent Trapezoidal Rule"; Piessens et
/// al., "QUADPACK" (1983).
package struct Quadrature {
  /// Shapes: n places -> [n, ..], float64.
  package typealias Integrand = ([Double]) throws -> Tensor

  package let value: Tensor
  /// How far off the value may be, in its largest element.
  package let error: Double

  /// The largest error that counts as exact, relative to the integral of the absolute value.
  package static let exactness = 1e-10
  /// What rounding may leave of an integrand whose terms cancel, relative to a density it has as a factor.
  static let noise = 2e-14
  /// What is aimed for.
  private static let aim = 1e-12

  /// What the places mean.
  struct Scale {
    /// What the reader knows a place by.
    var number: (Double) -> Double = { $0 }
    /// What the reader knows the two ends of the line by.
    var ends = (-Double.infinity, Double.infinity)
    /// Whether it lies so near to an edge that its distance from it is lost.
    var isLost: (Double) -> Bool = { _ in false }
    /// A density that the integrand has as a factor: what this and rounding leave of it is noise.
    var density: (([Double]) throws -> [Double])?
    /// Places where something narrow is known to be.
    var landmarks: [Double] = []
    /// Whether to look between the places, for what is narrow beside something wide, and how far out.
    var looksClosely = false
    var reach = 3.0
    /// What it may cost.
    var budget = IntegralBudget()
  }

  /// Integrates over all of the line.
  ///
  /// What falls between all places that are looked at is missed: what is far narrower than a thousandth
  /// of the range beside something wide, or than a millionth beside nothing.
  ///
  /// Throws: `CalculusError` where the integral diverges, the integrand is not finite, or halving
  /// panels does not settle the value to `tolerance` with what the scale's budget allows.
  init(
    _ integrand: Integrand, tolerance: Double = exactness, scale: Scale = Scale()
  ) throws {
    let budget = scale.budget
    self = try budget.within {
      try Quadrature(
        counted: {
          try budget.check()
          do { return try integrand($0) } catch {
            // What failed inside, once all is spent, failed for that.
            if !Interrupt.isRequested { try budget.check() }
            throw error
          }
        }, tolerance: tolerance, scale: scale)
    }
  }

  private init(counted integrand: Integrand, tolerance: Double, scale: Scale) throws {
    var probes = Probes(scale)
    let start = try probes.look(at: Mesh.places, integrand)
    let verdict = scale.landmarks.isEmpty ? Mesh.verdict(start, scale, aim: Self.aim) : nil
    var landmarks = scale.landmarks
    if verdict != nil || scale.looksClosely {
      if try probes.agree(with: verdict, integrand, aim: Self.aim), let verdict {
        value = try start.weightedSum(Mesh.weights)
        error = verdict.error
        return
      }
      landmarks += probes.looks.flatMap { Mesh.peaks($0.places, $0.samples.sizes) }
    }
    var panels: Panels
    if let range = try Self.range(integrand, scale, tolerance) {
      // A peak beyond what was seen to count takes a while to die away.
      let beyond = landmarks.filter { !range.contains($0) }
      let marks = beyond.flatMap { [$0 - 2, $0 + 2] } + [range.lowerBound, range.upperBound]
      let (low, high) = (marks.min() ?? -8, marks.max() ?? 8)
      panels = Panels(over: low...high, around: landmarks, width: start.width)
    } else {
      if landmarks.isEmpty { landmarks = try Self.search(integrand, isClose: probes.areCheap) }
      if landmarks.isEmpty {
        value = try start.weightedSum(Mesh.weights)
        error = 0
        return
      }
      panels = Panels(over: -14...14, around: landmarks, width: start.width)
    }
    try panels.refine(integrand, scale, aim: Self.aim, limit: tolerance)
    try panels.refine(where: probes, integrand, scale, aim: Self.aim, limit: tolerance)
    error = panels.error
    guard start.tensor.isTracked else {
      value = try panels.sum(start.tensor.shape)
      return
    }
    scale.budget.renew()
    let flaw = try panels.isHalved ? Self.refineSlopes(&panels, integrand, scale, tolerance) : nil
    scale.budget.renew()
    try scale.budget.check(ahead: panels.work)
    let sum = try Samples(integrand(panels.places)).weightedSum(panels.weights)
    value = flaw.map { sum.refusing(order: $0.order, $0.error) } ?? sum
  }

  /// Refines panels for the derivatives too; gives the order from which on these are wrong, if any.
  ///
  /// Where an integrand has a kink its slope jumps; where its slope has one, so does the second derivative.
  private static func refineSlopes(
    _ panels: inout Panels, _ integrand: Integrand, _ scale: Scale, _ limit: Double
  ) throws -> (order: Int, error: CalculusError)? {
    for order in 1...2 {
      let before = panels
      do {
        try panels.refine(
          {
            let values = try integrand($0)
            return try IntegrandSlopes.appended(to: values, order: order) ?? values.detached
          }, scale, aim: aim, limit: limit)
      } catch let error as CalculusError {
        // What an integral around this one may cost is spent too.
        if error == .tooLong, !scale.budget.isOutermost { throw error }
        panels = before
        return (order, .noSlope(order, error.message))
      }
      if let kink = panels.jumpOfLast {
        return (order + 1, .movingKink(order + 1, scale.number(kink)))
      }
      // Where the slope was as smooth as the value, all the others are.
      if !panels.isHalved { return nil }
    }
    return nil
  }

  /// Looks for narrow peaks between places where the integrand is zero.
  private static func search(_ integrand: Integrand, isClose: Bool) throws -> [Double] {
    let (inner, outer) = isClose ? (25_000.0, 4000.0) : (1500, 400)
    let beyond = (1...Int(10 * outer)).map { 4 + Double($0) / outer }
    let within = (0...Int(8 * inner)).map { Double($0) / inner - 4 }
    let places = beyond.reversed().map { -$0 } + within + beyond
    return Mesh.peaks(places, try Samples(integrand(places)).sizes)
  }

  /// Where the integrand is more than nothing, from the left to the right; nil where it is nothing.
  private static func range(
    _ integrand: Integrand, _ scale: Scale, _ tolerance: Double
  ) throws -> ClosedRange<Double>? {
    let named = scale.number
    let outward = Mesh.outward
    let places = outward.reversed().map { -$0 } + [0] + outward
    let samples = try Samples(integrand(places))
    let n = outward.count
    // Where all terms cancel their derivatives need not.
    var sizes = samples.relativeSizes(
      floor: try scale.density?(places).map { $0 * noise }
        ?? [Double](repeating: 0, count: places.count))
    let total = Samples.total(sizes, places)
    if samples.sizes.allSatisfy({ $0 == 0 }) { return nil }
    let negligible = 1e-17 * total
    for (i, t) in places.enumerated() where scale.isLost(t) && sizes[i] > negligible {
      // What such a place adds may be wrong altogether.
      guard sizes[i] <= tolerance / 10 * total else {
        let unit = Samples.total(samples.sizes, places) / total
        throw sizes[i] > 1e-3 * total
          ? CalculusError.pole(named(t), isExact: false)
          : CalculusError.unsettled(near: named(t), error: sizes[i] * unit, of: total * unit)
      }
      sizes[i] = 0
    }
    let right = try end(outward, Array(sizes[(n + 1)...]), total, scale, 1)
    let left = try end(outward, sizes[..<n].reversed(), total, scale, -1)
    return -left...right
  }

  /// The first place from which on nothing is added any more.
  ///
  /// Beyond it the integrand may become undefined, as the log of what is rounded to 0, but not large.
  private static func end(
    _ places: [Double], _ sizes: [Double], _ total: Double, _ scale: Scale, _ side: Double
  ) throws -> Double {
    func named(_ place: Double) -> Double { scale.number(side * place) }
    let negligible = 1e-17 * total
    let edge = side > 0 ? scale.ends.1 : scale.ends.0
    let lastLoud = sizes.lastIndex { $0.isFinite && $0 > negligible } ?? -1
    func failure(at bad: Int) -> CalculusError {
      let top = sizes[..<bad].max() ?? 0
      // What grows before it is not finite, or is large still where it overflows, does not die away.
      let isGrowing = bad > 1 && sizes[bad - 1] >= (sizes[bad].isNaN ? 1 : 1e-3) * top
      if isGrowing { return .diverges(edge) }
      guard scale.isLost(side * places[bad]) else { return .notFiniteAt(named(places[bad])) }
      return .unsettled(near: named(places[bad]), error: sizes[max(bad - 1, 0)], of: total)
    }
    if let bad = sizes[..<(lastLoud + 1)].firstIndex(where: { !$0.isFinite }) {
      throw failure(at: bad)
    }
    // Far out nothing ends at once, but where a factor overflows.
    let isCut =
      lastLoud >= 0 && places[lastLoud] > 40 && sizes[lastLoud] > 1e7 * negligible
    guard lastLoud + 1 < places.count, !isCut else {
      throw CalculusError.diverges(edge)
    }
    guard sizes[lastLoud + 1].isFinite else { throw failure(at: lastLoud + 1) }
    return places[lastLoud + 1]
  }
}
