import CKernels
import Testing

/// All tests of this target, one after the other: they switch the instruction set of the process.
@Suite(.serialized) struct KernelTests {
  /// Runs the body once with every instruction set that this processor has.
  static func withEachISA(_ body: (String) -> Void) {
    let best = dg_isa_best()
    for isa in 0...best {
      _ = dg_isa_use(isa)
      body(unsafe String(cString: dg_isa_name(isa)))
    }
    _ = dg_isa_use(best)
  }
}

extension KernelTests {
  @Suite struct DispatchTests {
    @Test func aVariantAboveTheBestIsNotTaken() {
      let best = dg_isa_best()
      #expect(dg_isa_use(99) == best)
      #expect(dg_isa_current() == best)
      #expect(dg_isa_use(-1) == 0)
      #expect(dg_isa_use(best) == best)
    }

    @Test func everyVariantHasAName() {
      let names = (0...2).map { unsafe String(cString: dg_isa_name($0)) }
      #expect(names == ["baseline", "avx2", "avx512"])
    }
  }
}

/// Float or Double, with the kernels of its suffix as functions of arrays.
protocol KernelScalar: BinaryFloatingPoint where RawSignificand: FixedWidthInteger {
  static func map(_ op: dg_unary, _ x: [Self]) -> [Self]
  static func zip(_ op: dg_binary, _ a: [Self], _ b: [Self], count: Int) -> [Self]
  static func compare(_ op: dg_compare, _ a: [Self], _ b: [Self], count: Int) -> [UInt8]
  static func select(_ mask: [UInt8], _ a: [Self], _ b: [Self], count: Int) -> [Self]
  static func axpy(_ alpha: Self, _ x: [Self], _ y: [Self]) -> [Self]
  static func addInto(_ x: [Self], _ y: [Self]) -> [Self]
  static func fill(_ value: Self, count: Int) -> [Self]
  static func scale(_ alpha: Self, _ y: [Self]) -> [Self]
  static func clamp(_ x: [Self], _ low: Self, _ high: Self) -> [Self]
  static func affine(_ x: [Self], _ scale: Self, _ shift: Self) -> [Self]
  static func rectify(_ g: [Self], _ x: [Self], _ slope: Self) -> [Self]
  static func reduce(_ op: dg_reduce, _ x: [Self], _ shape: Folded) -> [Self]
  static func logSumExp(_ x: [Self], _ shape: Folded) -> [Self]
  static func argmax(_ x: [Self], _ shape: Folded) -> [Int64]
  static func argmin(_ x: [Self], _ shape: Folded) -> [Int64]
  static func cumsum(_ x: [Self], _ shape: Folded) -> [Self]
  static func minMax(_ x: [Self]) -> (Self, Self)
  static func countNonfinite(_ x: [Self]) -> Int
  static func transpose(_ x: [Self], _ rows: Int, _ columns: Int) -> [Self]
  static func gemm(_ product: Product<Self>)
  static func spread(_ x: [Self], _ job: TestSpread, planes: Int) -> [Self]
  static func weave(_ x: [Self], _ job: dg_weave, count: Int) -> [Self]
  static func windowProduct(_ a: [Self], _ m: Int, _ w: TestWindows<Self>, bias: [Self]?) -> [Self]
  static func windowWeights(_ w: TestWindows<Self>, _ y: [Self], outputs: Int, lines: Range<Int>)
    -> [Self]
  static func adam(_ state: inout [[Self]], _ step: dg_adam_step)
  static func sgd(_ state: inout [[Self]], _ step: dg_sgd_step)
  static func uniform(_ key: UInt64, _ counter: UInt64, _ count: Int) -> [Self]
  static func normal(_ key: UInt64, _ counter: UInt64, _ count: Int) -> [Self]
}

/// The view [outer, n, inner] that a reduction takes of its input.
struct Folded: Sendable, CustomStringConvertible {
  var outer: Int
  var n: Int
  var inner: Int

  var description: String { "[\(outer), \(n), \(inner)]" }
  var count: Int { outer * n * inner }

  /// The column (o, i) of x.
  func column<T>(_ x: [T], _ o: Int, _ i: Int) -> [T] {
    (0..<n).map { x[(o * n + $0) * inner + i] }
  }

  /// What f makes of each column, in the order of the output.
  func reduced<T, R>(_ x: [T], _ f: ([T]) -> R) -> [R] {
    (0..<outer).flatMap { o in (0..<inner).map { i in f(column(x, o, i)) } }
  }
}

/// A reproducible stream of test numbers (SplitMix64).
struct TestRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func numbers<T: KernelScalar>(_ count: Int, _ range: ClosedRange<Double> = -1...1) -> [T]
  {
    (0..<count).map { _ in T(Double.random(in: range, using: &self)) }
  }
}

/// Equal bits, or both NaN.
func same<T: KernelScalar>(_ a: T, _ b: T) -> Bool {
  a == b && a.sign == b.sign || a.isNaN && b.isNaN
}

func same<T: KernelScalar>(_ a: [T], _ b: [T]) -> Bool {
  a.count == b.count && Swift.zip(a, b).allSatisfy { same($0, $1) }
}
