/// What can be wrong with a tensor operation's operands.
package enum TensorError: Error, Equatable {
  case broadcast(Shape, Shape)
  case matrixProduct(Shape, Shape, Int, Int)
  case noSuchDimension(Int, Shape)
  case repeatedDimension(Int, [Int])
  case rank(Shape, expected: String)
  case shape(Shape, expected: String)
  case reshape(Shape, [Int])
  case concatenation([Shape], dim: Int)
  case indexOutOfRange(Int, extent: Int)
  case tooManyDimensions([Int])
  case negativeExtent([Int])
  case tooLarge([Int], elementSize: Int)
  case outOfMemory(bytes: Int, available: Int)
  case beyondLimit(bytes: Int, live: Int, limit: Int)
  case dtype(DType, expected: String)
  case argument(String, found: String, expected: String)
  case singularMatrix
  case notPositiveDefinite
  case divisionByZero
  case noGradient(String)
  case interrupted
  /// All that the process holds, not only its tensors.
  case memoryExhausted(bytes: Int, limit: Int)
  /// Of something that was only tried.
  case tooMuchWork

  /// One sentence for the reader, without the operation's name and the place, which the caller knows.
  package var message: String {
    switch self {
    case .broadcast(let a, let b):
      return "shapes do not fit: \(a) and \(b)" + Self.broadcastReason(a, b)
    case .matrixProduct(let a, let b, let m, let n):
      return "shapes do not fit: \(a) @ \(b) needs \(m) = \(n)"
    case .noSuchDimension(let d, let s):
      if s.rank == 0 { return "there is no dimension \(d) in a single number, shape []" }
      return "there is no dimension \(d) in shape \(s): expected \(-s.rank) to \(s.rank - 1)"
    case .repeatedDimension(let d, let dims): return "dimension \(d) stands twice in \(dims)"
    case .rank(let s, let expected): return "expected \(expected), found shape \(s)"
    case .shape(let s, let expected): return "expected \(expected), found shape \(s)"
    case .reshape(let s, let dims):
      let wanted = "[" + dims.map(String.init).joined(separator: ", ") + "]"
      return "cannot reshape \(s), which has \(s.count) elements, to \(wanted)"
    case .concatenation(let shapes, let dim):
      let all = shapes.prefix(4).map(\.description).joined(separator: ", ")
      return "shapes do not fit: \(all) must agree except in dimension \(dim)"
    case .indexOutOfRange(let i, let n):
      if n == 0 { return "index \(i) into an empty dimension" }
      return "index \(i) is out of range for extent \(n): expected \(-n) to \(n - 1)"
    case .tooManyDimensions(let dims):
      return "\(dims.count) dimensions: expected at most \(Shape.maximumRank)"
    case .negativeExtent(let dims): return "expected sizes of at least 0, found \(dims)"
    case .tooLarge(let dims, let size):
      let bytes = dims.reduce(Double(size)) { $0 * Double($1.magnitude) }
      return "a tensor of shape \(dims) would need \(Self.bytes(bytes)), more than can be addressed"
    case .outOfMemory(let bytes, let available):
      return "this would need \(Self.bytes(Double(bytes))), and \(Self.bytes(Double(available))) "
        + "of memory are free"
    case .beyondLimit(let bytes, let live, let limit):
      return "this would need \(Self.bytes(Double(bytes))) more; tensors have "
        + "\(Self.bytes(Double(live))) of the \(Self.bytes(Double(limit))) that they may take"
    case .dtype(let found, let expected): return "expected \(expected), found \(found.name)"
    case .argument(let name, let found, let expected):
      return "\(name): expected \(expected), found \(found)"
    case .singularMatrix: return "the matrix is singular: it has no inverse"
    case .notPositiveDefinite: return "the matrix is not positive definite"
    case .divisionByZero: return "division of integers by zero"
    case .noGradient(let why): return why
    case .interrupted: return "interrupted"
    case .tooMuchWork: return "this takes more than a trial is worth"
    case .memoryExhausted(let bytes, let limit):
      return "the session holds \(Self.bytes(Double(bytes))) of memory, and may hold "
        + "\(Self.bytes(Double(limit)))"
    }
  }

  private static func broadcastReason(_ a: Shape, _ b: Shape) -> String {
    let n = min(a.rank, b.rank)
    for i in 1...max(n, 1) where i <= n {
      let (x, y) = (a[a.rank - i], b[b.rank - i])
      if x != y, x != 1, y != 1 { return " need \(x) = \(y) in dimension -\(i)" }
    }
    return ""
  }

  /// A size in the unit a person would use.
  package static func bytes(_ n: Double) -> String {
    let units = ["bytes", "KB", "MB", "GB", "TB", "PB", "EB"]
    var (value, unit) = (n, 0)
    while value >= 1000, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
    if value >= 1e4 { return "more than 9999 EB" }
    if unit == 0 { return "\(Int(value)) bytes" }
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 || value >= 100
      ? "\(tenths / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }
}
