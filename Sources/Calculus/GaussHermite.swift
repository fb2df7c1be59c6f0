import Glibc

/// A rule of n places for integrals over the line of what is about a polynomial times exp(-x^2 / 2).
///
/// Source: Golub and Welsch (1969), "Calculation of Gauss Quadrature Rules".
struct GaussHermite {
  let places: [Double]
  let weights: [Double]

  init(_ n: Int) {
    var roots: [Double] = []
    // The roots of each polynomial lie between those of the next.
    for k in 1...n {
      let reach = (4 * Double(k) + 2).squareRoot()
      let cuts = [-reach] + roots + [reach]
      roots = zip(cuts, cuts.dropFirst()).map { Self.root(of: k, between: $0, and: $1) }
    }
    places = roots
    weights = roots.map { x in
      let norm = Self.polynomials(n, x).dropLast().reduce(0) { $0 + $1 * $1 }
      return (2 * Double.pi).squareRoot() * exp(x * x / 2) / norm
    }
  }

  /// Hermite's polynomials of degrees 0 to n, orthonormal under the standard normal density.
  private static func polynomials(_ n: Int, _ x: Double) -> [Double] {
    var values = [1, x]
    for k in 1..<max(n, 2) {
      let next = x * values[k] - Double(k).squareRoot() * values[k - 1]
      values.append(next / Double(k + 1).squareRoot())
    }
    return Array(values[...n])
  }

  private static func root(of n: Int, between low: Double, and high: Double) -> Double {
    func value(_ x: Double) -> Double { polynomials(n, x)[n] }
    var (a, b) = (low, high)
    let isRising = value(b) > 0
    for _ in 0..<80 {
      let middle = (a + b) / 2
      if (value(middle) > 0) == isRising { b = middle } else { a = middle }
    }
    return (a + b) / 2
  }
}
