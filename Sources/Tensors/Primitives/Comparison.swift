import CKernels

/// Comparisons and logic; their results are booleans and have no gradient.
package struct Comparison: OperationFamily {
  package init() {}

  package let `where` = Operation(
    "x where the condition holds, else y",
    [.tensor("condition"), .tensor("x"), .tensor("y")],
    examples: [
      Example([Domain.booleans.of([2, 3]), Domain.reals.of([2, 3]), Domain.reals.of([3])]),
      Example([Domain.booleans.of([3]), Domain.reals.of([2, 1]), Domain.reals.of([])]),
    ],
    one: { try $0.tensor(0).choose($0.tensor(1), $0.tensor(2)) })
  package let maskedFill = Operation(
    "x, with value where the mask holds", [.tensor("x"), .tensor("mask"), .number("value")],
    examples: [
      Example([Domain.reals.of([2, 3]), Domain.booleans.of([3])], ["value": .number(2)])
    ],
    one: { a in
      let x = try a.tensor(0)
      return try a.tensor(1).choose(x.number(a.number(2)), x)
    })
  package let nanToNum = Operation(
    "x with numbers for nan and for the infinities: the largest there are unless given",
    [.tensor("x"), .number("nan", 0), .optionalNumber("posinf"), .optionalNumber("neginf")],
    examples: [Example([Domain.reals.of([2, 3])])],
    one: { a in
      let x = try a.tensor(0)
      guard x.dtype.isFloating else { return x }
      let largest =
        x.dtype == .float64 ? Double.greatestFiniteMagnitude : Double(Float.greatestFiniteMagnitude)
      let seen = x.detached
      let high = try a.optionalNumber(2) ?? largest
      let low = try a.optionalNumber(3) ?? -largest
      let number = try seen.compare(.equal, to: seen).choose(x, Tensor(a.number(1), x.dtype))
      let bounded = try seen.compare(.equal, to: .infinity).choose(Tensor(high, x.dtype), number)
      return try seen.compare(.equal, to: -.infinity).choose(Tensor(low, x.dtype), bounded)
    })
  package let isclose = Operation(
    "whether |x - y| <= atol + rtol * |y|, element by element",
    [.tensor("x"), .tensor("y"), .number("rtol", 1e-5), .number("atol", 1e-8)],
    one: { try $0.tensor(0).isClose(to: $0.tensor(1), $0.number(2), $0.number(3)) })
  package let allclose = Operation(
    "whether |x - y| <= atol + rtol * |y| in every element",
    [.tensor("x"), .tensor("y"), .number("rtol", 1e-5), .number("atol", 1e-8)],
    one: {
      try $0.tensor(0).isClose(to: $0.tensor(1), $0.number(2), $0.number(3)).every(
        nil, keepdim: false)
    })
  package let isnan = Operation("whether an element is not a number", domain: .integers(below: 3)) {
    try $0.compare(.notEqual, to: $0)
  }
  package let isinf = Operation("whether an element is infinite", domain: .integers(below: 3)) {
    try $0.absolute().compare(.equal, to: .infinity)
  }
  package let isfinite = Operation(
    "whether an element is neither infinite nor not a number", domain: .integers(below: 3)
  ) { try $0.absolute().compare(.less, to: .infinity) }
  package let all = Operation(
    "whether every element (along dim) is true",
    [.tensor("x"), .optionalSizes("dim"), .flag("keepdim")],
    one: { try $0.tensor(0).every($0.optionalSizes(1), keepdim: $0.flag(2)) })
  package let any = Operation(
    "whether some element (along dim) is true",
    [.tensor("x"), .optionalSizes("dim"), .flag("keepdim")],
    one: {
      try $0.tensor(0).negatedLogic().every($0.optionalSizes(1), keepdim: $0.flag(2)).negatedLogic()
    })
}

extension Tensor {
  /// Equal infinities are close.
  fileprivate func isClose(to other: Tensor, _ rtol: Double, _ atol: Double) throws -> Tensor {
    let (x, y) = (try detached.cast(to: .float64), try other.detached.cast(to: .float64))
    let size = try y.absolute()
    let near = try (x - y).absolute().compare(.lessOrEqual, to: size * rtol + atol)
    return try near.both(size.compare(.less, to: .infinity)).either(x.compare(.equal, to: y))
  }

  package enum Relation: Sendable {
    case equal
    case notEqual
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual

    fileprivate var kernel: dg_compare {
      switch self {
      case .equal: DG_EQ
      case .notEqual: DG_NE
      case .less: DG_LT
      case .lessOrEqual: DG_LE
      case .greater: DG_GT
      case .greaterOrEqual: DG_GE
      }
    }

    fileprivate func holds(_ a: Int64, _ b: Int64) -> Bool {
      switch self {
      case .equal: a == b
      case .notEqual: a != b
      case .less: a < b
      case .lessOrEqual: a <= b
      case .greater: a > b
      case .greaterOrEqual: a >= b
      }
    }
  }

  /// Shapes: broadcast -> booleans.
  package func compare(_ relation: Relation, to other: Tensor) throws -> Tensor {
    let type = DType.promoted(self, other)
    guard type.isFloating else {
      return try Kernels.zipIntegers(self, other) { relation.holds($0, $1) ? 1 : 0 }.cast(to: .bool)
    }
    return try Kernels.compare(
      relation.kernel, detached.cast(to: type), other.detached.cast(to: type))
  }

  package func compare(_ relation: Relation, to number: Double) throws -> Tensor {
    // A fraction is compared with integers as it is, not as the nearest float32.
    let other = try dtype.isFloating ? Tensor(number, dtype) : Tensor(number, .float64)
    return try compare(relation, to: other)
  }

  /// x where this mask holds, else y.
  ///
  /// Shapes: all three broadcast.
  package func choose(_ x: Tensor, _ y: Tensor) throws -> Tensor {
    let mask = try cast(to: .bool)
    let type = DType.promoted(x, y)
    let shape = try mask.shape.broadcast(with: x.shape).broadcast(with: y.shape)
    let (m, a, b) = (
      try mask.expanded(to: shape), try x.cast(to: type), try y.cast(to: type)
    )
    func side(_ t: Tensor) throws -> Tensor {
      t.count == 1 ? t.detached : try t.detached.expanded(to: shape)
    }
    let chosen = try Kernels.select(m, side(a), side(b))
    return chosen.recorded(a, b) { back in
      let g = back.g
      try back.send(to: 0) { try m.choose(g, 0) }
      try back.send(to: 1) { try m.choose(0, g) }
    }
  }

  package func choose(_ x: Tensor, _ y: Double) throws -> Tensor { try choose(x, x.number(y)) }
  package func choose(_ x: Double, _ y: Tensor) throws -> Tensor { try choose(y.number(x), y) }

  package func both(_ other: Tensor) throws -> Tensor {
    try Kernels.zipIntegers(self.cast(to: .bool), other.cast(to: .bool)) { $0 & $1 }.cast(to: .bool)
  }

  package func either(_ other: Tensor) throws -> Tensor {
    try Kernels.zipIntegers(self.cast(to: .bool), other.cast(to: .bool)) { $0 | $1 }.cast(to: .bool)
  }

  package func negatedLogic() throws -> Tensor {
    let x = try cast(to: .bool)
    return try Kernels.zipIntegers(x, x) { a, _ in 1 - a }.cast(to: .bool)
  }

  func every(_ dims: [Int]?, keepdim: Bool) throws -> Tensor {
    let misses = try negatedLogic().cast(to: .int64).sum(dims, keepdim: keepdim)
    return try misses.compare(.equal, to: 0)
  }
}
