/// Bytes from the allocator that are given back when nobody needs them: what a kernel works with, or what
/// several tensors read.
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

  /// Takes over bytes that the allocator handed out.
  init(adopting address: UnsafeMutableRawPointer, byteCount: Int) {
    unsafe self.address = address
    self.byteCount = byteCount
  }

  deinit { unsafe Allocator.shared.release(address, byteCount: byteCount) }
}
