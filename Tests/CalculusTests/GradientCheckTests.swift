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

  /// Inputs of any size, alone and side by side.
  @Test(arguments: [[1e8], [1e-8], [-1e8, 3e-8, 2], [1e-8, 1e8]])
  func inputsOfExtremeSizePass(_ values: [Double]) throws {
    let x = try Tensor(values, Shape([values.count]), .float64)
    func verdict(_ f: @escaping (Tensor) throws -> Tensor) throws -> GradientCheck.Verdict {
      try GradientCheck([("x", x)]) { try f($0[0]).sum() }.rows[0].verdict
    }
    #expect(try verdict { try $0.square() } == .correct)
    #expect(try verdict { try $0 * $0.square() } == .correct)
    #expect(try verdict { try $0.square().log() } == .correct)
    #expect(try verdict { try $0.reciprocal() } == .correct)
    #expect(try verdict { try $0.square().log1p() } == .correct)
    #expect(try verdict { try ($0 * 1e-8).tanh() } == .correct)
  }

  @Test(arguments: [1e-5, -1e-5, 1e-4])
  func aGradientOffByAHundredThousandthFails(_ excess: Double) throws {
    for scale in [1, 1e-8, 1e8] {
      let x = try Tensor([0.5 * scale, -1.5 * scale, 2 * scale], Shape([3]), .float64)
      let mask = try vector(0, 1, 0)
      let check = try GradientCheck([("x", x)]) { try faulty($0[0], excess, mask).sum() }
      #expect(check.rows[0].verdict == .wrong)
      #expect(check.rows[0].worst[0].place == .entry([1]))
    }
  }

  /// Noise that the tape does not see: a term that changes with every bit, or jumps of a fixed size.
  @Test(arguments: [1e-6, 1e-5])
  func noiseIsSeenAsNoise(_ size: Double) throws {
    let x = try vector(0.3, -1.2, 2.5)
    func verdict(_ f: @escaping (Tensor) throws -> Tensor) throws -> GradientCheck.Verdict {
      try GradientCheck([("x", x)]) { try f($0[0]).sum() }.rows[0].verdict
    }
    func isNoisy(_ verdict: GradientCheck.Verdict) -> Bool {
      if case .noisy = verdict { true } else { false }
    }
    let wild: (Tensor) throws -> Tensor = { try ($0.detached * 1e13).sin() * size }
    let stepped: (Tensor) throws -> Tensor = { x in
      try (x.detached / size).cast(to: .int64).cast(to: .float64) * size - x.detached
    }
    #expect(try isNoisy(verdict { try $0.square() + wild($0) }))
    #expect(try isNoisy(verdict { try $0.square() + stepped($0) }))
    #expect(try isNoisy(verdict { try $0.exp() + wild($0) }))
    // What is wrong by more than the noise is wrong all the same.
    let mask = try vector(0, 1, 0)
    #expect(try verdict { try faulty($0, 0.1, mask) + wild($0) } == .wrong)
    // Noise below the tolerance is no obstacle.
    #expect(try verdict { try $0.square() + wild($0) * 1e-5 } == .correct)
  }

  @Test func theSecondOrderIsCheckedOnRequest() throws {
    let x = try vector(0.3, -1.2, 2.5)
    let right = try GradientCheck([("x", x), ("y", vector(0.7))], order: 2) {
      try ($0[0].sin() * $0[1].square()).sum()
    }
    #expect(right.isGood && right.rows.map(\.order) == [1, 1, 2, 2])
    #expect(right.rows.map(\.name) == ["x", "y", "x", "y"])
    // A gradient whose own gradient is forgotten: 2x, as a constant.
    let wrong = try GradientCheck([("x", x)], order: 2) {
      try $0[0].detached.square().recorded([$0[0]]) { b in
        let (g, x) = (b.g, b[0].detached)
        try b.send(to: 0) { try g * x * 2 }
      }.sum()
    }
    #expect(wrong.rows.map(\.verdict) == [.correct, .wrong])
  }

  @Test func aSlopeThatRoundingHidesIsCountedNotBlamed() throws {
    // Shifting all of a softmax's logits changes nothing: the gradient is rounding.
    let check = try GradientCheck([("shift", vector(0.4))]) {
      try (Tensor([1, 2, 4], Shape([3]), .float64) + $0[0]).softmax(0).square().sum()
    }
    #expect(check.isGood && check.rows[0].drowned <= 1)
    #expect(check.rows[0].largestAbsolute.error < 1e-10)
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
    // There central differences and a gradient of 0 agree, and it is a kink all the same.
    let abs = try GradientCheck([("x", vector(0, 1))]) { try $0[0].absolute().sum() }
    #expect(abs.rows[0].verdict == .kinks(1))
    let square = try GradientCheck([("x", vector(0, 1))]) { try $0[0].square().sum() }
    #expect(square.rows[0].verdict == .correct)
    // A kink close by is not at fault.
    let near = try GradientCheck([("x", vector(1e-7, -3e-7))]) { try $0[0].relu().sum() }
    #expect(near.rows[0].verdict == .correct)
  }

  /// Pixels of 0 and 1 under a density that is there between them only.
  @Test func atTheEdgeOfItsDomainAFunctionIsCheckedFromWithin() throws {
    let x = try vector(0, 1, 0.3, 0)
    let logits = try vector(0.4, -1, 2, 3)
    func row(_ excess: Double, _ f: @escaping (Tensor) throws -> Tensor) throws
      -> GradientCheck.Row
    {
      try GradientCheck([("x", x)]) { x in
        let isInside = try x[0].compare(.greaterOrEqual, to: 0).both(
          x[0].compare(.lessOrEqual, to: 1))
        return try isInside.choose(f(x[0]) + faulty(x[0], excess, vector(1, 0, 0, 0)), .nan).sum()
      }.rows[0]
    }
    let right = try row(0) { try $0.exp() - logits.crossEntropyOfLogits($0) }
    #expect(right.verdict == .correct && right.largestRelative.error < 1e-8)
    #expect(try row(0) { try $0 * $0.detached }.verdict == .wrong)
    #expect(try row(0) { try ($0 * 3).sin() * logits }.verdict == .correct)
    // Many entries are checked by a choice of them: a direction through all leaves the domain both ways.
    let many = try Tensor((0..<3000).map { Double($0 % 2) }, Shape([3000]), .float64)
    let check = try GradientCheck([("x", many)]) { x in
      let isInside = try x[0].compare(.greaterOrEqual, to: 0).both(
        x[0].compare(.lessOrEqual, to: 1))
      return try isInside.choose(x[0].square() - x[0], .nan).mean()
    }
    #expect(check.isGood && check.rows[0].checked < 3000)
    #expect(check.rows[0].directions == 0)
  }

  @Test func anInfiniteSlopeIsWrong() throws {
    let check = try GradientCheck([("x", vector(0, 1))]) { try $0[0].squareRoot().sum() }
    #expect(check.rows[0].verdict == .wrong && check.rows[0].worst.count == 2)
    #expect(check.rows[0].largestRelative.error == .infinity)
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

  /// A few outputs one by one, many in groups; of very different sizes; to second order.
  @Test func everyOutputIsChecked() throws {
    let x = try vector(0.3, -1.2, 2.5)
    let sizes = try vector(1, 1e8, 1e-8)
    let right = try GradientCheck([("x", x)], order: 2) { try $0[0].sin() * sizes }
    #expect(right.isGood && right.rows.map(\.order) == [1, 2] && right.rows[0].checked == 3)
    for k in 0..<3 {
      let mask = try Tensor((0..<3).map { $0 == k ? 1 : 0 }, Shape([3]), .float64)
      let wrong = try GradientCheck([("x", x)]) { try faulty($0[0], 1e-5, mask) * sizes }
      #expect(wrong.rows[0].verdict == .wrong)
      #expect(wrong.rows[0].worst[0].place == .entry([k]) && wrong.rows[0].worst[0].output == [k])
    }
    // Each output depends on each entry; the fault is in one of them.
    let rng = Generator(seed: 5)
    for n in [2, 40] {
      let w = try rng.normal(Shape([3, n]), .float64)
      let good = try GradientCheck([("x", x), ("w", w)], order: 2) {
        try $0[0].matmul($0[1]).tanh()
      }
      #expect(good.isGood && good.rows.map(\.name) == ["x", "w", "x", "w"])
      let mask = try Tensor((0..<n).map { $0 == n / 2 ? 1 : 0 }, Shape([n]), .float64)
      let bad = try GradientCheck([("x", x)]) { try faulty($0[0].matmul(w), 1e-4, mask) }
      #expect(bad.rows[0].verdict == .wrong)
    }
    let forgotten = try GradientCheck([("x", x)], order: 2) {
      try $0[0].detached.square().recorded([$0[0]]) { b in
        let (g, x) = (b.g, b[0].detached)
        try b.send(to: 0) { try g * x * 2 }
      }
    }
    #expect(forgotten.rows.map(\.verdict) == [.correct, .wrong])
    let kinks = try GradientCheck([("x", vector(0, 1, -2))]) { try $0[0].absolute() }
    #expect(kinks.rows[0].verdict == .kinks(1))
    let noisy = try GradientCheck([("x", x)]) {
      try $0[0].square() + ($0[0].detached * 1e13).sin() * 1e-6
    }
    #expect(noisy.rows[0].verdict == .noisy(3))
    // The log of outputs that do not depend on an entry, at 1e8 and 1e-8.
    let far = try GradientCheck([("x", vector(1e8, 1e-8))]) { try $0[0].log() }
    #expect(far.isGood)
  }

  /// A small error in one of many outputs, each of which depends on each entry, is not diluted by the others.
  @Test(arguments: [8, 9, 100, 600])
  func anErrorInOneOfManyOutputsFails(_ n: Int) throws {
    let rng = Generator(seed: 8)
    let x = try rng.normal(Shape([5]), .float64)
    let w = try rng.normal(Shape([5, n]), .float64)
    for place in [0, n / 3, n - 1] {
      let mask = try Tensor((0..<n).map { $0 == place ? 1 : 0 }, Shape([n]), .float64)
      let bad = try GradientCheck([("x", x)]) { try faulty($0[0].matmul(w), 1e-5, mask) }
      #expect(bad.rows[0].verdict == .wrong && bad.rows[0].worst[0].output == [place])
    }
    #expect(try GradientCheck([("x", x)]) { try $0[0].matmul(w).tanh() }.isGood)
  }

  /// More outputs than are checked one by one.
  @Test func anErrorInOneOfThousandsOfOutputsFails() throws {
    let rng = Generator(seed: 8)
    let (x, n) = (try rng.normal(Shape([5]), .float64), 3000)
    let w = try rng.normal(Shape([5, n]), .float64)
    let mask = try Tensor((0..<n).map { $0 == 2001 ? 1 : 0 }, Shape([n]), .float64)
    #expect(try !GradientCheck([("x", x)]) { try faulty($0[0].matmul(w), 1e-5, mask) }.isGood)
    #expect(try GradientCheck([("x", x)]) { try $0[0].matmul(w).tanh() }.isGood)
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
      message { try $0[0].sliced(0, 0, 0) }
        == "the function's value has no elements to check, found shape [0]")
    #expect(
      message { $0[0][flat: 0] == 1 ? $0[0] : try $0[0].sum() }
        == "the function's value has shape [2], and at other arguments shape []")
    #expect(
      message { try ($0[0] - 5).log().sum() }
        == "the function's value here is nan: no gradient to check")
    #expect(throws: CalculusError.nothingToCheck) {
      try GradientCheck([("i", Tensor([1]))]) { $0[0] }
    }
  }
}
