import Distributions
import Tensors

/// What a function of a draw is on average.
package enum Expectation {
  /// What can be drawn from.
  package enum Source {
    case distribution(any Distribution)
    /// The rows of a tensor, each as likely.
    case rows(Tensor)
  }

  /// The exact average, of a value of any shape; nil where there is no way to it.
  ///
  /// Throws: where it diverges or is not finite.
  package static func exact(_ source: Source, _ f: BatchedFunction) throws -> Tensor? {
    switch source {
    case .rows(let rows):
      let weights = try Tensor.full(Shape([rows.shape[0]]), 1 / Double(rows.shape[0]), .float64)
      return try weighted(f.values([rows]), weights)
    case .distribution(let given):
      let q = try given.inFloat64()
      let numbers = q.batchShape.count * q.eventShape.count
      if numbers > 1, try f.isElementwise(on: q) {
        if let values = try Enumeration.sideBySide(q) {
          return try weighted(f.values([values]), q.logProb(values).cast(to: .float64).exp())
        }
        return try elementwise(q, f)
      }
      if let sum = try enumerated(q, f) { return sum }
      return numbers == 1 ? try integrated(q, f) : try Cubature.average(q, f)
    }
  }

  /// Nil where the values cannot be listed.
  private static func enumerated(_ q: any Distribution, _ f: BatchedFunction) throws -> Tensor? {
    guard let values = try Enumeration.values(q) else { return nil }
    let sum = try weighted(f.values([values]), Enumeration.weights(q, values))
    guard case .wholeNumbers = try q.support, q.batchShape.count == 1 else { return sum }
    // What lies further out must add nothing.
    guard let wider = try Enumeration.values(q, reach: 2) else { return sum }
    let more = try weighted(f.values([wider]), Enumeration.weights(q, wider))
    let isSame = zip(sum.values, more.values).allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) }
    guard isSame else { throw CalculusError.diverges(.infinity) }
    return sum
  }

  /// The sum of what has a weight; where that is 0, the value may be anything.
  private static func weighted(_ values: Tensor, _ weights: Tensor) throws -> Tensor {
    let trailing = [Int](repeating: 1, count: values.rank - weights.rank)
    let column = try weights.reshaped(to: weights.shape.dims + trailing)
    let isPossible = try column.detached.compare(.greater, to: 0)
    return try isPossible.choose(values * column, 0).sum([0])
  }

  /// The integral of the function times the density, of one number.
  private static func integrated(_ q: any Distribution, _ f: BatchedFunction) throws -> Tensor? {
    if let mixture = q as? Mixture { return try mixed(mixture, f) }
    guard let substitution = try Substitution(q) else { return nil }
    func weights(_ places: [Double]) throws -> (z: Tensor, weights: Tensor) {
      let (z, slopes) = try substitution(places)
      return (z, try (q.logProb(z).exp() * slopes).reshaped(to: [places.count]))
    }
    var scale = substitution.scale
    scale.budget = f.budget
    scale.density = { try weights($0).weights.values }
    scale.landmarks = try substitution.places(Landmarks.of(q))
    do {
      if !(q is Normal) {
        guard let mass = try mass({ try weights($0).weights.detached }, scale), isWhole(mass)
        else { return nil }
      }
      (scale.looksClosely, scale.reach) = (true, 4)
      f.watchJumps(q.batchShape.dims + q.eventShape.dims)
      let value = try Quadrature(
        { places in
          let (z, weights) = try weights(places)
          return try product(f, z, weights)
        }, scale: scale
      ).value
      func whole(_ z: Tensor) throws -> Tensor {
        try product(f, z, q.prob(z).reshaped(to: [z.shape[0]]))
      }
      return try f.addingJumps(to: substitution.adding(to: value, whole), whole)
    } catch CalculusError.unsettled { return nil } catch CalculusError.tooLong { return nil }
  }

  /// The integral of a density as far as it is seen; nil where it does not settle.
  private static func mass(
    _ density: Quadrature.Integrand, _ scale: Quadrature.Scale
  ) throws -> Tensor? {
    do {
      return try Quadrature(density, scale: scale).value
    } catch is CalculusError { return nil }
  }

  /// A part of a density that is not seen cannot be averaged over.
  private static func isWhole(_ mass: Tensor) -> Bool {
    mass.values.allSatisfy { abs($0 - 1) < 1e-9 }
  }

  /// The weighted sum of the averages over the components, each on a scale of its own.
  private static func mixed(_ q: Mixture, _ f: BatchedFunction) throws -> Tensor? {
    let shares = try q.weights.cast(to: .float64).reshaped(to: [-1])
    let whole = try shares.sum()
    var sum: Tensor?
    for (k, component) in q.components.enumerated() {
      guard let part = try exact(.distribution(component), f) else { return nil }
      let term = try part * (shares.indexed([.at(k)]) / whole)
      sum = try sum.map { try $0 + term } ?? term
    }
    return sum
  }

  /// The same of every number of a batch on its own.
  private static func elementwise(_ q: any Distribution, _ f: BatchedFunction) throws -> Tensor? {
    guard let substitution = try Substitution(q) else { return nil }
    func weights(_ places: [Double]) throws -> (z: Tensor, weights: Tensor) {
      let (z, slopes) = try substitution(places)
      return (z, try q.logProb(z).exp() * slopes)
    }
    var scale = substitution.scale
    scale.budget = f.budget
    scale.density = { try Samples(weights($0).weights.detached).sizes }
    scale.landmarks = try substitution.places(Landmarks.of(q))
    do {
      if !(q is Normal) {
        guard let mass = try mass({ try weights($0).weights.detached }, scale), isWhole(mass)
        else { return nil }
      }
      f.watchJumps(q.batchShape.dims)
      let value = try Quadrature(
        { places in
          let (z, weights) = try weights(places)
          let isNothing = try weights.detached.compare(.equal, to: 0)
          return try isNothing.choose(0, weights * f.values([z]))
        }, scale: scale
      ).value
      func whole(_ z: Tensor) throws -> Tensor { try q.prob(z) * f.values([z]) }
      return try f.addingJumps(to: substitution.adding(to: value, whole), whole)
    } catch CalculusError.unsettled { return nil } catch CalculusError.tooLong { return nil }
  }

  /// Values times weights; the function is not asked where the weight is zero or nothing.
  static func product(_ f: BatchedFunction, _ z: Tensor, _ weights: Tensor) throws -> Tensor {
    let n = weights.count
    let kept = (0..<n).filter { weights[flat: $0] > 0 }
    let isWhole = kept.count == n
    let values = try f.values([isWhole || kept.isEmpty ? z : z.rows(kept)])
    let trailing = [Int](repeating: 1, count: values.rank - 1)
    if isWhole { return try values * weights.reshaped(to: [n] + trailing) }
    guard !kept.isEmpty else { return try weights.reshaped(to: [n] + trailing) * values }
    // Zero at all other places, nothing where the weight is nothing.
    var places = [Int](repeating: kept.count, count: n)
    for (k, i) in kept.enumerated() { places[i] = k }
    for i in 0..<n where weights[flat: i].isNaN { places[i] = kept.count + 1 }
    let products = try values * weights.rows(kept).reshaped(to: [kept.count] + trailing)
    let rest = try Tensor([0, .nan], Shape([2] + trailing), .float64)
      .expanded(to: [2] + Array(values.shape.dims.dropFirst()))
    return try Tensor.concatenated([products, rest], 0).rows(places)
  }
}

extension Distribution {
  /// The same with parameters of float64, as its draws then are.
  func inFloat64() throws -> any Distribution {
    guard dtype != .float64 else { return self }
    var given: [DistributionArgument?] = []
    for (i, p) in arguments.parameters.enumerated() {
      switch p.kind {
      case .numbers:
        given.append(try arguments.optional(i).map { .tensor(try $0.cast(to: .float64)) })
      case .size: given.append(.number(Double(try arguments.size(i))))
      case .distribution:
        given.append(.distribution(try arguments.distribution(i).inFloat64()))
      case .transforms: given.append(.transforms(try arguments.transforms(i)))
      case .distributions:
        given.append(.distributions(try arguments.distributions(i).map { try $0.inFloat64() }))
      }
    }
    return try Self(DistributionArguments(arguments.parameters, given))
  }
}
