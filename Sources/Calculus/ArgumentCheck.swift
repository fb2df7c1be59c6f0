import Tensors

/// The check of one argument in one output, or a combination of several.
struct ArgumentCheck {
  let argument: Int
  let gradient: Tensor
  let tolerance: Double
  let output: [Int]?

  func run(
    entries: Int, _ subject: inout GradientCheckSubject, _ choice: Generator
  ) throws -> [GradientCheck.Entry] {
    let shape = gradient.shape
    var found: [GradientCheck.Entry] = []
    // Enough confirmed failures decide; the others need no second look.
    var failures = 0
    let isWhole = entries >= shape.count
    for i in isWhole ? Array(0..<shape.count) : choice.chosen(entries, of: shape.count) {
      let size = abs(subject.arguments[argument][flat: i])
      let entry = try compare(
        .entry(shape.index(ofFlat: i)), gradient[flat: i], size, subject.quotient, failures < 5
      ) { try subject.value(moving: argument, entry: i, by: $0) }
      if entry.judgement == .wrong { failures += 1 }
      found.append(entry)
    }
    for i in 0..<(isWhole ? 0 : 3) {
      let signs = try choice.uniform(shape, .float64).compare(.less, to: 0.5)
      let length = 1 / Double(shape.count).squareRoot()
      let direction = try signs.choose(
        Tensor(length, .float64), Tensor(-length, .float64)
      )
      let slope = try (gradient.cast(to: .float64) * direction).sum()[flat: 0]
      let entry = try compare(.direction(i), slope, 1, subject.quotient, failures < 5) {
        try subject.value(moving: argument, along: direction, by: $0)
      }
      // Either way it may leave where the function is defined, through some entry at an edge of that.
      if !entry.difference.isNaN { found.append(entry) }
    }
    return found
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
        place: place, output: output, gradient: gradient, difference: (left + right) / 2,
        sides: sides,
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
      place: place, output: output, gradient: gradient, difference: difference, sides: nil,
      uncertainty: uncertainty, judgement: judgement)
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
