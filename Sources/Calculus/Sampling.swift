import Distributions
import Tensors

/// An average over draws, by drawing.
package struct Sampling {
  /// What is drawn from, given the draws before; each [n] + its own shape, or one of each.
  package typealias Source = ([Tensor]) throws -> Expectation.Source

  package var draws: Int
  /// Nil for pathwise where there is such a gradient, else the score function's.
  package var by: Estimator?
  package var baseline = Estimator.Baseline.none
  package var temperature = 0.5

  package init(draws: Int, by: Estimator? = nil) {
    self.draws = draws
    self.by = by
  }

  /// The estimate: a tensor whose tape leads to the draws' weights.
  package func estimate(
    _ sources: [Source], _ f: BatchedFunction, _ generator: Generator
  ) throws -> Tensor {
    guard draws > 1 else { throw CalculusError.tooFewDraws(draws) }
    var noise = Noise(generator.state, draws: draws)
    var drawn: [Draws] = []
    for source in sources { drawn.append(try next(source, drawn.map(\.values), generator)) }
    var values = try f.values(drawn.map(\.values))
    noise.isOneSided = try !f.isConstant && Noise.isOneSided(values)
    let trailing = [Int](repeating: 1, count: values.rank - 1)
    if by == .measure {
      values = try measured(values, drawn, f, generator)
    } else if let score = try Self.sum(drawn.compactMap(\.score)) {
      let logs = try score.reshaped(to: [draws] + trailing)
      // One, with the gradient of the log probability.
      let one = try (logs - logs.detached).exp()
      let base = try level(values)
      values = try base.map { try (values - $0) * one + $0 } ?? values * one
    }
    let weights = try noise.weights().reshaped(to: [draws] + trailing)
    return try (values * weights).sum([0])
  }

  /// Draws from a source at once, where what it gives for all draws before is what it gives for each.
  private func next(_ source: Source, _ before: [Tensor], _ generator: Generator) throws -> Draws {
    if before.isEmpty {
      return try Draws(source([]), draws, by, temperature: temperature, generator)
    }
    func row(_ i: Int) throws -> Expectation.Source {
      try source(
        before.map { try $0.sliced(0, i, i + 1).reshaped(to: Array($0.shape.dims.dropFirst())) })
    }
    let first = try row(0)
    if case .rows = first { return try oneByOne(row, generator) }
    if case .distribution(let all)? = try? source(before), case .distribution(let one) = first,
      all.eventShape == one.eventShape, all.batchShape.dims == [draws] + one.batchShape.dims,
      case .distribution(let last) = try row(draws - 1)
    {
      let drawn = try Draws(.distribution(all), nil, by, temperature: temperature, generator)
      let (logs, ends) = (try all.logProb(drawn.values).values, [one, last])
      let width = max(logs.count / draws, 1)
      let isSame = try zip([0, draws - 1], ends).allSatisfy { i, q in
        let own = try q.logProb(drawn.values.indexed([.at(i)])).values
        return zip(own, logs[(i * width)..<((i + 1) * width)]).allSatisfy {
          abs($0 - $1) <= 1e-4 * (1 + abs($0)) || $0 == $1
        }
      }
      if isSame { return drawn }
    }
    return try oneByOne(row, generator)
  }

  private func oneByOne(
    _ row: (Int) throws -> Expectation.Source, _ generator: Generator
  ) throws -> Draws {
    var values: [Tensor] = []
    var scores: [Tensor] = []
    for i in 0..<draws {
      try Interrupt.poll()
      let source = try row(i)
      if case .rows(let rows) = source {
        let place = generator.integers(1, below: rows.shape[0]).first ?? 0
        values.append(try rows.indexed([.at(place)]))
        continue
      }
      let one = try Draws(source, 1, by, temperature: temperature, generator)
      values.append(try one.values.indexed([.at(0)]))
      if let score = one.score { scores.append(try score.sum()) }
    }
    return Draws(
      try row(0), try Tensor.stacked(values, 0),
      score: scores.count == draws ? try Tensor.stacked(scores, 0) : nil)
  }

  private static func sum(_ parts: [Tensor]) throws -> Tensor? {
    guard let first = parts.first else { return nil }
    return try parts.dropFirst().reduce(first) { try $0 + $1 }
  }

  /// What the score function estimator subtracts.
  ///
  /// Source: Kool, van Hoof and Welling (2019), "Buy 4 REINFORCE Samples, Get a Baseline for Free!".
  private func level(_ values: Tensor) throws -> Tensor? {
    switch baseline {
    case .none: return nil
    case .constant(let b): return try Tensor(b)
    case .leaveOneOut:
      let y = values.detached
      return try (y.sum([0], keepdim: true) - y) / Double(draws - 1)
    }
  }

  /// Adds terms that are zero and whose gradients are differences of averages.
  ///
  /// In the mean: f(loc + scale W) - f(loc - scale W) for W of the Rayleigh distribution. In the scale:
  /// f(loc + scale M) - f(loc + scale N) for M of the double-sided Maxwell distribution; N = M U, with U
  /// uniform, is normal, so that the two go together.
  private func measured(
    _ values: Tensor, _ drawn: [Draws], _ f: BatchedFunction, _ generator: Generator
  ) throws -> Tensor {
    guard drawn.count == 1, case .distribution(let given) = drawn[0].source,
      let q = try given.inFloat64() as? Normal, q.batchShape.count == 1
    else { throw CalculusError.notMeasured }
    let shape = drawn[0].values.shape
    let (loc, scale) = (q.loc.detached, q.scale.detached)
    func normal() throws -> Tensor { try generator.normal(shape, .float64) }
    let w = try (normal().square() + normal().square()).squareRoot()
    let size = try (normal().square() + normal().square() + normal().square()).squareRoot()
    let sign = try generator.uniform(shape, .float64).compare(.less, to: 0.5)
    let m = try sign.choose(size, -size)
    let n = try m * generator.uniform(shape, .float64)
    func at(_ noise: Tensor) throws -> Tensor {
      try f.values([(loc + scale * noise).reshaped(to: shape.dims)])
    }
    let root = (2 * Double.pi).squareRoot()
    let slope = try (at(w) - at(-w)) / root
    let widening = try at(m) - at(n)
    let shift = try ((q.loc - loc) / scale).sum()
    let stretch = try ((q.scale - scale) / scale).sum()
    return try values + slope * shift + widening * stretch
  }
}
