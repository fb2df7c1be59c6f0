/// The bytes of a tensor: taken from the allocator, given back when nobody needs them.
@safe final class Storage {
  let address: UnsafeMutableRawPointer
  let byteCount: Int

  /// Bytes of unspecified content, aligned to a cache line.
  ///
  /// Throws: `TensorError.outOfMemory` where the machine has less.
  init(byteCount: Int) throws {
    unsafe address = try Allocator.shared.allocate(byteCount)
    self.byteCount = byteCount
  }

  deinit { unsafe Allocator.shared.release(address, byteCount: byteCount) }
}
