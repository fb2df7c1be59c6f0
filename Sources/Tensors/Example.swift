/// Where an operand of an operation may lie, so that tests can draw one.
package enum Domain: Sendable {
  case reals
  case positive
  /// Away from zero, of either sign.
  case nonzero
  case between(Double, Double)
  /// Numbers that stand well apart, for operations with ties or kinks.
  case distinct
  case integers(below: Int)
  case booleans
  /// Symmetric, positive definite matrices.
  case positiveDefinite

  package func of(_ shape: [Int]) -> Example.Operand { Example.Operand(domain: self, shape: shape) }
}

/// One way to call an operation: operands drawn from domains, and the other arguments.
package struct Example: Sendable {
  package struct Operand: Sendable {
    package let domain: Domain
    package let shape: [Int]

    /// Whether gradients with respect to it are to be tested.
    package var isContinuous: Bool {
      switch domain {
      case .integers, .booleans: false
      default: true
      }
    }

    /// An operand in float64 (or integers, or booleans) from a seeded generator.
    package func sample(_ generator: Generator) throws -> Tensor {
      let shape = try Shape(shape)
      let u = try generator.uniform(shape, .float64)
      switch domain {
      case .reals: return try generator.normal(shape, .float64)
      case .positive: return try u * 2.5 + 0.3
      case .nonzero:
        let sign = try generator.uniform(shape, .float64).compare(.less, to: 0.5)
        let size = try u * 1.5 + 0.4
        return try sign.choose(size, -size)
      case .between(let lo, let hi): return try u * (hi - lo) + lo
      case .distinct:
        let order = generator.permutation(shape.count).map { (Double($0) + 0.5) * 0.37 }
        let middle = Double(shape.count) * 0.37 / 2
        return try Tensor(order.map { $0 - middle }, shape, .float64)
      case .integers(let bound):
        return try Tensor(generator.integers(shape.count, below: bound), shape)
      case .booleans:
        return try u.compare(.less, to: 0.5)
      case .positiveDefinite:
        let a = try generator.normal(shape, .float64)
        let n = shape.last ?? 1
        return try a.matmul(a, transposeB: true) + Tensor.eye(n, .float64) * Double(n)
      }
    }
  }

  package let operands: [Operand]
  /// Arguments by name; operands fill the tensor parameters that are not named here, in order.
  package let arguments: [String: Operation.Argument]

  package init(_ operands: [Operand], _ arguments: [String: Operation.Argument] = [:]) {
    self.operands = operands
    self.arguments = arguments
  }

  /// The full argument list for an operation, given its operands.
  package func arguments(for operation: Operation, _ tensors: [Tensor]) -> Arguments {
    var rest = tensors[...]
    let values = operation.parameters.map { p -> Operation.Argument in
      if let given = arguments[p.name] { return given }
      switch p.kind {
      case .tensor, .index: if let t = rest.popFirst() { return .tensor(t) }
      case .tensors, .operands:
        defer { rest = [] }
        return .tensors(Array(rest))
      default: break
      }
      return p.fallback ?? .none
    }
    return Arguments(values, operation.parameters)
  }
}
