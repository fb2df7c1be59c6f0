import Tensors

/// Tensors of consecutive numbers.
enum Numbers {
  /// The integers from `start` to before `end`.
  ///
  /// Throws: where they are too many, with the memory they would need.
  static func range(_ start: Int, _ end: Int, _ step: Int) throws -> Tensor {
    guard step != 0 else {
      throw TensorError.argument("step", found: "0", expected: "a step forwards or backwards")
    }
    // Within these bounds the differences below do not overflow; no memory holds more.
    let bound: UInt = 1 << 60
    guard max(start.magnitude, end.magnitude, step.magnitude) < bound else {
      throw ScriptError.message("expected whole numbers below 2^60")
    }
    return try Tensor.range(start, end, step)
  }
}
