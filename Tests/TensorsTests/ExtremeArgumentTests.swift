import Testing

@testable import Tensors

/// Arguments at the ends of their types: refused or worked out, never a trap.
struct ExtremeArgumentTests {
  private static let sizes = [
    Int.min, Int.min + 1, -(1 << 40), -1, 0, 1, 1 << 31, 1 << 40, Int.max,
  ]

  /// Any value or error will do: the process must survive.
  @Test func everySizeOfEveryOperationMayBeAnything() throws {
    for law in LawCase.all {
      let operands = try law.operands()
      for (i, p) in law.operation.parameters.enumerated() {
        for n in Self.sizes {
          let extreme: Tensors.Operation.Argument
          switch p.kind {
          case .size: extreme = .size(n)
          case .sizes, .sizesOrText: extreme = .sizes([n, n])
          case .number: extreme = .number(Double(n) * 1e300)
          default: continue
          }
          var values = law.example.arguments(for: law.operation, operands).values
          values[i] = extreme
          _ = try? law.operation.evaluate(Arguments(values, law.operation.parameters))
          if case .sizes = extreme {
            values[i] = .sizes([n])
            _ = try? law.operation.evaluate(Arguments(values, law.operation.parameters))
          }
        }
      }
    }
  }

  /// Operands without elements, single numbers, integers, booleans and shapes that do not fit.
  @Test func everyOperandOfEveryOperationMayBeAnything() throws {
    let strange = [
      try Tensor(1), try Tensor.zeros(Shape([0])), try Tensor.zeros(Shape([0, 3])),
      try Tensor.zeros(Shape([3, 0])), try Tensor([1, 2, 3]), try Tensor([true, false, true]),
      try Tensor([.nan, .infinity, -.infinity], Shape([3])),
      try Tensor.ones(Shape([2, 2, 2, 2, 2])),
      try Tensor([.max, .min, 0]), try Tensor.zeros(Shape([2, 0, 4, 4])),
      try Tensor.ones(Shape([1, 1, 1, 1, 1, 1, 1, 1])),
    ]
    for law in LawCase.all {
      let operands = try law.operands()
      for i in operands.indices {
        for t in strange {
          var replaced = operands
          replaced[i] = t
          let leaves = replaced.map { $0.dtype.isFloating ? $0.leaf() : $0 }
          guard let outputs = try? law.outputs(leaves) else { continue }
          for y in outputs where y.isTracked {
            _ = try? y.sum().gradients(leaves.filter(\.isTracked))
          }
        }
        _ = try? law.outputs(operands.map { _ in strange[0] })
        _ = try? law.outputs(operands.map { _ in strange[2] })
      }
      if let all = strange.first { _ = try? law.outputs([all]) }
      _ = try? law.outputs([])
    }
  }

  @Test func creationRefusesWhatDoesNotFit() throws {
    let labels = try Tensor([0, 2])
    for name in ["zeros", "ones", "full", "eye", "linspace", "one_hot"] {
      let entry = OperationCatalogue.all.entries.first { $0.name == name }
      let operation = try #require(entry?.operation)
      for n in Self.sizes where n != 0 && n != 1 {
        let values = operation.parameters.map { p -> Tensors.Operation.Argument in
          switch p.kind {
          case .size: .size(n)
          case .sizes: .sizes([n])
          case .number: .number(1)
          case .tensor: .tensor(labels)
          default: p.fallback ?? .none
          }
        }
        if name == "one_hot", n == -1 { continue }
        #expect(throws: TensorError.self, "\(name)(\(n))") {
          try operation.evaluate(Arguments(values, operation.parameters))
        }
      }
    }
  }

  @Test func rangesReachTheirEndsOrAreRefused() throws {
    #expect(try Tensor.range(0, 10, .max).values == [0])
    #expect(try Tensor.range(5, -5, -3).values == [5, 2, -1, -4])
    #expect(try Tensor.range(3, 3).count == 0)
    #expect(try Tensor.range(.max - 1, .max, 1).count == 1)
    #expect(throws: TensorError.self) { try Tensor.range(.min, .max) }
  }
}
