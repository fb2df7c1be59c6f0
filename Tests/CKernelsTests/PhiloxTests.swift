import CKernels
import Testing

/// The cipher as the paper writes it, one block at a time.
private func philox(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
  var (c, k) = (counter, key)
  for _ in 0..<10 {
    let p0 = UInt64(0xD251_1F53) * UInt64(c[0])
    let p1 = UInt64(0xCD9E_8D57) * UInt64(c[2])
    c = [
      UInt32(p1 >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: p1),
      UInt32(p0 >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: p0),
    ]
    k = [k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85]
  }
  return c
}

private func bits(_ key: UInt64, _ counter: UInt64, _ count: Int) -> [UInt32] {
  var y = [UInt32](repeating: 0, count: count)
  unsafe dg_bits(key, counter, &y, count)
  return y
}

extension KernelTests {
  @Suite struct PhiloxTests {
    /// Source: the file kat_vectors of Random123, lines `philox4x32 10`.
    @Test func theCipherGivesTheKnownAnswers() {
      #expect(
        philox([0, 0, 0, 0], [0, 0]) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
      let ones = UInt32.max
      #expect(
        philox([ones, ones, ones, ones], [ones, ones])
          == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
      #expect(
        philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0])
          == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
    }

    @Test func blocksAreTheCipherOfTheirCounter() {
      KernelTests.withEachISA { isa in
        #expect(bits(0, 0, 4) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8], "\(isa)")
        // The second crosses a carry into the counter's upper word, the third wraps.
        for (key, counter) in [(UInt64(7), UInt64(0)), (1 << 40 + 3, 0xFFFF_FFFD), (~0, ~0 - 5)] {
          let found = bits(key, counter, 75)
          let truth = (0..<19).flatMap { block in
            let at = counter &+ UInt64(block)
            return philox(
              [UInt32(truncatingIfNeeded: at), UInt32(at >> 32), 0, 0],
              [UInt32(truncatingIfNeeded: key), UInt32(key >> 32)])
          }
          #expect(found == Array(truth.prefix(75)), "\(isa) \(key) \(counter)")
        }
      }
    }

    private func chunks<T: KernelScalar>(_: T.Type, perBlock: Int) {
      KernelTests.withEachISA { isa in
        for draw in [T.uniform, T.normal] {
          let whole = draw(9, 100, 203)
          for first in [perBlock, 3 * perBlock, 20 * perBlock] {
            for count in [1, 2, 5, 64, 100] {
              let part = draw(9, 100 + UInt64(first / perBlock), count)
              let equal = same(part, Array(whole[first..<first + count]))
              #expect(equal, "\(isa) \(first) \(count)")
            }
          }
        }
      }
    }

    @Test func aChunkThatBeginsAtABlockHasTheSameBits() {
      chunks(Float.self, perBlock: 4)
      chunks(Double.self, perBlock: 2)
    }

    private func isaIndependence<T: KernelScalar>(_: T.Type) {
      _ = dg_isa_use(0)
      let uniform = T.uniform(3, 5, 10_000)
      let normal = T.normal(3, 5, 10_000)
      KernelTests.withEachISA { isa in
        let equal = same(T.uniform(3, 5, 10_000), uniform) && same(T.normal(3, 5, 10_000), normal)
        #expect(equal, "\(isa)")
      }
    }

    @Test func everyInstructionSetDrawsTheSameBits() {
      isaIndependence(Float.self)
      isaIndependence(Double.self)
    }

    @Test func uniformNumbersAreTheUpperBitsOfTheirWords() {
      KernelTests.withEachISA { isa in
        let words = bits(4, 8, 64)
        let floats = words.map { Float($0 >> 8) * 0x1p-24 }
        #expect(Float.uniform(4, 8, 64) == floats, "\(isa)")
        let doubles = (0..<32).map { i in
          let word = UInt64(words[2 * i + 1]) << 32 | UInt64(words[2 * i])
          return Double(word >> 11) * 0x1p-53
        }
        #expect(Double.uniform(4, 8, 32) == doubles, "\(isa)")
      }
    }

    /// Fixed seed; for another one each bound of 5 standard errors would fail with a probability of 6e-7.
    private func moments<T: KernelScalar>(_: T.Type) {
      let count = 200_000
      let z = T.normal(1, 0, count).map { Double($0) }
      let error = 5 / Double(count).squareRoot()
      let mean = { (f: (Double) -> Double) in z.reduce(0) { $0 + f($1) } / Double(count) }
      #expect(abs(mean { $0 }) < error)
      #expect(abs(mean { $0 * $0 } - 1) < error * 2.0.squareRoot())
      #expect(abs(mean { $0 * $0 * $0 }) < error * 15.0.squareRoot())
      #expect(abs(mean { $0 * $0 * $0 * $0 } - 3) < error * 96.0.squareRoot())
      #expect(abs(mean { $0 > 2 ? 1 : 0 } - 0.02275) < error * 0.1491)
      let products = zip(z, z.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
      #expect(abs(products) < error)
      #expect(z.allSatisfy { $0.isFinite })
    }

    @Test func normalNumbersHaveTheirMoments() {
      moments(Float.self)
      moments(Double.self)
    }

    @Test func normalNumbersAreBoxAndMullersOfTheirWords() {
      let words = bits(6, 0, 4000)
      let z = Float.normal(6, 0, 4000)
      for i in stride(from: 0, to: 4000, by: 2) {
        let radius = (-2 * logOf(Double(words[i]) * 0x1p-32 + 0x1p-33)).squareRoot()
        let turn = Double(words[i + 1] >> 8) * 0x1p-24
        let square = Double(z[i]) * Double(z[i]) + Double(z[i + 1]) * Double(z[i + 1])
        #expect(abs(square.squareRoot() - radius) < 1e-5 * max(1, radius))
        if turn > 0, turn < 0.5 { #expect(z[i + 1] > -1e-6) }
        if turn > 0.25, turn < 0.75 { #expect(z[i] < 1e-6) }
      }
    }

    private func logOf(_ x: Double) -> Double { Double.map(DG_LOG, [x])[0] }
  }
}
