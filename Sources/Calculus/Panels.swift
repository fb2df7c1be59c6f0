import Tensors

/// A range cut into panels, each integrated by two rules whose difference tells its error.
struct Panels {
  private struct Panel {
    let center: Double
    let halfWidth: Double
    var sums: [Double] = []
    var error = 0.0
    /// The integral of the absolute value.
    var size = 0.0
  }

  private var panels: [Panel]
  private(set) var error = 0.0

  private static let largestCount = 3000
  private static let mostRounds = 64

  /// Panels of half a unit in the middle, of up to two further out, and cuts where something is known to be.
  init(over range: ClosedRange<Double>, around known: [Double] = []) {
    var cuts = known + [0]
    var t = 0.0
    while t < range.upperBound {
      t = min(t + (t < 6 ? 0.5 : t < 40 ? 2 : 16), range.upperBound)
      cuts.append(t)
    }
    t = 0
    while t > range.lowerBound {
      t = max(t - (t > -6 ? 0.5 : t > -40 ? 2 : 16), range.lowerBound)
      cuts.append(t)
    }
    cuts.sort()
    panels = zip(cuts, cuts.dropFirst()).filter { $0 < $1 }.map {
      Panel(center: ($0 + $1) / 2, halfWidth: ($1 - $0) / 2)
    }
  }

  var places: [Double] { panels.flatMap { Self.places($0) } }
  var weights: [Double] {
    panels.flatMap { p in GaussKronrod.kronrod.map { $0 * p.halfWidth } }
  }

  /// Shapes: what the integrand gives [n, ..] -> [..].
  func sum(_ shape: Shape) throws -> Tensor {
    var total = [Double](repeating: 0, count: panels.first?.sums.count ?? 0)
    for panel in panels {
      for (c, sum) in panel.sums.enumerated() { total[c] += sum }
    }
    return try Tensor(total, Shape(Array(shape.dims.dropFirst())), .float64)
  }

  private static func places(_ p: Panel) -> [Double] {
    GaussKronrod.places.map { p.center + p.halfWidth * $0 }
  }

  /// Halves the panels that err most until their errors sum to less than the aim.
  ///
  /// Throws: where they cannot be brought below the limit.
  mutating func refine(
    _ integrand: Quadrature.Integrand, _ scale: Quadrature.Scale, aim: Double, limit: Double
  ) throws {
    let named = scale.number
    let noise = scale.density == nil ? 0 : Quadrature.noise
    var last = 0.0
    var fresh = panels
    panels = []
    for round in 0..<Self.mostRounds {
      try evaluate(&fresh, integrand, named)
      panels += fresh
      panels.sort { $0.center < $1.center }
      error = panels.reduce(0) { $0 + $1.error }
      let size = panels.reduce(0) { $0 + $1.size }
      if error <= aim * size { return }
      // Halving the panels of a smooth integrand helps; where it does not, noise is left.
      if round > 0, error <= noise, error > last / 10 { return }
      last = error
      let share = aim * size / Double(2 * panels.count)
      let (bad, good) = (
        panels.filter { $0.error > share && Self.canBeHalved($0) },
        panels.filter { !($0.error > share && Self.canBeHalved($0)) }
      )
      guard !bad.isEmpty, round < Self.mostRounds - 1, panels.count < Self.largestCount else {
        if error <= limit * size { return }
        let worst = panels.max { $0.error < $1.error }
        if let worst, !Self.canBeHalved(worst) || worst.halfWidth < 1e-6, error > 1e-3 * size {
          throw CalculusError.pole(named(worst.center), isExact: false)
        }
        throw CalculusError.unsettled(
          near: named(worst?.center ?? 0), error: error, of: size)
      }
      panels = good
      fresh = bad.flatMap { p in
        [-0.5, 0.5].map { side in
          Panel(center: p.center + side * p.halfWidth, halfWidth: p.halfWidth / 2)
        }
      }
    }
  }

  private static func canBeHalved(_ p: Panel) -> Bool {
    p.halfWidth > 4e-15 * max(1, abs(p.center))
  }

  private func evaluate(
    _ fresh: inout [Panel], _ integrand: Quadrature.Integrand, _ named: (Double) -> Double
  ) throws {
    let places = fresh.flatMap { Self.places($0) }
    let samples = try Samples(integrand(places))
    let n = GaussKronrod.count
    for k in fresh.indices {
      var sums = [Double](repeating: 0, count: samples.width)
      var (error, size) = (0.0, 0.0)
      for c in 0..<samples.width {
        var (kronrod, gauss, absolute) = (0.0, 0.0, 0.0)
        for i in 0..<n {
          let y = samples[k * n + i, c]
          guard y.isFinite else { throw CalculusError.notFiniteAt(named(places[k * n + i])) }
          kronrod += GaussKronrod.kronrod[i] * y
          gauss += GaussKronrod.gauss[i] * y
          absolute += GaussKronrod.kronrod[i] * abs(y)
        }
        let h = fresh[k].halfWidth
        sums[c] = kronrod * h
        // Below this the two rules differ by rounding alone.
        let difference = abs(kronrod - gauss) * h
        error = max(error, difference <= 1e-15 * absolute * h ? 0 : difference)
        size = max(size, absolute * h)
      }
      (fresh[k].sums, fresh[k].error, fresh[k].size) = (sums, error, size)
    }
  }
}
