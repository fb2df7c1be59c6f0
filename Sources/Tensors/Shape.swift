/// The extents of a tensor, up to eight of them, stored inline.
package struct Shape: Hashable, Sendable {
  package static let maximumRank = 8

  // Extents beyond the rank are 1.
  private var extents = InlineArray<8, Int32>(repeating: 1)
  /// How many elements there are.
  package private(set) var count: Int
  private var dimensions: Int8

  /// The shape of a single number.
  package static let scalar = Shape()

  private init() {
    dimensions = 0
    count = 1
  }

  /// Throws: where there are more than eight extents, one is negative, or the elements cannot be counted.
  package init(_ dims: [Int]) throws {
    self.init()
    guard dims.count <= Shape.maximumRank else { throw TensorError.tooManyDimensions(dims) }
    for d in dims {
      guard d >= 0 else { throw TensorError.negativeExtent(dims) }
      guard d <= Int(Int32.max) else { throw TensorError.tooLarge(dims, elementSize: 4) }
      append(d)
      if count < 0 { throw TensorError.tooLarge(dims, elementSize: 4) }
    }
  }

  /// For extents that come from existing shapes, and so are known to fit.
  init(trusted dims: some Sequence<Int>) {
    self.init()
    for d in dims { append(d) }
  }

  /// Of a matrix whose extents come from existing shapes.
  init(matrix rows: Int, _ columns: Int) {
    self.init()
    append(rows)
    append(columns)
  }

  private mutating func append(_ d: Int) {
    extents[rank] = Int32(truncatingIfNeeded: d)
    dimensions += 1
    let (product, overflow) = count.multipliedReportingOverflow(by: d)
    // A count that cannot be is refused where a tensor is made.
    count = overflow || d > Int(Int32.max) ? -1 : product
  }

  /// The extent of a dimension that exists.
  package subscript(_ dim: Int) -> Int { Int(extents[dim]) }

  package var rank: Int { Int(dimensions) }

  package var dims: [Int] { (0..<rank).map { self[$0] } }

  package var isScalar: Bool { rank == 0 }

  package var last: Int? { rank == 0 ? nil : self[rank - 1] }

  /// The product of the extents of `range`.
  func product(_ range: Range<Int>) -> Int {
    var n = 1
    for i in range { n *= self[i] }
    return n
  }

  /// The index of the element that is so far from the first in memory.
  package func index(ofFlat flat: Int) -> [Int] {
    var (rest, index) = (flat, [Int](repeating: 0, count: rank))
    for d in stride(from: rank - 1, through: 0, by: -1) {
      (rest, index[d]) = rest.quotientAndRemainder(dividingBy: self[d])
    }
    return index
  }

  /// The same shape with one extent replaced.
  func replacing(_ dim: Int, by extent: Int) -> Shape {
    var all = dims
    all[dim] = extent
    return Shape(trusted: all)
  }

  /// The same shape without the dimension.
  func removing(_ dim: Int) -> Shape {
    var all = dims
    all.remove(at: dim)
    return Shape(trusted: all)
  }

  /// A dimension counted from either end, as a dimension from the front.
  package func dimension(_ dim: Int, extra: Int = 0) throws -> Int {
    let n = rank + extra
    guard dim >= -n, dim < n else {
      // A 0-d tensor takes dim 0 and -1, as in PyTorch.
      if n == 0, dim == 0 || dim == -1 { return 0 }
      throw TensorError.noSuchDimension(dim, self)
    }
    return dim < 0 ? dim + n : dim
  }

  /// Which dimensions a reduction goes over; an empty or absent list means all.
  func reduced(_ dims: [Int]?) throws -> SIMD8<UInt8> {
    var mask = SIMD8<UInt8>(repeating: 0)
    guard let dims, !dims.isEmpty else {
      for i in 0..<rank { mask[i] = 1 }
      return mask
    }
    for d in dims where rank > 0 {
      let i = try dimension(d)
      guard mask[i] == 0 else { throw TensorError.repeatedDimension(d, dims) }
      mask[i] = 1
    }
    if rank == 0 { for d in dims { _ = try dimension(d) } }
    return mask
  }

  /// The common shape of two operands under NumPy's broadcasting.
  package func broadcast(with other: Shape) throws -> Shape {
    if self == other { return self }
    let n = max(rank, other.rank)
    var out = Shape()
    for i in 0..<n {
      let a = i < n - rank ? 1 : self[i - (n - rank)]
      let b = i < n - other.rank ? 1 : other[i - (n - other.rank)]
      guard a == b || a == 1 || b == 1 else { throw TensorError.broadcast(self, other) }
      out.append(a == 1 ? b : a)
    }
    return out
  }

  package static func == (a: Shape, b: Shape) -> Bool {
    // Without a branch for each extent: shapes are compared several times an operation.
    var difference = Int32(a.dimensions ^ b.dimensions)
    for i in 0..<maximumRank { difference |= a.extents[i] ^ b.extents[i] }
    return difference == 0
  }

  package func hash(into hasher: inout Hasher) {
    for i in 0..<rank { hasher.combine(extents[i]) }
    hasher.combine(rank)
  }
}

extension Shape: CustomStringConvertible {
  package var description: String { "[" + dims.map(String.init).joined(separator: ", ") + "]" }
}
