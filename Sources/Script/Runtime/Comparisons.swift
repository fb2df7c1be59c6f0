import Tensors

/// What the comparisons do with values.
enum Comparisons {
  /// True or false, or a tensor of them where one of the sides is a tensor with dimensions.
  static func compare(
    _ relation: ComparisonOperator, _ left: Value, _ right: Value, _ tolerance: Tolerance? = nil
  ) throws -> Value {
    if case .number(let a) = left, case .number(let b) = right {
      return .bool(numbers(relation, a, b, tolerance ?? .float64))
    }
    if let value = try objects(relation, left, right) { return value }
    if case .text(let a) = left, case .text(let b) = right, relation != .approximately {
      return .bool(ordered(relation, a, b))
    }
    let isEquality = relation == .equal || relation == .notEqual
    if case .bool(let a) = left, case .bool(let b) = right, isEquality {
      return .bool((a == b) == (relation == .equal))
    }
    if isEquality, left.isStructure || right.isStructure {
      return .bool(try equal(left, right) == (relation == .equal))
    }
    guard left.isNumeric, right.isNumeric else {
      if isEquality { return .bool(relation == .notEqual) }
      throw ScriptError.operands(relation.rawValue, left, right)
    }
    return try tensors(relation, left, right, tolerance)
  }

  private static func objects(
    _ relation: ComparisonOperator, _ left: Value, _ right: Value
  ) throws -> Value? {
    if case .object(let object) = left, let value = try object.compare(relation, with: right) {
      return value
    }
    if case .object(let object) = right,
      let value = try object.compare(relation.mirrored, with: left)
    {
      return value
    }
    return nil
  }

  private static func tensors(
    _ relation: ComparisonOperator, _ left: Value, _ right: Value, _ tolerance: Tolerance?
  ) throws -> Value {
    let a = try Conversion.tensor(left)
    let b = try Conversion.tensor(right)
    if a.isNoisy || b.isNoisy {
      let tolerance = tolerance ?? Tolerance.default(left, right)
      return Conversion.value(try EstimateComparison(a, b).holds(relation, tolerance))
    }
    guard let kernel = relation.kernel else {
      let tolerance = tolerance ?? Tolerance.default(left, right)
      return Conversion.value(try approximately(a, b, tolerance))
    }
    // A plain number is compared as it is with integers, in the tensor's type with floats.
    if left.isPlainNumber { return Conversion.value(try flipped(kernel, b, a)) }
    if right.isPlainNumber, let number = b.item {
      return Conversion.value(try a.compare(kernel, to: number))
    }
    return Conversion.value(try a.compare(kernel, to: b))
  }

  private static func flipped(_ kernel: Tensor.Relation, _ tensor: Tensor, _ number: Tensor) throws
    -> Tensor
  {
    let mirrored: Tensor.Relation =
      switch kernel {
      case .equal: .equal
      case .notEqual: .notEqual
      case .less: .greater
      case .lessOrEqual: .greaterOrEqual
      case .greater: .less
      case .greaterOrEqual: .lessOrEqual
      }
    return try tensor.compare(mirrored, to: number.item ?? .nan)
  }

  /// |a - b| <= atol + rtol |b|, or both the same infinity.
  private static func approximately(_ a: Tensor, _ b: Tensor, _ t: Tolerance) throws -> Tensor {
    let (x, y) = (try a.detached.cast(to: .float64), try b.detached.cast(to: .float64))
    let size = try y.absolute()
    let near = try (x - y).absolute().compare(.lessOrEqual, to: size * t.rtol + t.atol)
    return try near.both(size.compare(.less, to: .infinity)).either(x.compare(.equal, to: y))
  }

  static func numbers(
    _ relation: ComparisonOperator, _ a: Double, _ b: Double, _ t: Tolerance
  ) -> Bool {
    switch relation {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    case .approximately: a == b || (b.isFinite && abs(a - b) <= t.atol + t.rtol * abs(b))
    }
  }

  private static func ordered(_ relation: ComparisonOperator, _ a: String, _ b: String) -> Bool {
    switch relation {
    case .equal, .approximately: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }

  // MARK: Equality as a whole

  static let depthLimit = 200

  /// Whether two values are the same as a whole: lists element by element, functions by identity.
  static func equal(_ left: Value, _ right: Value, depth: Int = 0) throws -> Bool {
    guard depth < depthLimit else {
      throw ScriptError.message("a comparison of lists nested more than \(depthLimit) deep")
    }
    switch (left, right) {
    case (.none, .none): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.text(let a), .text(let b)): return a == b
    case (.dtype(let a), _): return right.asDType == a
    case (_, .dtype(let b)): return left.asDType == b
    case (.function(let a), .function(let b)): return a === b
    case (.object(let a), .object(let b)): return a === b
    case (.record(let a), .record(let b)):
      guard a.count == b.count else { return false }
      for (name, value) in a.items {
        guard let other = b[name], try equal(value, other, depth: depth + 1) else { return false }
      }
      return true
    case (.none, _), (_, .none): return false
    default: break
    }
    if left.sequence != nil || right.sequence != nil {
      guard let a = try elements(left), let b = try elements(right), a.count == b.count else {
        return false
      }
      return try zip(a, b).allSatisfy { try equal($0, $1, depth: depth + 1) }
    }
    guard left.isNumeric, right.isNumeric else { return false }
    let (a, b) = (try Conversion.tensor(left), try Conversion.tensor(right))
    guard a.shape == b.shape else { return false }
    let misses = try a.compare(.notEqual, to: b)
    return try misses.cast(to: .int64).sum().item == 0
  }

  private static func elements(_ value: Value) throws -> [Value]? {
    if let sequence = value.sequence { return sequence }
    guard let tensor = value.storedTensor, tensor.rank > 0 else { return nil }
    return try tensor.unstacked().map { .tensor($0) }
  }
}

/// How far apart two numbers may be and still count as equal: |a - b| <= atol + rtol |b|.
struct Tolerance: Equatable {
  var rtol: Double
  var atol: Double

  /// Rounding in float32 after a few hundred operations; a wrong formula is further off than that.
  static let float32 = Tolerance(rtol: 1e-4, atol: 1e-5)
  /// Rounding in float64, and the error of a quadrature that checked itself; a relative error of 1e-6
  /// shows in numbers down to 2e-5.
  static let float64 = Tolerance(rtol: 1e-7, atol: 2e-11)

  /// That of the less exact side.
  static func `default`(_ left: Value, _ right: Value) -> Tolerance {
    left.holdsFloat32 || right.holdsFloat32 ? .float32 : .float64
  }
}

extension ComparisonOperator {
  /// Whether it wants both sides alike.
  var isEquality: Bool {
    switch self {
    case .equal, .approximately: true
    case .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: false
    }
  }

  /// The tensor comparison; nil for `≈`.
  var kernel: Tensor.Relation? {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .approximately: nil
    }
  }

  /// The comparison that holds of the operands exchanged.
  var mirrored: ComparisonOperator {
    switch self {
    case .equal, .notEqual, .approximately: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}

extension Value {
  /// Whether arithmetic may make sense of it.
  var isNumeric: Bool {
    switch self {
    case .number, .bool, .tensor, .variable, .list, .tuple: true
    case .object(let object): object.scalar != nil
    case .none, .text, .record, .function, .distribution, .dtype: false
    }
  }

  fileprivate var isPlainNumber: Bool {
    switch self {
    case .number, .bool: true
    default: false
    }
  }

  /// Whether `==` compares it as a whole.
  fileprivate var isStructure: Bool {
    switch self {
    case .none, .text, .list, .tuple, .record, .function, .distribution, .dtype: true
    case .bool, .number, .tensor, .variable: false
    case .object(let object): object.scalar == nil
    }
  }

  var holdsFloat32: Bool {
    switch self {
    case .tensor, .variable: storedTensor?.dtype == .float32
    case .list, .tuple: sequence?.prefix(100).contains(where: \.holdsFloat32) ?? false
    case .none, .bool, .number, .text, .record, .function, .distribution, .dtype, .object: false
    }
  }
}
