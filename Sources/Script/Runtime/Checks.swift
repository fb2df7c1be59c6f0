import Tensors

/// Whether a check holds, and if not, why.
enum Checks {
  /// Of a condition that is no comparison: every element must be true.
  static func failure(_ value: Value) throws -> [String]? {
    switch value {
    case .bool(let flag): return flag ? nil : []
    case .list, .tuple, .tensor, .variable, .object:
      let tensor = try Conversion.tensor(value)
      guard tensor.dtype == .bool else { break }
      let holding = try tensor.cast(to: .int64).sum().item ?? 0
      let misses = tensor.count - Int(holding)
      if misses == 0 { return nil }
      return [tensor.rank == 0 ? "it is false" : "\(misses) of \(tensor.count) are false"]
    case .none, .number, .text, .record, .function, .distribution, .dtype: break
    }
    throw ScriptError.kind("", expected: "a condition, true or false", found: value)
  }

  /// Of a comparison: both sides and by how much they miss it.
  static func failure(
    _ relation: ComparisonOperator, _ left: Value, _ right: Value, _ tolerance: Tolerance
  ) throws -> [String]? {
    if let shapes = try unequalShapes(left, right) {
      return sides(left, right) + [shapes]
    }
    let result = try Comparisons.compare(relation, left, right, tolerance)
    if let account = try account(left, right) {
      guard try failure(result) != nil else { return nil }
      let familiar = try familiar(relation, left, right)
      return sides(left, right) + [account] + familiar
    }
    let misses: Tensor
    switch result {
    case .bool(let holds):
      if holds { return nil }
      return sides(left, right) + numbersMiss(relation, left, right, tolerance)
    default: misses = try Conversion.tensor(result).negatedLogic()
    }
    let count = Int(try misses.cast(to: .int64).sum().item ?? 0)
    if count == 0 { return nil }
    return sides(left, right) + (try tensorsMiss(relation, left, right, misses, count, tolerance))
  }

  /// By how many standard errors estimates differ; nil where there are none.
  private static func account(_ left: Value, _ right: Value) throws -> String? {
    guard left.isNumeric, right.isNumeric else { return nil }
    let (a, b) = (try Conversion.tensor(left), try Conversion.tensor(right))
    return a.isNoisy || b.isNoisy ? try EstimateComparison(a, b).account : nil
  }

  /// Equal shapes are wanted, but that a plain number goes with any.
  private static func unequalShapes(_ left: Value, _ right: Value) throws -> String? {
    guard left.isTensorLike, right.isTensorLike else { return nil }
    let (a, b) = (try Conversion.tensor(left), try Conversion.tensor(right))
    return a.shape == b.shape ? nil : "the shapes differ: \(a.shape) and \(b.shape)"
  }

  private static func sides(_ left: Value, _ right: Value) -> [String] {
    [labelled("left  ", left), labelled("right ", right)]
  }

  private static func labelled(_ label: String, _ value: Value) -> String {
    var lines = Display.text(value, width: 70).split(
      separator: "\n", omittingEmptySubsequences: false)
    // Of a long one its ends will do: the worst element is named.
    if lines.count > 7 { lines.replaceSubrange(3..<(lines.count - 1), with: ["   …"]) }
    return lines.enumerated().map { ($0 == 0 ? label : "      ") + " " + $1 }
      .joined(separator: "\n   ")
  }

  private static func numbersMiss(
    _ relation: ComparisonOperator, _ left: Value, _ right: Value, _ t: Tolerance
  ) -> [String] {
    guard let a = left.scalar, let b = right.scalar else { return [] }
    let comparison = SideComparison(
      [(a, b)], isFloat32: left.holdsFloat32 || right.holdsFloat32)
    let why = relation.isEquality ? comparison.account : nil
    return [difference(relation, a, b, t, at: "", comparison)] + [why].compactMap { $0 }
  }

  /// What estimates that share their noise have to do with one another.
  private static func familiar(
    _ relation: ComparisonOperator, _ left: Value, _ right: Value
  ) throws -> [String] {
    let (a, b) = (try Conversion.tensor(left), try Conversion.tensor(right))
    guard relation.isEquality, a.shape == b.shape else { return [] }
    let pairs = zip(a.detached.values, b.detached.values).map { (left: $0, right: $1) }
    return [SideComparison(pairs, isFloat32: false).account].compactMap { $0 }
  }

  private static func difference(
    _ relation: ComparisonOperator, _ a: Double, _ b: Double, _ t: Tolerance, at place: String,
    _ comparison: SideComparison
  ) -> String {
    if a.isNaN || b.isNaN { return "not a number\(place)" }
    var text = "the difference is \(comparison.named(difference: a - b, of: a, b))\(place)"
    if relation == .approximately, b.isFinite {
      text += ", allowed \(NumberText.rounded(t.atol + t.rtol * abs(b), digits: 3))"
    }
    return text
  }

  private static func tensorsMiss(
    _ relation: ComparisonOperator, _ left: Value, _ right: Value, _ misses: Tensor, _ count: Int,
    _ tolerance: Tolerance
  ) throws -> [String] {
    let a = try Conversion.tensor(left).detached.expanded(to: misses.shape)
    let b = try Conversion.tensor(right).detached.expanded(to: misses.shape)
    var worst = (index: 0, size: -1.0)
    for i in 0..<misses.count where misses[flat: i] != 0 {
      let gap = abs(a[flat: i] - b[flat: i])
      let size = gap.isNaN ? Double.infinity : gap
      if size > worst.size { worst = (i, size) }
    }
    guard worst.size >= 0 else { return [] }
    let (x, y) = (a[flat: worst.index], b[flat: worst.index])
    let place = " at \(position(worst.index, misses.shape))"
    let comparison = SideComparison(
      zip(a.values, b.values).map { (left: $0, right: $1) },
      isFloat32: left.holdsFloat32 || right.holdsFloat32,
      sizes: [misses.count] + misses.shape.dims)
    let why = relation.isEquality ? comparison.account : nil
    let values = "\(NumberText.rounded(x, digits: 7)) and \(NumberText.rounded(y, digits: 7))"
    return [
      "\(count) of \(misses.count) elements miss; the worst are \(values)",
      difference(relation, x, y, tolerance, at: place, comparison),
    ] + [why].compactMap { $0 }
  }

  /// `[2, 0]`: where an element stands, by its place in row-major order.
  static func position(_ flat: Int, _ shape: Shape) -> String {
    var (rest, index) = (flat, [Int]())
    for extent in shape.dims.reversed() where extent > 0 {
      index.insert(rest % extent, at: 0)
      rest /= extent
    }
    return "\(index)"
  }
}

extension Value {
  /// Whether its shape counts in a check.
  fileprivate var isTensorLike: Bool {
    switch self {
    case .tensor, .variable: true
    case .list, .tuple: (sequence?.isEmpty ?? true) ? false : isNumericList
    case .none, .bool, .number, .text, .record, .function, .distribution, .dtype, .object: false
    }
  }

  private var isNumericList: Bool { sequence?.allSatisfy { $0.storedTensor != nil } ?? false }
}
