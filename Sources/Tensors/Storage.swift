/// The elements of a tensor: their bytes, and how these are read.
///
/// The bytes are taken from the allocator and given back when nobody needs them; the same bytes may stand
/// under another shape as well.
@safe final class Storage {
  let shape: Shape
  let dtype: DType
  let address: UnsafeMutableRawPointer
  let byteCount: Int
  /// Whose bytes these are, where they are those of another storage.
  private var owner: Storage?

  /// Elements of unspecified content, aligned to a cache line.
  ///
  /// Throws: `TensorError.outOfMemory` where the machine has less.
  init(_ shape: Shape, _ dtype: DType) throws {
    let (bytes, overflow) = shape.count.multipliedReportingOverflow(by: dtype.size)
    // A count that overflowed is negative.
    if overflow || bytes < 0 { throw TensorError.tooLarge(shape.dims, elementSize: dtype.size) }
    unsafe address = try Allocator.shared.allocate(bytes)
    byteCount = bytes
    self.shape = shape
    self.dtype = dtype
  }

  /// Bytes to work with, which are no tensor's.
  init(byteCount: Int) throws {
    unsafe address = try Allocator.shared.allocate(byteCount)
    self.byteCount = byteCount
    shape = .scalar
    dtype = .bool
  }

  /// The elements of another storage under a shape of the same count.
  init(_ other: Storage, as shape: Shape) {
    unsafe address = unsafe other.address
    byteCount = other.byteCount
    owner = other.owner ?? other
    self.shape = shape
    dtype = other.dtype
  }

  /// Whether the bytes belong to this storage alone, or to another that only this one holds.
  var hasBytesToItself: Bool { owner == nil || isKnownUniquelyReferenced(&owner) }

  deinit {
    if owner == nil { unsafe Allocator.shared.release(address, byteCount: byteCount) }
  }
}
