import Tensors

/// The check of one argument in every group of outputs.
struct ArgumentCheck {
  let argument: Int
  /// One for each group.
  let gradients: [Tensor]
  let tolerance: Double

  /// Enough confirmed failures decide; further ones need no second look.
  private static let enough = 5

  /// The number of entries and of directions that were looked at, and what was found.
  func run(
    entries: Int, _ subject: inout GradientCheckSubject, _ choice: Generator
  ) throws -> (entries: Int, directions: Int, found: [GradientCheck.Entry]) {
    let shape = gradients[0].shape
    var found: [GradientCheck.Entry] = []
    var failures = 0
    let isWhole = entries >= shape.count
    let chosen = isWhole ? Array(0..<shape.count) : choice.chosen(entries, of: shape.count)
    for i in chosen {
      let size = abs(subject.arguments[argument][flat: i])
      let all = try compare(
        .entry(shape.index(ofFlat: i)), gradients.map { $0[flat: i] }, size, &subject, .entry(i),
        &failures)
      found += Self.furthest(all)
    }
    var directions = 0
    for i in 0..<(isWhole ? 0 : 3) {
      let signs = try choice.uniform(shape, .float64).compare(.less, to: 0.5)
      let length = 1 / Double(shape.count).squareRoot()
      let direction = try signs.choose(
        Tensor(length, .float64), Tensor(-length, .float64)
      )
      let slopes = try gradients.map {
        try ($0.cast(to: .float64) * direction).sum()[flat: 0]
      }
      let all = try compare(
        .direction(i), slopes, 1, &subject, .direction(direction), &failures
      )
      // Either way it may leave where the function is defined, through some entry at an edge of that.
      let defined = all.filter { !$0.difference.isNaN }
      if !defined.isEmpty { directions += 1 }
      found += Self.furthest(defined)
    }
    return (chosen.count, directions, found)
  }

  /// Compares at one place, in each group of outputs.
  private func compare(
    _ place: GradientCheck.Place, _ slopes: [Double], _ size: Double,
    _ subject: inout GradientCheckSubject, _ path: GradientCheckSubject.Path,
    _ failures: inout Int
  ) throws -> [GradientCheck.Entry] {
    let (groups, quotients) = (subject.groups, subject.quotients)
    var seen: [Double: [Double]] = [:]
    func values(_ t: Double) throws -> [Double] {
      if let known = seen[t] { return known }
      let new = try subject.values(moving: argument, path, by: t)
      seen[t] = new
      return new
    }
    return try groups.indices.map { g in
      var entry = try compare(place, slopes[g], size, quotients[g], failures < Self.enough) {
        try values($0)[g]
      }
      entry.output = groups[g].index
      if entry.judgement == .wrong { failures += 1 }
      return entry
    }
  }

  /// Of a place's many outputs those that a report may name: of each judgement the ones furthest off.
  private static func furthest(_ all: [GradientCheck.Entry]) -> [GradientCheck.Entry] {
    guard all.count > enough else { return all }
    return GradientCheck.Entry.Judgement.allCases.flatMap { judgement in
      let own = all.filter { $0.judgement == judgement }
      let byError = own.indices.sorted { own[$0].absoluteError > own[$1].absoluteError }
      let relative = own.indices.max { own[$0].ratio < own[$1].ratio }
      return Set(byError.prefix(enough) + (relative.map { [$0] } ?? [])).sorted().map { own[$0] }
    }
  }

  /// One quick comparison, and where it fails a scan for the right step or a kink.
  private func compare(
    _ place: GradientCheck.Place, _ gradient: Double, _ size: Double,
    _ quotient: DifferenceQuotient, _ isRefined: Bool, along f: (Double) throws -> Double
  ) throws -> GradientCheck.Entry {
    let quick = try quotient.look(quotient.step(size: size), along: f)
    let rounding = quick?.noise ?? 0
    let entry = entry(place, gradient, quick?.slope ?? .nan, rounding, isNoisy: quotient.isNoisy)
    let isSettled = entry.judgement == .right || entry.judgement == .drowned
    // At a kink a gradient between the two slopes may well agree with a central difference.
    if !isRefined || isSettled && quick?.mayHideKink != true { return entry }
    switch try quotient.scan(size: size, along: f) {
    case .nothing:
      return entry
    case .slope(let slope, let error, let rounding):
      let isNoisy = quotient.isNoisy || error > 100 * rounding
      return self.entry(place, gradient, slope, error, isNoisy: isNoisy)
    case .kink(let left, let right):
      let sides = min(left, right)...max(left, right)
      let slack = tolerance * max(abs(left), abs(right)) + rounding
      let isBetween =
        gradient >= sides.lowerBound - slack && gradient <= sides.upperBound + slack
      return GradientCheck.Entry(
        place: place, gradient: gradient, difference: (left + right) / 2, sides: sides,
        uncertainty: rounding, judgement: isBetween ? .kink : .wrong)
    }
  }

  /// What a difference that may be off by `uncertainty` says of a gradient.
  private func entry(
    _ place: GradientCheck.Place, _ gradient: Double, _ difference: Double,
    _ uncertainty: Double, isNoisy: Bool
  ) -> GradientCheck.Entry {
    let error = abs(gradient - difference)
    let allowed = tolerance * max(abs(gradient), abs(difference))
    let judgement: GradientCheck.Entry.Judgement =
      if !error.isFinite {
        .wrong
      } else if error <= allowed, !isNoisy || uncertainty <= allowed {
        .right
      } else if error <= allowed + uncertainty {
        isNoisy ? .noisy : .drowned
      } else { .wrong }
    return GradientCheck.Entry(
      place: place, gradient: gradient, difference: difference, sides: nil,
      uncertainty: uncertainty, judgement: judgement)
  }
}

extension GradientCheck.Entry {
  /// The error beside the larger of the two numbers.
  fileprivate var ratio: Double {
    absoluteError == 0 ? 0 : absoluteError / max(abs(gradient), abs(difference))
  }
}

extension Generator {
  /// Different whole numbers below `count`, in ascending order: as many as asked for, or a few less
  /// where they are a small part of all.
  fileprivate func chosen(_ n: Int, of count: Int) -> [Int] {
    if count < 8 * n { return permutation(count).prefix(n).sorted() }
    return Set(integers(n, below: count)).sorted()
  }
}
