import CKernels
import Testing

extension KernelTests {
  @Suite struct ArrayTests {
    private func comparisons<T: KernelScalar>(_: T.Type) {
      let ops: [(dg_compare, (T, T) -> Bool)] = [
        (DG_EQ, { $0 == $1 }), (DG_NE, { $0 != $1 }), (DG_LT, { $0 < $1 }), (DG_LE, { $0 <= $1 }),
        (DG_GT, { $0 > $1 }), (DG_GE, { $0 >= $1 }),
      ]
      let values: [T] = [0, -0.0, 1, 2, -1, .infinity, -.infinity, .nan]
      KernelTests.withEachISA { isa in
        for count in [0, 1, 3, 16, 37] {
          let a = (0..<count).map { values[$0 % 8] }
          let b = (0..<count).map { values[$0 / 3 % 8] }
          for (op, truth) in ops {
            let all = T.compare(op, a, b, count: count)
            #expect(all == Swift.zip(a, b).map { truth($0, $1) ? 1 : 0 }, "\(isa) \(op) \(count)")
            guard count > 1 else { continue }
            let one = T.compare(op, [1], b, count: count)
            #expect(one == b.map { truth(1, $0) ? 1 : 0 }, "\(isa) \(op) \(count)")
          }
          let mask = (0..<count).map { UInt8($0 * 7 % 3) }
          let chosen = T.select(mask, a, b, count: count)
          let equal = same(chosen, (0..<count).map { mask[$0] != 0 ? a[$0] : b[$0] })
          #expect(equal, "\(isa) \(count)")
          guard count > 1 else { continue }
          let cut = T.select(mask, [5], b, count: count)
          let cutEqual = same(cut, (0..<count).map { mask[$0] != 0 ? 5 : b[$0] })
          #expect(cutEqual && same(T.select([2], a, b, count: count), a), "\(isa) \(count)")
        }
      }
    }

    @Test func comparisonsAndChoicesFollowTheirOperands() {
      comparisons(Float.self)
      comparisons(Double.self)
    }

    private func updates<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(state: 21)
      KernelTests.withEachISA { isa in
        for count in [0, 1, 2, 9, 16, 33, 70] {
          let x: [T] = random.numbers(count)
          let y: [T] = random.numbers(count)
          let near = { (a: [T], b: [T]) in
            a.count == b.count && Swift.zip(a, b).allSatisfy { abs($0 - $1) <= 2 * T.ulpOfOne }
          }
          let pairs = Swift.zip(x, y)
          #expect(near(T.axpy(0.3, x, y), pairs.map { $1 + 0.3 * $0 }), "\(isa) \(count)")
          #expect(T.addInto(x, y) == pairs.map { $1 + $0 }, "\(isa) \(count)")
          #expect(T.fill(3, count: count) == y.map { _ in 3 }, "\(isa) \(count)")
          #expect(T.scale(0.3, y) == y.map { 0.3 * $0 }, "\(isa) \(count)")
          #expect(T.clamp(x, -0.5, 0.25) == x.map { min(max($0, -0.5), 0.25) }, "\(isa) \(count)")
          #expect(near(T.affine(x, 2, -1), x.map { 2 * $0 - 1 }), "\(isa) \(count)")
          let rectified = Swift.zip(y, x).map { $1 > 0 ? $0 : 0.25 * $0 }
          #expect(T.rectify(y, x, 0.25) == rectified, "\(isa) \(count)")
        }
        #expect(T.clamp([.nan], 0, 1)[0].isNaN, "\(isa)")
      }
    }

    @Test func updatesEqualTheirDefinition() {
      updates(Float.self)
      updates(Double.self)
    }

    @Test func transposesMoveEveryElement() {
      KernelTests.withEachISA { isa in
        for (rows, columns) in [
          (0, 3), (1, 1), (1, 9), (4, 4), (8, 8), (7, 13), (65, 130), (200, 3),
        ] {
          let x = (0..<rows * columns).map { Float($0) }
          let y = Float.transpose(x, rows, columns)
          let wide = Double.transpose(x.map { Double($0) }, rows, columns)
          let truth = (0..<columns).flatMap { j in (0..<rows).map { i in x[i * columns + j] } }
          #expect(y == truth && wide == truth.map { Double($0) }, "\(isa) \(rows) \(columns)")
        }
      }
    }
  }
}
