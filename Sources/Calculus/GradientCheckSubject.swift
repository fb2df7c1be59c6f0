import Tensors

/// The function under check and its arguments, one of which moves.
struct GradientCheckSubject {
  var arguments: [Tensor]
  private let f: ([Tensor]) throws -> Tensor
  private(set) var dtype = DType.float64
  private(set) var quotient = DifferenceQuotient(center: 0, noise: 0)

  init(_ given: [Tensor], _ f: @escaping ([Tensor]) throws -> Tensor) throws {
    arguments = try given.map { x in
      let x = x.detached
      return x.dtype.isFloating ? try x.cast(to: .float64) : x
    }
    self.f = f
    let first = try f(arguments)
    guard first.count == 1 else { throw CalculusError.notOneNumber(first.shape) }
    guard first[flat: 0].isFinite else { throw CalculusError.notFinite(first[flat: 0]) }
    dtype = first.dtype
    quotient = DifferenceQuotient(center: first[flat: 0], noise: try noise())
  }

  func value() throws -> Double {
    try Interrupt.poll()
    let y = try f(arguments)
    guard y.count == 1 else { throw CalculusError.notOneNumber(y.shape) }
    return y[flat: 0]
  }

  /// Moves all arguments together along a short grid in random directions.
  private func noise() throws -> Double {
    let epsilon = dtype == .float64 ? 0x1p-52 : 0x1p-23
    let rng = Generator(seed: 1)
    let directions = try arguments.map { x in
      try x.dtype.isFloating ? x.absolute().clamped(1e-3, nil) * rng.normal(x.shape, .float64) : x
    }
    var moved = self
    let values = try (0..<8).map { k in
      for (i, x) in arguments.enumerated() where x.dtype.isFloating {
        moved.arguments[i] = try x + directions[i] * (Double(k) * 1000 * epsilon)
      }
      return try moved.value()
    }
    guard values.allSatisfy(\.isFinite) else { return epsilon }
    return DifferenceQuotient.noise(values, epsilon: epsilon)
  }

  func gradients(_ which: [Int]) throws -> [Tensor] {
    var tracked = arguments
    for i in which { tracked[i] = tracked[i].leaf() }
    return try f(tracked).gradientsOrZero(which.map { tracked[$0] })
  }

  /// The function with one entry of an argument moved by t.
  mutating func value(moving argument: Int, entry: Int, by t: Double) throws -> Double {
    let old = arguments[argument][flat: entry]
    try arguments[argument].setElement(entry, old + t)
    defer { try? arguments[argument].setElement(entry, old) }
    return try value()
  }

  /// The function with an argument moved by t along a direction.
  mutating func value(moving argument: Int, along direction: Tensor, by t: Double) throws -> Double
  {
    let old = arguments[argument]
    arguments[argument] = try old + direction * t
    defer { arguments[argument] = old }
    return try value()
  }
}
