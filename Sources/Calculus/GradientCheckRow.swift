import Tensors

extension GradientCheck.Row {
  /// What the entries of an argument, in all outputs, come to.
  init(
    _ name: String, _ shape: Shape, order: Int, _ entries: [GradientCheck.Entry], checked: Int,
    directions: Int, tolerance: Double
  ) {
    // NaN is the largest error there is.
    func magnitude(_ error: Double) -> Double { error.isNaN ? .infinity : error }
    func relative(_ e: GradientCheck.Entry) -> Double { e.relativeError(tolerance: tolerance) }
    // Of a place that several outputs share, once.
    func count(_ judgement: GradientCheck.Entry.Judgement) -> Int {
      Set(entries.filter { $0.judgement == judgement }.map(\.place)).count
    }
    func worst(_ error: (GradientCheck.Entry) -> Double) -> GradientCheck.Worst {
      // A kink's two sides are no error.
      let top = entries.filter { $0.judgement != .kink }
        .max { magnitude(error($0)) < magnitude(error($1)) }
      return GradientCheck.Worst(
        error: top.map(error) ?? 0, place: top?.place ?? .entry([]))
    }
    let verdict: GradientCheck.Verdict =
      if count(.wrong) > 0 { .wrong } else if count(.noisy) > 0 {
        .noisy(count(.noisy))
      } else if count(.kink) > 0 { .kinks(count(.kink)) } else { .correct }
    func severity(_ e: GradientCheck.Entry) -> Int {
      switch e.judgement {
      case .wrong: 2
      case .noisy: 1
      case .right, .drowned, .kink: 0
      }
    }
    let byError = entries.sorted {
      severity($0) != severity($1)
        ? severity($0) > severity($1) : magnitude(relative($0)) > magnitude(relative($1))
    }
    self.init(
      name: name, shape: shape, order: order, checked: checked, directions: directions,
      drowned: count(.drowned), largestAbsolute: worst { $0.absoluteError },
      largestRelative: worst(relative), verdict: verdict, worst: Array(byError.prefix(5)))
  }
}
