import Glibc

/// A power series in two small variables, s and t, cut off above s^m and t^n: a function's value and
/// its derivatives in two parameters, carried through a computation together.
///
/// Source: Griewank and Walther (2008), "Evaluating Derivatives", chapter 13.
struct PowerSeries {
  /// The highest powers kept.
  let m: Int
  let n: Int
  /// The coefficient of s^i t^j at i (n + 1) + j.
  private(set) var coefficients: [Double]

  /// Shapes: at most (m + 1)(n + 1) coefficients; those left out are 0.
  init(_ m: Int, _ n: Int, _ coefficients: [Double]) {
    self.m = m
    self.n = n
    let count = (m + 1) * (n + 1)
    self.coefficients =
      coefficients.prefix(count) + [Double](repeating: 0, count: max(0, count - coefficients.count))
  }

  subscript(_ i: Int, _ j: Int) -> Double {
    get { coefficients[i * (n + 1) + j] }
    set { coefficients[i * (n + 1) + j] = newValue }
  }

  /// Multiplies by c + p s + q t.
  mutating func multiply(by c: Double, _ p: Double, _ q: Double = 0) {
    for i in stride(from: m, through: 0, by: -1) {
      for j in stride(from: n, through: 0, by: -1) {
        var value = c * self[i, j]
        if i > 0 { value += p * self[i - 1, j] }
        if j > 0 { value += q * self[i, j - 1] }
        self[i, j] = value
      }
    }
  }

  /// Divides by c + p s + q t.
  mutating func divide(by c: Double, _ p: Double, _ q: Double = 0) {
    for i in 0...m {
      for j in 0...n {
        var value = self[i, j]
        if i > 0 { value -= p * self[i - 1, j] }
        if j > 0 { value -= q * self[i, j - 1] }
        self[i, j] = value / c
      }
    }
  }

  mutating func scale(by c: Double) {
    for i in coefficients.indices { coefficients[i] *= c }
  }

  static func += (a: inout PowerSeries, b: PowerSeries) {
    for i in a.coefficients.indices { a.coefficients[i] += b.coefficients[i] }
  }

  static func * (a: PowerSeries, b: PowerSeries) -> PowerSeries {
    var product = PowerSeries(a.m, a.n, [])
    for i in 0...a.m {
      for j in 0...a.n {
        var sum = 0.0
        for k in 0...i {
          for l in 0...j { sum += a[k, l] * b[i - k, j - l] }
        }
        product[i, j] = sum
      }
    }
    return product
  }

  static func / (a: PowerSeries, b: PowerSeries) -> PowerSeries {
    var quotient = a
    for i in 0...a.m {
      for j in 0...a.n {
        var rest = a[i, j]
        for k in 0...i {
          for l in 0...j where k + l > 0 { rest -= b[k, l] * quotient[i - k, j - l] }
        }
        quotient[i, j] = rest / b[0, 0]
      }
    }
    return quotient
  }

  /// e to the power of this series, from its differential equation.
  func exponential() -> PowerSeries {
    var y = PowerSeries(m, n, [exp(self[0, 0])])
    for i in 0...m {
      for j in 0...n where i + j > 0 {
        var sum = 0.0
        for k in 0...i {
          for l in 0...j { sum += Double(i > 0 ? k : l) * self[k, l] * y[i - k, j - l] }
        }
        y[i, j] = sum / Double(i > 0 ? i : j)
      }
    }
    return y
  }

  /// The largest change of a coefficient from another series, relative to it; or to what it is where a change of
  /// a parameter by its own size matters as much as the value, if that is larger.
  func distance(to other: PowerSeries, _ units: [Double]) -> Double {
    coefficients.indices.reduce(0) { worst, k in
      let change = abs(coefficients[k] - other.coefficients[k])
      let size = max(abs(coefficients[k]), abs(coefficients[0]) * units[k], 1e-300)
      return change == 0 ? worst : max(worst, change / size)
    }
  }

  /// The coefficients of a series of value 1 that changes as much when a or b change by their own size.
  static func units(_ m: Int, _ n: Int, _ a: Double, _ b: Double) -> [Double] {
    (0...m).flatMap { i in (0...n).map { j in pow(a, -Double(i)) * pow(b, -Double(j)) } }
  }
}

/// A continued fraction 1 / (b0 + a1 / (b1 + a2 / (b2 + ...))) of power series, by its convergents.
struct Convergents {
  private var previous: (top: PowerSeries, bottom: PowerSeries)
  private var last: (top: PowerSeries, bottom: PowerSeries)

  /// Begins with 1 / b0.
  init(_ m: Int, _ n: Int, first: PowerSeries) {
    previous = (PowerSeries(m, n, []), PowerSeries(m, n, [1]))
    last = (PowerSeries(m, n, [1]), first)
  }

  /// Goes on by one term: `a` multiplies the convergent before the last in place, `b` the last.
  mutating func append(_ a: (inout PowerSeries) -> Void, _ b: (inout PowerSeries) -> Void) {
    var next = last
    b(&next.top)
    b(&next.bottom)
    a(&previous.top)
    a(&previous.bottom)
    next.top += previous.top
    next.bottom += previous.bottom
    (previous, last) = (last, next)
    let size = abs(last.bottom[0, 0])
    guard size > 1e100 || size < 1e-100, size > 0 else { return }
    last.top.scale(by: 1 / size)
    last.bottom.scale(by: 1 / size)
    previous.top.scale(by: 1 / size)
    previous.bottom.scale(by: 1 / size)
  }

  var value: PowerSeries { last.top / last.bottom }

  /// Goes on until rounding is all that changes the value.
  mutating func converge(
    _ units: [Double], _ appendSeveral: (inout Convergents) -> Void
  ) -> PowerSeries {
    var (y, smallest) = (value, Double.infinity)
    for _ in 0..<200_000 {
      appendSeveral(&self)
      let next = value
      let change = next.distance(to: y, units)
      y = next
      if change.isNaN || change < 1e-15 || (change < 1e-9 && change >= smallest) { break }
      smallest = min(smallest, change)
    }
    return y
  }
}
