import Tensors

/// The function under check and its arguments, one of which moves.
struct GradientCheckSubject {
  var arguments: [Tensor]
  /// Gives a single number.
  private let f: ([Tensor]) throws -> Tensor
  private(set) var dtype = DType.float64
  private(set) var quotient = DifferenceQuotient(center: 0, noise: 0, rounding: 0)

  /// The arguments as they are checked: floats in float64, without a record.
  static func arguments(_ given: [Tensor]) throws -> [Tensor] {
    try given.map { x in
      let x = x.detached
      return x.dtype.isFloating ? try x.cast(to: .float64) : x
    }
  }

  init(_ given: [Tensor], _ f: @escaping ([Tensor]) throws -> Tensor) throws {
    arguments = try Self.arguments(given)
    self.f = f
    let first = try f(arguments)
    guard first[flat: 0].isFinite else {
      let recorded = try f(arguments.map { $0.dtype.isFloating ? $0.leaf() : $0 })
      throw CalculusError.notFinite(first[flat: 0], recorded.nonFiniteOrigin())
    }
    dtype = first.dtype
    quotient = try quotient(center: first[flat: 0])
  }

  func value() throws -> Double {
    try Interrupt.poll()
    let y = try f(arguments)
    return y[flat: 0]
  }

  /// Moves all arguments together along a short grid in random directions.
  private func quotient(center: Double) throws -> DifferenceQuotient {
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
    let size = values.lazy.map(abs).filter(\.isFinite).max() ?? abs(center)
    let rounding = epsilon * size
    guard values.allSatisfy(\.isFinite) else {
      return DifferenceQuotient(center: center, noise: rounding, rounding: rounding)
    }
    let noise = max(DifferenceQuotient.noise(values), rounding)
    return DifferenceQuotient(center: center, noise: noise, rounding: rounding)
  }

  func gradients(_ which: [Int]) throws -> [Tensor] {
    var tracked = arguments
    for i in which { tracked[i] = tracked[i].leaf() }
    return try f(tracked).gradientsOrZero(which.map { tracked[$0] })
  }

  /// The slope of the function along a random vector, as a function: each entry of its gradient
  /// is a mean of a row of second derivatives.
  func slopeAlongRandomVector(_ which: [Int]) throws -> GradientCheckSubject {
    let rng = Generator(seed: 2)
    let f = f
    // In units of the arguments' own size, so that no entry outweighs the others.
    let vector = try which.map { i in
      try rng.normal(arguments[i].shape, .float64)
        * arguments[i].absolute().clamped(1e-3, nil)
    }
    return try GradientCheckSubject(arguments) { x in
      var x = x
      for i in which where !x[i].isTracked { x[i] = x[i].leaf() }
      let slopes = try f(x).gradientsOrZero(which.map { x[$0] }, createGraph: true)
      return try zip(slopes, vector).map { try ($0 * $1).sum() }.reduce(Tensor(0, .float64), +)
    }
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
