import CKernels

/// Sums, means and extremes over some dimensions, or over all.
package struct Reductions: OperationFamily {
  package init() {}

  private static let parameters: [Operation.Parameter] = [
    .tensor("x"), .optionalSizes("dim"), .flag("keepdim"),
  ]

  private static func examples(_ domain: Domain) -> [Example] {
    [
      Example([domain.of([2, 3])]),
      Example([domain.of([2, 3, 2])], ["dim": .size(1)]),
      Example([domain.of([2, 3, 2])], ["dim": .sizes([0, -1]), "keepdim": .flag(true)]),
    ]
  }

  private static func reduction(
    _ about: String, _ domain: Domain = .reals,
    _ f: @escaping @Sendable (Tensor, [Int]?, Bool) throws -> Tensor
  ) -> Operation {
    Operation(
      about, parameters, examples: examples(domain),
      one: { try f($0.tensor(0), $0.optionalSizes(1), $0.flag(2)) })
  }

  package let sum = reduction("the sum of the elements (along dim)") { try $0.sum($1, keepdim: $2) }
  package let mean = reduction("the mean of the elements (along dim)") {
    try $0.mean($1, keepdim: $2)
  }
  package let prod = Operation(
    "the product of the elements (along dim)",
    [.tensor("x"), .optionalSize("dim"), .flag("keepdim")],
    examples: [
      Example([Domain.nonzero.of([2, 3])]),
      Example([Domain.nonzero.of([2, 3])], ["dim": .size(1)]),
    ],
    one: { try $0.tensor(0).product($0.optionalSize(1), keepdim: $0.flag(2)) })
  package let amax = reduction(
    "the greatest element (along dim); where several tie they share the gradient", .distinct
  ) { try $0.extreme($1, keepdim: $2, greatest: true) }
  package let amin = reduction(
    "the least element (along dim); where several tie they share the gradient", .distinct
  ) { try $0.extreme($1, keepdim: $2, greatest: false) }
  package let logsumexp = reduction("log(sum(exp(x))), stable for any x") {
    try $0.logSumExp($1, keepdim: $2)
  }
  package let `var` = Operation(
    "the variance (along dim): divides by n - correction", spreadParameters,
    examples: spreadExamples,
    one: {
      try $0.tensor(0).variance($0.optionalSizes(1), correction: spread($0), keepdim: $0.flag(4))
    })
  package let std = Operation(
    "the standard deviation (along dim): divides by n - correction", spreadParameters,
    examples: spreadExamples,
    one: {
      let variance = try $0.tensor(0).variance(
        $0.optionalSizes(1), correction: spread($0), keepdim: $0.flag(4))
      // The root's slope at 0 is infinite; a deviation of 0 has the gradient 0, as in PyTorch.
      let isZero = try variance.detached.compare(.equal, to: 0)
      return try isZero.choose(0, isZero.choose(1, variance).squareRoot())
    })
  package let norm = Operation(
    "the p-norm (along dim); p may be inf",
    [.tensor("x"), .number("p", 2), .optionalSizes("dim"), .flag("keepdim")],
    examples: [
      Example([Domain.nonzero.of([2, 3])]),
      Example([Domain.nonzero.of([2, 3])], ["p": .number(1), "dim": .size(1)]),
      Example([Domain.nonzero.of([2, 3])], ["p": .number(3), "dim": .size(0)]),
    ],
    one: { try $0.tensor(0).norm($0.number(1), $0.optionalSizes(2), keepdim: $0.flag(3)) })
  package let softmax = Operation(
    "exp(x) over its sum along dim", [.tensor("x"), .size("dim", -1)],
    examples: [
      Example([Domain.reals.of([2, 3])]), Example([Domain.reals.of([2, 3])], ["dim": .size(0)]),
    ],
    one: { try $0.tensor(0).softmax($0.size(1)) })
  package let logSoftmax = Operation(
    "log(softmax(x)), stable for any x", [.tensor("x"), .size("dim", -1)],
    examples: [
      Example([Domain.reals.of([2, 3])]), Example([Domain.reals.of([2, 3])], ["dim": .size(0)]),
    ],
    one: { try $0.tensor(0).logSoftmax($0.size(1)) })
  package let countNonzero = Operation(
    "how many elements (along dim) are not 0", [.tensor("x"), .optionalSizes("dim")],
    one: { try $0.tensor(0).compare(.notEqual, to: 0).sum($0.optionalSizes(1)) })

  private static let spreadParameters: [Operation.Parameter] = [
    .tensor("x"), .optionalSizes("dim"), .flag("unbiased", true), .number("correction", 1),
    .flag("keepdim"),
  ]
  private static let spreadExamples = [
    Example([Domain.distinct.of([2, 3])]),
    Example([Domain.distinct.of([3, 2])], ["dim": .size(0)]),
  ]
  private static func spread(_ a: Arguments) throws -> Double {
    try a.flag(2) ? a.number(3) : 0
  }
}

extension Tensor {
  /// Moves the reduced dimensions together where they are not, and describes the reduction.
  private func reductionView(_ mask: SIMD8<UInt8>) throws -> (Tensor, ReductionView) {
    let result = shortShape(mask)
    guard let first = (0..<rank).first(where: { mask[$0] == 1 }),
      let last = (0..<rank).last(where: { mask[$0] == 1 })
    else {
      return (self, ReductionView(outer: count, n: 1, inner: 1, result: result))
    }
    if (first..<last).allSatisfy({ mask[$0] == 1 }) {
      let view = ReductionView(
        outer: shape.product(0..<first), n: shape.product(first..<last + 1),
        inner: shape.product(last + 1..<rank), result: result)
      return (self, view)
    }
    let reduced = (0..<rank).filter { mask[$0] == 1 }
    let kept = (0..<rank).filter { mask[$0] == 0 }
    let together = try detached.permuted(kept + reduced)
    let n = reduced.reduce(1) { $0 * shape[$1] }
    let view = ReductionView(
      outer: kept.reduce(1) { $0 * shape[$1] }, n: n, inner: 1, result: result)
    return (together, view)
  }

  /// This shape with the reduced dimensions at 1.
  private func keptShape(_ mask: SIMD8<UInt8>) -> Shape {
    Shape(trusted: (0..<rank).lazy.map { mask[$0] == 1 ? 1 : shape[$0] })
  }

  /// This shape without the reduced dimensions.
  private func shortShape(_ mask: SIMD8<UInt8>) -> Shape {
    Shape(trusted: (0..<rank).lazy.filter { mask[$0] == 0 }.map { shape[$0] })
  }

  /// The reduction by a kernel, without a record; [.., 1, ..] where a dimension is kept.
  func reduced(_ op: dg_reduce, _ mask: SIMD8<UInt8>, keepdim: Bool) throws -> Tensor {
    if let last = (0..<rank).last(where: { mask[$0] == 1 }),
      let gap = (0..<last).last(where: { mask[$0] == 1 && mask[$0 + 1] == 0 })
    {
      // Runs of dimensions one after the other, the last first: no elements need to move.
      var (behind, before) = (mask, mask)
      for d in 0..<rank where d <= gap { behind[d] = 0 }
      for d in 0..<rank where d > gap { before[d] = 0 }
      let y = try reduced(op, behind, keepdim: true).reduced(op, before, keepdim: true)
      return keepdim ? y : y.viewed(as: shortShape(mask))
    }
    let (x, view) = try reductionView(mask)
    let y = try Kernels.reduce(op, x, view)
    return keepdim ? y.viewed(as: keptShape(mask)) : y
  }

  package func sum(_ dims: [Int]? = nil, keepdim: Bool = false) throws -> Tensor {
    let mask = try shape.reduced(dims)
    guard dtype.isFloating else { return try foldedIntegers(mask, keepdim: keepdim, 0, &+) }
    let (shape, kept) = (shape, keptShape(mask))
    return try reduced(DG_SUM, mask, keepdim: keepdim).recorded(self) { b in
      let g = b.g
      try b.send(to: 0) { try g.reshaped(kept).expanded(to: shape) }
    }
  }

  /// A reduction of integers or booleans, exact, from `start` on.
  func foldedIntegers(
    _ mask: SIMD8<UInt8>, keepdim: Bool, _ start: Int64, _ f: (Int64, Int64) -> Int64
  ) throws -> Tensor {
    let (x, v) = try cast(to: .int64).reductionView(mask)
    let y = try Tensor(uninitialized: keepdim ? keptShape(mask) : v.result, .int64)
    for o in 0..<v.outer {
      for j in 0..<v.inner {
        var folded = start
        for i in 0..<v.n {
          // Within [outer, n, inner].
          folded = f(folded, unsafe x.ints[(o * v.n + i) * v.inner + j])
        }
        // Within [outer, inner].
        unsafe y.ints[o * v.inner + j] = folded
      }
    }
    return y
  }

  package func mean(_ dims: [Int]? = nil, keepdim: Bool = false) throws -> Tensor {
    let x = try floating()
    let total = try x.sum(dims, keepdim: keepdim)
    let n = total.count == 0 ? 0 : Double(x.count) / Double(total.count)
    // Times 1 / n would round twice.
    return try total / n
  }

  /// The sum over the dimensions in which `target` was broadcast to this shape.
  package func summed(to target: Shape) throws -> Tensor {
    if shape == target { return self }
    var dims: [Int] = []
    let extra = rank - target.rank
    for i in 0..<rank where i < extra || (target[i - extra] == 1 && shape[i] != 1) {
      dims.append(i)
    }
    if dims.isEmpty { return try reshaped(target) }
    return try sum(dims, keepdim: true).reshaped(target)
  }

  package func variance(_ dims: [Int]?, correction: Double, keepdim: Bool = false) throws -> Tensor
  {
    let x = try floating()
    let centred = try x - x.mean(dims, keepdim: true)
    let total = try centred.square().sum(dims, keepdim: keepdim)
    let n = total.count == 0 ? 0 : Double(x.count) / Double(total.count)
    return try total / max(n - correction, 0)
  }

  /// The greatest or least; where several tie they share the gradient.
  package func extreme(_ dims: [Int]?, keepdim: Bool = false, greatest: Bool) throws -> Tensor {
    let mask = try shape.reduced(dims)
    guard (0..<rank).allSatisfy({ mask[$0] == 0 || shape[$0] > 0 }) else {
      throw TensorError.shape(shape, expected: "at least one element to choose from")
    }
    let kept = keptShape(mask)
    guard dtype.isFloating else {
      return try foldedIntegers(
        mask, keepdim: keepdim, greatest ? .min : .max, greatest ? Swift.max : Swift.min
      ).cast(to: dtype)
    }
    let x = self
    let y = try x.reduced(greatest ? DG_MAXIMUM : DG_MINIMUM, mask, keepdim: keepdim)
    return y.recorded(x) { b in
      let (g, x, y) = (b.g, b[0].detached, try b.y.detached)
      try b.send(to: 0) {
        let chosen = try x.compare(.equal, to: y.reshaped(kept)).cast(to: x.dtype)
        let share = try chosen / chosen.sum(dims, keepdim: true)
        return try share * g.reshaped(kept)
      }
    }
  }

  package func logSumExp(_ dims: [Int]?, keepdim: Bool = false) throws -> Tensor {
    let x = try floating()
    let mask = try shape.reduced(dims)
    let (seen, view) = try x.reductionView(mask)
    let y = try Kernels.logSumExp(seen, view)
    let kept = keptShape(mask)
    return (keepdim ? y.viewed(as: kept) : y).recorded(x) { b in
      let (g, x, y) = (b.g, b[0], try b.y)
      try b.send(to: 0) {
        // Where everything is -inf the sum is -inf as well, and no direction raises it.
        let top = try y.reshaped(kept)
        let shift = try top.detached.compare(.equal, to: -.infinity).choose(0, top)
        return try (x - shift).exp() * g.reshaped(kept)
      }
    }
  }

  package func softmax(_ dim: Int) throws -> Tensor {
    let x = try floating()
    _ = try shape.dimension(dim)
    if count == 0 { return x }
    let seen = x.detached
    let e = try (seen - seen.extreme([dim], keepdim: true, greatest: true)).exp()
    return try (e / e.sum([dim], keepdim: true)).recorded(x) { b in
      let (g, y) = (b.g, try b.y)
      try b.send(to: 0) { try (g - (g * y).sum([dim], keepdim: true)) * y }
    }
  }

  package func logSoftmax(_ dim: Int) throws -> Tensor {
    let x = try floating()
    _ = try shape.dimension(dim)
    if count == 0 { return x }
    // What all share goes first, or it would take digits from the logarithm.
    let seen = try x.detached - x.detached.extreme([dim], keepdim: true, greatest: true)
    return try (seen - seen.logSumExp([dim], keepdim: true)).recorded(x) { b in
      let (g, y) = (b.g, try b.y)
      try b.send(to: 0) { try g - y.exp() * g.sum([dim], keepdim: true) }
    }
  }

  /// |x| to a power; its gradient at 0 is 0, also where its slope is infinite.
  private func powerOfSize(_ p: Double) throws -> Tensor {
    guard p < 1 else { return try absolute().power(p) }
    let isZero = try detached.compare(.equal, to: 0)
    return try isZero.choose(p < 0 ? .infinity : 0, isZero.choose(1, self).absolute().power(p))
  }

  /// The p-norm; its gradient at 0 is 0, as in PyTorch.
  package func norm(_ p: Double, _ dims: [Int]?, keepdim: Bool = false) throws -> Tensor {
    let x = try floating()
    if p.isInfinite { return try x.absolute().extreme(dims, keepdim: keepdim, greatest: p > 0) }
    if p == 1 { return try x.absolute().sum(dims, keepdim: keepdim) }
    if p == 0 {
      return try x.compare(.notEqual, to: 0).cast(to: x.dtype).sum(dims, keepdim: keepdim)
    }
    let total =
      p == 2
      ? try x.square().sum(dims, keepdim: keepdim)
      : try x.powerOfSize(p).sum(dims, keepdim: keepdim)
    // The root's slope at 0 is infinite: there it is taken of 1 and thrown away.
    let isZero = try total.detached.compare(.equal, to: 0)
    let root = try isZero.choose(1, total)
    return try isZero.choose(0, p == 2 ? root.squareRoot() : root.power(1 / p))
  }
}
