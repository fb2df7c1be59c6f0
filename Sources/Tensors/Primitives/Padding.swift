/// Borders around a tensor.
package struct Padding: OperationFamily {
  package init() {}

  package let pad = Operation(
    "with borders, less than 0 cuts off: pad is (left, right, top, bottom, ...), the last dimension first; "
      + "mode constant, reflect, replicate or circular",
    [.tensor("x"), .sizes("pad"), .text("mode", "constant"), .number("value", 0)],
    examples: [
      Example([Domain.reals.of([2, 3])], ["pad": .sizes([1, 0, -1, 2])]),
      Example([Domain.reals.of([2, 3])], ["pad": .sizes([1, 2]), "mode": .text("reflect")]),
      Example([Domain.reals.of([2, 3])], ["pad": .sizes([1, 3]), "mode": .text("replicate")]),
      Example([Domain.reals.of([2, 3])], ["pad": .sizes([1, 2]), "mode": .text("circular")]),
    ],
    one: { a in
      let pads = try a.sizes(1)
      if try a.text(2) == "constant" { return try a.tensor(0).padded(pads, a.number(3)) }
      return try a.tensor(0).padded(pads, Border(a.text(2)))
    })
}

extension Tensor {
  /// `pad` is (before, after) of the last dimension, then of the one before it...; less than 0 cuts off.
  package func padded(_ pad: [Int], _ value: Double) throws -> Tensor {
    try eachPadded(pad) { y, d, before, after in
      func border(_ n: Int) throws -> Tensor {
        var dims = y.shape.dims
        dims[d] = max(n, 0)
        return try Tensor.full(Shape(dims), value, dtype)
      }
      let n = y.shape[d]
      guard before > -n || after > -n, max(-before, 0) <= n - max(-after, 0) else { return nil }
      let kept = try y.sliced(d, max(-before, 0), n - max(-after, 0))
      return try Tensor.concatenated([border(before), kept, border(after)], d)
    }
  }

  /// The same with elements of the tensor itself in the border.
  fileprivate func padded(_ pad: [Int], _ border: Border) throws -> Tensor {
    try eachPadded(pad) { y, d, before, after in
      let n = y.shape[d]
      guard n > 0, min(before, after) >= 0, max(before, after) <= border.widest(n) else {
        return nil
      }
      return try y.indexSelected(d, Tensor((-before..<n + after).map { border.place($0, n) }))
    }
  }

  /// `f` gets the tensor so far, a dimension, and how much goes before and after; nil if that is not possible.
  private func eachPadded(_ pad: [Int], _ f: (Tensor, Int, Int, Int) throws -> Tensor?) throws
    -> Tensor
  {
    func refused(_ expected: String) -> TensorError {
      .argument("pad", found: "\(pad)", expected: expected)
    }
    guard pad.count % 2 == 0, pad.count / 2 <= rank, pad.allSatisfy({ $0.magnitude < 1 << 40 })
    else { throw refused("two sizes for each of up to \(rank) dimensions") }
    var y = self
    for i in 0..<pad.count / 2 where pad[2 * i] != 0 || pad[2 * i + 1] != 0 {
      guard let wider = try f(y, rank - 1 - i, pad[2 * i], pad[2 * i + 1]) else {
        throw refused("sizes that dimension \(rank - 1 - i) of \(shape) has room for")
      }
      y = wider
    }
    return y
  }
}

/// What stands in a border that is made of the tensor's own elements.
private enum Border: String {
  /// The elements mirrored at the first and the last, which are not repeated.
  case reflect
  case replicate
  case circular

  init(_ mode: String) throws {
    guard let border = Border(rawValue: mode) else {
      throw TensorError.argument(
        "mode", found: "\"\(mode)\"",
        expected: "\"constant\", \"reflect\", \"replicate\" or \"circular\"")
    }
    self = border
  }

  /// How wide it can be beside `n` elements.
  func widest(_ n: Int) -> Int {
    switch self {
    case .reflect: n - 1
    case .replicate: 1 << 24
    case .circular: n
    }
  }

  /// The element that stands at place `i`, which may lie before the first or after the last of `n`.
  func place(_ i: Int, _ n: Int) -> Int {
    switch self {
    case .reflect: i < 0 ? -i : i < n ? i : 2 * (n - 1) - i
    case .replicate: min(max(i, 0), n - 1)
    case .circular: (i + n) % n
    }
  }
}
