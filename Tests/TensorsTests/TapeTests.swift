import Testing

@testable import Tensors

struct TapeTests {
  /// Freed recursively, a chain this long would overflow the stack.
  @Test func aChainOfAMillionStepsIsDifferentiatedAndFreed() throws {
    let x = try Tensor(1).leaf()
    var y = x
    for _ in 0..<1_000_000 { y = try y + 1 }
    #expect(y.item == 1_000_001)
    #expect(try y.gradientsOrZero([x])[0].item == 1)
  }

  /// Each step has two tracked inputs or three, so that freeing has to choose where to go on.
  @Test func aLargeGraphThatBranchesIsDifferentiatedAndFreed() throws {
    let x = try Tensor(1).leaf()
    let (weight, bias) = (try Tensor([1], Shape(matrix: 1, 1)).leaf(), try Tensor([0], Shape([1])))
    var y = try x.reshaped(Shape(matrix: 1, 1)).cast(to: .float32)
    for i in 0..<100_000 {
      let side = try y * 0
      y = i % 4 == 0 ? try side.affine(weight, bias.leaf()) + y : try side + y
    }
    let loss = try y.sum()
    #expect(try loss.gradientsOrZero([x])[0].item == 1)
    loss.releaseTape()
    #expect(y.isTracked && loss.item == 1)
  }

  /// In a process of its own, where nothing else takes or gives back memory.
  @Test func theBytesOfATapeAreGivenBack() async {
    await #expect(processExitsWith: .success) {
      let shape = try Shape([64, 1024])
      let x = try Tensor.ones(shape).leaf()
      let before = Allocator.shared.live
      var y = x
      for _ in 0..<100 { y = try y * x }
      #expect(Allocator.shared.live >= before + 99 * shape.count * 4)
      y = x
      #expect(Allocator.shared.live == before)
    }
  }

  /// In a process of its own, as above.
  @Test func aDetachedResultLetsGoOfTheStepsBehindIt() async {
    await #expect(processExitsWith: .success) {
      let shape = try Shape([64, 1024])
      let x = try Tensor.ones(shape).leaf()
      let before = Allocator.shared.live
      var y = x
      for _ in 0..<10 { y = try y * x }
      let end = y.detached
      y = x
      #expect(Allocator.shared.live == before + shape.count * 4)
      #expect(end.values[0] == 1)
    }
  }

  @Test func aGradientThatIsAnOperandHoldsNoSteps() throws {
    let x = try Tensor([1, 2], Shape([2]), .float64).leaf()
    let y = try x * 3
    let z = try (y * 1).recorded(y) { try $0.send(to: 0, $0[0]) }
    let g = try #require(try z.gradients([y], seed: Tensor.ones(y.shape, .float64))[0])
    #expect(g.values == [3, 6])
    #expect(!g.isTracked && g.node !== y.node)
  }

  @Test func aVariableThatWasWrittenToIsStillTheLeafOfWhatWasRecordedBefore() throws {
    let v = Variable(try Tensor([1, 2], Shape([2]), .float64))
    let y = try (v.tensor * v.tensor).sum()
    var momentum = Momentum()
    let settings = Momentum.Settings(
      lr: 1, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false)
    try momentum.step(v, Tensor.ones(v.shape, .float64), settings)
    #expect(v.tensor.values == [0, 1])
    #expect(try y.gradientsOrZero([v.tensor])[0].values == [2, 4])
    try v.assign(Tensor([5, 6], Shape([2]), .float64))
    #expect(try y.gradientsOrZero([v.tensor])[0].values == [2, 4])
  }

  @Test func nothingDependsOnAnUnrelatedLeaf() throws {
    let (x, w) = (try Tensor(3).leaf(), try Tensor([1, 2], Shape([2]), .float32).leaf())
    let y = try x * x
    #expect(try y.gradients([w])[0] == nil)
    let zero = try y.gradientsOrZero([w, x])
    #expect(zero[0].values == [0, 0])
    #expect(zero[0].dtype == .float32)
    #expect(zero[1].item == 6)
  }

  @Test func aDetachedTensorPassesNoGradient() throws {
    let x = try Tensor(3).leaf()
    #expect(try (x.detached * x).gradientsOrZero([x])[0].item == 3)
  }

  @Test func gradientsWithRespectToStepsOnTheWay() throws {
    let x = try Tensor(3).leaf()
    let y = try x * x
    let z = try y * y
    let g = try z.gradientsOrZero([y, x])
    #expect(g[0].item == 18)
    #expect(g[1].item == 108)
    #expect(try z.gradientsOrZero([z])[0].item == 1)
  }

  @Test func onlyAGraphThatWasAskedForIsTracked() throws {
    let x = try Tensor(3).leaf()
    let y = try x * x * x
    #expect(try !y.gradientsOrZero([x])[0].isTracked)
    let d = try y.gradientsOrZero([x], createGraph: true)[0]
    #expect(d.isTracked)
    #expect(try d.gradientsOrZero([x])[0].item == 18)
  }

  @Test func aTapeCanBeSweptTwice() throws {
    let x = try Tensor([1, 2], Shape([2]), .float64).leaf()
    let y = try (x.exp() * x).sum()
    let (first, second) = (try y.gradientsOrZero([x])[0], try y.gradientsOrZero([x])[0])
    #expect(first.values == second.values)
  }

  @Test func gradientsAddUpWhereATensorIsUsedOften() throws {
    let x = try Tensor([1, 2], Shape([2]), .float64).leaf()
    let y = try (x + x + x * 2 + x).sum()
    #expect(try y.gradientsOrZero([x])[0].values == [5, 5])
  }

  @Test func aSeedIsLeftAsItWas() throws {
    let x = try Tensor([1, 2], Shape([2]), .float64).leaf()
    let seed = try Tensor([3, 4], Shape([2]), .float64)
    let g = try (x + x).gradientsOrZero([x], seed: seed)[0]
    #expect(g.values == [6, 8])
    #expect(seed.values == [3, 4])
  }

  @Test func aGradientTakesItsOperandsType() throws {
    let x = try Tensor([1, 2], Shape([2]), .float32).leaf()
    let w = try Tensor([3, 4], Shape([2]), .float64).leaf()
    let g = try (x * w).sum().gradientsOrZero([x, w])
    #expect(g[0].dtype == .float32)
    #expect(g[1].dtype == .float64)
  }

  @Test func whatCannotBeDifferentiatedSaysWhy() throws {
    let x = try Tensor([1, 2], Shape([2]), .float32).leaf()
    #expect(
      throws: TensorError.noGradient(
        "a gradient is of a single number, found shape [2]: take its sum() or mean() first")
    ) { try (x * x).gradients([x]) }
    #expect(throws: TensorError.noGradient("expected a float to differentiate, found int64")) {
      try Tensor([1]).gradients([x])
    }
  }
}
