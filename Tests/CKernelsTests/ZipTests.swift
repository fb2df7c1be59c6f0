import CKernels
import Glibc
import Testing

/// An op of two operands with its definition in Double, from which the kernel may differ by a few ulp of `size`.
private struct Pairing: Sendable {
  var name: String
  var op: dg_binary
  var truth: @Sendable (Double, Double) -> Double
}

private let pairings: [Pairing] = [
  .init(name: "add", op: DG_ADD) { $0 + $1 },
  .init(name: "sub", op: DG_SUB) { $0 - $1 },
  .init(name: "mul", op: DG_MUL) { $0 * $1 },
  .init(name: "div", op: DG_DIV) { $0 / $1 },
  .init(name: "pow", op: DG_POW) { pow($0, $1) },
  .init(name: "max", op: DG_MAX) { max($0, $1) },
  .init(name: "min", op: DG_MIN) { min($0, $1) },
  .init(name: "mod", op: DG_MOD) { $0 - $1 * ($0 / $1).rounded(.down) },
  .init(name: "floordiv", op: DG_FLOORDIV) { ($0 / $1).rounded(.down) },
  .init(name: "atan2", op: DG_ATAN2) { atan2($0, $1) },
  .init(name: "bce", op: DG_BCE_LOGITS) { max($0, 0) + log1p(exp(-abs($0))) - $0 * $1 },
  .init(name: "sigmoid_sub", op: DG_SIGMOID_SUB) { 1 / (1 + exp(-$0)) - $1 },
  .init(name: "mul_step", op: DG_MUL_STEP) { $1 > 0 ? $0 : 0 },
  .init(name: "tanh_grad", op: DG_TANH_GRAD) { $0 * (1 - $1 * $1) },
  .init(name: "sigmoid_grad", op: DG_SIGMOID_GRAD) { $0 * $1 * (1 - $1) },
  .init(name: "squared_diff", op: DG_SQUARED_DIFF) { ($0 - $1) * ($0 - $1) },
]

extension KernelTests {
  @Suite struct ZipTests {
    private func definitions<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(state: 11)
      for op in pairings {
        let low = op.op == DG_POW ? 0.1 : -3.0
        for count in [0, 1, 7, 16, 45] {
          let a: [T] = random.numbers(count, low...3)
          let b: [T] = random.numbers(count, -3...3)
          let one: [T] = random.numbers(1, 0.3...2)
          KernelTests.withEachISA { isa in
            for (left, right) in [(a, b), (one, b), (a, one), (one, one)] {
              let y = T.zip(op.op, left, right, count: count)
              for i in 0..<count {
                let (l, r) = (left[left.count == 1 ? 0 : i], right[right.count == 1 ? 0 : i])
                let truth = op.truth(Double(l), Double(r))
                let error = abs(Double(y[i]) - truth)
                #expect(
                  error <= 8 * Double(T.ulpOfOne) * max(abs(truth), 1),
                  "\(op.name) \(isa) \(l) \(r)")
              }
            }
          }
        }
      }
    }

    @Test func opsOfTwoOperandsEqualTheirDefinition() {
      definitions(Float.self)
      definitions(Double.self)
    }

    /// The reference is Python 3: `[(a % b, a // b) for a, b in ...]`.
    @Test func remainderAndQuotientArePythons() {
      let cases: [(a: Double, b: Double, remainder: Double, quotient: Double)] = [
        (7, 3, 1, 2), (-7, 3, 2, -3), (7, -3, -2, -3), (-7, -3, -1, 2), (6, 3, 0, 2),
        (-6, 3, 0, -2), (1, 0.1, 0.09999999999999995, 9), (-1, .infinity, .infinity, -1),
        (1, .infinity, 1, 0), (5.5, 2, 1.5, 2), (-0.5, 1, 0.5, -1),
        (1e300, 7, 5, 1.4285714285714286e299),
      ]
      KernelTests.withEachISA { isa in
        for c in cases.dropLast() {
          #expect(Double.zip(DG_MOD, [c.a], [c.b], count: 1) == [c.remainder], "\(isa) \(c)")
          #expect(Double.zip(DG_FLOORDIV, [c.a], [c.b], count: 1) == [c.quotient], "\(isa) \(c)")
        }
        #expect(Float.zip(DG_MOD, [-6], [3], count: 1)[0].sign == .plus)
        #expect(Float.zip(DG_MOD, [6], [-3], count: 1)[0].sign == .minus)
        #expect(Float.zip(DG_MOD, [1], [0], count: 1)[0].isNaN)
        #expect(Float.zip(DG_FLOORDIV, [1], [0], count: 1)[0] == .infinity)
      }
    }

    @Test func maximumAndMinimumKeepNaN() {
      KernelTests.withEachISA { isa in
        for op in [DG_MAX, DG_MIN] {
          let y = Float.zip(op, [.nan, 1, .nan], [1, .nan, .nan], count: 3)
          #expect(y.allSatisfy { $0.isNaN }, "\(isa)")
        }
      }
    }

    @Test func crossEntropyOfSureLogitsKeepsItsDigits() {
      KernelTests.withEachISA { isa in
        let y = Float.zip(DG_BCE_LOGITS, [40, -40, 200, -200, 200], [1, 0, 1, 0, 0], count: 5)
        #expect(abs(y[0] / 4.248354e-18 - 1) < 1e-6, "\(isa)")
        #expect(abs(y[1] / 4.248354e-18 - 1) < 1e-6, "\(isa)")
        #expect(y[2] == 0 && y[3] == 0 && y[4] == 200, "\(isa)")
      }
    }

    @Test func crossEntropyOfProbabilitiesCutsItsLogs() {
      func close(_ a: [Float], _ b: [Float]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 * max(abs($1), 1) }
      }
      let (p, t): ([Float], [Float]) = ([0.25, 0.5, 0, 1, 0, 1], [1, 0.3, 1, 0, 0, 1])
      KernelTests.withEachISA { isa in
        // -log(1/4), log 2, and at the ends 100 where the target is the other one.
        let y = Float.zip(DG_BCE, p, t, count: 6)
        #expect(close(y, [1.3862944, 0.6931472, 100, 100, 0, 0]), "\(isa) \(y)")
        // -1/p, 0.7/0.5 - 0.3/0.5, and at the ends a large number in place of an infinity.
        let slope = Float.zip(DG_BCE_SLOPE, p, t, count: 6)
        #expect(close(slope, [-4, 0.8, -1e12, 1e12, 0, 0]), "\(isa) \(slope)")
      }
    }

    @Test func theResultMayReplaceAnOperand() {
      var random = TestRandom(state: 12)
      let a: [Float] = random.numbers(37)
      let b: [Float] = random.numbers(37)
      KernelTests.withEachISA { isa in
        let truth = Float.zip(DG_MUL, a, b, count: 37)
        var y = b
        unsafe y.withUnsafeMutableBufferPointer { y in
          unsafe dg_zip_f32(DG_MUL, a, 1, y.baseAddress, 1, y.baseAddress, 37)
        }
        let equal = same(y, truth)
        #expect(equal, "\(isa)")
      }
    }
  }
}
