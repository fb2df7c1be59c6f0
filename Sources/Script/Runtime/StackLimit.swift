/// How far the present thread's stack may grow.
struct StackLimit {
  /// The lowest address that calls may reach.
  private let lowest: UInt

  /// What one call of the script needs at most, for the tallest expression that the parser lets pass.
  private static let reserve: UInt = 2 << 20

  /// For a stack of which at least `size` bytes are left.
  init(size: Int) {
    let here = Self.here
    let size = UInt(max(0, size))
    lowest = here - min(here, size - min(size / 2, Self.reserve))
  }

  /// Whether another call may be made.
  var hasRoom: Bool { Self.here > lowest }

  private static var here: UInt {
    var mark: UInt8 = 0
    // Only the address is used.
    return unsafe withUnsafeMutablePointer(to: &mark) { UInt(bitPattern: $0) }
  }
}
