@testable import Tensors

/// One example of one operation, drawn in float64, and the scalar functions that its laws are tested on.
struct LawCase: CustomStringConvertible, Sendable {
  let name: String
  let family: String
  let operation: Operation
  let example: Example
  let number: Int

  var description: String { "\(name) \(number)" }

  static let all: [LawCase] = OperationCatalogue.all.entries.flatMap { entry in
    entry.operation.examples.enumerated().map { number, example in
      LawCase(
        name: entry.name, family: entry.family, operation: entry.operation, example: example,
        number: number)
    }
  }

  static let continuous = all.filter { $0.example.operands.contains(where: \.isContinuous) }

  /// The operands; with `count`, those of several elements have about that many, by a longer last dimension.
  func operands(ofAbout count: Int? = nil) throws -> [Tensor] {
    let generator = Generator(seed: 7)
    let rows = max(example.operands.map { $0.shape.dropLast().reduce(1, *) }.max() ?? 1, 1)
    return try example.operands.map { operand in
      var shape = operand.shape
      if let count, let last = shape.last, last > 1 { shape[shape.count - 1] = count / rows + 1 }
      return try operand.domain.of(shape).sample(generator)
    }
  }

  func outputs(_ operands: [Tensor]) throws -> [Tensor] {
    switch try operation.evaluate(example.arguments(for: operation, operands)) {
    case .one(let y): [y]
    case .several(let ys): ys
    case .number(let v): [try Tensor(v)]
    }
  }

  /// The operands as leaves where they are continuous, and these leaves.
  func leaves(_ operands: [Tensor]) -> (operands: [Tensor], leaves: [Tensor]) {
    let all = zip(operands, example.operands).map { $1.isContinuous ? $0.leaf() : $0 }
    return (all, all.filter(\.isTracked))
  }

  /// A weighted sum of the outputs, differentiated `order` times, each time along a fixed direction.
  func scalar(_ operands: [Tensor], order: Int, tracked: Bool) throws -> (
    value: Tensor, leaves: [Tensor]
  ) {
    let (all, leaves) = leaves(operands)
    let generator = Generator(seed: 11)
    var value = try Tensor(0)
    for y in try outputs(all) where y.dtype.isFloating {
      value = try value + (y * generator.uniform(y.shape, y.dtype)).sum()
    }
    for k in 0..<order {
      let graph = tracked || k + 1 < order
      let slopes = try value.gradientsOrZero(leaves, createGraph: graph)
      value = try Tensor(0)
      for g in slopes { value = try value + (g * generator.normal(g.shape, g.dtype)).sum() }
    }
    return (value, leaves)
  }

  /// The slope of `scalar` along `direction`, by differences of the fourth order, which errs by about
  /// h^4 times a fifth derivative and 1e-16 / h of rounding.
  func difference(_ operands: [Tensor], order: Int, along direction: [Tensor]) throws -> Double {
    let h = 1e-3
    func at(_ t: Double) throws -> Double {
      let moved = try zip(operands, direction).map { try $0 + $1 * t }
      return try scalar(moved, order: order, tracked: false).value[flat: 0]
    }
    return try (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
  }
}
