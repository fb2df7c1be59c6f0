import CKernels

/// Arithmetic on two tensors, broadcast.
package struct Arithmetic: OperationFamily {
  package init() {}

  private static let shapes: [([Int], [Int])] = [
    ([2, 3], [2, 3]), ([2, 3], [3]), ([2, 1], [1, 3]), ([], [3]),
  ]

  private static func pairs(_ a: Domain, _ b: Domain) -> [Example] {
    shapes.map { Example([a.of($0), b.of($1)]) }
  }

  private static func binary(
    _ about: String, _ a: Domain = .reals, _ b: Domain = .reals,
    _ f: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) -> Operation {
    Operation(
      about, [.tensor("x"), .tensor("y")], examples: pairs(a, b),
      one: { try f($0.tensor(0), $0.tensor(1)) })
  }

  package let add = binary("x + y") { try $0 + $1 }
  package let sub = binary("x - y") { try $0 - $1 }
  package let mul = binary("x * y, element by element") { try $0 * $1 }
  package let div = binary("x / y", .reals, .nonzero) { try $0 / $1 }
  package let pow = binary("x to the power y", .positive) { try $0.power($1) }
  package let remainder = binary(
    "what division leaves, with the divisor's sign", .between(0.1, 0.9), .between(1, 2)
  ) { try $0.remainder($1) }
  package let fmod = binary(
    "what division leaves, with the sign of x", .between(0.1, 0.9), .between(1, 2)
  ) { x, y in
    let isNegative = try x.compare(.less, to: 0)
    let size = try isNegative.choose(-x, x).remainder(y.absolute())
    return try isNegative.choose(-size, size)
  }
  package let heaviside = binary(
    "0 where x < 0, 1 where x > 0, y where x is 0", .nonzero, .reals
  ) { x, y in
    let step = try x.compare(.greater, to: 0).cast(to: y.dtype)
    return try x.compare(.equal, to: 0).choose(y, step)
  }
  package let floorDivide = binary(
    "x / y, rounded down", .integers(below: 9), .between(1.1, 1.2)
  ) { try $0.floorDivided(by: $1) }
  package let maximum = binary(
    "the greater of x and y; where they tie the gradient is halved", .reals, .between(2, 3)
  ) {
    try $0.greater($1)
  }
  package let minimum = binary(
    "the lesser of x and y; where they tie the gradient is halved", .reals, .between(2, 3)
  ) {
    try $0.lesser($1)
  }
  package let atan2 = binary("the angle of the point (y, x), first y", .positive, .positive) {
    try $0.angle($1)
  }
  package let logaddexp = binary("log(exp(x) + exp(y)), stable for any x and y") {
    try $0.logAddExp($1)
  }
  package let hypot = binary("sqrt(x^2 + y^2)", .nonzero, .nonzero) {
    try $0.hypotenuse($1)
  }
  package let lerp = Operation(
    "start + weight * (end - start)", [.tensor("start"), .tensor("end"), .tensor("weight")],
    examples: [Example([Domain.reals.of([2, 3]), Domain.reals.of([3]), Domain.reals.of([])])],
    one: { a in
      let start = try a.tensor(0)
      return try start + a.tensor(2) * (a.tensor(1) - start)
    })
}

extension Tensor {
  /// Both tensors in the type of their operation.
  private static func promoted(_ a: Tensor, _ b: Tensor) throws -> (Tensor, Tensor) {
    if a.dtype == b.dtype { return (a, b) }
    let type = DType.promoted(a, b)
    return (try a.cast(to: type), try b.cast(to: type))
  }

  /// The same, integers and booleans as floats.
  private static func promotedFloats(_ a: Tensor, _ b: Tensor) throws -> (Tensor, Tensor) {
    let (x, y) = try promoted(a, b)
    return (try x.floating(), try y.floating())
  }

  /// Applies a kernel to two tensors, integers by `whole` or as floats.
  private static func zipped(
    _ op: dg_binary, _ a: Tensor, _ b: Tensor, whole: ((Int64, Int64) throws -> Int64)? = nil,
    _ pullback: @escaping Pullback
  ) throws -> Tensor {
    if a.dtype == b.dtype, a.dtype.isFloating {
      return try Kernels.zip(op, a, b).recorded(a, b, pullback)
    }
    var (x, y) = try promoted(a, b)
    if !x.dtype.isFloating {
      if let whole { return try Kernels.zipIntegers(x, y, whole) }
      (x, y) = (try x.floating(), try y.floating())
    }
    return try Kernels.zip(op, x, y).recorded(x, y, pullback)
  }

  package static func + (a: Tensor, b: Tensor) throws -> Tensor {
    try zipped(DG_ADD, a, b, whole: (&+)) { b in
      try b.send(to: 0, b.g)
      try b.send(to: 1, b.g)
    }
  }

  package static func - (a: Tensor, b: Tensor) throws -> Tensor {
    try zipped(DG_SUB, a, b, whole: (&-)) { b in
      let g = b.g
      try b.send(to: 0) { g }
      try b.send(to: 1) { try -g }
    }
  }

  package static func * (a: Tensor, b: Tensor) throws -> Tensor {
    let (x, y) = try promoted(a, b)
    if !x.dtype.isFloating { return try Kernels.zipIntegers(x, y, &*) }
    return try Kernels.zip(DG_MUL, x, y).recorded(productOf: x, y) { b in
      let (g, x, y) = (b.g, b[0], b[1])
      try b.send(to: 0) { try g * y }
      try b.send(to: 1) { try g * x }
    }
  }

  package static func / (a: Tensor, b: Tensor) throws -> Tensor {
    try zipped(DG_DIV, a, b) { b in
      let (g, y, ratio) = (b.g, b[1], try b.y)
      try b.send(to: 0) { try g / y }
      // y squared would overflow, or vanish, before the quotient does.
      try b.send(to: 1) { try -(g * ratio / y) }
    }
  }

  /// This to a power; the gradient in the exponent is 0 where the base is 0 and the exponent is not negative,
  /// as in PyTorch.
  ///
  /// Shapes: broadcast.
  package func power(_ exponent: Tensor) throws -> Tensor {
    let whole: (Int64, Int64) throws -> Int64 = { x, n in
      guard n >= 0 else {
        throw TensorError.argument(
          "exponent", found: "\(n)", expected: "at least 0 for integers; float(x) takes any")
      }
      var (result, base, n) = (Int64(1), x, n)
      while n > 0 {
        if n & 1 == 1 { result = result &* base }
        (base, n) = (base &* base, n >> 1)
      }
      return result
    }
    return try Tensor.zipped(DG_POW, self, exponent, whole: whole) { b in
      let (g, x, n) = (b.g, b[0], b[1])
      try b.send(to: 0) {
        // Where the exponent is 0 the base is held at 1, or its infinite power would spoil the next gradient.
        let isFlat = try n.detached.compare(.equal, to: 0)
        let base = n.item.map { $0 != 0 } == true ? x : try isFlat.choose(1, x)
        return try g * n * base.power(n - 1)
      }
      let y = try b.y
      try b.send(to: 1) {
        let isHeld = try x.detached.compare(.equal, to: 0).both(
          n.detached.compare(.greaterOrEqual, to: 0))
        return try isHeld.choose(0, g * y * isHeld.choose(1, x).log())
      }
    }
  }

  package func remainder(_ divisor: Tensor) throws -> Tensor {
    let whole: (Int64, Int64) throws -> Int64 = { a, b in
      guard b != 0 else { throw TensorError.divisionByZero }
      if b == -1 { return 0 }
      let r = a % b
      return r != 0 && (r < 0) != (b < 0) ? r + b : r
    }
    return try Tensor.zipped(DG_MOD, self, divisor, whole: whole) { b in
      let (g, x, y) = (b.g, b[0], b[1])
      try b.send(to: 0) { g }
      try b.send(to: 1) { try -(g * x.detached.floorDivided(by: y.detached)) }
    }
  }

  package func floorDivided(by divisor: Tensor) throws -> Tensor {
    let whole: (Int64, Int64) throws -> Int64 = { a, b in
      guard b != 0 else { throw TensorError.divisionByZero }
      if b == -1 { return 0 &- a }
      let q = a / b
      return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q
    }
    return try Tensor.zipped(DG_FLOORDIV, self.detached, divisor.detached, whole: whole) { _ in }
  }

  package func greater(_ other: Tensor) throws -> Tensor {
    try Tensor.zipped(DG_MAX, self, other, whole: Swift.max) { try $0.sendToExtreme() }
  }

  package func lesser(_ other: Tensor) throws -> Tensor {
    try Tensor.zipped(DG_MIN, self, other, whole: Swift.min) { try $0.sendToExtreme() }
  }

  package func angle(_ x: Tensor) throws -> Tensor {
    try Tensor.zipped(DG_ATAN2, self, x) { b in
      let (g, y, x) = (b.g, b[0], b[1])
      // At the origin there is no direction, and the gradient is 0, as in PyTorch.
      let r = try x.hypotenuse(y)
      let isOrigin = try r.detached.compare(.equal, to: 0)
      let length = try isOrigin.choose(1, r)
      try b.send(to: 0) { try g * (x / length / length) }
      try b.send(to: 1) { try -(g * (y / length / length)) }
    }
  }

  package func logAddExp(_ other: Tensor) throws -> Tensor {
    let (x, y) = try Tensor.promotedFloats(self, other)
    let (a, b) = (x.detached, y.detached)
    let top = try a.greater(b)
    // Two infinities of one sign differ by nothing.
    let gap = try a.isSameInfinity(as: b).choose(0, a - b)
    return try (top + (-gap.absolute()).exp().log1p()).recorded(x, y) { back in
      let (g, x, y) = (back.g, back[0], back[1])
      let share = try x.isSameInfinity(as: y).choose(0, x - y).sigmoid()
      try back.send(to: 0) { try g * share }
      try back.send(to: 1) { try g * (1 - share) }
    }
  }

  private func isSameInfinity(as other: Tensor) throws -> Tensor {
    try detached.compare(.equal, to: other.detached).both(
      detached.absolute().compare(.equal, to: .infinity))
  }

  /// sqrt(x^2 + y^2), without the overflow of the squares.
  ///
  /// Shapes: broadcast.
  package func hypotenuse(_ other: Tensor) throws -> Tensor {
    let (x, y) = try Tensor.promotedFloats(self, other)
    let (a, b) = (try x.detached.absolute(), try y.detached.absolute())
    let top = try a.greater(b)
    let isOpen = try top.compare(.greater, to: 0).both(top.compare(.less, to: .infinity))
    let unit = try isOpen.choose(top, 1)
    let scaled = try unit * ((a / unit).square() + (b / unit).square()).squareRoot()
    return try isOpen.choose(scaled, top).recorded(x, y) { back in
      let (g, x, y, r) = (back.g, back[0], back[1], try back.y)
      try back.send(to: 0) { try g * (x / r) }
      try back.send(to: 1) { try g * (y / r) }
    }
  }

  // MARK: With a plain number, which takes the tensor's type

  /// The number as a tensor that goes with this one: of its type, or float32 where a fraction meets integers.
  func number(_ v: Double) throws -> Tensor {
    if dtype.isFloating { return try Tensor(v, dtype) }
    return try Tensor(v, v == v.rounded() && Swift.abs(v) < 9e15 ? .int64 : .float32)
  }

  private func affine(_ scale: Double, _ shift: Double) throws -> Tensor {
    let y = try Kernels.affine(self, scale, shift)
    if scale == 1 { return y.recorded(self) { try $0.send(to: 0, $0.g) } }
    return y.recorded(self) { try $0.send(to: 0, $0.g * scale) }
  }

  package static func + (a: Tensor, b: Double) throws -> Tensor {
    a.dtype.isFloating ? try a.affine(1, b) : try a + a.number(b)
  }
  package static func + (a: Double, b: Tensor) throws -> Tensor { try b + a }
  package static func - (a: Tensor, b: Double) throws -> Tensor { try a + -b }
  package static func - (a: Double, b: Tensor) throws -> Tensor {
    b.dtype.isFloating ? try b.affine(-1, a) : try b.number(a) - b
  }
  package static func * (a: Tensor, b: Double) throws -> Tensor {
    a.dtype.isFloating ? try a.affine(b, 0) : try a * a.number(b)
  }
  package static func * (a: Double, b: Tensor) throws -> Tensor { try b * a }
  package static func / (a: Tensor, b: Double) throws -> Tensor { try a / a.number(b) }
  package static func / (a: Double, b: Tensor) throws -> Tensor { try b.number(a) / b }

  package func power(_ n: Double) throws -> Tensor {
    if n == 2 { return try square() }
    return try power(number(n))
  }
}

extension Backward {
  /// Sends the gradient of a maximum or minimum: to the operand that is the result, in halves where they tie.
  fileprivate mutating func sendToExtreme() throws {
    let (g, x, y) = (g, self[0].detached, self[1].detached)
    let result = try self.y.detached
    let ties = try x.compare(.equal, to: y)
    let share = try ties.choose(Tensor(0.5, g.dtype), Tensor(1, g.dtype))
    try send(to: 0) { try result.compare(.equal, to: x).choose(g * share, 0) }
    try send(to: 1) { try result.compare(.equal, to: y).choose(g * share, 0) }
  }
}
