import Tensors

/// What an integrand is between the places of a rule, to see that it is there what the rule takes it for.
///
/// It is asked at as many places as its cost allows.
struct Probes {
  /// Places in ascending order, and what the integrand is there.
  struct Look {
    let places: [Double]
    let samples: Samples
    let work: Int
  }

  private let scale: Quadrature.Scale
  private(set) var looks: [Look] = []

  /// Less for an integral within another, which is asked for many times.
  ///
  /// Units: those of `Work`.
  private var most: Double {
    Double(scale.budget.isOutermost ? scale.budget.looking : scale.budget.looking / 10)
  }
  /// They leave gaps of 7e-4 at most.
  private static let mostMoves = 144
  private static let firstMoves = 12
  private static let atOnce = 2048
  /// Between places further out.
  private static let spacing = 0.002

  init(_ scale: Quadrature.Scale) { self.scale = scale }

  /// Shapes: the integrand gives [n, ..].
  @discardableResult
  mutating func look(
    at places: [Double], _ integrand: Quadrature.Integrand
  ) throws -> Samples {
    let before = Work.done
    // What is worked out at so many places stays in the cache.
    let parts = try stride(from: 0, to: places.count, by: Self.atOnce).map { first in
      try Interrupt.poll()
      return try Samples(integrand(Array(places[first..<min(first + Self.atOnce, places.count)])))
    }
    let samples = try parts.count == 1 ? parts[0] : Samples(joining: parts)
    looks.append(Look(places: places, samples: samples, work: Work.done - before))
    return samples
  }

  /// Looks between the places of the mesh; false where something there is not as these tell.
  mutating func agree(
    with verdict: Mesh.Verdict?, _ integrand: Quadrature.Integrand, aim: Double
  ) throws -> Bool {
    func look(_ scan: Mesh.Scan) throws -> Bool {
      let samples = try self.look(at: scan.places, integrand)
      return verdict.map { scan.agrees($0, samples, aim: aim) } ?? false
    }
    let first = min(moves, scale.looksClosely ? Self.firstMoves : 1)
    var agrees = try look(Mesh.Scan(moves: 1..<(1 + first)))
    let more = moves - first
    if scale.looksClosely, more > 0 {
      let outward = min(more * 50, Int((scale.reach - 3) / Self.spacing))
      let scan = Mesh.Scan(moves: (1 + first)..<(1 + moves), outward: outward, to: scale.reach)
      agrees = try look(scan) && agrees
    }
    return agrees
  }

  /// How often the mesh may be moved.
  private var moves: Int {
    let affordable = most / (workOfPlace * Double(Mesh.Scan.count))
    return Int(min(max(affordable, 1), Double(Self.mostMoves)))
  }

  /// What one more place costs: what looks cost that does not grow with their places shows in the second.
  private var workOfPlace: Double {
    let last = looks[looks.count - 1]
    guard looks.count > 1, last.places.count > looks[0].places.count else {
      return max(Double(last.work) / Double(last.places.count), 1)
    }
    let extra = last.places.count - looks[0].places.count
    return max(Double(last.work - looks[0].work) / Double(extra), 1)
  }

  /// Whether some hundred thousand places more are no matter.
  var areCheap: Bool { looks.count > 1 && 3e5 * workOfPlace < 20 * most }
}

extension Panels {
  private static let mostRounds = 12
  /// By how much of the largest value in its panel an integrand may differ from the polynomial through
  /// the nodes: of what is narrow and not seen by these, no more is left this far from it.
  private static let slack = 1e-10

  /// Cuts and halves panels until the integrand is between their nodes what the polynomials through these say.
  ///
  /// Throws: where it cannot be brought near enough for the limit.
  mutating func refine(
    where probes: Probes, _ integrand: Quadrature.Integrand, _ scale: Quadrature.Scale,
    aim: Double, limit: Double
  ) throws {
    let wasHalved = isHalved
    let floor = scale.density == nil ? 0 : Quadrature.noise
    for round in 0..<Self.mostRounds {
      let nodes = try Samples(integrand(self.places))
      let surprises = probes.looks.flatMap { self.surprises(nodes, $0) }
      // What differs by rounding alone goes on to do so.
      let isLittle = surprises.allSatisfy { $0.error <= max(limit, floor / $0.size) }
      if surprises.isEmpty || round > 1 && isLittle { break }
      guard round + 1 < Self.mostRounds else {
        let worst = surprises.max { $0.error < $1.error } ?? surprises[0]
        throw CalculusError.unsettled(
          near: scale.number(worst.place), error: worst.error * worst.size, of: worst.size)
      }
      cut(at: surprises.flatMap { $0.cuts })
      try refine(integrand, scale, aim: aim, limit: limit)
    }
    isHalved = isHalved || wasHalved
  }

  /// A panel in which the integrand is not what its nodes say.
  private struct Surprise {
    /// Where it shows most; and with its neighbours.
    let place: Double
    let cuts: [Double]
    /// What the integral of a component might be off by for that, in parts of its size.
    let error: Double
    let size: Double
  }

  private func surprises(_ nodes: Samples, _ look: Probes.Look) -> [Surprise] {
    let (n, width, places) = (GaussKronrod.count, nodes.width, look.places)
    let sizes = (0..<width).map { c in panels.reduce(0) { $0 + $1.sizes[c] } }
    var tops = [Double](repeating: 0, count: width)
    for i in nodes.numbers.indices { tops[i % width] = max(tops[i % width], abs(nodes.numbers[i])) }
    var found: [Surprise] = []
    var next = 0
    for (k, panel) in panels.enumerated() {
      let (center, h) = (panel.center, panel.halfWidth)
      while next < places.count, places[next] <= center - h { next += 1 }
      let first = next
      while next < places.count, places[next] < center + h { next += 1 }
      guard first < next else { continue }
      let inside = places[first..<next].map { ($0 - center) / h }
      var worst: (place: Int, error: Double, component: Int)?
      for c in 0..<width where sizes[c] > 0 {
        let values = (0..<n).map { nodes[k * n + $0, c] }
        let top = values.reduce(0) { max($0, abs($1)) }
        let allowed = max(Self.slack * top, 1e-13 * tops[c], 1e-14 * sizes[c] / h)
        GaussKronrod.interpolate(values, inside) { i, y in
          let difference = abs(look.samples[first + i, c] - y)
          guard difference > allowed else { return }
          let error = difference * 2 * h / sizes[c]
          if error > worst?.error ?? 0 { worst = (first + i, error, c) }
        }
      }
      guard let worst else { continue }
      let around = max(worst.place - 1, 0)...min(worst.place + 1, places.count - 1)
      found.append(
        Surprise(
          place: places[worst.place], cuts: Array(places[around]), error: worst.error,
          size: sizes[worst.component]))
    }
    return found
  }
}
