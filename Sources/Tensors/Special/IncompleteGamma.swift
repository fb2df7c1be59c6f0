import Glibc

/// The regularised incomplete gamma function P(a, x) and its derivatives in a, with x = exp(t), in double precision.
///
/// As a function of t everything stays in range: x underflows at small shapes a, t does not.
///
/// Source: Abramowitz and Stegun 6.5.29 (series) and 6.5.31 (continued fraction); the derivatives are
/// those of the same expansions, term by term.
package enum IncompleteGamma {
  /// The logarithm of x^a exp(-x) / Γ(a): the density of t where exp(t) has the gamma distribution.
  static func logDensity(_ a: Double, _ t: Double) -> Double {
    guard a > 20 else { return a * t - exp(t) - Glibc.lgamma(a) }
    // a log(x) - x and lgamma(a) would cancel: both are taken from Stirling's formula.
    let excess = expm1(t - log(a))
    if excess == -1 { return -.infinity }
    let square = 1 / (a * a)
    let stirling = (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680))) / a
    return 0.5 * log(a / (2 * .pi)) - stirling - a * (excess - log1p(excess))
  }

  /// The logarithms of P(a, x), of 1 - P(a, x) and of the density of t.
  static func logs(_ a: Double, _ t: Double) -> LogConcave.Logs {
    let density = logDensity(a, t)
    let x = exp(t)
    guard a > 0, !x.isNaN else { return (.nan, .nan, .nan) }
    if x == .infinity { return (0, -.infinity, -.infinity) }
    if a > largestShape { return normalLogs(a, t, density) }
    if x <= a + 1 {
      let below = min(density + log(lowerRatio(a, x)), 0)
      return (below, log1p(-exp(below)), density)
    }
    let above = min(density + log(upperRatio(a, x)), 0)
    return (log1p(-exp(above)), above, density)
  }

  /// Beyond it the expansions need millions of terms, and the normal approximation is exact to ten digits.
  private static let largestShape = 1e10

  /// Source: Wilson and Hilferty (1931), "The Distribution of Chi-Square".
  private static func normalLogs(_ a: Double, _ t: Double, _ density: Double) -> LogConcave.Logs {
    let z = 3 * a.squareRoot() * (expm1((t - log(a)) / 3) + 1 / (9 * a))
    let (below, above) = (0.5 * erfc(-z * 0.5.squareRoot()), 0.5 * erfc(z * 0.5.squareRoot()))
    return (log(below), log(above), density)
  }

  package static func lower(_ a: Double, _ x: Double) -> Double {
    x < 0 ? .nan : exp(logs(a, log(x)).below)
  }
  package static func upper(_ a: Double, _ x: Double) -> Double {
    x < 0 ? .nan : exp(logs(a, log(x)).above)
  }

  /// P(a, x) over the density of t.
  private static func lowerRatio(_ a: Double, _ x: Double) -> Double {
    var (term, sum, k) = (1.0, 1.0, a)
    while term > 1e-17 * sum {
      k += 1
      term *= x / k
      sum += term
    }
    return sum / a
  }

  /// (1 - P(a, x)) over the density of t, by the modified Lentz method.
  private static func upperRatio(_ a: Double, _ x: Double) -> Double {
    var b = x + 1 - a
    var (c, d) = (1e300, 1 / b)
    var y = d
    for i in 1..<1_000_000 {
      let numerator = -Double(i) * (Double(i) - a)
      b += 2
      d = 1 / nonzero(numerator * d + b)
      c = nonzero(b + numerator / c)
      y *= d * c
      if abs(d * c - 1) < 1e-16 { break }
    }
    return y
  }

  private static func nonzero(_ x: Double) -> Double { x == 0 ? 1e-300 : x }

  /// The t with P(a, exp(t)) = p.
  static func logQuantile(_ a: Double, _ p: Double) -> Double {
    guard a > 0, a < .infinity else { return .nan }
    return LogConcave { logs(a, $0) }.quantile(p, start: start(a, p), width: 1 / a.squareRoot())
  }

  /// Source: Wilson and Hilferty (1931), "The Distribution of Chi-Square", with Tukey's approximation
  /// of the normal quantile; for small shapes the first term of the series.
  private static func start(_ a: Double, _ p: Double) -> Double {
    let z = (pow(p, 0.135) - pow(1 - p, 0.135)) / 0.1975
    let root = 1 - 1 / (9 * a) + z / (3 * a.squareRoot())
    if a > 0.5, root > 0.2 { return log(a) + 3 * log(root) }
    return (log(p) + Glibc.lgamma(a + 1)) / a
  }

  /// The n-th derivative of P(a, x) in a, over the density of t; n >= 1.
  static func slope(_ n: Int, _ a: Double, _ t: Double) -> Double {
    let x = exp(t)
    guard a > 0, a < .infinity, t > -.infinity, x < .infinity else { return .nan }
    // The mean moves with the shape; of higher orders nothing is left to see.
    if a > largestShape { return n == 1 ? -1 / x : 0 }
    // How the density times 1 / a, x^a exp(-x) / Γ(a + 1), changes with a.
    var change = [0.0, t - Polygamma.digamma(a + 1)]
    var factorial = 1.0
    for k in 2..<max(n + 1, 2) {
      factorial *= Double(k)
      change.append(-Polygamma.value(k - 1, a + 1) / factorial)
    }
    let weight = PowerSeries(n, 0, change).exponential()
    let ratio = x <= a + 1 ? lowerSeries(n, a, x) : upperSeries(n, a, x)
    let coefficient = (weight * ratio)[n, 0] / a
    return coefficient * tgamma(Double(n) + 1)
  }

  /// a P(a, x) over the density, as a series in a.
  private static func lowerSeries(_ n: Int, _ a: Double, _ x: Double) -> PowerSeries {
    var (term, k) = (PowerSeries(n, 0, [1]), a)
    var sum = term
    repeat {
      k += 1
      term.divide(by: k, 1)
      term.scale(by: x)
      sum += term
    } while zip(term.coefficients, sum.coefficients).contains { abs($0) > 1e-17 * abs($1) }
    return sum
  }

  /// -a (1 - P(a, x)) over the density, as a series in a.
  private static func upperSeries(_ n: Int, _ a: Double, _ x: Double) -> PowerSeries {
    var fraction = Convergents(
      n, 0, first: PowerSeries(n, 0, n > 0 ? [x + 1 - a, -1] : [x + 1 - a]))
    var i = 0.0
    var y = fraction.converge(PowerSeries.units(n, 0, a, 1)) { fraction in
      for _ in 0..<6 {
        i += 1
        fraction.append(
          { $0.multiply(by: -i * (i - a), i) }, { $0.multiply(by: x + 1 - a + 2 * i, -1) })
      }
    }
    y.multiply(by: -a, -1)
    return y
  }
}
