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
    let count =
      step > 0 ? max(0, (end - start + step - 1) / step) : max(0, (start - end - step - 1) / -step)
    // Asks for the memory before numbers are listed one by one.
    if count > 1 << 22 { _ = try Tensor.zeros(Shape([count]), .int64) }
    return try Tensor.range(start, end, step)
  }
}
