import Tensors

@testable import Distributions

/// A distribution of single numbers, made from its parameters, on which the laws are tested.
struct Law: CustomStringConvertible, Sendable {
  let description: String
  let parameters: [Double]
  /// Where the density or its slope jumps: integrals are split there.
  let split: Double
  let make: @Sendable ([Tensor]) throws -> any Distribution

  init(
    _ description: String, _ parameters: [Double], split: Double = 0.3,
    _ make: @escaping @Sendable ([Tensor]) throws -> any Distribution
  ) {
    self.description = description
    self.parameters = parameters
    self.split = split
    self.make = make
  }

  private static func transformed(
    _ base: any Distribution, _ transforms: [any Transform]
  ) throws -> Transformed {
    try Transformed(.distribution(base), .transforms(transforms))
  }

  func distribution() throws -> any Distribution { try make(parameters.map { try Tensor($0) }) }

  var isDiscrete: Bool {
    get throws { try distribution().support.isDiscrete }
  }

  var hasEntropy: Bool { (try? distribution().entropy()) != nil }
  var hasMoments: Bool { (try? distribution().variance)?.values.allSatisfy(\.isFinite) ?? false }
  var hasQuantiles: Bool { (try? distribution().icdf(Tensor(0.5))) != nil }
  var isPathwise: Bool { (try? distribution().hasPathwiseSample) ?? false }

  static let continuous: [Law] = [
    Law("normal", [0.3, 1.7]) { try Normal($0[0], $0[1]) },
    Law("uniform", [-1.2, 0.9]) { try Uniform($0[0], $0[1]) },
    Law("laplace", [0.3, 0.6]) { try Laplace($0[0], $0[1]) },
    Law("exponential", [1.6]) { try Exponential($0[0]) },
    Law("gumbel", [-0.4, 0.8]) { try Gumbel($0[0], $0[1]) },
    Law("half_normal", [1.4]) { try HalfNormal($0[0]) },
    Law("gamma", [2.3, 1.7]) { try Gamma($0[0], $0[1]) },
    Law("gamma of a small shape", [0.6, 0.8]) { try Gamma($0[0], $0[1]) },
    Law("beta", [1.6, 2.9]) { try Beta($0[0], $0[1]) },
    Law("logistic", [0.3, 0.7]) { try Logistic($0[0], $0[1]) },
    Law("student_t", [9, 0.3, 0.8]) { try StudentT($0[0], $0[1], $0[2]) },
    Law("cauchy", [0.3, 0.8]) { try Cauchy($0[0], $0[1]) },
    Law("log_normal", [0.2, 0.5]) { try LogNormal($0[0], $0[1]) },
    Law("relaxed_bernoulli", [1.1, 0.4]) { x in
      try RelaxedBernoulli(.tensor(x[0]), nil, .tensor(x[1]))
    },
    Law("relaxed_bernoulli of probs", [1.4, 0.3]) { try RelaxedBernoulli($0[0], $0[1]) },
    Law("transformed by affine", [0.4, -1.3]) { x in
      try transformed(Gumbel(Tensor(0.2), Tensor(0.7)), [AffineTransform(x[0], x[1])])
    },
    Law("transformed by exp", [0.4, 0.6]) { x in
      try transformed(Normal(x[0], x[1]), [ExpTransform()])
    },
    Law("transformed by affine and sigmoid", [0.4, 0.6]) { x in
      try transformed(
        Logistic(Tensor(0), Tensor(1)), [AffineTransform(x[0], x[1]), SigmoidTransform()])
    },
    Law("transformed by tanh", [0.1, 0.6]) { x in
      try transformed(Normal(x[0], x[1]), [TanhTransform()])
    },
    Law("transformed by softplus", [0.1, 0.6]) { x in
      try transformed(Normal(x[0], x[1]), [SoftplusTransform()])
    },
    Law("mixture of normals", [0.4, -0.8, 0.7, 1.1]) { x in
      try Mixture(
        .tensor(Tensor.stacked([x[0], 1 - x[0]])),
        .distributions([try Normal(x[1], x[2]), try Normal(x[3], x[2] * 2)]))
    },
  ]

  static let discrete: [Law] = [
    Law("bernoulli of probs", [0.3]) { try Bernoulli($0[0]) },
    Law("bernoulli of logits", [-1.3]) { try Bernoulli(logits: $0[0]) },
    Law("categorical of probs", [0.2, 0.5, 0.9]) { try Categorical(Tensor.stacked($0)) },
    Law("categorical of logits", [0.2, -0.5, 0.9]) { try Categorical(logits: Tensor.stacked($0)) },
    Law("poisson", [2.6]) { try Poisson($0[0]) },
    Law("geometric of probs", [0.4]) { try Geometric($0[0]) },
    Law("geometric of logits", [-0.3]) { try Geometric(nil, .tensor($0[0])) },
    Law("binomial of probs", [0.3]) { try Binomial(.number(5), .tensor($0[0])) },
    Law("binomial of logits", [0.4]) { try Binomial(.number(5), nil, .tensor($0[0])) },
    Law("mixture of counts", [0.3, 2.6]) { x in
      try Mixture(
        .tensor(Tensor.stacked([x[0], 1 - x[0]])),
        .distributions([try Poisson(x[1]), try Binomial(.number(5), .number(0.4))]))
    },
    Law("delta", [1]) { try Delta($0[0]) },
    Law("empirical", [0.2, 0.5, 0.3]) { x in
      try Empirical(
        .tensor(Tensor([0, 1, 2], Shape([3]), .float64)),
        .tensor(Tensor.stacked(x) / Tensor.stacked(x).sum()))
    },
  ]

  static let all = continuous + discrete
}

/// Integrals over a distribution's support by the double exponential rule, whose error falls like
/// exp(-c n / log n) for functions that are smooth between the ends.
///
/// Source: Takahasi and Mori (1974), "Double Exponential Formulas for Numerical Integration".
struct Quadrature {
  /// Points and weights, all the pieces of the support together.
  let points: Tensor
  let weights: Tensor

  init(_ law: Law) throws {
    var (x, w): ([Double], [Double]) = ([], [])
    switch try law.distribution().support {
    case .real:
      for side in [-1.0, 1] { Self.halfLine(from: law.split, side, &x, &w) }
    case .positive: Self.halfLine(from: 0, 1, &x, &w)
    case .interval(let low, let high): Self.interval(low[flat: 0], high[flat: 0], &x, &w)
    case .boolean: (x, w) = ([0, 1], [1, 1])
    case .integers(let n): (x, w) = ((0..<n).map(Double.init), [Double](repeating: 1, count: n))
    case .wholeNumbers:
      // What is left out is less than 1e-18 for the means tested.
      (x, w) = ((0..<100).map(Double.init), [Double](repeating: 1, count: 100))
    case .wholeNumbersUpTo(let end):
      let n = Int(end[flat: 0]) + 1
      (x, w) = ((0..<n).map(Double.init), [Double](repeating: 1, count: n))
    case .points(let rows): (x, w) = (rows.values, rows.values.map { _ in 1 })
    case .simplex, .oneHot: break
    }
    points = try Tensor(x, Shape([x.count]), .float64)
    weights = try Tensor(w, Shape([w.count]), .float64)
  }

  func callAsFunction(_ f: (Tensor) throws -> Tensor) throws -> Double {
    try (f(points) * weights).sum()[flat: 0]
  }

  /// The points from ± exp(pi / 2 sinh t).
  private static func halfLine(
    from: Double, _ side: Double, _ x: inout [Double], _ w: inout [Double]
  ) {
    let h = 0.02
    // As far as 10^15: beyond lies 10^-15 of the mass of a Cauchy distribution.
    for i in -230...190 {
      let (sinh, cosh) = hyperbolic(Double(i) * h)
      let distance = exponential(.pi / 2 * sinh)
      x.append(from + side * distance)
      w.append(h * .pi / 2 * cosh * distance)
    }
  }

  /// The points middle + half tanh(pi / 2 sinh t).
  private static func interval(
    _ low: Double, _ high: Double, _ x: inout [Double], _ w: inout [Double]
  ) {
    let h = 0.02
    for i in -150...150 {
      let (sinh, cosh) = hyperbolic(Double(i) * h)
      let e = exponential(-.pi * abs(sinh))
      let tanh = (1 - e) / (1 + e) * (sinh < 0 ? -1 : 1)
      x.append((low + high) / 2 + (high - low) / 2 * tanh)
      w.append(h * .pi / 2 * cosh * 4 * e / ((1 + e) * (1 + e)) * (high - low) / 2)
    }
  }

  private static func hyperbolic(_ t: Double) -> (Double, Double) {
    let (up, down) = (exponential(t), exponential(-t))
    return ((up - down) / 2, (up + down) / 2)
  }

  private static func exponential(_ t: Double) -> Double {
    (try? Tensor(t).exp()[flat: 0]) ?? .nan
  }
}

/// Central differences of a function of some numbers, in float64.
///
/// Steps of 1e-5 leave a truncation of about 1e-10 and a rounding of about 1e-11, so a tolerance of
/// 1e-7 has room for third derivatives in the hundreds.
func centralDifferences(
  _ at: [Double], _ f: ([Tensor]) throws -> Tensor
) throws -> [Double] {
  let h = 1e-5
  return try at.indices.map { i in
    func value(_ step: Double) throws -> Double {
      var x = at
      x[i] += step
      return try f(x.map { try Tensor($0) })[flat: 0]
    }
    return try (value(h) - value(-h)) / (2 * h)
  }
}

/// The gradients by the tape of the same function.
func gradients(_ at: [Double], _ f: ([Tensor]) throws -> Tensor) throws -> [Double] {
  let leaves = try at.map { try Tensor($0).leaf() }
  return try f(leaves).gradientsOrZero(leaves).map { $0[flat: 0] }
}

func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}
