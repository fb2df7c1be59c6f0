/// Functions that distributions are made of, and their inverses.
package struct SpecialFunctions: OperationFamily {
  package init() {}

  private static let pairs: [([Int], [Int])] = [([2, 3], [2, 3]), ([], [3])]

  private static func ofShape(_ second: Domain) -> [Example] {
    pairs.map { Example([Domain.positive.of($0), second.of($1)]) }
  }

  private static func ofShapes(_ third: Domain) -> [Example] {
    [
      Example([Domain.positive.of([3]), Domain.positive.of([3]), third.of([3])]),
      Example([Domain.positive.of([2, 1]), Domain.positive.of([]), third.of([2])]),
    ]
  }

  package let xlogy = Operation(
    "x log(y), which is 0 where x is, whatever y", [.tensor("x"), .tensor("y")],
    examples: [Example([Domain.reals.of([2, 3]), Domain.positive.of([3])])],
    one: { try $0.tensor(0).timesLog($0.tensor(1)) })
  package let gammainc = Operation(
    "the mass below x of the gamma distribution with shape a and rate 1",
    [.tensor("a"), .tensor("x")], examples: ofShape(.positive),
    one: { try $0.tensor(0).gammaMass(below: $0.tensor(1)) })
  package let gammaincc = Operation(
    "the mass above x of the gamma distribution with shape a and rate 1",
    [.tensor("a"), .tensor("x")], examples: ofShape(.positive),
    one: { try $0.tensor(0).gammaMass(above: $0.tensor(1)) })
  package let gammaincinv = Operation(
    "the inverse of gammainc: the x with the mass p below it",
    [.tensor("a"), .tensor("p")], examples: ofShape(.between(0.2, 0.8)),
    one: { try $0.tensor(0).logGammaQuantile($0.tensor(1)).exp() })
  package let betainc = Operation(
    "the mass below x of the beta distribution with shapes a and b",
    [.tensor("a"), .tensor("b"), .tensor("x")], examples: ofShapes(.between(0.1, 0.9)),
    one: { try $0.tensor(0).betaMass($0.tensor(1), below: $0.tensor(2)) })
  package let betaincinv = Operation(
    "the inverse of betainc: the x with the mass p below it",
    [.tensor("a"), .tensor("b"), .tensor("p")], examples: ofShapes(.between(0.2, 0.8)),
    one: { try $0.tensor(0).logitBetaQuantile($0.tensor(1), $0.tensor(2)).sigmoid() })
}

extension Tensor {
  /// This times log(y), which is 0 where this is, whatever y; so is its gradient where log(y) has no value.
  package func timesLog(_ y: Tensor) throws -> Tensor {
    let type = DType.promoted(self, y)
    let (x, y) = (try cast(to: type).floating(), try y.cast(to: type).floating())
    // Nowhere else, since the derivative in x at 0 is log(y).
    let isOpen = try y.detached.compare(.greater, to: 0).both(
      y.detached.compare(.less, to: .infinity))
    let isHeld = try x.detached.compare(.equal, to: 0).both(isOpen.negatedLogic())
    return try x * isHeld.choose(1, y).log()
  }

  // MARK: The incomplete gamma function, of shapes

  /// The mass of the gamma distribution of this shape, rate 1, below x.
  ///
  /// Shapes: broadcast.
  package func gammaMass(below x: Tensor) throws -> Tensor {
    try gammaMass(x, sign: 1, IncompleteGamma.lower)
  }

  /// The mass above x.
  ///
  /// Shapes: broadcast.
  package func gammaMass(above x: Tensor) throws -> Tensor {
    try gammaMass(x, sign: -1, IncompleteGamma.upper)
  }

  private func gammaMass(_ x: Tensor, sign: Double, _ f: (Double, Double) -> Double) throws
    -> Tensor
  {
    let (operands, y) = try Tensor.computed([self, x]) { f($0[0], $0[1]) }
    return y.recorded(operands) { b in
      let (g, a, x) = (b.g, b[0], b[1])
      let inside = try x.detached.compare(.greater, to: 0).both(
        x.detached.compare(.less, to: .infinity))
      // The branch not taken is held at 1, or its infinite logarithm would spoil the gradient.
      let t = try inside.choose(x, 1).log()
      let density = try (a * t - t.exp() - a.lgamma()).exp() * sign
      try b.send(to: 0) { try inside.choose(g * density * a.gammaSlope(1, t), 0) }
      try b.send(to: 1) { try inside.choose(g * density / t.exp(), 0) }
    }
  }

  /// The logarithm of the value with the mass p below it, of the gamma distribution of this shape, rate 1.
  ///
  /// Shapes: broadcast.
  /// Source: Figurnov, Mohamed and Mnih (2018), "Implicit Reparameterization Gradients", equation 5.
  package func logGammaQuantile(_ p: Tensor) throws -> Tensor {
    let (operands, y) = try Tensor.computed([self, p]) { IncompleteGamma.logQuantile($0[0], $0[1]) }
    return y.recorded(operands) { b in
      let (g, a, t) = (b.g, b[0], try b.y)
      try b.send(to: 0) { try -(g * a.gammaSlope(1, t)) }
      try b.send(to: 1) { try g * (a.lgamma() + t.exp() - a * t).exp() }
    }
  }

  /// The n-th derivative in this shape of the mass below exp(t), over the density of t.
  private func gammaSlope(_ n: Int, _ t: Tensor) throws -> Tensor {
    guard n <= SpecialFunctions.highestOrder else { throw SpecialFunctions.tooHigh }
    let (operands, y) = try Tensor.computed([self, t]) { IncompleteGamma.slope(n, $0[0], $0[1]) }
    return y.recorded(operands) { b in
      let (g, a, t, y) = (b.g, b[0], b[1], try b.y)
      let score = try t - a.digamma()
      try b.send(to: 0) { try g * (a.gammaSlope(n + 1, t) - y * score) }
      try b.send(to: 1) {
        let ratio = try SpecialFunctions.densityRatio(n, 0) { k, _ in
          k == 1 ? score : try -a.polygamma(k - 1)
        }
        return try g * (ratio - y * (a - t.exp()))
      }
    }
  }

  // MARK: The incomplete beta function, of a first shape

  /// The mass of the beta distribution of this shape and of shape b below x.
  ///
  /// Shapes: broadcast.
  package func betaMass(_ b: Tensor, below x: Tensor) throws -> Tensor {
    let (operands, y) = try Tensor.computed([self, b, x]) {
      IncompleteBeta.lower($0[0], $0[1], $0[2])
    }
    return y.recorded(operands) { back in
      let (g, a, b, x) = (back.g, back[0], back[1], back[2])
      let inside = try x.detached.compare(.greater, to: 0).both(x.detached.compare(.less, to: 1))
      let held = try inside.choose(x, 0.5)
      let t = try held.log() - (-held).log1p()
      let density = try Tensor.logBetaDensity(a, b, t).exp()
      try back.send(to: 0) { try inside.choose(g * density * a.betaSlope(1, 0, b, t), 0) }
      try back.send(to: 1) { try inside.choose(g * density * a.betaSlope(0, 1, b, t), 0) }
      try back.send(to: 2) { try inside.choose(g * density / (held * (1 - held)), 0) }
    }
  }

  /// The logit of the value with the mass p below it, of the beta distribution of this shape and of shape b.
  ///
  /// Shapes: broadcast.
  package func logitBetaQuantile(_ b: Tensor, _ p: Tensor) throws -> Tensor {
    let (operands, y) = try Tensor.computed([self, b, p]) {
      IncompleteBeta.logitQuantile($0[0], $0[1], $0[2])
    }
    return y.recorded(operands) { back in
      let (g, a, b, t) = (back.g, back[0], back[1], try back.y)
      try back.send(to: 0) { try -(g * a.betaSlope(1, 0, b, t)) }
      try back.send(to: 1) { try -(g * a.betaSlope(0, 1, b, t)) }
      try back.send(to: 2) { try g * (-Tensor.logBetaDensity(a, b, t)).exp() }
    }
  }

  /// The logarithm of the density of t where sigmoid(t) has the beta distribution.
  private static func logBetaDensity(_ a: Tensor, _ b: Tensor, _ t: Tensor) throws -> Tensor {
    try a * t.logSigmoid() + b * (-t).logSigmoid() + (a + b).lgamma() - a.lgamma() - b.lgamma()
  }

  /// The derivative of the mass below sigmoid(t), i times in this shape and j times in b, over the density of t.
  private func betaSlope(_ i: Int, _ j: Int, _ b: Tensor, _ t: Tensor) throws -> Tensor {
    guard i + j <= SpecialFunctions.highestOrder else { throw SpecialFunctions.tooHigh }
    let (operands, y) = try Tensor.computed([self, b, t]) {
      IncompleteBeta.slope(i, j, $0[0], $0[1], $0[2])
    }
    return y.recorded(operands) { back in
      let (g, a, b, t, y) = (back.g, back[0], back[1], back[2], try back.y)
      let scores = try (
        t.logSigmoid() - a.digamma() + (a + b).digamma(),
        (-t).logSigmoid() - b.digamma() + (a + b).digamma()
      )
      try back.send(to: 0) { try g * (a.betaSlope(i + 1, j, b, t) - y * scores.0) }
      try back.send(to: 1) { try g * (a.betaSlope(i, j + 1, b, t) - y * scores.1) }
      try back.send(to: 2) {
        let ratio = try SpecialFunctions.densityRatio(i, j) { k, l in
          if k + l == 1 { return k == 1 ? scores.0 : scores.1 }
          let joint = try (a + b).polygamma(k + l - 1)
          if k > 0, l > 0 { return joint }
          return try joint - (l == 0 ? a : b).polygamma(k + l - 1)
        }
        return try g * (ratio - y * (a * (-t).sigmoid() - b * t.sigmoid()))
      }
    }
  }

  // MARK: Element by element in double precision

  /// A function of the elements of several tensors, broadcast; and these in their common type.
  private static func computed(_ given: [Tensor], _ f: ([Double]) -> Double) throws -> (
    operands: [Tensor], result: Tensor
  ) {
    var type = try given[0].floating()
    for x in given.dropFirst() { type = try type.detached + x.floating().detached }
    let operands = try given.map { try $0.cast(to: type.dtype) }
    let columns = try operands.map { try $0.detached.expanded(to: type.shape).values }
    var arguments = [Double](repeating: 0, count: columns.count)
    let results = try (0..<type.count).map { i in
      if i % 1024 == 0 { try Interrupt.poll() }
      for k in columns.indices { arguments[k] = columns[k][i] }
      return f(arguments)
    }
    return (operands, try Tensor(results, type.shape, type.dtype))
  }
}

extension SpecialFunctions {
  /// The order up to which derivatives in a shape are worked out.
  fileprivate static let highestOrder = 6

  fileprivate static var tooHigh: TensorError {
    .noGradient(
      "derivatives in the shapes of a gamma or beta distribution end at order \(highestOrder)")
  }

  /// The derivative of a density, i and j times in two parameters, over the density itself, from the
  /// derivatives `d` of its logarithm.
  ///
  /// Source: Comtet (1974), "Advanced Combinatorics", section 3.3 (Bell polynomials).
  fileprivate static func densityRatio(
    _ i: Int, _ j: Int, _ d: (Int, Int) throws -> Tensor
  ) throws -> Tensor {
    // One derivative is taken of the density, f d(1, 0); the others are shared out by Leibniz' rule.
    let (p, q) = i > 0 ? (i - 1, j) : (i, j - 1)
    var sum: Tensor?
    for k in 0...p {
      for l in 0...q {
        let first = try d(i - p + k, j - q + l)
        let isLast = k == p && l == q
        let term = isLast ? first : try first * densityRatio(p - k, q - l, d)
        let weighted = try term * (choose(p, k) * choose(q, l))
        sum = try sum.map { try $0 + weighted } ?? weighted
      }
    }
    return try sum ?? d(i, j)
  }

  private static func choose(_ n: Int, _ k: Int) -> Double {
    (0..<k).reduce(1) { $0 * Double(n - $1) / Double($1 + 1) }
  }
}
