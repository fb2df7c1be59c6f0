/// What a tensor's elements are.
package enum DType: UInt8, Sendable, CaseIterable {
  case bool
  case int64
  case float32
  case float64

  /// Bytes an element takes.
  package var size: Int {
    switch self {
    case .bool: 1
    case .int64, .float64: 8
    case .float32: 4
    }
  }

  package var isFloating: Bool { self == .float32 || self == .float64 }

  /// The name a script uses.
  package var name: String {
    switch self {
    case .bool: "bool"
    case .int64: "int64"
    case .float32: "float32"
    case .float64: "float64"
    }
  }

  private var category: Int { isFloating ? 2 : Int(rawValue) }

  /// The type of an operation on two tensors: the wider category wins, then a tensor with
  /// dimensions over a 0-d one, then the wider type (PyTorch's rule).
  static func promoted(_ a: Tensor, _ b: Tensor) -> DType {
    let (x, y) = (a.dtype, b.dtype)
    if x == y { return x }
    if x.category != y.category { return x.category > y.category ? x : y }
    if (a.shape.rank == 0) != (b.shape.rank == 0) { return a.shape.rank == 0 ? y : x }
    return x.rawValue > y.rawValue ? x : y
  }
}
