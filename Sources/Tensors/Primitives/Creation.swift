/// Tensors made from sizes.
package struct Creation: OperationFamily {
  package init() {}

  package let zeros = Operation(
    "zeros of the given sizes", [.sizes("shape"), .dtype("dtype", .float32)],
    one: { try Tensor.zeros(Shape($0.sizes(0)), $0.dtype(1)) })
  package let ones = Operation(
    "ones of the given sizes", [.sizes("shape"), .dtype("dtype", .float32)],
    one: { try Tensor.ones(Shape($0.sizes(0)), $0.dtype(1)) })
  package let full = Operation(
    "one value at the given sizes", [.sizes("shape"), .number("value"), .dtype("dtype", .float32)],
    one: { try Tensor.full(Shape($0.sizes(0)), $0.number(1), $0.dtype(2)) })
  package let zerosLike = Operation(
    "zeros of x's shape and type", [.tensor("x")],
    one: { try Tensor.zeros($0.tensor(0).shape, $0.tensor(0).dtype) })
  package let onesLike = Operation(
    "ones of x's shape and type", [.tensor("x")],
    one: { try Tensor.ones($0.tensor(0).shape, $0.tensor(0).dtype) })
  package let fullLike = Operation(
    "one value in x's shape and type", [.tensor("x"), .number("value")],
    one: { try Tensor.full($0.tensor(0).shape, $0.number(1), $0.tensor(0).dtype) })
  package let eye = Operation(
    "the identity matrix", [.size("n"), .dtype("dtype", .float32)],
    one: { try Tensor.eye($0.size(0), $0.dtype(1)) })
  package let linspace = Operation(
    "steps numbers from start to end, both included, evenly spaced",
    [.number("start"), .number("end"), .size("steps"), .dtype("dtype", .float32)],
    one: { try Tensor.linspace($0.number(0), $0.number(1), $0.size(2), $0.dtype(3)) })
  package let double = Operation("x in float64", unary: { try $0.cast(to: .float64) })
  package let float = Operation("x in float32", domain: .integers(below: 5)) {
    try $0.cast(to: .float32)
  }
  package let int = Operation("x in int64, fractions cut off", domain: .integers(below: 5)) {
    try $0.detached.cast(to: .int64)
  }
  package let bool = Operation("whether x is not 0", domain: .integers(below: 5)) {
    try $0.detached.cast(to: .bool)
  }
}

extension Tensor {
  package static func eye(_ n: Int, _ dtype: DType = .float32) throws -> Tensor {
    let y = try Tensor.zeros(Shape([n, n]), dtype)
    let one = try Tensor.ones(Shape([n]), dtype)
    return n == 0 ? y : try one.diagonalMatrix()
  }

  private func diagonalMatrix() throws -> Tensor {
    dtype.isFloating ? try diagonal(0) : try cast(to: .float64).diagonal(0).cast(to: dtype)
  }

  package static func linspace(
    _ start: Double, _ end: Double, _ steps: Int, _ dtype: DType = .float32
  ) throws -> Tensor {
    let shape = try Shape([steps])
    let last = Double(max(steps - 1, 1))
    try Allocator.check(steps * MemoryLayout<Double>.size)
    // From the nearer end, so that both ends are exact and the middle symmetric.
    let values = (0..<steps).map { i in
      i < (steps + 1) / 2
        ? start + (end - start) * (Double(i) / last)
        : end - (end - start) * (Double(steps - 1 - i) / last)
    }
    return try Tensor(values, shape, dtype)
  }

  /// The integers from `start` to before `end`.
  package static func range(_ start: Int, _ end: Int, _ step: Int = 1) throws -> Tensor {
    guard step != 0 else {
      throw TensorError.argument("step", found: "0", expected: "a step forwards or backwards")
    }
    let isEmpty = step > 0 ? start >= end : start <= end
    let distance = (start < end ? UInt(bitPattern: end &- start) : UInt(bitPattern: start &- end))
    let n = isEmpty ? 0 : (distance - 1) / step.magnitude + 1
    guard n <= UInt(Int32.max) else {
      throw TensorError.tooLarge([Int(clamping: n)], elementSize: DType.int64.size)
    }
    let y = try Tensor(uninitialized: Shape([Int(n)]), .int64)
    Parallel.shared.split(Int(n)) { part in
      if Interrupt.isRequested { return }
      // Within the n elements just made; no multiple of the step goes beyond the end.
      for i in part { unsafe y.ints[i] = Int64(start &+ i &* step) }
    }
    try Interrupt.poll()
    return y
  }
}
