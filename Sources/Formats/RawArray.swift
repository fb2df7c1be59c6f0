/// The type of an array's elements in a file.
package enum ElementType: String, CaseIterable, Sendable {
  case bool
  case uint8
  case int8
  case uint16
  case int16
  case uint32
  case int32
  case uint64
  case int64
  case float16
  case bfloat16
  case float32
  case float64

  package var size: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }
}

/// An array as files know it: little-endian elements in row-major order, of any of their types.
package struct RawArray: Equatable, Sendable {
  package let element: ElementType
  package let shape: [Int]
  package let bytes: [UInt8]

  /// Throws: when `bytes` are not as many as `shape` needs.
  package init(
    _ element: ElementType, shape: [Int], bytes: [UInt8], format: String = "an array"
  ) throws(FormatError) {
    let needed = try Self.byteCount(element, shape, format: format)
    guard bytes.count == needed else {
      throw .truncated(
        format: format, what: "data", needed: needed, available: bytes.count, offset: 0)
    }
    self.element = element
    self.shape = shape
    self.bytes = bytes
  }

  package var count: Int { bytes.count / element.size }

  /// The bytes that an array of this shape takes, checked for overflow and for negative extents.
  static func byteCount(
    _ element: ElementType, _ shape: [Int], format: String
  ) throws(FormatError) -> Int {
    guard shape.allSatisfy({ $0 >= 0 }) else {
      throw .malformed(
        format: format, what: "shape", found: "\(shape)", expected: "no negative extents", offset: 0
      )
    }
    if shape.contains(0) { return 0 }
    var count = element.size
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else {
        throw .tooLarge(
          format: format, what: "an array", claimed: "of shape \(shape)", limit: "memory can hold")
      }
      count = product
    }
    return count
  }
}
