import Tensors

extension RawArray {
  /// The array as a tensor: floating-point elements as float32 or float64, integers as int64.
  ///
  /// Throws: `FormatError` for an integer of 2^63 or more, `TensorError` for more than eight dimensions.
  package func tensor() throws -> Tensor {
    let shape = try Shape(shape)
    switch element {
    case .float32: return try Tensor(bytes: bytes, shape, .float32)
    case .float64: return try Tensor(bytes: bytes, shape, .float64)
    case .int64: return try Tensor(bytes: bytes, shape, .int64)
    case .bool: return try Tensor(booleans(), shape)
    case .float16, .bfloat16: return try Tensor(floats(), shape)
    case .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64:
      return try Tensor(integers().map { Int($0) }, shape)
    }
  }

  /// The elements of a tensor, in its own type.
  package init(_ tensor: Tensor) throws(FormatError) {
    let element: ElementType =
      switch tensor.dtype {
      case .bool: .bool
      case .int64: .int64
      case .float32: .float32
      case .float64: .float64
      }
    try self.init(element, shape: tensor.shape.dims, bytes: tensor.bytes)
  }
}
