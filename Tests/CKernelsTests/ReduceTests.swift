import CKernels
import Glibc
import Testing

extension KernelTests {
  @Suite struct ReduceTests {
    static let shapes = [
      Folded(outer: 1, n: 1, inner: 1), Folded(outer: 3, n: 5, inner: 1),
      Folded(outer: 2, n: 130, inner: 1), Folded(outer: 1, n: 3000, inner: 1),
      Folded(outer: 2, n: 7, inner: 3), Folded(outer: 1, n: 300, inner: 21),
      Folded(outer: 3, n: 64, inner: 16), Folded(outer: 2, n: 0, inner: 3),
      Folded(outer: 0, n: 4, inner: 2), Folded(outer: 2, n: 4, inner: 0),
      Folded(outer: 19, n: 2, inner: 1), Folded(outer: 37, n: 3, inner: 1),
      Folded(outer: 21, n: 4, inner: 1),
    ]

    private func folds<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(state: 31)
      for shape in Self.shapes {
        let x: [T] = random.numbers(shape.count, -1.2...1.2)
        let sums = shape.reduced(x) { column in column.reduce(0) { $0 + Double($1) } }
        let logs = shape.reduced(x) { column in log(column.reduce(0) { $0 + exp(Double($1)) }) }
        let products = shape.reduced(x) { column in column.reduce(1) { $0 * Double($1) } }
        KernelTests.withEachISA { isa in
          let near = { (found: [T], truth: [Double], scale: Double) in
            found.count == truth.count
              && Swift.zip(found, truth).allSatisfy {
                $0.0.isInfinite
                  ? Double($0.0) == $0.1
                  : abs(Double($0.0) - $0.1) <= scale * Double(T.ulpOfOne) * max(1, abs($0.1))
              }
          }
          #expect(near(T.reduce(DG_SUM, x, shape), sums, 20), "sum \(isa) \(shape)")
          #expect(near(T.reduce(DG_PROD, x, shape), products, 200), "prod \(isa) \(shape)")
          #expect(near(T.logSumExp(x, shape), logs, 10), "logsumexp \(isa) \(shape)")
          let greatest = shape.reduced(x) { $0.max() ?? -.infinity }
          let least = shape.reduced(x) { $0.min() ?? .infinity }
          #expect(T.reduce(DG_MAXIMUM, x, shape) == greatest, "max \(isa) \(shape)")
          #expect(T.reduce(DG_MINIMUM, x, shape) == least, "min \(isa) \(shape)")
          guard shape.n > 0 else { return }
          let first = { (column: [T], extreme: T) in Int64(column.firstIndex(of: extreme) ?? -1) }
          #expect(
            T.argmax(x, shape) == shape.reduced(x) { first($0, $0.max() ?? 0) },
            "argmax \(isa) \(shape)")
          #expect(
            T.argmin(x, shape) == shape.reduced(x) { first($0, $0.min() ?? 0) },
            "argmin \(isa) \(shape)")
          let running = T.cumsum(x, shape)
          for o in 0..<shape.outer {
            for i in 0..<shape.inner {
              var sum = 0.0
              let good = Swift.zip(shape.column(x, o, i), shape.column(running, o, i)).allSatisfy {
                sum += Double($0)
                return abs(Double($1) - sum) <= 4 * Double(T.ulpOfOne) * max(1, abs(sum))
              }
              #expect(good, "cumsum \(isa) \(shape)")
            }
          }
        }
      }
    }

    @Test func reductionsEqualTheNaiveOnes() {
      folds(Float.self)
      folds(Double.self)
    }

    @Test func aMillionTenthsAddUp() {
      let x = [Float](repeating: 0.1, count: 1 << 20)
      let truth = Double(Float(0.1)) * Double(1 << 20)
      KernelTests.withEachISA { isa in
        for shape in [
          Folded(outer: 1, n: 1 << 20, inner: 1), Folded(outer: 1, n: 1 << 18, inner: 4),
        ] {
          let sum = Float.reduce(DG_SUM, x, shape)[0]
          let error = abs(Double(sum) * Double(shape.inner) / truth - 1)
          #expect(error < 5e-7, "\(isa) \(shape) \(error)")
        }
      }
    }

    @Test func aRowDoesNotDependOnTheOthers() {
      var random = TestRandom(state: 32)
      let x: [Float] = random.numbers(6 * 333)
      let whole = Folded(outer: 6, n: 333, inner: 1)
      KernelTests.withEachISA { isa in
        for o in 0..<6 {
          let row = Array(x[o * 333..<(o + 1) * 333])
          let alone = Folded(outer: 1, n: 333, inner: 1)
          #expect(
            Float.reduce(DG_SUM, row, alone)[0] == Float.reduce(DG_SUM, x, whole)[o], "\(isa)")
          #expect(Float.logSumExp(row, alone)[0] == Float.logSumExp(x, whole)[o], "\(isa)")
        }
      }
    }

    private func specials<T: KernelScalar>(_: T.Type) {
      let inf = T.infinity
      KernelTests.withEachISA { isa in
        for inner in [1, 3] {
          // Each row in each of `inner` equal columns.
          let value = { (row: [T], f: ([T], Folded) -> [T]) in
            let x = row.flatMap { [T](repeating: $0, count: inner) }
            return f(x, Folded(outer: 1, n: row.count, inner: inner))[0]
          }
          let lse = { value($0, T.logSumExp) }
          #expect(lse([-inf, -inf, -inf]) == -inf, "\(isa)")
          #expect(lse([1, inf, -inf]) == inf, "\(isa)")
          #expect(lse([1, .nan, inf]).isNaN, "\(isa)")
          #expect(lse([-inf, 3, -inf]) == 3, "\(isa)")
          #expect(abs(lse([1000, 1000]) - T(1000.693147180559945)) < 1e-3, "\(isa)")
          #expect(lse([]) == -inf, "\(isa)")
          for count in [2, 40] {
            for at in [0, count - 1] {
              var row = [T](repeating: 1, count: count)
              row[at] = .nan
              #expect(value(row) { T.reduce(DG_MAXIMUM, $0, $1) }.isNaN, "\(isa) \(count) \(at)")
              #expect(value(row) { T.reduce(DG_MINIMUM, $0, $1) }.isNaN, "\(isa) \(count) \(at)")
              let x = row.flatMap { [T](repeating: $0, count: inner) }
              let shape = Folded(outer: 1, n: count, inner: inner)
              #expect(T.argmax(x, shape)[0] == Int64(at), "\(isa)")
              #expect(T.argmin(x, shape)[0] == Int64(at), "\(isa)")
            }
          }
          let ties = [T](repeating: -inf, count: 40 * inner)
          #expect(T.argmax(ties, Folded(outer: 1, n: 40, inner: inner))[0] == 0, "\(isa)")
        }
      }
    }

    @Test func infinitiesAndNaNComeThrough() {
      specials(Float.self)
      specials(Double.self)
    }

    @Test func rangeAndNonfiniteCountSkipWhatTheyShould() {
      KernelTests.withEachISA { isa in
        for count in [3, 40] {
          var x = [Float](repeating: 0.5, count: count)
          x[0] = .nan
          x[1] = -2
          x[2] = 3
          #expect(Float.minMax(x) == (-2, 3), "\(isa)")
          #expect(Float.countNonfinite(x) == 1, "\(isa)")
          x[count - 1] = .infinity
          x[1] = -.infinity
          #expect(Float.minMax(x) == (-.infinity, .infinity), "\(isa)")
          #expect(Float.countNonfinite(x) == 3, "\(isa)")
        }
        #expect(Double.minMax([.nan]) == (.infinity, -.infinity), "\(isa)")
      }
    }
  }
}
