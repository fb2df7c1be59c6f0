import Testing

@testable import Tensors

struct GeneratorTests {
  @Test func theSameSeedGivesTheSameNumbersOnAnyNumberOfThreads() throws {
    defer { Parallel.shared.use(threads: Parallel.available) }
    for dtype in [DType.float32, .float64] {
      let drawn = try [1, 2].map { threads in
        Parallel.shared.use(threads: threads)
        let g = Generator(seed: 5)
        return try [
          g.uniform(Shape([100_001]), dtype).bytes, g.normal(Shape([70_003]), dtype).bytes,
        ]
      }
      #expect(drawn[0] == drawn[1])
    }
  }

  @Test func aStateReplaysItsNumbers() throws {
    let g = Generator(seed: 5)
    _ = try g.normal(Shape([7]))
    let state = g.state
    let first = try g.normal(Shape([9])).values
    let second = try g.normal(Shape([9])).values
    g.state = state
    #expect(try g.normal(Shape([9])).values == first)
    #expect(first != second)
  }

  @Test func seedsDiffer() throws {
    let (a, b) = (Generator(seed: 1), Generator(seed: 2))
    #expect(try a.uniform(Shape([4])).values != b.uniform(Shape([4])).values)
  }

  @Test func aPermutationHasEveryNumberOnce() {
    for n in [0, 1, 2, 1000] {
      #expect(Generator(seed: 3).permutation(n).sorted() == Array(0..<n))
    }
    #expect(Generator(seed: 3).permutation(1000) != Array(0..<1000))
  }

  /// Each bound is 5 standard errors: a false alarm once in 1.7 million fresh seeds for each.
  @Test func momentsAreThoseOfTheDistribution() throws {
    let n = 1_000_000.0
    for dtype in [DType.float32, .float64] {
      let g = Generator(seed: 9)
      let z = try g.normal(Shape([Int(n)]), dtype).cast(to: .float64)
      #expect(abs(try z.mean()[flat: 0]) < 5 / n.squareRoot())
      #expect(abs(try z.square().mean()[flat: 0] - 1) < 5 * (2 / n).squareRoot())
      let u = try g.uniform(Shape([Int(n)]), dtype).cast(to: .float64)
      #expect(abs(try u.mean()[flat: 0] - 0.5) < 5 * (1 / 12 / n).squareRoot())
      #expect(abs(try u.square().mean()[flat: 0] - 1.0 / 3) < 5 * (4.0 / 45 / n).squareRoot())
      #expect(u.range.least >= 0)
      #expect(u.range.greatest < 1)
    }
  }

  /// Pearson's statistic of 7 counts has 6 degrees of freedom: above 40.5 once in 3 million fresh seeds.
  @Test func integersAreEquallyLikely() {
    let n = 70_000
    var counts = [Double](repeating: 0, count: 7)
    for i in Generator(seed: 4).integers(n, below: 7) { counts[i] += 1 }
    let expected = Double(n) / 7
    #expect(counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected } < 40.5)
  }
}
