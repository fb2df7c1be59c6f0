import CKernels
import Glibc

/// Functions of one tensor, element by element.
package struct Pointwise: OperationFamily {
  package init() {}

  package let neg = Operation("minus x", unary: { try -$0 })
  package let abs = Operation("the absolute value of x; its derivative at 0 is 0", domain: .nonzero)
  {
    try $0.absolute()
  }
  package let exp = Operation("e to the power x") { try $0.exp() }
  package let exp2 = Operation("2 to the power x") { x in
    try x.applied(Glibc.exp2) { try $0.g * $0.y * Glibc.log(2) }
  }
  package let expm1 = Operation("exp(x) - 1, exact near 0") { try $0.expm1() }
  package let log = Operation("the natural logarithm of x", domain: .positive) { try $0.log() }
  package let log2 = Operation("the logarithm of x to base 2", domain: .positive) {
    try $0.logarithm(base: 2, Glibc.log2)
  }
  package let log10 = Operation("the logarithm of x to base 10", domain: .positive) {
    try $0.logarithm(base: 10, Glibc.log10)
  }
  package let log1p = Operation("log(1 + x), exact near 0", domain: .positive) { try $0.log1p() }
  package let sqrt = Operation("the square root of x", domain: .positive) { try $0.squareRoot() }
  package let rsqrt = Operation("1 / sqrt(x)", domain: .positive) {
    try $0.reciprocalSquareRoot()
  }
  package let square = Operation("x squared") { try $0.square() }
  package let reciprocal = Operation("1 / x", domain: .nonzero) { try $0.reciprocal() }
  package let sin = Operation("the sine of x, in radians") { try $0.sin() }
  package let cos = Operation("the cosine of x, in radians") { try $0.cos() }
  package let tan = Operation("the tangent of x, in radians", domain: .between(-1, 1)) {
    try $0.tan()
  }
  package let asin = Operation("the angle whose sine is x", domain: .between(-0.8, 0.8)) {
    try $0.asin()
  }
  package let acos = Operation("the angle whose cosine is x", domain: .between(-0.8, 0.8)) {
    try $0.acos()
  }
  package let atan = Operation("the angle whose tangent is x") { try $0.atan() }
  package let asinh = Operation("the inverse of sinh") { try $0.inverseHyperbolicSine() }
  package let acosh = Operation("the inverse of cosh, at least 0", domain: .between(1.2, 3)) { x in
    try x.applied(Glibc.acosh) { try $0.g / (($0[0] - 1).squareRoot() * ($0[0] + 1).squareRoot()) }
  }
  package let atanh = Operation("the inverse of tanh", domain: .between(-0.8, 0.8)) { x in
    try x.applied(Glibc.atanh) { try $0.g / (1 - $0[0].square()) }
  }
  package let sinh = Operation("the hyperbolic sine of x") { try $0.sinh() }
  package let cosh = Operation("the hyperbolic cosine of x") { try $0.cosh() }
  package let tanh = Operation("the hyperbolic tangent of x") { try $0.tanh() }
  package let sigmoid = Operation("1 / (1 + exp(-x))") { try $0.sigmoid() }
  package let logit = Operation(
    "log(x / (1 - x)), the inverse of sigmoid; with eps x is held between eps and 1 - eps",
    [.tensor("x"), .optionalNumber("eps")],
    examples: [
      Example([Domain.between(0.1, 0.9).of([3, 4])]),
      Example([Domain.between(0.1, 0.9).of([3, 4])], ["eps": .number(0.01)]),
    ],
    one: { a in
      guard let eps = try a.optionalNumber(1) else { return try a.tensor(0).logit() }
      return try a.tensor(0).floating().clamped(eps, 1 - eps).logit()
    })
  package let logsigmoid = Operation("log(sigmoid(x)), stable for any x") { try $0.logSigmoid() }
  package let softplus = Operation(
    "log(1 + exp(beta x)) / beta, stable for any x", [.tensor("x"), .number("beta", 1)],
    examples: [
      Example([Domain.reals.of([3, 4])]),
      Example([Domain.reals.of([3, 4])], ["beta": .number(2.5)]),
    ],
    one: { a in
      let (x, beta) = (try a.tensor(0), try a.number(1))
      return try beta == 1 ? x.softplus() : (x * beta).softplus() / beta
    })
  package let erf = Operation("the error function of x") { try $0.erf() }
  package let erfc = Operation("1 - erf(x), exact for large x") { try $0.erfc() }
  package let erfinv = Operation("the inverse of erf", domain: .between(-0.9, 0.9)) {
    try $0.erfinv()
  }
  package let lgamma = Operation("the logarithm of the gamma function", domain: .positive) {
    try $0.lgamma()
  }
  package let digamma = Operation("the derivative of lgamma", domain: .positive) {
    try $0.digamma()
  }
  package let polygamma = Operation(
    "the n-th derivative of digamma", [.size("n"), .tensor("x")],
    examples: [
      Example([Domain.positive.of([3])], ["n": .size(1)]),
      Example([Domain.positive.of([3])], ["n": .size(2)]),
    ],
    one: { try $0.tensor(1).polygamma($0.size(0)) })
  package let ndtr = Operation("the standard normal distribution function at x") {
    try $0.normalCDF()
  }
  package let ndtri = Operation(
    "the inverse of ndtr: the standard normal quantile of x", domain: .between(0.1, 0.9)
  ) {
    try $0.normalQuantile()
  }
  package let clamp = Operation(
    "x, held between min and max, numbers or tensors; either may be absent",
    [.tensor("x"), .optionalTensor("min"), .optionalTensor("max")],
    examples: [
      Example([Domain.distinct.of([3, 4])], ["min": .number(-1), "max": .number(1)]),
      Example([Domain.distinct.of([3, 4]), Domain.between(-2, -1).of([4])], ["max": .number(1)]),
    ],
    one: { a in
      let (x, low, high) = (try a.tensor(0), try a.optionalTensor(1), try a.optionalTensor(2))
      if [low, high].allSatisfy({ $0.map { $0.rank == 0 && !$0.isTracked } ?? true }) {
        return try x.clamped(low?.item, high?.item)
      }
      let raised = try low.map { try x.greater($0) } ?? x
      return try high.map { try raised.lesser($0) } ?? raised
    })
  package let round = Operation(
    "x to the nearest integer, halves to even", domain: .integers(below: 9)
  ) {
    try $0.rounded(DG_ROUND)
  }
  package let floor = Operation("the largest integer not above x", domain: .integers(below: 9)) {
    try $0.rounded(DG_FLOOR)
  }
  package let ceil = Operation("the smallest integer not below x", domain: .integers(below: 9)) {
    try $0.rounded(DG_CEIL)
  }
  package let trunc = Operation("x without its fraction", domain: .integers(below: 9)) {
    try $0.detached.truncated()
  }
  package let frac = Operation("the fraction of x, with its sign", domain: .between(0.1, 0.9)) {
    try $0 - $0.detached.truncated()
  }
  package let sign = Operation("-1, 0 or 1", domain: .integers(below: 9)) {
    try $0.rounded(DG_SIGN)
  }
  package let detach = Operation("x, through which no gradient flows", domain: .integers(below: 9))
  {
    $0.detached
  }
}

extension Tensor {
  /// Applies a kernel; `derivative` gives dy/dx times g.
  func mapped(
    _ op: dg_unary, _ derivative: @escaping (Backward) throws -> Tensor
  ) throws -> Tensor {
    let x = try floating()
    return try Kernels.map(op, x).recorded(x) { b in
      let all = b
      try b.send(to: 0) { try derivative(all) }
    }
  }

  /// This tensor, integers and booleans as float32.
  package func floating() throws -> Tensor {
    dtype.isFloating ? self : try cast(to: .float32)
  }

  package static prefix func - (x: Tensor) throws -> Tensor {
    if !x.dtype.isFloating { return try x * -1 }
    return try x.mapped(DG_NEG) { try -$0.g }
  }

  package func absolute() throws -> Tensor {
    if !dtype.isFloating {
      return try Kernels.zipIntegers(self, self) { x, _ in x < 0 ? 0 &- x : x }
    }
    return try mapped(DG_ABS) { try $0.g * $0[0].rounded(DG_SIGN) }
  }

  package func exp() throws -> Tensor { try mapped(DG_EXP) { try $0.g * $0.y } }
  package func expm1() throws -> Tensor { try mapped(DG_EXPM1) { try $0.g * $0[0].exp() } }
  package func log() throws -> Tensor { try mapped(DG_LOG) { try $0.g / $0[0] } }
  package func log1p() throws -> Tensor { try mapped(DG_LOG1P) { try $0.g / ($0[0] + 1) } }

  /// By the library's own function, since log(x) / log(base) misses whole powers.
  fileprivate func logarithm(base: Double, _ f: (Double) -> Double) throws -> Tensor {
    try applied(f) { try $0.g / ($0[0] * Glibc.log(base)) }
  }

  fileprivate func inverseHyperbolicSine() throws -> Tensor {
    // Of 1 and x, whose square may overflow, the larger leads.
    try applied(Glibc.asinh) { try $0.g / $0[0].hypotenuse(Tensor(1, $0.g.dtype)) }
  }

  /// Applies a function of the library, element by element; `derivative` gives dy/dx times g.
  fileprivate func applied(
    _ f: (Double) -> Double, _ derivative: @escaping (Backward) throws -> Tensor
  ) throws -> Tensor {
    let x = try floating()
    return try Tensor(x.values.map(f), x.shape, x.dtype).recorded(x) { b in
      let all = b
      try b.send(to: 0) { try derivative(all) }
    }
  }

  package func squareRoot() throws -> Tensor { try mapped(DG_SQRT) { try $0.g / ($0.y * 2) } }

  package func reciprocalSquareRoot() throws -> Tensor {
    try mapped(DG_RSQRT) { try $0.g * $0.y / $0[0] * -0.5 }
  }

  package func square() throws -> Tensor {
    if !dtype.isFloating { return try self * self }
    return try mapped(DG_SQUARE) { try $0.g * $0[0] * 2 }
  }

  package func reciprocal() throws -> Tensor {
    try mapped(DG_RECIPROCAL) { try -($0.g * $0.y.square()) }
  }
  package func sin() throws -> Tensor { try mapped(DG_SIN) { try $0.g * $0[0].cos() } }
  package func cos() throws -> Tensor { try mapped(DG_COS) { try -($0.g * $0[0].sin()) } }
  package func tan() throws -> Tensor { try mapped(DG_TAN) { try $0.g * ($0.y.square() + 1) } }
  package func asin() throws -> Tensor {
    try mapped(DG_ASIN) { try $0.g / (1 - $0[0].square()).squareRoot() }
  }
  package func acos() throws -> Tensor {
    try mapped(DG_ACOS) { try -($0.g / (1 - $0[0].square()).squareRoot()) }
  }
  package func atan() throws -> Tensor { try mapped(DG_ATAN) { try $0.g / ($0[0].square() + 1) } }
  package func sinh() throws -> Tensor { try mapped(DG_SINH) { try $0.g * $0[0].cosh() } }
  package func cosh() throws -> Tensor { try mapped(DG_COSH) { try $0.g * $0[0].sinh() } }

  package func tanh() throws -> Tensor { try mapped(DG_TANH) { try $0.g.tanhGradient($0.y) } }
  package func sigmoid() throws -> Tensor {
    try mapped(DG_SIGMOID) { try $0.g.sigmoidGradient($0.y) }
  }
  package func logSigmoid() throws -> Tensor {
    try mapped(DG_LOGSIGMOID) { try $0.g * (-$0[0]).sigmoid() }
  }
  package func softplus() throws -> Tensor {
    try mapped(DG_SOFTPLUS) { try $0.g * $0[0].sigmoid() }
  }
  package func erf() throws -> Tensor {
    try mapped(DG_ERF) { try $0.g * (-$0[0].square()).exp() * (2 / Double.pi.squareRoot()) }
  }
  package func erfc() throws -> Tensor {
    try mapped(DG_ERFC) { try $0.g * (-$0[0].square()).exp() * (-2 / Double.pi.squareRoot()) }
  }
  package func erfinv() throws -> Tensor {
    try mapped(DG_ERFINV) { try $0.g * $0.y.square().exp() * (Double.pi.squareRoot() / 2) }
  }

  package func lgamma() throws -> Tensor { try mapped(DG_LGAMMA) { try $0.g * $0[0].digamma() } }
  package func digamma() throws -> Tensor {
    try mapped(DG_DIGAMMA) { try $0.g * $0[0].polygamma(1) }
  }

  /// The n-th derivative of digamma: exact to about 1e-13 relative for x > 0.
  package func polygamma(_ n: Int) throws -> Tensor {
    if n == 0 { return try digamma() }
    guard n > 0, n < 100 else {
      throw TensorError.argument("n", found: "\(n)", expected: "a whole number from 0 to 99")
    }
    if n == 1 { return try mapped(DG_TRIGAMMA) { try $0.g * $0[0].polygamma(2) } }
    let x = try floating()
    let y = try Tensor(x.values.map { Polygamma.value(n, $0) }, x.shape, x.dtype)
    return y.recorded(x) { b in
      let (g, x) = (b.g, b[0])
      try b.send(to: 0) { try g * x.polygamma(n + 1) }
    }
  }

  package func normalCDF() throws -> Tensor {
    try mapped(DG_NORMAL_CDF) {
      try $0.g * ($0[0].square() * -0.5).exp() * (1 / (2 * Double.pi).squareRoot())
    }
  }

  package func normalQuantile() throws -> Tensor {
    try mapped(DG_NORMAL_ICDF) {
      try $0.g * ($0.y.square() * 0.5).exp() * (2 * Double.pi).squareRoot()
    }
  }

  /// log(x / (1 - x)) = log1p((2x - 1) / (1 - x)), which is exact near 1/2 and used there.
  package func logit() throws -> Tensor {
    let x = try floating()
    let isMiddle = try x.detached.compare(.greater, to: 0.25).both(
      x.detached.compare(.less, to: 0.75))
    let middle = try isMiddle.choose(x, 0.5)
    return try isMiddle.choose(
      ((middle * 2 - 1) / (1 - middle)).log1p(), x.log() - (-x).log1p())
  }

  /// The gradient passes where lo < x < hi, neither included, as in PyTorch (2.15).
  package func clamped(_ lo: Double?, _ hi: Double?) throws -> Tensor {
    if !dtype.isFloating {
      // Whole bounds keep integers whole; a fraction makes floats of them.
      let bounds = try (number(lo ?? 0), number(hi ?? 0))
      guard !bounds.0.dtype.isFloating, !bounds.1.dtype.isFloating else {
        return try floating().clamped(lo, hi)
      }
      let x = lo == nil ? self : try greater(bounds.0)
      return hi == nil ? x : try x.lesser(bounds.1)
    }
    let (low, high) = (lo ?? -.infinity, hi ?? .infinity)
    return try Kernels.clamp(self, low, high).recorded(self) { b in
      let (g, x) = (b.g, b[0].detached)
      try b.send(to: 0) {
        var inside = try lo == nil ? nil : x.compare(.greater, to: low)
        if hi != nil {
          let below = try x.compare(.less, to: high)
          inside = try inside.map { try $0.both(below) } ?? below
        }
        return try inside?.choose(g, 0) ?? g
      }
    }
  }

  fileprivate func truncated() throws -> Tensor {
    try rounded(DG_SIGN) * absolute().rounded(DG_FLOOR)
  }

  /// A step function: its derivative is 0 wherever it has one.
  func rounded(_ op: dg_unary) throws -> Tensor {
    if !dtype.isFloating {
      return op == DG_SIGN
        ? try Kernels.zipIntegers(self, self) { x, _ in x.signum() } : self
    }
    return try Kernels.map(op, floating())
  }

  /// This gradient through tanh, whose result is y.
  private func tanhGradient(_ y: Tensor) throws -> Tensor {
    try Kernels.zip(DG_TANH_GRAD, self, y).recorded(self, y) { b in
      let (g, a, y) = (b.g, b[0], b[1])
      try b.send(to: 0) { try g.tanhGradient(y) }
      try b.send(to: 1) { try g * a * y * -2 }
    }
  }

  /// This gradient through sigmoid, whose result is y.
  private func sigmoidGradient(_ y: Tensor) throws -> Tensor {
    try Kernels.zip(DG_SIGMOID_GRAD, self, y).recorded(self, y) { b in
      let (g, a, y) = (b.g, b[0], b[1])
      try b.send(to: 0) { try g.sigmoidGradient(y) }
      try b.send(to: 1) { try g * a * (1 - y * 2) }
    }
  }

  /// This gradient where x > 0, else slope times it.
  func rectified(by x: Tensor, _ slope: Double) throws -> Tensor {
    try Kernels.rectify(self, by: x, slope).recorded(self, x.detached) { b in
      let (g, x) = (b.g, b[1])
      try b.send(to: 0) { try g.rectified(by: x, slope) }
    }
  }

  /// This gradient where x > 0, else 0.
  func masked(whereNotPositive x: Tensor) throws -> Tensor {
    try Kernels.zip(DG_MUL_STEP, self, x).recorded(self, x.detached) { b in
      let (g, x) = (b.g, b[1])
      try b.send(to: 0) { try g.masked(whereNotPositive: x) }
    }
  }
}
