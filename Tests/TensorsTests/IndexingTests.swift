import Testing

@testable import Tensors

/// One subscript of `x = arange(24).reshape(2, 3, 4)`, with NumPy's answer.
struct IndexCase: CustomStringConvertible {
  let description: String
  let subscripts: [Subscript]
  let dims: [Int]
  let values: [Double]

  init(_ python: String, _ subscripts: [Subscript], _ dims: [Int], _ values: [Double]) {
    description = "x[\(python)]"
    self.subscripts = subscripts
    self.dims = dims
    self.values = values
  }

  static func x() throws -> Tensor { try Tensor(Array(0..<24), Shape([2, 3, 4])) }

  // Each row: python3 -c "import numpy as np; x = np.arange(24).reshape(2, 3, 4); y = x[...]; print(list(y.shape), y.ravel().tolist())"
  static func all() throws -> [IndexCase] {
    let x = try x()
    return try [
      IndexCase("1", [.at(1)], [3, 4], [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]),
      IndexCase("-1, 0", [.at(-1), .at(0)], [4], [12, 13, 14, 15]),
      IndexCase("1, 2, -1", [.at(1), .at(2), .at(-1)], [], [23]),
      IndexCase("..., 0", [.ellipsis, .at(0)], [2, 3], [0, 4, 8, 12, 16, 20]),
      IndexCase("0, ...", [.at(0), .ellipsis], [3, 4], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
      IndexCase(
        "..., 1:3", [.ellipsis, .slice(1, 3, 1)], [2, 3, 2],
        [1, 2, 5, 6, 9, 10, 13, 14, 17, 18, 21, 22]),
      IndexCase(
        ":, ::2", [.all, .slice(nil, nil, 2)], [2, 2, 4],
        [0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23]),
      IndexCase(
        ":, ::-1, 1", [.all, .slice(nil, nil, -1), .at(1)], [2, 3], [9, 5, 1, 21, 17, 13]),
      IndexCase(
        "0, 5:1:-1, -3:", [.at(0), .slice(5, 1, -1), .slice(-3, nil, 1)], [1, 3], [9, 10, 11]),
      IndexCase("1, -9:9, 4:2", [.at(1), .slice(-9, 9, 1), .slice(4, 2, 1)], [3, 0], []),
      IndexCase(":, None, 1", [.all, .newAxis, .at(1)], [2, 1, 4], [4, 5, 6, 7, 16, 17, 18, 19]),
      IndexCase(
        "None, 0, :, 2:3", [.newAxis, .at(0), .all, .slice(2, 3, 1)], [1, 3, 1], [2, 6, 10]),
      IndexCase(
        "[1, 0, 1]", [.tensor(Tensor([1, 0, 1]))], [3, 3, 4],
        [
          12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
          13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
        ]),
      IndexCase(
        ":, [2, 0]", [.all, .tensor(Tensor([2, 0]))], [2, 2, 4],
        [8, 9, 10, 11, 0, 1, 2, 3, 20, 21, 22, 23, 12, 13, 14, 15]),
      IndexCase(
        "..., [-1, 0]", [.ellipsis, .tensor(Tensor([-1, 0]))], [2, 3, 2],
        [3, 0, 7, 4, 11, 8, 15, 12, 19, 16, 23, 20]),
      IndexCase(
        "[0, 1], [2, 0]", [.tensor(Tensor([0, 1])), .tensor(Tensor([2, 0]))], [2, 4],
        [8, 9, 10, 11, 12, 13, 14, 15]),
      IndexCase(
        "[0, 1], :, [3, 0]", [.tensor(Tensor([0, 1])), .all, .tensor(Tensor([3, 0]))], [2, 3],
        [3, 7, 11, 12, 16, 20]),
      IndexCase(
        "[[0], [1]], [0, 2]", [.tensor(Tensor([0, 1], Shape([2, 1]))), .tensor(Tensor([0, 2]))],
        [2, 2, 4], [0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23]),
      IndexCase(
        // As in PyTorch; NumPy counts the 1 among the arrays and puts their dimension first.
        "1, :, [0, 3]", [.at(1), .all, .tensor(Tensor([0, 3]))], [3, 2], [12, 15, 16, 19, 20, 23]),
      IndexCase(
        "np.array([True, False])", [.tensor(Tensor([true, false]))], [1, 3, 4],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
      IndexCase(
        ":, np.array([True, False, True]), 1:",
        [.all, .tensor(Tensor([true, false, true])), .slice(1, nil, 1)], [2, 2, 3],
        [1, 2, 3, 9, 10, 11, 13, 14, 15, 21, 22, 23]),
      IndexCase(
        "x % 5 == 0", [.tensor(x.remainder(Tensor(5, .int64)).compare(.equal, to: 0))], [5],
        [0, 5, 10, 15, 20]),
    ]
  }
}

struct IndexingTests {
  @Test func subscriptsMeanWhatNumPysDo() throws {
    for law in try IndexCase.all() {
      let y = try IndexCase.x().indexed(law.subscripts)
      #expect(y.shape.dims == law.dims, "\(law)")
      #expect(y.values == law.values, "\(law)")
    }
  }

  /// Each element that was picked gets its gradient, twice where it was picked twice.
  @Test func theGradientOfASubscriptCountsHowOftenAnElementWasPicked() throws {
    for law in try IndexCase.all() {
      let x = try IndexCase.x().cast(to: .float64).leaf()
      let g = try x.indexed(law.subscripts).sum().gradientsOrZero([x])[0]
      var counts = [Double](repeating: 0, count: 24)
      for v in law.values { counts[Int(v)] += 1 }
      #expect(g.values == counts, "\(law)")
    }
  }

  /// Slices that meet, overlap and leave gaps, beside a use of the whole: their gradients add up, on one thread or two.
  @Test func gradientsOfSeveralSlicesAddUp() throws {
    defer { Parallel.shared.use(threads: Parallel.available) }
    for (rows, columns) in [(3, 5), (40, 5000)] {
      let weights = try Generator(seed: 4).normal(Shape([rows, columns]), .float64)
      var expected = [Double](repeating: 0, count: rows * columns)
      let pieces = [0..<columns / 2, columns / 2..<columns, 1..<columns - 1, 2..<3]
      for (i, w) in weights.values.enumerated() {
        expected[i] = w
        for piece in pieces where piece.contains(i % columns) { expected[i] += 2 * w }
      }
      for (threads, isWholeFirst) in [(1, true), (2, true), (1, false), (2, false)] {
        Parallel.shared.use(threads: threads)
        let x = try Tensor.ones(Shape([rows, columns]), .float64).leaf()
        var loss = try (x * weights).sum()
        for piece in pieces {
          let part = try x.sliced(1, piece.lowerBound, piece.upperBound)
          let w = try weights.sliced(1, piece.lowerBound, piece.upperBound)
          let term = try (part.square() * w).sum()
          loss = isWholeFirst ? try loss + term : try term + loss
        }
        let found = try loss.gradientsOrZero([x])[0].values
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 })
      }
    }
  }

  @Test func assigningReplacesWhatTheSubscriptMeans() throws {
    for law in try IndexCase.all() {
      let x = try IndexCase.x()
      let y = try x.assigning(law.subscripts, Tensor(-1, .int64))
      let picked = Set(law.values)
      #expect(
        y.values == (0..<24).map { picked.contains(Double($0)) ? -1 : Double($0) }, "\(law)")
      #expect(x.values == (0..<24).map(Double.init))
    }
  }

  @Test func assigningPassesGradientsToTheOldAndTheNewElements() throws {
    let x = try Tensor([1, 2, 3, 4, 5, 6], Shape([2, 3]), .float64).leaf()
    let v = try Tensor([7, 8], Shape([2]), .float64).leaf()
    let y = try x.assigning([.all, .at(1)], v)
    #expect(y.values == [1, 7, 3, 4, 8, 6])
    let g = try (y * y).sum().gradientsOrZero([x, v])
    #expect(g[0].values == [2, 0, 6, 8, 0, 12])
    #expect(g[1].values == [14, 16])
  }

  @Test func assigningBroadcastsTheValueAndItsGradient() throws {
    let x = try Tensor.zeros(Shape([2, 3]), .float64)
    let v = try Tensor(5).leaf()
    let y = try x.assigning([.at(0)], v)
    #expect(y.values == [5, 5, 5, 0, 0, 0])
    #expect(try y.sum().gradientsOrZero([v])[0].item == 3)
  }

  @Test func assigningRefusesFractionsForIntegersAndWrongShapes() throws {
    let x = try Tensor([1, 2, 3])
    #expect(
      throws: TensorError.dtype(
        .float64, expected: "int64, as the tensor is; float(x) makes one of floats")
    ) {
      try x.assigning([.at(0)], Tensor(0.5))
    }
    #expect(throws: TensorError.broadcast(try Shape([2]), try Shape([3]))) {
      try x.assigning([.all], Tensor([1, 2]))
    }
  }

  @Test func copiesAreValues() throws {
    var x = try Tensor([1, 2, 3], Shape([3]), .float32)
    let y = x
    x = try x.assigning([.at(0)], Tensor(9))
    #expect(x.values == [9, 2, 3])
    #expect(y.values == [1, 2, 3])
  }

  @Test func aTensorThatNobodyElseHoldsIsWrittenInPlace() throws {
    var x = try Tensor([1, 2, 3], Shape([3]), .float32)
    let before = unsafe x.address
    x = try (consume x).assigning([.at(1)], Tensor(9))
    #expect(unsafe x.address == before)
    #expect(x.values == [1, 9, 3])
  }

  @Test func errorsOfIndicesSayWhatIsThere() throws {
    let x = try IndexCase.x()
    func message(_ subscripts: [Subscript]) -> String {
      do {
        _ = try x.indexed(subscripts)
        return "no error"
      } catch { return (error as? TensorError)?.message ?? "another error" }
    }
    #expect(message([.at(2)]) == "index 2 is out of range for extent 2: expected -2 to 1")
    #expect(
      message([.tensor(try Tensor([0, -3]))])
        == "index -3 is out of range for extent 2: expected -2 to 1")
    #expect(
      message([.all, .all, .all, .all])
        == "expected a tensor of at least 4 dimensions for 4 indices, found shape [2, 3, 4]")
    #expect(message([.ellipsis, .ellipsis]) == "index: expected at most one, found two ...")
    #expect(
      message([.slice(nil, nil, 0)]) == "step: expected a step forwards or backwards, found 0")
    #expect(
      message([.tensor(try Tensor([true]))]) == "expected a mask of shape [2], found shape [1]")
    #expect(
      message([.tensor(try Tensor([0.5], Shape([1])))])
        == "expected whole numbers as indices, found float32")
  }

  /// Python: [len(range(n)[slice(lo, hi, step)]) ...] for every combination, checked against a plain walk.
  @Test func slicesTakeWhatAWalkWouldTake() throws {
    let bounds: [Int?] = [nil, 0, 1, 4, 5, 6, 99, -1, -4, -5, -6, -99, .max, .min]
    for n in [0, 1, 5] {
      for lo in bounds {
        for hi in bounds {
          for step in [1, 2, 7, -1, -2, -7, .max, .min] {
            func clip(_ i: Int, _ low: Int, _ high: Int) -> Int {
              min(max(i < 0 ? i + n : i, low), high)
            }
            let from =
              lo.map { step > 0 ? clip($0, 0, n) : clip($0, -1, n - 1) } ?? (step > 0 ? 0 : n - 1)
            let to =
              hi.map { step > 0 ? clip($0, 0, n) : clip($0, -1, n - 1) } ?? (step > 0 ? n : -1)
            let walk = Array(stride(from: from, to: to, by: step))
            let found = try IndexPlan.slice(lo, hi, step, n)
            let indices = (0..<found.count).map { found.first &+ $0 &* found.step }
            #expect(
              indices == walk, "\(n) \(String(describing: lo)) \(String(describing: hi)) \(step)")
          }
        }
      }
    }
  }
}
