import Tensors
import Testing

@testable import Calculus

@Suite struct GradientCheckTests {
  private func vector(_ values: Double...) throws -> Tensor {
    try Tensor(values, Shape([values.count]), .float64)
  }

  /// x^2, whose gradient is too large by `excess` where `mask` is 1.
  private func faulty(_ x: Tensor, _ excess: Double, _ mask: Tensor) throws -> Tensor {
    try x.detached.square().recorded([x]) { b in
      let (g, x) = (b.g, b[0])
      try b.send(to: 0) { try g * x * 2 * (mask * excess + 1) }
    }
  }

  @Test func rightGradientsPass() throws {
    let rng = Generator(seed: 4)
    let w = try rng.normal(Shape([5, 3]))
    let x = try rng.normal(Shape([4, 5]))
    let b = try rng.normal(Shape([3]))
    let check = try GradientCheck([("x", x), ("w", w), ("b", b)]) {
      try $0[0].affine($0[1], $0[2]).tanh().logSumExp(nil)
    }
    #expect(check.isGood && check.dtype == .float64)
    #expect(check.rows.map(\.name) == ["x", "w", "b"])
    #expect(check.rows.map(\.checked) == [20, 15, 3])
    #expect(check.rows.allSatisfy { $0.directions == 0 && $0.verdict == .correct })
    #expect(check.rows.allSatisfy { $0.largestRelative.error < 1e-6 })
  }

  @Test func stiffFunctionsPassWithASmallerStep() throws {
    let x = try vector(1e-6, 1e-3, 1, 1e6)
    #expect(try GradientCheck([("x", x)]) { try $0[0].log().sum() }.isGood)
    #expect(try GradientCheck([("x", x)]) { try $0[0].reciprocal().log1p().sum() }.isGood)
    #expect(try GradientCheck([("x", vector(0.3))]) { try ($0[0] * 500).sin().sum() }.isGood)
  }

  @Test func aGradientOffByTenThousandthsFails() throws {
    let x = try vector(0.5, -1.5, 2)
    let mask = try vector(0, 1, 0)
    let check = try GradientCheck([("x", x)]) { try faulty($0[0], 1e-4, mask).sum() }
    #expect(!check.isGood && check.rows[0].verdict == .wrong)
    #expect(check.rows[0].largestRelative.place == .entry([1]))
    #expect(check.rows[0].worst[0].place.description == "[1]")
    #expect(abs(check.rows[0].worst[0].gradient + 3.0003) < 1e-9)
    #expect(abs(check.rows[0].worst[0].difference + 3) < 1e-7)
    #expect(abs(check.rows[0].largestAbsolute.error - 3e-4) < 1e-8)
  }

  @Test func aMissingGradientFails() throws {
    let check = try GradientCheck([("x", vector(1, 2)), ("y", vector(3))]) {
      try ($0[0].detached * $0[1]).sum()
    }
    #expect(check.rows.map(\.verdict) == [.wrong, .correct])
  }

  @Test func atAKinkBothSlopesAreReported() throws {
    let check = try GradientCheck([("x", vector(0, 1, -2))]) { try $0[0].relu().sum() }
    #expect(check.rows[0].verdict == .kinks(1) && check.isGood)
    let kink = check.rows[0].worst.first { $0.sides != nil }
    #expect(kink?.place == .entry([0]) && kink?.gradient == 0)
    #expect(abs((kink?.sides?.upperBound ?? 0) - 1) < 1e-6 && kink?.sides?.lowerBound == 0)
    #expect(check.rows[0].largestAbsolute.error < 1e-6)
    // A kink close by is not at fault.
    let near = try GradientCheck([("x", vector(1e-7, -3e-7))]) { try $0[0].relu().sum() }
    #expect(near.rows[0].verdict == .correct)
  }

  @Test func largeArgumentsAreCheckedInPartAndAlongDirections() throws {
    let x = try Generator(seed: 9).normal(Shape([300, 200]))
    let y = try vector(1, 2, 3)
    let check = try GradientCheck([("x", x), ("y", y)]) {
      try $0[0].square().mean() + $0[1].sum()
    }
    #expect(check.isGood && check.rows[1].checked == 3)
    #expect(check.rows[0].checked > 100 && check.rows[0].checked < 60_000)
    #expect(check.rows[0].directions == 3)
    // Twenty rows of the three hundred wrong: the chosen entries meet some.
    let mask = try Tensor(
      (0..<60_000).map { $0 / 200 % 15 == 0 ? 1 : 0 }, Shape([300, 200]), .float64)
    let wrong = try GradientCheck([("x", x)]) { try faulty($0[0], 0.1, mask).sum() }
    #expect(wrong.rows[0].verdict == .wrong)
    let again = try GradientCheck([("x", x)]) { try faulty($0[0], 0.1, mask).sum() }
    #expect(again.rows[0].largestAbsolute.error == wrong.rows[0].largestAbsolute.error)
  }

  @Test func theNoiseIsReplayed() throws {
    let rng = Generator(seed: 2)
    let f: ([Tensor]) throws -> Tensor = { x in
      try (x[0] * rng.normal(Shape([3]), .float64)).exp().sum()
    }
    #expect(try GradientCheck([("x", vector(0.1, 0.2, 0.3))], replaying: rng, f).isGood)
  }

  @Test func variablesAreCheckedInFloat64AndKeepTheirOwnValues() throws {
    let w = Variable(try Generator(seed: 6).normal(Shape([4, 3])))
    let before = w.tensor.values
    let x = try Generator(seed: 7).normal(Shape([2, 4]))
    let check = try GradientCheck([("x", x)], variables: [("w", w)]) {
      try $0[0].matmul(w.tensor).tanh().sum()
    }
    #expect(check.isGood && check.rows.map(\.name) == ["x", "w"] && check.dtype == .float64)
    #expect(w.tensor.dtype == .float32 && w.tensor.values == before && w.tensor.isTracked)
    let wrong = try GradientCheck([("x", x)], variables: [("w", w)]) {
      try $0[0].matmul(w.tensor.detached).tanh().sum()
    }
    #expect(wrong.rows.map(\.verdict) == [.correct, .wrong])
  }

  @Test func aFunctionInFloat32IsCheckedAsFarAsThatGoes() throws {
    let x = try Generator(seed: 1).normal(Shape([50]))
    let slope = try Tensor(0.7, .float64)
    // A single float64 number takes the type of the tensor it meets.
    let check = try GradientCheck([("slope", slope)]) { try (x * $0[0]).tanh().sum() }
    #expect(check.isGood && check.dtype == .float32 && check.tolerance == 1e-3)
    let wrong = try GradientCheck([("slope", slope)]) {
      try self.faulty((x * $0[0]).tanh(), 0.1, Tensor(1, .float64)).sum()
    }
    #expect(!wrong.isGood)
  }

  @Test func integersAreLeftAlone() throws {
    let check = try GradientCheck([("x", vector(1, 2)), ("i", Tensor([1, 0]))]) {
      try $0[0].indexSelected(0, $0[1]).square().sum()
    }
    #expect(check.rows.map(\.name) == ["x"] && check.isGood)
  }

  @Test func whatCannotBeCheckedSaysSo() throws {
    let x = try vector(1, 2)
    func message(_ f: @escaping ([Tensor]) throws -> Tensor) -> String {
      do {
        _ = try GradientCheck([("x", x)], f)
        return "no error"
      } catch {
        return (error as? CalculusError)?.message ?? "\(error)"
      }
    }
    #expect(
      message { $0[0] }
        == "a gradient is of a single number, found shape [2]: take its sum() or mean() first")
    #expect(
      message { try ($0[0] - 5).log().sum() }
        == "the function's value here is nan: no gradient to check")
    #expect(throws: CalculusError.nothingToCheck) {
      try GradientCheck([("i", Tensor([1]))]) { $0[0] }
    }
  }
}
