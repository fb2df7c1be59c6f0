import Glibc

/// The regularised incomplete beta function I(a, b; x) and its derivatives in a and b, with
/// x = 1 / (1 + exp(-t)), in double precision.
///
/// As a function of t both ends keep their precision: 1 - x rounds to 0, t does not.
///
/// Source: DLMF 8.17.22 (continued fraction); the derivatives are those of the same fraction.
package enum IncompleteBeta {
  /// The logarithm of x^a (1 - x)^b / B(a, b): the density of t where x has the beta distribution.
  ///
  /// Of large shapes its parts would cancel; they are put together with Stirling's formula instead.
  /// Source: Loader (2000), "Fast and Accurate Computation of Binomial Probabilities", section 3.
  static func logDensity(_ a: Double, _ b: Double, _ t: Double) -> Double {
    if a > b { return logDensity(b, a, -t) }
    if b <= 20 {
      return a * logSigmoid(t) + b * logSigmoid(-t) + Glibc.lgamma(a + b) - Glibc.lgamma(a)
        - Glibc.lgamma(b)
    }
    let rest = stirling(a + b) - stirling(b)
    if a <= 20 {
      let growth = a * (logSigmoid(t) + log(b)) + ((a + b - 0.5) * log1p(a / b) - a)
      return growth + b * logSigmoid(-t) + rest - Glibc.lgamma(a)
    }
    // How far t lies from log(a / b), where the density is highest.
    let (share, distance) = (a / (a + b), t - log(a / b))
    let fall =
      distance > 700
      ? -b * distance - (a + b) * log(share)
      : (a + b) * (share * distance - log1p(share * expm1(distance)))
    return fall + 0.5 * log(a / (2 * .pi) * (b / (a + b))) + rest - stirling(a)
  }

  /// What lgamma(x) has beyond (x - 1/2) log(x) - x + log(2 pi) / 2, for x > 20.
  ///
  /// Source: Abramowitz and Stegun 6.1.41.
  private static func stirling(_ x: Double) -> Double {
    let square = 1 / (x * x)
    return (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680))) / x
  }

  private static func logSigmoid(_ t: Double) -> Double {
    t < 0 ? t - log1p(exp(t)) : -log1p(exp(-t))
  }

  private static func sigmoid(_ t: Double) -> Double {
    t < 0 ? exp(t) / (1 + exp(t)) : 1 / (1 + exp(-t))
  }

  /// Whether the fraction converges quickly for x, and not for 1 - x with a and b exchanged.
  private static func isLow(_ a: Double, _ b: Double, _ x: Double) -> Bool {
    x <= (a + 1) / (a + b + 2)
  }

  /// Which of the two fractions is to give slopes: near an end the one of the smaller of x and 1 - x, whose digits
  /// the other would lose, as far as there is a density.
  private static func isLowForSlopes(_ a: Double, _ b: Double, _ t: Double) -> Bool {
    let (x, rest) = (sigmoid(t), sigmoid(-t))
    if x < 1e-3 { return x * (a + b) < a + 10 + 8 * a.squareRoot() }
    if rest < 1e-3 { return rest * (a + b) >= b + 10 + 8 * b.squareRoot() }
    return isLow(a, b, x)
  }

  /// The logarithms of I(a, b; x), of 1 - I(a, b; x) and of the density of t.
  static func logs(_ a: Double, _ b: Double, _ t: Double) -> LogConcave.Logs {
    guard a > 0, b > 0, a < .infinity, b < .infinity, !t.isNaN else { return (.nan, .nan, .nan) }
    if t == -.infinity { return (-.infinity, 0, -.infinity) }
    if t == .infinity { return (0, -.infinity, -.infinity) }
    let density = logDensity(a, b, t)
    if min(a, b) > 1e8 { return LargeBeta(a, b).logs(t, density) }
    if isGamma(a, b) { return gammaLogs(a, b, t, density) }
    if isGamma(b, a) {
      let mirrored = gammaLogs(b, a, -t, density)
      return (mirrored.above, mirrored.below, density)
    }
    if isLow(a, b, sigmoid(t)) {
      let below = min(density + log(ratio(a, b, sigmoid(t))), 0)
      return (below, log1p(-exp(below)), density)
    }
    let above = min(density + log(ratio(b, a, sigmoid(-t))), 0)
    return (log1p(-exp(above)), above, density)
  }

  /// Whether b is so much larger than a that the value, times b, is all but gamma distributed.
  private static func isGamma(_ a: Double, _ b: Double) -> Bool {
    b > 1e6 && a * a * a < 1e-11 * b * b
  }

  /// Then x is small, and 1 - x would lose its digits.
  ///
  /// Source: Wise (1950), "The Incomplete Beta Function as a Contour Integral and a Quickly Converging Series for
  /// its Inverse"; what is left out is of the order a^3 / 24 b^2.
  private static func gammaLogs(_ a: Double, _ b: Double, _ t: Double, _ density: Double)
    -> LogConcave.Logs
  {
    let distance = t < 0 ? log1p(exp(t)) : t + log1p(exp(-t))
    let gamma = IncompleteGamma.logs(a, log(b + (a - 1) / 2) + log(distance))
    return (gamma.below, gamma.above, density)
  }

  package static func lower(_ a: Double, _ b: Double, _ x: Double) -> Double {
    x < 0 || x > 1 ? .nan : exp(logs(a, b, log(x) - log1p(-x)).below)
  }

  /// I(a, b; x) over the density of t, by the modified Lentz method.
  private static func ratio(_ a: Double, _ b: Double, _ x: Double) -> Double {
    var (c, d, y) = (1.0, 0.0, 1.0)
    // The fraction is 1 / (1 + d1 / (1 + d2 / (1 + ...))): its bottom by Lentz's products.
    for i in 1..<1_000_000 {
      let k = Double(i / 2)
      let numerator =
        i % 2 == 0
        ? k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
        : -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
      d = 1 / nonzero(1 + numerator * d)
      c = nonzero(1 + numerator / c)
      y *= c * d
      if abs(c * d - 1) < 1e-16 { break }
    }
    return 1 / (a * y)
  }

  private static func nonzero(_ x: Double) -> Double { x == 0 ? 1e-300 : x }

  /// The t with I(a, b; 1 / (1 + exp(-t))) = p.
  static func logitQuantile(_ a: Double, _ b: Double, _ p: Double) -> Double {
    guard a > 0, b > 0, a < .infinity, b < .infinity else { return .nan }
    let width = (1 / a + 1 / b).squareRoot()
    return LogConcave { logs(a, b, $0) }.quantile(p, start: log(a / b), width: width)
  }

  /// The derivative of I(a, b; x), i times in a and j times in b, over the density of t; i + j >= 1.
  static func slope(_ i: Int, _ j: Int, _ a: Double, _ b: Double, _ t: Double) -> Double {
    guard a > 0, b > 0, a < .infinity, b < .infinity, t.isFinite else { return .nan }
    // The fraction takes as many terms as the root of the smaller shape, each of them a series.
    if min(a, b) > 1e6 { return LargeBeta(a, b).slope(i, j, t) }
    let factorials = tgamma(Double(i) + 1) * tgamma(Double(j) + 1)
    if isLowForSlopes(a, b, t) { return factorials * series(i, j, a, b, t)[i, j] }
    return -factorials * series(j, i, b, a, -t)[j, i]
  }

  /// I(a, b; x) as a series in a and b, over the density of t.
  private static func series(_ m: Int, _ n: Int, _ a: Double, _ b: Double, _ t: Double)
    -> PowerSeries
  {
    let x = sigmoid(t)
    var fraction = Convergents(m, n, first: PowerSeries(m, n, [1]))
    var k = 0.0
    let ratio = fraction.converge(PowerSeries.units(m, n, a, b)) { fraction in
      for _ in 0..<3 {
        fraction.append(
          {
            $0.multiply(by: -(a + k) * x, -x)
            $0.multiply(by: a + b + k, 1, 1)
            $0.divide(by: a + 2 * k, 1)
            $0.divide(by: a + 2 * k + 1, 1)
          }, { _ in })
        k += 1
        fraction.append(
          {
            $0.multiply(by: k * (b - k) * x, 0, k * x)
            $0.divide(by: a + 2 * k - 1, 1)
            $0.divide(by: a + 2 * k, 1)
          }, { _ in })
      }
    }
    var y = weight(m, n, a, b, t) * ratio
    y.scale(by: 1 / a)
    return y
  }

  /// How 1 / a times the density of t changes with a and b.
  private static func weight(_ m: Int, _ n: Int, _ a: Double, _ b: Double, _ t: Double)
    -> PowerSeries
  {
    var change = PowerSeries(m, n, [])
    for i in 0...m {
      for j in 0...n where i + j > 0 {
        var value = i + j == 1 && i == 0 ? digammaGrowth(b, a) : derivative(i + j, a + b)
        if j == 0 { value -= derivative(i, a + 1) }
        if i == 0, j > 1 { value -= derivative(j, b) }
        if i == 1, j == 0 { value += logSigmoid(t) }
        if i == 0, j == 1 { value += logSigmoid(-t) }
        change[i, j] = value / (tgamma(Double(i) + 1) * tgamma(Double(j) + 1))
      }
    }
    return change.exponential()
  }

  /// digamma(b + a) - digamma(b), also where a is too small beside b to be seen in the sum.
  ///
  /// Source: Abramowitz and Stegun 6.3.18.
  private static func digammaGrowth(_ b: Double, _ a: Double) -> Double {
    guard b > 1e3 else { return Polygamma.digamma(b + a) - Polygamma.digamma(b) }
    let (p, q) = (1 / b, 1 / (a + b))
    return log1p(a / b) + (p - q) / 2 + (p - q) * (p + q) / 12
  }

  /// The k-th derivative of lgamma.
  private static func derivative(_ k: Int, _ x: Double) -> Double {
    k == 1 ? Polygamma.digamma(x) : Polygamma.value(k - 1, x)
  }
}
