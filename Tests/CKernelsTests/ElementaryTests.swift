import CKernels
import Glibc
import Testing

#if arch(x86_64)
/// What is wide enough to judge a double.
private typealias Wide = Float80
#else
private typealias Wide = Double
#endif

/// An op, its true value, and the greatest error seen on any instruction set, in ulp, with a little room.
private struct Elementary: Sendable {
  var name: String
  var op: dg_unary
  var float: Double
  var double: Double
  var truth: @Sendable (Wide) -> Wide
}

private func sigmoid(_ x: Wide) -> Wide { x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)) }
private func softplus(_ x: Wide) -> Wide { max(x, 0) + log1p(exp(-abs(x))) }

private let elementary: [Elementary] = [
  .init(name: "exp", op: DG_EXP, float: 1, double: 1) { exp($0) },
  .init(name: "expm1", op: DG_EXPM1, float: 1.5, double: 1.8) { expm1($0) },
  .init(name: "log", op: DG_LOG, float: 1, double: 1) { log($0) },
  .init(name: "log1p", op: DG_LOG1P, float: 1.5, double: 1.5) { log1p($0) },
  .init(name: "tanh", op: DG_TANH, float: 2.6, double: 2.6) { tanh($0) },
  .init(name: "sigmoid", op: DG_SIGMOID, float: 2.2, double: 2.2) { sigmoid($0) },
  .init(name: "softplus", op: DG_SOFTPLUS, float: 1.8, double: 1.8) { softplus($0) },
  .init(name: "logsigmoid", op: DG_LOGSIGMOID, float: 1.8, double: 1.8) { -softplus(-$0) },
  .init(name: "sqrt", op: DG_SQRT, float: 0.51, double: 0.51) { $0.squareRoot() },
  .init(name: "rsqrt", op: DG_RSQRT, float: 1.6, double: 1.6) { 1 / $0.squareRoot() },
  .init(name: "sin", op: DG_SIN, float: 1, double: 1.4) { sin($0) },
  .init(name: "cos", op: DG_COS, float: 1, double: 1.4) { cos($0) },
  .init(name: "tan", op: DG_TAN, float: 1, double: 1) { tan($0) },
  .init(name: "sinh", op: DG_SINH, float: 1, double: 2) { sinh($0) },
  .init(name: "cosh", op: DG_COSH, float: 1, double: 2) { cosh($0) },
  .init(name: "erf", op: DG_ERF, float: 1, double: 4) { erf($0) },
  .init(name: "erfc", op: DG_ERFC, float: 1, double: 7) { erfc($0) },
  .init(name: "asin", op: DG_ASIN, float: 1, double: 1) { asin($0) },
  .init(name: "acos", op: DG_ACOS, float: 1, double: 1) { acos($0) },
  .init(name: "atan", op: DG_ATAN, float: 1, double: 1) { atan($0) },
  .init(name: "neg", op: DG_NEG, float: 0, double: 0) { -$0 },
  .init(name: "abs", op: DG_ABS, float: 0, double: 0) { abs($0) },
  .init(name: "square", op: DG_SQUARE, float: 0.51, double: 0.51) { $0 * $0 },
  .init(name: "reciprocal", op: DG_RECIPROCAL, float: 0.51, double: 0.51) { 1 / $0 },
  .init(name: "relu", op: DG_RELU, float: 0, double: 0) { $0 < 0 ? 0 : $0 },
  .init(name: "round", op: DG_ROUND, float: 0, double: 0) { $0.rounded(.toNearestOrEven) },
  .init(name: "floor", op: DG_FLOOR, float: 0, double: 0) { $0.rounded(.down) },
  .init(name: "ceil", op: DG_CEIL, float: 0, double: 0) { $0.rounded(.up) },
  .init(name: "sign", op: DG_SIGN, float: 0, double: 0) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 },
  .init(name: "step", op: DG_STEP, float: 0, double: 0) { $0 > 0 ? 1 : 0 },
]

/// Every sign and exponent with random digits, and the numbers between -1000 and 1000 more closely.
private func everywhere<T: KernelScalar>(_: T.Type) -> [T] {
  var random = TestRandom(state: 5)
  var x: [T] = [
    0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
    -.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
    -.greatestFiniteMagnitude, T.ulpOfOne, -T.ulpOfOne, T(88.72284), T(88.7228394), T(-87.3366),
    T(-103.97), T(709.782712893384), T(709.7827128933841), T(-745.13), T(-708.4),
  ]
  for _ in 0..<5_000 {
    let bits = T.RawExponent(truncatingIfNeeded: random.next()) & T.infinity.exponentBitPattern
    let digits = T.RawSignificand(truncatingIfNeeded: random.next())
    let sign: FloatingPointSign = random.next() & 1 == 0 ? .plus : .minus
    let mask = (T.RawSignificand(1) << T.RawSignificand(T.significandBitCount)) - 1
    x.append(T(sign: sign, exponentBitPattern: bits, significandBitPattern: digits & mask))
    for size in [1.0, 4, 30, 1000] { x.append(T(Double.random(in: -size...size, using: &random))) }
  }
  return x
}

/// The distance in units of the last place of the true value; infinite where infinities or NaNs differ.
private func ulps<T: KernelScalar>(_ found: T, _ truth: Wide) -> Double {
  let rounded = T(truth)
  if rounded.isNaN || found.isNaN { return rounded.isNaN && found.isNaN ? 0 : .infinity }
  if rounded.isInfinite || found.isInfinite { return rounded == found ? 0 : .infinity }
  return abs(Double((Wide(found) - truth) / Wide(rounded.ulp)))
}

extension KernelTests {
  @Suite struct ElementaryTests {
    private func worst<T: KernelScalar>(_ op: Elementary, _ x: [T], _ truth: [Wide]) -> (Double, T)
    {
      let y = T.map(op.op, x)
      var worst = (error: 0.0, at: T(0))
      for i in x.indices {
        let error = ulps(y[i], truth[i])
        if error > worst.error { worst = (error, x[i]) }
      }
      return worst
    }

    @Test(arguments: elementary.indices) func errorsStayWithinTheirBound(_ index: Int) {
      let op = elementary[index]
      let floats = everywhere(Float.self)
      let doubles = everywhere(Double.self)
      let floatTruth = floats.map { op.truth(Wide($0)) }
      let doubleTruth = doubles.map { op.truth(Wide($0)) }
      KernelTests.withEachISA { isa in
        let float = worst(op, floats, floatTruth)
        #expect(float.0 <= op.float, "\(op.name) \(isa): \(float.0) ulp at \(float.1)")
        let double = worst(op, doubles, doubleTruth)
        #expect(double.0 <= op.double, "\(op.name) \(isa): \(double.0) ulp at \(double.1)")
      }
    }

    @Test func siluIsTheProductWithSigmoidAndZeroAtMinusInfinity() {
      KernelTests.withEachISA { isa in
        let x: [Float] = [-.infinity, -80, -1, 0, 2, .infinity]
        let y = Float.map(DG_SILU, x)
        #expect(y[0] == 0 && y[5] == .infinity, "\(isa)")
        for i in 1..<5 {
          #expect(ulps(y[i], Wide(x[i]) * sigmoid(Wide(x[i]))) < 3, "\(isa) \(x[i])")
        }
      }
    }

    private func positions<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(state: 8)
      let x: [T] = random.numbers(67, 0.1...0.9)
      KernelTests.withEachISA { isa in
        for op in elementary {
          let whole = T.map(op.op, x)
          for start in [1, 3, 50] {
            for count in [0, 1, 2, 5, 15, 17] {
              let part = T.map(op.op, Array(x[start..<start + count]))
              let equal = same(part, Array(whole[start..<start + count]))
              #expect(equal, "\(op.name) \(isa) \(start) \(count)")
            }
          }
        }
      }
    }

    @Test func anElementDoesNotDependOnItsPosition() {
      positions(Float.self)
      positions(Double.self)
    }

    @Test func mappingInPlaceIsAllowed() {
      let x = everywhere(Float.self)
      KernelTests.withEachISA { isa in
        for op in elementary {
          var y = x
          unsafe y.withUnsafeMutableBufferPointer { y in
            unsafe dg_map_f32(op.op, y.baseAddress, y.baseAddress, y.count)
          }
          let equal = same(y, Float.map(op.op, x))
          #expect(equal, "\(op.name) \(isa)")
        }
      }
    }
  }
}
