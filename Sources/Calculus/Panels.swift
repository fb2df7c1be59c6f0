import Tensors

/// A range cut into panels, each integrated by two rules whose difference tells its error.
///
/// Every component of the integrand is judged by its own size. A jump so near to a panel's edge that no
/// node lies beyond it is betrayed by the next panel: the values of both, extended to their common edge, differ.
struct Panels {
  struct Panel {
    let center: Double
    let halfWidth: Double
    /// By component: the integral, its error and that of the absolute value.
    var sums: [Double] = []
    var errors: [Double] = []
    var sizes: [Double] = []
    /// By component: the integrand at both edges, by the polynomial through the nodes.
    var left: [Double] = []
    var right: [Double] = []
  }

  private(set) var panels: [Panel]
  private(set) var error = 0.0
  /// Whether the last refinement had something to refine.
  var isHalved = false

  /// So many panels at a time: an integrand may need much memory for each place, as an integral itself.
  private let atOnce: Int
  private static let numbersAtOnce = 500_000
  /// What one of the last panels cost, in the units of `Work`.
  private var workOfPanel = 0

  /// What it costs to ask for the integrand at all places again, in the units of `Work`.
  var work: Int { panels.count * workOfPanel }

  private static let largestCount = 3000
  private static let mostRounds = 200

  /// Panels of half a unit in the middle, of up to two further out, and cuts where something is known to be.
  ///
  /// `width` is how many numbers the integrand gives for a place.
  init(over range: ClosedRange<Double>, around known: [Double] = [], width: Int = 1) {
    atOnce = min(max(Self.numbersAtOnce / (GaussKronrod.count * max(width, 1)), 1), 128)
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

  /// Cuts panels at places within them.
  mutating func cut(at places: [Double]) {
    let sorted = places.sorted()
    var next = 0
    panels = panels.flatMap { p in
      let (low, high) = (p.center - p.halfWidth, p.center + p.halfWidth)
      while next < sorted.count, sorted[next] <= low { next += 1 }
      var cuts = [low]
      while next < sorted.count, sorted[next] < high {
        if sorted[next] > cuts[cuts.count - 1] { cuts.append(sorted[next]) }
        next += 1
      }
      guard cuts.count > 1 else { return [p] }
      return zip(cuts, cuts.dropFirst() + [high]).map {
        Panel(center: ($0 + $1) / 2, halfWidth: ($1 - $0) / 2)
      }
    }
  }

  var places: [Double] { panels.flatMap { Self.places($0) } }
  var weights: [Double] {
    panels.flatMap { p in GaussKronrod.kronrod.map { $0 * p.halfWidth } }
  }

  /// Shapes: what the integrand gives [n, ..] -> [..].
  func sum(_ shape: Shape) throws -> Tensor {
    let total = total(\.sums)
    return try Tensor(total, Shape(Array(shape.dims.dropFirst())), .float64)
  }

  private func total(_ part: (Panel) -> [Double]) -> [Double] {
    var total = [Double](repeating: 0, count: panels.first?.sums.count ?? 0)
    for panel in panels {
      for (c, value) in part(panel).enumerated() { total[c] += value }
    }
    return total
  }

  private static func places(_ p: Panel) -> [Double] {
    GaussKronrod.places.map { p.center + p.halfWidth * $0 }
  }

  // MARK: Refining

  /// Halves the panels that err most until every component's errors sum to less than the aim.
  ///
  /// Throws: where they cannot be brought below the limit.
  mutating func refine(
    _ integrand: Quadrature.Integrand, _ scale: Quadrature.Scale, aim: Double, limit: Double
  ) throws {
    var fresh = panels
    var before = Double.infinity
    panels = []
    for round in 0..<Self.mostRounds {
      isHalved = round > 0
      try evaluate(&fresh, integrand, scale.number)
      panels += fresh
      panels.sort { $0.center < $1.center }
      // What follows looks at every number of every panel a few times.
      Work.add(5 * panels.count * (panels.first?.sums.count ?? 0))
      chargeEdges()
      let (errors, sizes) = (total(\.errors), total(\.sizes))
      error = errors.max() ?? 0
      let misses = errors.indices.filter { errors[$0] > aim * sizes[$0] }
      if misses.isEmpty { return }
      let shares = panels.map { p in
        misses.map { p.errors[$0] / (aim * sizes[$0]) }.max() ?? 0
      }
      let bad = panels.indices.filter {
        shares[$0] > 1 / Double(2 * panels.count) && Self.canBeHalved(panels[$0])
      }
      let worst = misses.map { errors[$0] / sizes[$0] }.max() ?? 0
      // Halving the panels of a smooth integrand helps; where it does not, rounding may be all that is left.
      let floor = scale.density == nil ? 0 : Quadrature.noise
      if worst > before / 2, misses.allSatisfy({ errors[$0] <= max(limit * sizes[$0], floor) }),
        try isNoise(bad, misses, integrand)
      {
        return
      }
      before = worst
      guard !bad.isEmpty, round < Self.mostRounds - 1, panels.count < Self.largestCount else {
        if errors.indices.allSatisfy({ errors[$0] <= limit / 4 * sizes[$0] }) { return }
        throw failure(shares, errors, sizes, scale)
      }
      fresh = bad.flatMap { i in
        let p = panels[i]
        return [-0.5, 0.5].map { side in
          Panel(center: p.center + side * p.halfWidth, halfWidth: p.halfWidth / 2)
        }
      }
      let isBad = Set(bad)
      panels = panels.indices.filter { !isBad.contains($0) }.map { panels[$0] }
    }
  }

  /// A place where the last component jumps and no other does; nil where there is none.
  var jumpOfLast: Double? {
    guard let n = panels.first?.sums.count, n > 1 else { return nil }
    let tops = (0..<n).map { c in
      panels.map { max(abs($0.left[c]), abs($0.right[c])) }.max() ?? 0
    }
    func jumps(_ p: Panel, _ c: Int) -> Bool { abs(p.right[c] - p.left[c]) > 1e-4 * tops[c] }
    return panels.first { p in
      p.halfWidth < 1e-8 && jumps(p, n - 1) && !(0..<(n - 1)).contains { jumps(p, $0) }
    }?.center
  }

  private func failure(
    _ shares: [Double], _ errors: [Double], _ sizes: [Double], _ scale: Quadrature.Scale
  ) -> CalculusError {
    let c = errors.indices.max { errors[$0] * sizes[$1] < errors[$1] * sizes[$0] } ?? 0
    let worst = panels.indices.max { panels[$0].errors[c] < panels[$1].errors[c] } ?? 0
    let (panel, place) = (panels[worst], scale.number(panels[worst].center))
    if !Self.canBeHalved(panel) || panel.halfWidth < 1e-6, errors[c] > 1e-3 * sizes[c] {
      return .pole(place, isExact: false)
    }
    return .unsettled(near: place, error: errors[c], of: sizes[c])
  }

  private static func canBeHalved(_ p: Panel) -> Bool {
    p.halfWidth > max(4e-15 * abs(p.center), 1e-100)
  }

  /// What two neighbours disagree by at their edge may be a jump anywhere between the edge and the next node.
  private mutating func chargeEdges() {
    let gap = 1 - (GaussKronrod.places.last ?? 1)
    for i in panels.indices.dropLast() {
      let wide = panels[i].halfWidth >= panels[i + 1].halfWidth ? i : i + 1
      let h = panels[wide].halfWidth
      for c in panels[i].right.indices {
        let (a, b) = (panels[i].right[c], panels[i + 1].left[c])
        let size = max(
          panels[i].sizes[c] / panels[i].halfWidth, panels[i + 1].sizes[c] / panels[i + 1].halfWidth
        )
        let jump = abs(a - b)
        // Extending a polynomial magnifies rounding a little.
        guard jump > 1e-13 * size else { continue }
        panels[wide].errors[c] = max(panels[wide].errors[c], jump * gap * h)
      }
    }
    // Beyond the range is nothing: what does not die away before its ends breaks off near them.
    for (i, edge) in [(0, \Panel.left), (panels.count - 1, \Panel.right)] where i >= 0 {
      for (c, y) in panels[i][keyPath: edge].enumerated() {
        let charge = abs(y) * gap * panels[i].halfWidth
        panels[i].errors[c] = max(panels[i].errors[c], charge)
      }
    }
  }

  /// Whether what the panels err by is no more than what rounding leaves of the integrand there.
  ///
  /// At eight places a billionth of a panel apart a smooth integrand has no third differences to speak of.
  private func isNoise(
    _ bad: [Int], _ components: [Int], _ integrand: Quadrature.Integrand
  ) throws -> Bool {
    guard !bad.isEmpty else { return false }
    let places = bad.flatMap { i in
      let p = panels[i]
      let step = max(p.halfWidth * 1e-9, 4e-15 * abs(p.center))
      return (0..<8).map { p.center + Double($0) * step }
    }
    let samples = try Samples(integrand(places))
    return components.allSatisfy { c in
      var (errors, noise) = (0.0, 0.0)
      for (k, i) in bad.enumerated() {
        let values = (0..<8).map { samples[8 * k + $0, c] }
        errors += panels[i].errors[c]
        noise += DifferenceQuotient.noise(values) * panels[i].halfWidth
      }
      return errors <= 20 * noise
    }
  }

  private mutating func evaluate(
    _ fresh: inout [Panel], _ integrand: Quadrature.Integrand, _ named: (Double) -> Double
  ) throws {
    for first in stride(from: 0, to: fresh.count, by: atOnce) {
      try Interrupt.poll()
      let end = min(first + atOnce, fresh.count)
      let before = Work.done
      try evaluate(&fresh[first..<end], integrand, named)
      workOfPanel = (Work.done - before) / (end - first)
    }
  }

  private func evaluate(
    _ fresh: inout ArraySlice<Panel>, _ integrand: Quadrature.Integrand,
    _ named: (Double) -> Double
  ) throws {
    let places = fresh.flatMap { Self.places($0) }
    let samples = try Samples(integrand(places))
    let n = GaussKronrod.count
    Work.add(2 * samples.numbers.count)
    for (k, index) in fresh.indices.enumerated() {
      let h = fresh[index].halfWidth
      var panel = Panel(center: fresh[index].center, halfWidth: h)
      for c in 0..<samples.width {
        var (kronrod, gauss, absolute, left, right) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for i in 0..<n {
          let y = samples[k * n + i, c]
          guard y.isFinite else { throw CalculusError.notFiniteAt(named(places[k * n + i])) }
          kronrod += GaussKronrod.kronrod[i] * y
          gauss += GaussKronrod.gauss[i] * y
          absolute += GaussKronrod.kronrod[i] * abs(y)
          right += GaussKronrod.edge[i] * y
          left += GaussKronrod.edge[n - 1 - i] * y
        }
        // Below this the two rules differ by rounding alone.
        let difference = abs(kronrod - gauss) * h
        panel.sums.append(kronrod * h)
        panel.errors.append(difference <= 1e-15 * absolute * h ? 0 : difference)
        panel.sizes.append(absolute * h)
        panel.left.append(left)
        panel.right.append(right)
      }
      fresh[index] = panel
    }
  }
}
