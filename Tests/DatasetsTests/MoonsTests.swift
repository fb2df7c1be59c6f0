import Glibc
import Tensors
import Testing

@testable import Datasets

@Suite struct MoonsTests {
  @Test func withoutNoiseEveryPointIsOnItsArc() throws {
    let moons = try load("moons", ["n": 500, "noise": 0])
    #expect(moons.inputName == "points")
    #expect(moons.all.inputs.shape.dims == [500, 2])
    #expect(moons.all.inputs.dtype == .float32)
    let points = moons.all.inputs.values
    let labels = try #require(moons.all.labels.integers)
    #expect(moons.train.count == 400 && moons.test.count == 100)
    for (i, label) in labels.enumerated() {
      let (x, y) = (points[2 * i], points[2 * i + 1])
      let radius = label == 0 ? hypot(x, y) : hypot(x - 1, y - 0.5)
      #expect(abs(radius - 1) < 1e-6)
      #expect(label == 0 ? y > -1e-6 : y < 0.5 + 1e-6)
    }
    // Of 500 fair draws fewer than 180 or more than 320 are of one moon once in 10^9.
    #expect((180...320).contains(labels.reduce(0, +)))
  }

  @Test func theSeedDecidesThePoints() throws {
    let one = try load("moons", ["n": 20], seed: 1).all.inputs.bytes
    #expect(try load("moons", ["n": 20], seed: 1).all.inputs.bytes == one)
    #expect(try load("moons", ["n": 20], seed: 2).all.inputs.bytes != one)
    #expect(try load("moons").all.count == 1000)
  }

  @Test func theNoiseHasItsSize() throws {
    let moons = try load("moons", ["n": 20_000, "noise": 0.1], seed: 3)
    let points = moons.all.inputs.values
    var square = 0.0
    for (i, label) in moons.all.labels.values.enumerated() {
      let (x, y) = (points[2 * i], points[2 * i + 1])
      let radius = label == 0 ? hypot(x, y) : hypot(x - 1, y - 0.5)
      square += (radius - 1) * (radius - 1)
    }
    // The radius has variance 0.01, near enough; its mean square over 20000 draws strays by 0.0001.
    #expect(abs(square / 20_000 - 0.01) < 0.0006)
  }
}
