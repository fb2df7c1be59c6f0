import Glibc

/// The beta distribution of two large shapes: the logit t of its value is almost normal, and how far it is not
/// follows from its cumulants, differences and sums of polygamma functions of the shapes.
///
/// Source: Cornish and Fisher (1938), "Moments and Cumulants in the Specification of Distributions"; Abramowitz
/// and Stegun 26.2.48, the other way round. What is left out is of the order a^(-3/2).
struct LargeBeta {
  private let a: Double
  private let b: Double

  init(_ a: Double, _ b: Double) { (self.a, self.b) = (a, b) }

  /// As `IncompleteBeta.logs`; `density` is that of t.
  func logs(_ t: Double, _ density: Double) -> LogConcave.Logs {
    // Far out nothing is left to see, and the powers of the distance would overflow.
    let rough = (t - log(a / b)) / (1 / a + 1 / b).squareRoot()
    if abs(rough) > 1e4 { return rough > 0 ? (0, -.infinity, density) : (-.infinity, 0, density) }
    let z = score(0, 0, t)[0, 0] * 0.5.squareRoot()
    return (log(0.5 * erfc(-z)), log(0.5 * erfc(z)), density)
  }

  /// As `IncompleteBeta.slope`.
  func slope(_ i: Int, _ j: Int, _ t: Double) -> Double {
    // Out there the density is 0, and nothing multiplies it.
    let rough = (t - log(a / b)) / (1 / a + 1 / b).squareRoot()
    guard abs(rough) < 1e3 else { return 0 }
    let score = score(i, j, t)
    let center = score[0, 0]
    var change = score
    change[0, 0] = 0
    // The normal distribution function's Taylor series, over its density: Hermite polynomials.
    var (sum, power) = (PowerSeries(i, j, []), PowerSeries(i, j, [1]))
    var (hermite, next, factorial) = (1.0, center, 1.0)
    for k in 1...i + j {
      power = power * change
      factorial *= Double(k)
      var term = power
      term.scale(by: (k % 2 == 1 ? hermite : -hermite) / factorial)
      sum += term
      (hermite, next) = (next, center * next - Double(k) * hermite)
    }
    return sum[i, j] * tgamma(Double(i) + 1) * tgamma(Double(j) + 1) / slopeOfScore(t)
  }

  /// The normal number with as much mass below it as t, as a series in the shapes up to s^m t^n.
  private func score(_ m: Int, _ n: Int, _ t: Double) -> PowerSeries {
    let spread = cumulant(2, m, n)
    // 1 over the standard deviation.
    let inverse = spread.power(-0.5)
    var distance = cumulant(1, m, n)
    distance.scale(by: -1)
    distance[0, 0] += t
    let y = distance * inverse
    let skew = cumulant(3, m, n) * inverse * inverse * inverse
    let excess = cumulant(4, m, n) * inverse * inverse * inverse * inverse
    let square = y * y
    var z = y
    z += (square + -1) * skew * (-1.0 / 6)
    z += (square + -3) * y * excess * (-1.0 / 24)
    z += (square * 4 + -7) * y * skew * skew * (1.0 / 36)
    return z
  }

  /// How fast it grows with t.
  private func slopeOfScore(_ t: Double) -> Double {
    let deviation = cumulant(2, 0, 0)[0, 0].squareRoot()
    let y = (t - cumulant(1, 0, 0)[0, 0]) / deviation
    let skew = cumulant(3, 0, 0)[0, 0] / pow(deviation, 3)
    let excess = cumulant(4, 0, 0)[0, 0] / pow(deviation, 4)
    let growth =
      1 - skew / 3 * y - excess / 8 * (y * y - 1) + skew * skew / 36 * (12 * y * y - 7)
    return growth / deviation
  }

  /// The k-th cumulant of t, a series in the shapes.
  private func cumulant(_ k: Int, _ m: Int, _ n: Int) -> PowerSeries {
    var series = PowerSeries(m, n, [])
    func derivative(_ order: Int, _ x: Double) -> Double {
      order == 0 ? Polygamma.digamma(x) : Polygamma.value(order, x)
    }
    let sign = k % 2 == 0 ? 1.0 : -1
    series[0, 0] =
      k == 1
      ? log(a / b) - 0.5 * (1 / a - 1 / b) - (1 / (a * a) - 1 / (b * b)) / 12
      : derivative(k - 1, a) + sign * derivative(k - 1, b)
    for i in 1..<max(m + 1, 1) { series[i, 0] = derivative(k - 1 + i, a) / tgamma(Double(i) + 1) }
    for j in 1..<max(n + 1, 1) {
      series[0, j] = sign * derivative(k - 1 + j, b) / tgamma(Double(j) + 1)
    }
    return series
  }
}

extension PowerSeries {
  /// This series to a power, for a positive value, from its differential equation.
  fileprivate func power(_ p: Double) -> PowerSeries {
    var logarithm = PowerSeries(m, n, [])
    for i in 0...m {
      for j in 0...n where i + j > 0 {
        // (i, or j) y log(y)' = y', term by term.
        var rest = Double(i > 0 ? i : j) * self[i, j]
        for k in 0...i {
          for l in 0...j where k + l > 0 {
            rest -= Double(i > 0 ? i - k : j - l) * self[k, l] * logarithm[i - k, j - l]
          }
        }
        logarithm[i, j] = rest / (Double(i > 0 ? i : j) * self[0, 0])
      }
    }
    logarithm[0, 0] = log(self[0, 0])
    logarithm.scale(by: p)
    return logarithm.exponential()
  }

  fileprivate static func * (a: PowerSeries, c: Double) -> PowerSeries {
    var product = a
    product.scale(by: c)
    return product
  }

  fileprivate static func + (a: PowerSeries, c: Double) -> PowerSeries {
    var sum = a
    sum[0, 0] += c
    return sum
  }
}
