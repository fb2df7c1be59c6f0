import Tensors

/// What one operation on 8x8 costs in Swift, without the language: recorded and freed, and with its part of
/// the sweep back.
///
/// An operation's time is that of a chain of 1100 less that of one of 100, over 1000; medians of 101 runs.
@main enum SmallOperations {
  static func main() throws {
    Parallel.shared.use(threads: 1)
    let shape = try Shape([8, 8])
    let (a, b) = (try Tensor.ones(shape).leaf(), try Tensor.full(shape, 1e-3).leaf())
    func report(_ name: String, _ operation: (Tensor, Tensor) throws -> Tensor) throws {
      func chain(_ n: Int) throws -> Tensor {
        var x = a
        for _ in 0..<n { x = try operation(x, b) }
        return x
      }
      let forward = try nanoseconds { _ = try chain($0) }
      let both = try nanoseconds { _ = try chain($0).sum().gradients([a, b]) }
      print("8x8 \(name): \(forward) ns forward and free, \(both) ns with its gradient")
    }
    try report("add") { try $0 + $1 }
    try report("mul") { try $0 * $1 }
    try report("scale") { x, _ in try x * 0.99 }
    try report("tanh") { x, _ in try x.tanh() }
    try report("matmul") { try $0.matmul($1) }
  }

  /// What each further operation of a chain costs.
  private static func nanoseconds(_ run: (Int) throws -> Void) throws -> Int {
    func median(_ n: Int) throws -> Duration {
      try (0..<101).map { _ in try ContinuousClock().measure { try run(n) } }.sorted()[50]
    }
    let difference = try median(1100) - median(100)
    return Int(difference / .nanoseconds(1000))
  }
}
