import Distributions
import Tensors

/// The places at which an integrand jumps and that move with what derivatives are taken in, as (z > a) z
/// jumps at a.
///
/// The derivative of an integral has a part for each of them: the height of the jump times the speed of
/// its place. While the integrand is worked out, whoever compares numbers there says so; a jump may
/// stand where the difference of two of them changes its sign.
///
/// Source: Leibniz's rule for an integral whose limits depend on a parameter.
package final class MovingJumps {
  /// A comparison in the text of the integrand, and the how manieth of one evaluation.
  private struct Key: Hashable {
    let site: ObjectIdentifier
    let turn: Int
  }

  private struct Sight {
    let z: Double
    let isAbove: Bool
  }

  private var width: Int { drawShape.reduce(1, *) }

  private enum Mode {
    case idle
    case watching
    /// Of one evaluation all differences are kept.
    case catching
  }

  /// Those of the integral around this one.
  private let outer: MovingJumps?
  private var mode = Mode.idle
  /// The draws of the evaluation under way.
  private var z: Tensor?
  private var turns: [ObjectIdentifier: Int] = [:]
  private var latest: [ObjectIdentifier: Tensor] = [:]
  /// By comparison, and by the number compared: where it is on which side.
  private var seen: [Key: [[Sight]]] = [:]
  /// Differences that are the same at all draws so far.
  private var constant: [Key: Tensor?] = [:]
  private var order: [Key] = []
  private var caught: [Key: Tensor] = [:]
  /// The shape of a draw: of more than one number where many integrals go side by side.
  private var drawShape: [Int] = []

  package init(within outer: MovingJumps? = nil) { self.outer = outer }

  // MARK: While the integrand is worked out

  /// An evaluation of the integrand at draws begins.
  package func begin(_ draws: Tensor?) {
    z = draws
    (turns, latest) = ([:], [:])
  }

  /// Forgets what was seen, and watches from now on.
  ///
  /// Shapes: a draw's.
  func watch(_ shape: [Int] = []) {
    (seen, order, constant, drawShape) = ([:], [], [:], shape)
    mode = .watching
  }

  /// Numbers were compared: here, or where the draws have no part in it in the integral around.
  package func note(_ site: ObjectIdentifier, _ left: Tensor, _ right: Tensor) throws {
    let shape = try left.shape.broadcast(with: right.shape)
    try note(site, shape, isTracked: left.isTracked || right.isTracked) {
      try left.cast(to: .float64) - right.cast(to: .float64)
    }
  }

  /// A density was asked for at x: it jumps where its support ends.
  package func noteEdges(of q: any Distribution, _ x: Tensor) throws {
    guard case .interval(let low, let high) = try q.support, low.isTracked || high.isTracked,
      (try? x.shape.broadcast(with: q.batchShape)) != nil
    else { return }
    for edge in [low, high] { try note(ObjectIdentifier(MovingJumps.self), x, edge) }
  }

  private func note(
    _ site: ObjectIdentifier, _ shape: Shape, isTracked: Bool, _ work: () throws -> Tensor
  ) throws {
    guard mode != .idle, let z, isOf(z, shape.dims) else {
      try outer?.note(site, shape, isTracked: isTracked, work)
      return
    }
    let key = Key(site: site, turn: turns[site, default: 0])
    turns[site] = key.turn + 1
    guard isTracked else { return }
    let difference = try work()
    if latest[site]?.values == difference.values {
      // The same once more, as from each evaluation of an integral within.
      turns[site] = key.turn
      return
    }
    latest[site] = difference
    if mode == .catching { caught[key] = difference }
    if z.rank == 0 {
      // Of a single draw it does not show whether the difference is of it.
      if let known = constant[key] {
        if known?.values != difference.values { constant[key] = .some(nil) }
      } else {
        constant[key] = difference
      }
    }
    if mode == .watching { watch(difference, z, key) }
  }

  /// Whether numbers of this shape may be of the draws.
  private func isOf(_ z: Tensor, _ dims: [Int]) -> Bool {
    guard dims.count >= z.rank else { return false }
    return zip(z.shape.dims, dims).enumerated().allSatisfy { i, pair in
      pair.0 == pair.1 || (i > 0 && pair.0 == 1 && width == 1)
    }
  }

  /// Keeps what is needed to tell where the sign changes: of draws in a row on one side the ends.
  private func watch(_ difference: Tensor, _ z: Tensor, _ key: Key) {
    let (numbers, places) = (difference.values, z.values)
    // A draw of one number may be compared with many, each of many side by side with one.
    let many = width
    let n = places.count / max(many, 1)
    guard n > 0, !numbers.isEmpty, many == 1 || numbers.count == places.count else { return }
    let parts = numbers.count / n
    if seen[key] == nil {
      seen[key] = [[Sight]](repeating: [], count: parts)
      order.append(key)
    }
    guard var sights = seen.removeValue(forKey: key) else { return }
    defer { seen[key] = sights }
    guard sights.count == parts else { return }
    for part in 0..<parts {
      func sight(_ i: Int) -> Sight {
        Sight(
          z: many == 1 ? places[i] : places[i * parts + part],
          isAbove: numbers[i * parts + part] > 0)
      }
      var before: Sight?
      for i in 0..<n where !numbers[i * parts + part].isNaN {
        let now = sight(i)
        if let last = before {
          if last.isAbove != now.isAbove || last.z > now.z {
            sights[part].append(last)
            sights[part].append(now)
          }
        } else {
          sights[part].append(now)
        }
        before = now
      }
      if let before { sights[part].append(before) }
    }
  }

  // MARK: Afterwards

  /// Where a difference changes its sign, in each of the integrals side by side that has such a place.
  private struct Crossing {
    let key: Key
    /// Which of the numbers that a single draw is compared with.
    let part: Int
    /// Numbers close to each other, one on each side.
    var below: [Double]
    var above: [Double]
    var isThere: [Bool]
  }

  /// An integral with what it gains as the jumps move: zero where they are, with derivatives to the third order.
  ///
  /// Shapes: the integrand takes [n] + a draw's -> [n, ..].
  func adding(to value: Tensor, _ integrand: (Tensor) throws -> Tensor) throws -> Tensor {
    defer {
      mode = .idle
      (seen, order, caught, constant) = ([:], [], [:], [:])
    }
    for key in order {
      if case .some(.some(let difference)) = constant[key] {
        try outer?.note(key.site, difference.shape, isTracked: true) { difference }
      }
    }
    guard !order.isEmpty else { return value }
    mode = .catching
    var total = value
    var places = [[Double]](repeating: [], count: width)
    for crossing in order.flatMap(crossings) {
      guard var exact = try closeIn(crossing, integrand),
        let shift = try shift(&exact, integrand)
      else { continue }
      for c in places.indices where exact.isThere[c] {
        // Two comparisons may tell of one jump.
        let place = exact.below[c]
        exact.isThere[c] = !places[c].contains { abs($0 - place) <= 100 * resolution(place) }
        places[c].append(place)
      }
      guard exact.isThere.contains(true) else { continue }
      total = try total + gain(exact, shift, integrand)
    }
    return total
  }

  private func crossings(_ key: Key) -> [Crossing] {
    let lists = (seen[key] ?? []).map { sights -> [(Double, Double)] in
      let sorted = sights.sorted { $0.z < $1.z }
      return zip(sorted, sorted.dropFirst()).filter { $0.isAbove != $1.isAbove && $0.z < $1.z }
        .map { ($0.z, $1.z) }
    }
    guard width > 1 else {
      return lists.enumerated().flatMap { part, list in
        list.map {
          Crossing(key: key, part: part, below: [$0.0], above: [$0.1], isThere: [true])
        }
      }
    }
    let anywhere = (seen[key] ?? []).map { $0.first?.z ?? 0 }
    return (0..<(lists.map(\.count).max() ?? 0)).map { i in
      let isThere = lists.map { i < $0.count }
      func side(_ which: ((Double, Double)) -> Double) -> [Double] {
        zip(lists, anywhere).map { i < $0.count ? which($0[i]) : $1 }
      }
      return Crossing(
        key: key, part: 0, below: side(\.0), above: side(\.1), isThere: isThere)
    }
  }

  /// One draw of these numbers.
  private func draw(_ numbers: [Double]) throws -> Tensor {
    try Tensor(numbers, Shape([1] + drawShape), .float64)
  }

  /// The difference that a crossing is of, at one draw; nil where it is not met there.
  ///
  /// Shapes: that of the draw.
  private func difference(
    _ crossing: Crossing, at z: Tensor, _ integrand: (Tensor) throws -> Tensor
  ) throws -> Tensor? {
    caught = [:]
    _ = try integrand(z)
    guard let all = caught[crossing.key] else { return nil }
    if width > 1 { return try all.reshaped(to: z.shape.dims) }
    let part = try all.reshaped(to: [all.count])
    guard crossing.part < all.count else { return nil }
    return try part.sliced(0, crossing.part, crossing.part + 1).reshaped(to: z.shape.dims)
  }

  /// Below this distance a jump is where it is.
  private func resolution(_ z: Double) -> Double { 1e-15 * max(abs(z), 1e-8) }

  /// Numbers as near as they come to each other, between which the difference changes its sign.
  private func closeIn(
    _ given: Crossing, _ integrand: (Tensor) throws -> Tensor
  ) throws -> Crossing? {
    var crossing = given
    func sides(_ z: [Double]) throws -> [Bool]? {
      try difference(crossing, at: draw(z), integrand).map { $0.values.map { $0 > 0 } }
    }
    guard let first = try sides(crossing.below), let last = try sides(crossing.above) else {
      return nil
    }
    for c in first.indices where first[c] == last[c] { crossing.isThere[c] = false }
    while true {
      try Interrupt.poll()
      var isDone = true
      let middle = zip(crossing.below, crossing.above).map { $0 + ($1 - $0) / 2 }
      guard let now = try sides(middle) else { return nil }
      for c in middle.indices
      where crossing.isThere[c]
        && crossing.above[c] - crossing.below[c] > resolution(middle[c])
      {
        isDone = false
        if now[c] == first[c] {
          crossing.below[c] = middle[c]
        } else {
          crossing.above[c] = middle[c]
        }
      }
      if isDone { break }
    }
    // At one of them the difference may be 0 or rounding: there the comparison may say what it says on
    // the other side.
    var distance = 10.0
    while distance < 1e10 {
      let below = crossing.below.map { $0 - distance * resolution($0) }
      let above = crossing.above.map { $0 + distance * resolution($0) }
      guard let left = try difference(crossing, at: draw(below), integrand)?.values,
        let right = try difference(crossing, at: draw(above), integrand)?.values
      else { return nil }
      let isClear = left.indices.allSatisfy { !crossing.isThere[$0] || left[$0] * right[$0] < 0 }
      if isClear {
        (crossing.below, crossing.above) = (below, above)
        return crossing
      }
      distance *= 10
    }
    return nil
  }

  /// Zeros with the derivatives of the places at which the differences vanish.
  ///
  /// A difference that jumps over zero itself has none. Each step of Newton's method with the slope held
  /// fixed makes one order of derivatives right. Shapes: that of a draw.
  private func shift(
    _ crossing: inout Crossing, _ integrand: (Tensor) throws -> Tensor
  ) throws -> Tensor? {
    let start = try draw(crossing.below).leaf()
    guard let d = try difference(crossing, at: start, integrand),
      let slopes = try d.sum().gradients([start])[0]
    else { return nil }
    var steepness = slopes.values
    for c in steepness.indices {
      let (slope, place) = (steepness[c], crossing.below[c])
      let isSmooth =
        slope != 0 && slope.isFinite && abs(d[flat: c] / slope) <= 1e-9 * max(abs(place), 1)
      guard !isSmooth else { continue }
      crossing.isThere[c] = false
      steepness[c] = 1
    }
    let slope = try draw(steepness)
    var place = try draw(crossing.below)
    for _ in 0..<3 {
      guard let d = try difference(crossing, at: place, integrand) else { return nil }
      place = try place - (d - d.detached) / slope
    }
    return try (place - place.detached).reshaped(to: drawShape)
  }

  /// The integral of the jump's height from where it stands to where it goes, by Gauss's rule.
  private func gain(
    _ crossing: Crossing, _ shift: Tensor, _ integrand: (Tensor) throws -> Tensor
  ) throws -> Tensor {
    let root = 0.6.squareRoot()
    let trailing = [Int](repeating: 1, count: drawShape.count)
    let shares = try Tensor(
      [(1 - root) / 2, 0.5, (1 + root) / 2], Shape([3] + trailing), .float64)
    let below = try integrand(draw(crossing.below) + shift * shares)
    let above = try integrand(draw(crossing.above) + shift * shares)
    let heights = try below - above
    let weights = try Tensor(
      [5.0 / 18, 8.0 / 18, 5.0 / 18],
      Shape([3] + [Int](repeating: 1, count: heights.rank - 1)), .float64)
    let gain = try (heights * weights).sum([0]) * shift
    guard width > 1 else { return gain }
    return try Tensor(crossing.isThere, Shape(drawShape)).choose(gain, 0)
  }
}

extension BatchedFunction {
  /// Shapes: a draw's.
  func watchJumps(_ shape: [Int] = []) { jumps?.watch(shape) }

  /// An integral of this function with what it gains as the places of jumps move.
  func addingJumps(to value: Tensor, _ integrand: (Tensor) throws -> Tensor) throws -> Tensor {
    try jumps?.adding(to: value, integrand) ?? value
  }
}
