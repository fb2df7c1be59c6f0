import Tensors

/// What an integral gains as the places move at which its integrand jumps.
extension MovingJumps {
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
