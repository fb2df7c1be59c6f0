import CKernels

/// A source of random numbers: Philox4x32-10, a counter-based generator, so that the numbers depend on
/// the seed and on how many were drawn before, and on nothing else.
///
/// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
package final class Generator {
  /// Where a generator stands; setting it replays the same numbers.
  package struct State: Hashable, Sendable {
    package var key: UInt64
    package var counter: UInt64

    package init(key: UInt64, counter: UInt64) {
      self.key = key
      self.counter = counter
    }
  }

  package var state: State

  package init(seed: UInt64) { state = State(key: seed, counter: 0) }

  package func reseed(_ seed: UInt64) { state = State(key: seed, counter: 0) }

  /// Hands out the counter for as many blocks of four 32-bit words.
  private func take(blocks: Int) -> UInt64 {
    defer { state.counter &+= UInt64(blocks) }
    return state.counter
  }

  /// Numbers from [0, 1).
  package func uniform(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor {
    unsafe try draw(shape, dtype, dg_uniform_f32, dg_uniform_f64)
  }

  /// Numbers from the standard normal distribution.
  package func normal(_ shape: Shape, _ dtype: DType = .float32) throws -> Tensor {
    unsafe try draw(shape, dtype, dg_normal_f32, dg_normal_f64)
  }

  private typealias Draw<T> = (UInt64, UInt64, UnsafeMutablePointer<T>?, Int) -> Void

  private func draw(
    _ shape: Shape, _ dtype: DType, _ single: Draw<Float>, _ double: Draw<Double>
  ) throws -> Tensor {
    let out = try Tensor(uninitialized: shape, dtype == .float64 ? .float64 : .float32)
    let n = shape.count
    let perBlock = out.dtype == .float64 ? 2 : 4
    let (key, counter) = (state.key, take(blocks: (n + perBlock - 1) / perBlock))
    // Chunks are multiples of 64 elements, so each begins with a block of its own.
    Parallel.shared.split(n, grain: 16_384) { r in
      // What is left out then reaches nobody.
      if Interrupt.isRequested { return }
      let at = counter &+ UInt64(r.lowerBound / perBlock)
      if out.dtype == .float64 {
        unsafe double(key, at, out.doubles + r.lowerBound, r.count)
      } else {
        unsafe single(key, at, out.floats + r.lowerBound, r.count)
      }
    }
    try Interrupt.poll()
    return out
  }

  /// Words of 32 random bits.
  package func bits(_ count: Int) -> [UInt32] {
    let (key, counter) = (state.key, take(blocks: (count + 3) / 4))
    return unsafe [UInt32](unsafeUninitializedCapacity: count) { buffer, written in
      // The buffer has room for `count` words.
      unsafe dg_bits(key, counter, buffer.baseAddress, count)
      written = count
    }
  }

  /// Integers from `0..<bound`, each as likely.
  package func integers(_ count: Int, below bound: Int) -> [Int] {
    let words = bits(2 * count)
    return (0..<count).map { i in
      let word = UInt64(words[2 * i]) << 32 | UInt64(words[2 * i + 1])
      // The high half of a 64 x 64 product: biased by less than bound / 2^64.
      return Int(word.multipliedFullWidth(by: UInt64(max(bound, 1))).high)
    }
  }

  /// The numbers `0..<count` in random order (Fisher and Yates).
  package func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    let words = bits(2 * (count - 1))
    for i in stride(from: count - 1, to: 0, by: -1) {
      let word = UInt64(words[2 * (i - 1)]) << 32 | UInt64(words[2 * (i - 1) + 1])
      order.swapAt(i, Int(word.multipliedFullWidth(by: UInt64(i + 1)).high))
    }
    return order
  }
}
