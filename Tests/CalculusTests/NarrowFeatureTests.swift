import Distributions
import Glibc
import Tensors
import Testing

@testable import Calculus

/// Narrow bumps, steps, kinks and oscillations at random places: each integral comes out to 1e-10 of its
/// size, or it is said not to be exact.
struct NarrowFeatureTests {
  struct Case: CustomStringConvertible, Sendable {
    let description: String
    let truth: Double
    let value: @Sendable () throws -> Tensor?
  }

  /// A place and what to put there.
  private struct Random {
    private let generator: Generator
    init(_ seed: UInt64) { generator = Generator(seed: seed) }
    func uniform(_ a: Double, _ b: Double) -> Double {
      let u = (try? generator.uniform(Shape([]), .float64)[flat: 0]) ?? .nan
      return a + (b - a) * u
    }
    /// Of even chances on a logarithmic scale.
    func width(_ a: Double, _ b: Double) -> Double { exp(uniform(log(a), log(b))) }
  }

  private static func bump(_ z: Tensor, _ c: Double, _ w: Double) throws -> Tensor {
    try (((z - c) / w).square() * -0.5).exp()
  }

  /// The average of a bump over standard normal numbers, and over numbers that are even between two.
  private static func normalBump(_ c: Double, _ w: Double) -> Double {
    w / (1 + w * w).squareRoot() * exp(-c * c / (2 * (1 + w * w)))
  }

  private static func bumpIntegral(_ a: Double, _ b: Double, _ c: Double, _ w: Double) -> Double {
    let root = 2.0.squareRoot()
    return w * (Double.pi / 2).squareRoot() * (erf((b - c) / w / root) - erf((a - c) / w / root))
  }

  private static func phi(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
  private static func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * .pi).squareRoot() }

  private static func average(
    _ name: String, _ q: @autoclosure @escaping @Sendable () throws -> any Distribution,
    _ truth: Double, _ f: @escaping @Sendable (Tensor) throws -> Tensor
  ) -> Case {
    Case(description: name, truth: truth) {
      // What does not settle is given up soon.
      let budget = IntegralBudget(most: IntegralBudget.usual / 10)
      budget.looking = IntegralBudget.usual / 100
      return try Expectation.exact(
        .distribution(q()), BatchedFunction(budget: budget) { z, _ in try f(z[0]) })
    }
  }

  private static func integral(
    _ name: String, _ a: Double, _ b: Double, _ truth: Double,
    _ f: @escaping @Sendable (Tensor) throws -> Tensor
  ) -> Case {
    Case(description: name, truth: truth) {
      try Integral.value(BatchedFunction { try f($0[0]) }, Tensor(a), Tensor(b))
    }
  }

  static func ofOneNumber(_ seed: UInt64) -> [Case] {
    let r = Random(seed)
    var cases: [Case] = []
    for decade in [1, 3, 4] {
      let w = r.width(pow(10, -Double(decade)), 3 * pow(10, -Double(decade)))
      let (c, k) = (r.uniform(-2.5, 2.5), r.uniform(-2, 2))
      let name = "of width \(w) at \(c)"
      cases.append(
        average("a square and a bump \(name)", try Normal(0, 1), 1 + normalBump(c, w)) {
          try $0.square() + bump($0, c, w)
        })
      let folded = 2 * density(k) + k * (2 * phi(k) - 1)
      cases.append(
        average("|z - \(k)| and a bump \(name)", try Normal(0, 1), folded + normalBump(c, w)) {
          try ($0 - k).absolute() + bump($0, c, w)
        })
      cases.append(
        average("a step at \(k) and a bump \(name)", try Normal(0, 1), phi(-k) + normalBump(c, w)) {
          try $0.compare(.greater, to: k).cast(to: .float64) + bump($0, c, w)
        })
      cases.append(
        average("a slope and a bump \(name)", try Normal(0, 1), 5 + normalBump(c, w)) {
          try $0 * 3 + 5 + bump($0, c, w)
        })
      let (p, q) = (r.uniform(0.05, 0.95), r.uniform(0.1, 3))
      cases.append(
        average(
          "evenly, a bump of \(w) at \(p)", try Uniform(0, 1), 0.5 + bumpIntegral(0, 1, p, w)
        ) {
          try $0 + bump($0, p, w)
        })
      cases.append(
        average(
          "an exponential, a bump of \(w) at \(q)", try Exponential(1),
          1 + exp(-q + w * w / 2) * bumpIntegral(0, .infinity, q - w * w, w)
        ) {
          try $0 + bump($0, q, w)
        })
      cases.append(
        integral(
          "from 0 to 1 a bump of \(w) at \(p)", 0, 1, 1 / 3 + bumpIntegral(0, 1, p, w)
        ) {
          try $0.square() + bump($0, p, w)
        })
      let far = r.uniform(-4, 19)
      cases.append(
        integral(
          "from -5 to 20 a bump of \(25 * w) at \(far)", -5, 20,
          12.5 + 100 + bumpIntegral(-5, 20, far, 25 * w)
        ) {
          try $0.relu() / 2 + 0.5 + bump($0, far, 25 * w)
        })
      cases.append(
        integral(
          "over the line a bump of \(w) at \(c)", -.infinity, .infinity,
          .pi + bumpIntegral(-.infinity, .infinity, c, w)
        ) {
          try ($0.square() + 1).reciprocal() + bump($0, c, w)
        })
      if decade < 4 {
        cases.append(
          average("a tent \(name)", try Normal(0, 1), tent(c, 5 * w) + 1) {
            try (1 - (($0 - c) / (5 * w)).absolute()).relu() + $0.square()
          })
      }
      let product = w / 2.0.squareRoot()
      cases.append(
        average(
          "a product of bumps \(name)", try Normal(0, 1),
          1 + exp(-0.0625) * normalBump(c + w / 4, product)
        ) {
          try bump($0, c, w) * bump($0, c + w / 2, w) + $0.square()
        })
    }
    for frequency in [7.3, 61, 420, 2900] {
      let k = frequency * r.uniform(0.8, 1.25)
      cases.append(
        average("sin^2 of \(k) z", try Normal(0, 1), (1 - exp(-2 * k * k)) / 2) {
          try ($0 * k).sin().square()
        })
      cases.append(
        integral("cos of \(k) x", 0, 1, 1 + sin(k) / k) { try ($0 * k).cos() + 1 })
    }
    return cases
  }

  /// The average of a tent of height 1.
  private static func tent(_ c: Double, _ w: Double) -> Double {
    func part(_ a: Double) -> Double { density(a) + a * phi(a) }
    return (part(c + w) + part(c - w) - 2 * part(c)) / w
  }

  /// Nothing but a true value may be called exact; and not all may be refused.
  private func expect(_ cases: [Case], exact least: Int) {
    var exact = 0
    for c in cases {
      do {
        guard let value = try c.value() else { continue }
        let error = abs(value[flat: 0] - c.truth) / abs(c.truth)
        #expect(error <= 1e-10, "\(c)")
        if error <= 1e-10 { exact += 1 }
      } catch is CalculusError {
      } catch { Issue.record("\(c): \(error)") }
    }
    #expect(exact >= least)
  }

  @Test func ofOneNumberAllIsExactOrRefused() { expect(Self.ofOneNumber(1), exact: 38) }

  @Test func ofSeveralNumbersAllIsExactOrRefused() { expect(Self.ofSeveral(1), exact: 3) }
}

extension NarrowFeatureTests {
  private static let ridges = (1e-3, 0.3)
  /// What is narrow in all directions is seen down to these widths.
  private static let bumps = [2: (5e-3, 0.3), 3: (0.05, 0.3)]

  /// Averages over two and three numbers, at once and one draw after the other.
  static func ofSeveral(_ seed: UInt64) -> [Case] {
    let r = Random(seed &+ 1000)
    var cases: [Case] = []
    @Sendable func normals(_ d: Int) throws -> any Distribution {
      try Normal(Tensor.zeros(Shape([d]), .float64), Tensor(1))
    }
    for d in [2, 3] {
      for isWide in [true, false] {
        let (w, c) = (isWide ? r.width(0.3, 1) : r.width(ridges.0, ridges.1), r.uniform(-2, 2))
        let free = (0..<d).map { _ in r.uniform(-1, 1) }
        let norm = free.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let direction = free.map { $0 / norm }
        for isFast in isWide && d == 2 ? [true] : [true, false] {
          cases.append(
            average(
              "of \(d) numbers a ridge of width \(w) at \(c) across \(direction)", try normals(d),
              1 + normalBump(c, w)
            ) { z in
              guard isFast || z.rank == 1 else { throw CalculusError.nothingToCheck }
              let along = try (z * Tensor(direction, Shape([d]), .float64)).sum([-1])
              return try z.indexed([.ellipsis, .at(0)]).square() + bump(along, c, w)
            })
        }
        let (low, high) = bumps[d] ?? (1, 1)
        let width = isWide ? r.width(0.3, 1) : r.width(low, high)
        let place = (0..<d).map { _ in r.uniform(-1.5, 1.5) }
        cases.append(
          average(
            "of \(d) numbers a bump of width \(width) at \(place)", try normals(d),
            1 + place.reduce(1) { $0 * normalBump($1, width) }
          ) { z in
            let far = try ((z - Tensor(place, Shape([d]), .float64)) / width).square().sum([-1])
            return try z.indexed([.ellipsis, .at(0)]).square() + (far * -0.5).exp()
          })
      }
    }
    return cases
  }
}
