import Testing

@testable import Tensors

/// The laws every operation keeps, tested on the examples that stand at its declaration.
struct OperationLawTests {
  /// Operations whose results have no gradient: integers, booleans, and tensors made from sizes.
  static let withoutExamples: Set<String> = [
    "all", "any", "argmax", "argmin", "argsort", "one_hot", "nonzero", "zeros", "ones", "full",
    "zeros_like", "ones_like", "full_like", "eye", "linspace",
    "isclose", "allclose", "unique", "bincount", "count_nonzero", "searchsorted",
  ]

  @Test func everyOperationWithAGradientHasExamples() {
    let without = OperationCatalogue.all.entries.filter(\.operation.examples.isEmpty)
    #expect(Set(without.map(\.name)) == Self.withoutExamples)
  }

  @Test func noTwoOperationsShareAName() {
    let names = OperationCatalogue.all.entries.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test func everyOperationIsDescribed() {
    for entry in OperationCatalogue.all.entries {
      #expect(!entry.operation.about.isEmpty, "\(entry.name)")
    }
  }

  @Test(arguments: LawCase.continuous)
  func gradientsAgreeWithDifferences(_ law: LawCase) throws {
    try expectGradientsAgree(law, order: 0, rtol: 1e-8)
  }

  @Test(arguments: LawCase.continuous)
  func secondDerivativesAgreeWithDifferences(_ law: LawCase) throws {
    try expectGradientsAgree(law, order: 1, rtol: 1e-7)
  }

  /// Along one direction only.
  @Test(arguments: LawCase.continuous)
  func thirdDerivativesAgreeWithDifferences(_ law: LawCase) throws {
    let operands = try law.operands()
    let generator = Generator(seed: 3)
    let direction = try zip(operands, law.example.operands).map { x, operand in
      operand.isContinuous
        ? try generator.normal(x.shape, .float64) * 0.1 : try Tensor.zeros(x.shape, x.dtype)
    }
    let (value, leaves) = try law.scalar(operands, order: 2, tracked: true)
    let slopes = try value.gradientsOrZero(leaves)
    let wanted = zip(direction, law.example.operands).filter { $1.isContinuous }.map(\.0)
    let slope = try zip(slopes, wanted).reduce(0) {
      try $0 + ($1.0 * $1.1).sum()[flat: 0]
    }
    let expected = try law.difference(operands, order: 2, along: direction)
    #expect(abs(slope - expected) <= 1e-6 * (1 + abs(expected)), "\(slope), expected \(expected)")
  }

  private func expectGradientsAgree(_ law: LawCase, order: Int, rtol: Double) throws {
    let operands = try law.operands()
    let (value, leaves) = try law.scalar(operands, order: order, tracked: true)
    let slopes = try value.gradientsOrZero(leaves)
    let continuous = operands.indices.filter { law.example.operands[$0].isContinuous }
    for (i, slope) in zip(continuous, slopes) {
      #expect(slope.shape == operands[i].shape)
      #expect(slope.dtype == operands[i].dtype)
      for j in 0..<operands[i].count {
        var direction = try operands.map { try Tensor.zeros($0.shape, $0.dtype) }
        var unit = [Double](repeating: 0, count: operands[i].count)
        unit[j] = 1
        direction[i] = try Tensor(unit, operands[i].shape, .float64)
        let expected = try law.difference(operands, order: order, along: direction)
        #expect(
          abs(slope[flat: j] - expected) <= rtol * (1 + abs(expected)),
          "operand \(i), element \(j): \(slope[flat: j]), expected \(expected)")
      }
    }
  }

  @Test(arguments: LawCase.all)
  func float32IsCloseToFloat64(_ law: LawCase) throws {
    let operands = try law.operands()
    let single = try operands.map { $0.dtype == .float64 ? try $0.cast(to: .float32) : $0 }
    // The single operands read in double: what is left is the operation's own error.
    let double = try single.map { $0.dtype == .float32 ? try $0.cast(to: .float64) : $0 }
    for (y, expected) in zip(try law.outputs(single), try law.outputs(double)) {
      if law.name != "double", law.name != "float", single.contains(where: { $0.dtype == .float32 })
      {
        #expect(y.dtype == (expected.dtype == .float64 ? .float32 : expected.dtype))
      }
      #expect(y.shape == expected.shape)
      #expect(try y.cast(to: .float64).isClose(to: expected, rtol: 1e-5, atol: 1e-5))
    }
  }

  /// Large enough for several chunks; one after the other, since the number of threads is the process's.
  @Test func resultsDoNotDependOnTheNumberOfThreads() throws {
    defer { Parallel.shared.use(threads: Parallel.available) }
    for law in LawCase.all
    where ["Pointwise", "Activations", "Arithmetic", "Reductions", "Scans"].contains(law.family)
      // Their last dimension goes with another one, or is even.
      && !["prelu", "glu"].contains(law.name)
    {
      let operands = try law.operands(ofAbout: 2 * Parallel.grain + 77)
      var bytes: [[[UInt8]]] = []
      for threads in [1, 2] {
        Parallel.shared.use(threads: threads)
        let (all, leaves) = law.leaves(operands)
        let outputs = try law.outputs(all)
        var found = outputs.map(\.bytes)
        if let y = outputs.first, y.isTracked {
          found += try y.sum().gradientsOrZero(leaves).map(\.bytes)
        }
        bytes.append(found)
      }
      #expect(bytes[0] == bytes[1], "\(law)")
    }
  }
}
