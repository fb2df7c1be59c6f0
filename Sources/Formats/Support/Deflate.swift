import CZlib

/// The compressed streams that zlib knows; the only file that calls it.
enum Deflate {
  /// What surrounds the compressed data.
  enum Wrapping {
    case none
    case gzip

    var windowBits: Int32 {
      switch self {
      case .none: -MAX_WBITS
      case .gzip: MAX_WBITS + 16
      }
    }
  }

  /// Inflates one stream that begins at `range.lowerBound`, and says where it ends.
  ///
  /// No more than `limit` bytes come out, whatever the stream promises, and memory grows with what has come out.
  static func inflate(
    _ bytes: [UInt8], _ range: Range<Int>, _ wrapping: Wrapping, limit: Int, format: String
  ) throws(FormatError) -> (output: [UInt8], end: Int) {
    // zlib keeps the stream's address, so it must stay where it is.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    defer { unsafe stream.deallocate() }
    guard
      unsafe inflateInit2_(
        stream, wrapping.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw outOfMemory(format) }
    defer { unsafe _ = inflateEnd(stream) }

    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var position = range.lowerBound
    while true {
      let step = unsafe run(
        bytes, position..<range.upperBound, &chunk, stream, Z_NO_FLUSH, CZlib.inflate)
      position += step.consumed
      guard output.count + step.produced <= limit else {
        throw .tooLarge(
          format: format, what: "inflated data", claimed: "over \(limit) bytes",
          limit: "\(limit) bytes")
      }
      output.append(contentsOf: chunk[..<step.produced])
      switch step.status {
      case Z_STREAM_END: return (output, position)
      case Z_OK: continue
      case Z_BUF_ERROR:
        throw .truncated(
          format: format, what: "compressed data", needed: range.count + 1, available: range.count,
          offset: range.lowerBound)
      case Z_MEM_ERROR: throw outOfMemory(format)
      default:
        let words = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
        throw .malformed(
          format: format, what: "compressed data", found: words ?? "damaged",
          expected: "a deflate stream", offset: position)
      }
    }
  }

  /// Deflates at zlib's default level; the same bytes always give the same result, for gzip has no time in it.
  static func deflate(
    _ bytes: [UInt8], _ wrapping: Wrapping, format: String
  ) throws(FormatError) -> [UInt8] {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    defer { unsafe stream.deallocate() }
    guard
      unsafe deflateInit2_(
        stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, wrapping.windowBits, 8, Z_DEFAULT_STRATEGY,
        ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw outOfMemory(format) }
    defer { unsafe _ = deflateEnd(stream) }

    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var position = 0
    while true {
      let step = unsafe run(bytes, position..<bytes.count, &chunk, stream, Z_FINISH, CZlib.deflate)
      position += step.consumed
      output.append(contentsOf: chunk[..<step.produced])
      switch step.status {
      case Z_STREAM_END: return output
      case Z_OK: continue
      default: throw outOfMemory(format)
      }
    }
  }

  /// The CRC-32 that zip and PNG use.
  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc = crc32(0, nil, 0)
    var rest = bytes
    while !rest.isEmpty {
      let part = rest.prefix(largestStep)
      // zlib reads `count` bytes from the pointer, which is the buffer's own bound.
      unsafe part.withUnsafeBufferPointer { buffer in
        unsafe crc = crc32(crc, buffer.baseAddress, UInt32(buffer.count))
      }
      rest = rest.dropFirst(part.count)
    }
    return UInt32(truncatingIfNeeded: crc)
  }

  /// What zlib takes at once; its counts have 32 bits.
  private static let largestStep = 1 << 30

  private static func outOfMemory(_ format: String) -> FormatError {
    .tooLarge(
      format: format, what: "the compressor's state", claimed: "unavailable", limit: "memory holds")
  }

  /// One call of zlib from `range` of the input into `chunk`, bounded by both.
  private static func run(
    _ input: [UInt8], _ range: Range<Int>, _ chunk: inout [UInt8],
    _ stream: UnsafeMutablePointer<z_stream>, _ ending: Int32, _ body: (z_streamp, Int32) -> Int32
  ) -> (status: Int32, consumed: Int, produced: Int) {
    let offered = min(range.count, largestStep)
    let flush = offered == range.count ? ending : Z_NO_FLUSH
    let capacity = chunk.count
    var status = Z_OK
    unsafe input.withUnsafeBufferPointer { source in
      unsafe chunk.withUnsafeMutableBufferPointer { target in
        // zlib only reads next_in, and avail_in, avail_out are the bounds of the two buffers.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
          mutating: source.baseAddress.map { unsafe $0 + range.lowerBound })
        unsafe stream.pointee.avail_in = UInt32(offered)
        unsafe stream.pointee.next_out = target.baseAddress
        unsafe stream.pointee.avail_out = UInt32(target.count)
        unsafe status = body(stream, flush)
      }
    }
    return unsafe (
      status, offered - Int(stream.pointee.avail_in), capacity - Int(stream.pointee.avail_out)
    )
  }
}
