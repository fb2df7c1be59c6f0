import Glibc

/// A row-major array of numbers, and how it came about where gradients may be asked for.
///
/// A value: copies share their bytes until one of them is written to.
package struct Tensor {
  private(set) var node: Node
  /// Whether a gradient can flow through this tensor.
  package internal(set) var isTracked = false

  package var shape: Shape { node.shape }
  package var dtype: DType { node.dtype }
  package var count: Int { node.shape.count }
  package var rank: Int { node.shape.rank }

  /// Where a gradient with respect to this tensor is gathered.
  var place: Place? { isTracked ? node.place : nil }

  /// Elements of unspecified content, for a kernel to fill.
  init(uninitialized shape: Shape, _ dtype: DType) throws {
    try Interrupt.poll()
    try Work.begin(shape.count)
    node = try Node(shape, dtype)
  }

  init(_ node: Node, isTracked: Bool) {
    self.node = node
    self.isTracked = isTracked
  }

  /// The same elements under another shape of the same count, through which no gradient flows.
  func viewed(as shape: Shape) -> Tensor {
    shape == node.shape ? detached : Tensor(Node(sharing: node, as: shape), isTracked: false)
  }

  // MARK: Making

  package init(_ values: [Double], _ shape: Shape, _ dtype: DType = .float32) throws {
    guard values.count == shape.count else { throw TensorError.reshape(shape, [values.count]) }
    try self.init(uninitialized: shape, dtype)
    fill { values[$0] }
  }

  package init(_ values: [Float], _ shape: Shape) throws {
    guard values.count == shape.count else { throw TensorError.reshape(shape, [values.count]) }
    try self.init(uninitialized: shape, .float32)
    for i in values.indices { unsafe floats[i] = values[i] }
  }

  package init(_ values: [Int], _ shape: Shape? = nil) throws {
    let shape = try shape ?? Shape([values.count])
    guard values.count == shape.count else { throw TensorError.reshape(shape, [values.count]) }
    try self.init(uninitialized: shape, .int64)
    for i in values.indices { unsafe ints[i] = Int64(values[i]) }
  }

  package init(_ values: [Bool], _ shape: Shape? = nil) throws {
    let shape = try shape ?? Shape([values.count])
    guard values.count == shape.count else { throw TensorError.reshape(shape, [values.count]) }
    try self.init(uninitialized: shape, .bool)
    for i in values.indices { unsafe bools[i] = values[i] ? 1 : 0 }
  }

  /// Elements from raw bytes in this machine's order, as a file holds them.
  package init(bytes: [UInt8], _ shape: Shape, _ dtype: DType) throws {
    let (wanted, overflow) = shape.count.multipliedReportingOverflow(by: dtype.size)
    guard !overflow, bytes.count == wanted else {
      throw TensorError.reshape(shape, [bytes.count / dtype.size])
    }
    try self.init(uninitialized: shape, dtype)
    // Both sides have count * size bytes, as just checked.
    unsafe bytes.withUnsafeBytes { source in
      if let base = source.baseAddress {
        unsafe address.copyMemory(from: base, byteCount: bytes.count)
      }
    }
  }

  /// A single number.
  package init(_ value: Double, _ dtype: DType = .float64) throws {
    try self.init(uninitialized: .scalar, dtype)
    fill { _ in value }
  }

  package static func full(_ shape: Shape, _ value: Double, _ dtype: DType = .float32) throws
    -> Tensor
  {
    let out = try Tensor(uninitialized: shape, dtype)
    switch dtype {
    case .float32: unsafe Kernels.fill(out.floats, Float(value), out.count)
    case .float64: unsafe Kernels.fill(out.doubles, value, out.count)
    case .int64, .bool: out.fill { _ in value }
    }
    return out
  }

  package static func zeros(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor {
    let out = try Tensor(uninitialized: shape, dtype)
    Parallel.shared.split(out.count * dtype.size, grain: 4 * Parallel.grain) { r in
      // The storage has at least count * size bytes.
      unsafe memset(out.address + r.lowerBound, 0, r.count)
    }
    return out
  }

  package static func ones(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor {
    try full(shape, 1, dtype)
  }

  // MARK: Reading

  /// The bytes, row by row, in this machine's order.
  package var bytes: [UInt8] {
    let n = count * dtype.size
    return unsafe [UInt8](unsafeUninitializedCapacity: n) { buffer, written in
      // The storage has at least n bytes, the buffer n.
      if n > 0, let base = buffer.baseAddress {
        unsafe UnsafeMutableRawPointer(base).copyMemory(from: address, byteCount: n)
      }
      written = n
    }
  }

  /// All elements, row by row, as numbers; integers beyond 2^53 are rounded.
  package var values: [Double] {
    switch dtype {
    case .float32: (0..<count).map { unsafe Double(floats[$0]) }
    case .float64: (0..<count).map { unsafe doubles[$0] }
    case .int64: (0..<count).map { unsafe Double(ints[$0]) }
    case .bool: (0..<count).map { unsafe bools[$0] == 0 ? 0 : 1 }
    }
  }

  /// All elements as integers, truncated; nil where one has no integer near it.
  package var integers: [Int]? {
    if dtype == .int64 { return (0..<count).map { unsafe Int(ints[$0]) } }
    var out: [Int] = []
    out.reserveCapacity(count)
    for v in values {
      guard let i = Int(exactly: v.rounded(.towardZero)) else { return nil }
      out.append(i)
    }
    return out
  }

  /// The element at a position in row-major order; the position is the caller's to check.
  package subscript(flat i: Int) -> Double {
    precondition(i >= 0 && i < count)
    switch dtype {
    case .float32: return unsafe Double(floats[i])
    case .float64: return unsafe doubles[i]
    case .int64: return unsafe Double(ints[i])
    case .bool: return unsafe bools[i] == 0 ? 0 : 1
    }
  }

  /// The one element of a tensor that has only one, or nil.
  package var item: Double? { count == 1 ? self[flat: 0] : nil }

  // MARK: Writing in place

  /// Whether nobody else would see what is written to this tensor.
  mutating func isUnique() -> Bool { isKnownUniquelyReferenced(&node) && node.mayBeWritten }

  /// Whether nobody else has this tensor's node, and nothing is recorded there.
  mutating func isAlone() -> Bool { isKnownUniquelyReferenced(&node) && node.isPlain }

  /// Makes sure that nobody else sees what is written to this tensor, which stays a leaf if it is one.
  mutating func makeUnique() throws {
    guard !isUnique() else { return }
    let copy = try copied()
    self = node.leaf.map(copy.isLeaf) ?? copy
  }

  /// Writes one element of a tensor of floats, by its position in row-major order, which is the caller's to check.
  package mutating func setElement(_ i: Int, _ value: Double) throws {
    precondition(i >= 0 && i < count && dtype.isFloating)
    try makeUnique()
    if dtype == .float64 {
      unsafe doubles[i] = value
    } else {
      unsafe floats[i] = Float(value)
    }
  }

  func copied() throws -> Tensor {
    let out = try Tensor(uninitialized: shape, dtype)
    // Both storages have at least count * size bytes.
    unsafe out.address.copyMemory(from: address, byteCount: count * dtype.size)
    return out
  }

  private func fill(_ value: (Int) -> Double) {
    for i in 0..<count {
      let v = value(i)
      switch dtype {
      case .float32: unsafe floats[i] = Float(v)
      case .float64: unsafe doubles[i] = v
      case .int64: unsafe ints[i] = Int64(exactly: v.rounded(.towardZero)) ?? 0
      case .bool: unsafe bools[i] = v == 0 ? 0 : 1
      }
    }
  }

  // MARK: Typed views of the storage, of `count` elements each

  var floats: UnsafeMutablePointer<Float> { unsafe pointer() }
  var doubles: UnsafeMutablePointer<Double> { unsafe pointer() }
  var ints: UnsafeMutablePointer<Int64> { unsafe pointer() }
  var bools: UnsafeMutablePointer<UInt8> { unsafe pointer() }

  var address: UnsafeMutableRawPointer { unsafe node.address }

  func pointer<Element>() -> UnsafeMutablePointer<Element> {
    unsafe address.assumingMemoryBound(to: Element.self)
  }
}
