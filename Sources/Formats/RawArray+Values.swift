extension RawArray {
  package init(shape: [Int], floats: [Float]) throws(FormatError) {
    try self.init(.float32, shape: shape, bytes: Self.bytes(of: floats))
  }

  package init(shape: [Int], doubles: [Double]) throws(FormatError) {
    try self.init(.float64, shape: shape, bytes: Self.bytes(of: doubles))
  }

  package init(shape: [Int], integers: [Int64]) throws(FormatError) {
    try self.init(.int64, shape: shape, bytes: Self.bytes(of: integers))
  }

  package init(shape: [Int], booleans: [Bool]) throws(FormatError) {
    try self.init(.bool, shape: shape, bytes: booleans.map { $0 ? 1 : 0 })
  }

  /// The elements as float32; what float32 cannot tell apart is rounded.
  package func floats() -> [Float] {
    switch element {
    case .float32: load(Float.self) { $0 }
    case .uint8: bytes.map { Float($0) }
    default: doubles().map { Float($0) }
    }
  }

  /// The elements as float64; only integers beyond 2^53 are rounded.
  package func doubles() -> [Double] {
    switch element {
    case .bool: bytes.map { $0 == 0 ? 0 : 1 }
    case .uint8: bytes.map { Double($0) }
    case .int8: load(Int8.self) { Double($0) }
    case .uint16: load(UInt16.self) { Double($0) }
    case .int16: load(Int16.self) { Double($0) }
    case .uint32: load(UInt32.self) { Double($0) }
    case .int32: load(Int32.self) { Double($0) }
    case .uint64: load(UInt64.self) { Double($0) }
    case .int64: load(Int64.self) { Double($0) }
    case .float16: load(UInt16.self) { Double(Self.half($0)) }
    case .bfloat16: load(UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .float32: load(Float.self) { Double($0) }
    case .float64: load(Double.self) { $0 }
    }
  }

  /// The elements of an array of integers or booleans.
  ///
  /// Throws: for floating-point elements, and for integers of 2^63 and more.
  package func integers() throws(FormatError) -> [Int64] {
    switch element {
    case .bool: return bytes.map { $0 == 0 ? 0 : 1 }
    case .uint8: return bytes.map { Int64($0) }
    case .int8: return load(Int8.self) { Int64($0) }
    case .uint16: return load(UInt16.self) { Int64($0) }
    case .int16: return load(Int16.self) { Int64($0) }
    case .uint32: return load(UInt32.self) { Int64($0) }
    case .int32: return load(Int32.self) { Int64($0) }
    case .int64: return load(Int64.self) { $0 }
    case .uint64:
      return try load(UInt64.self) { $0 }.map { value throws(FormatError) in
        guard let integer = Int64(exactly: value) else {
          throw .unwritable(
            format: "int64", found: "the integer \(value)", expected: "at most \(Int64.max)")
        }
        return integer
      }
    case .float16, .bfloat16, .float32, .float64:
      throw .unwritable(
        format: "int64", found: "elements of \(element.rawValue)", expected: "integers")
    }
  }

  /// The elements, true where they are not zero.
  package func booleans() -> [Bool] {
    element == .bool ? bytes.map { $0 != 0 } : doubles().map { $0 != 0 }
  }

  /// The numbers whose shortest decimal digits are those of the elements: 0.1 for a float32 of 0.1.
  func shortestDoubles() -> [Double] {
    guard element == .float32 else { return doubles() }
    return load(Float.self) { Double("\($0)") ?? Double($0) }
  }

  /// The value of an IEEE binary16.
  static func half(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// Each element as a `T` of this (little-endian) machine, passed through `convert`.
  private func load<T: BitwiseCopyable, Result>(
    _ type: T.Type, _ convert: (T) -> Result
  ) -> [Result] {
    let count = bytes.count / MemoryLayout<T>.size
    return unsafe [Result](unsafeUninitializedCapacity: count) { target, initialized in
      // `count` whole elements lie within the bytes, and the target has room for as many.
      unsafe bytes.withUnsafeBytes { source in
        for i in 0..<count {
          let value = unsafe source.loadUnaligned(
            fromByteOffset: i * MemoryLayout<T>.size, as: T.self)
          unsafe target.initializeElement(at: i, to: convert(value))
        }
      }
      initialized = count
    }
  }

  private static func bytes<T: BitwiseCopyable>(of values: [T]) -> [UInt8] {
    unsafe values.withUnsafeBytes { unsafe Array($0) }
  }
}
