import Glibc

/// The digamma and polygamma functions, in double precision.
enum Polygamma {
  /// The Bernoulli numbers of even order from 2 on, for the asymptotic series.
  private static let bernoulli: [Double] = [
    1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510,
    43867.0 / 798, -174611.0 / 330,
  ]

  /// For x > 0.
  ///
  /// Source: Abramowitz and Stegun 6.3.6 (recurrence), 6.3.18 (asymptotic series).
  static func digamma(_ x: Double) -> Double {
    var (sum, z) = (0.0, x)
    while z < 12 {
      sum -= 1 / z
      z += 1
    }
    var (series, power) = (0.0, 1 / (z * z))
    for (i, b) in bernoulli.enumerated() {
      series += b / Double(2 * (i + 1)) * power
      power /= z * z
    }
    return sum + Glibc.log(z) - 0.5 / z - series
  }

  /// Source: Abramowitz and Stegun 6.4.6 (recurrence), 6.4.11 (asymptotic series).
  static func value(_ n: Int, _ x: Double) -> Double {
    guard x > 0 else { return x == x.rounded() ? .infinity : reflected(n, x) }
    let sign = n % 2 == 0 ? -1.0 : 1.0
    let order = Double(n)
    // Far enough out for the series to reach double precision.
    let shift = Int(max(0, 20 + order - x).rounded(.up))
    var sum = 0.0
    for k in 0..<shift { sum += pow(x + Double(k), -(order + 1)) }
    sum *= tgamma(order + 1)
    let z = x + Double(shift)
    var series = tgamma(order) * pow(z, -order) + tgamma(order + 1) / 2 * pow(z, -(order + 1))
    for (i, b) in bernoulli.enumerated() {
      let k = 2 * Double(i + 1)
      series += b * exp(Glibc.lgamma(k + order) - Glibc.lgamma(k + 1) - (k + order) * Glibc.log(z))
    }
    return sign * (sum + series)
  }

  /// By the recurrence alone, upwards to positive x.
  private static func reflected(_ n: Int, _ x: Double) -> Double {
    guard x > -1e6 else { return .nan }
    let sign = n % 2 == 0 ? -1.0 : 1.0
    var (sum, at) = (0.0, x)
    while at <= 0 {
      sum += pow(at, -Double(n + 1)) * tgamma(Double(n + 1))
      at += 1
    }
    return sign * sum + value(n, at)
  }
}
