import CKernels

/// What stands between the layers of a network, under PyTorch's names.
package struct Activations: OperationFamily {
  package init() {}

  package let relu = Operation("x where x > 0, else 0", domain: .nonzero) { try $0.relu() }
  package let leakyRelu = Operation(
    "x where x > 0, else negative_slope * x", [.tensor("x"), .number("negative_slope", 0.01)],
    examples: [Example([Domain.nonzero.of([3, 4])], ["negative_slope": .number(0.2)])],
    one: { try $0.tensor(0).leakyRelu($0.number(1)) })
  package let elu = Operation(
    "x where x > 0, else alpha * (exp(x) - 1)", [.tensor("x"), .number("alpha", 1)],
    examples: [Example([Domain.nonzero.of([3, 4])])],
    one: { try $0.tensor(0).elu($0.number(1)) })
  package let silu = Operation("x * sigmoid(x)") { try $0 * $0.sigmoid() }
  package let gelu = Operation(
    "x times the normal distribution function at x; approximate=\"tanh\" for its usual approximation",
    [.tensor("x"), .text("approximate", "none")],
    examples: [
      Example([Domain.reals.of([3, 4])]),
      Example([Domain.reals.of([3, 4])], ["approximate": .text("tanh")]),
    ],
    one: { try $0.tensor(0).gelu(approximate: $0.text(1)) })
  package let selu = Operation(
    "elu with the slopes for which activations keep mean 0 and variance 1", domain: .nonzero
  ) {
    // Source: Klambauer et al. (2017), "Self-Normalizing Neural Networks", equation 2 and appendix A.
    try $0.elu(1.673_263_242_354_377_2) * 1.050_700_987_355_480_5
  }
  package let celu = Operation(
    "x where x > 0, else alpha * (exp(x / alpha) - 1)", [.tensor("x"), .number("alpha", 1)],
    examples: [Example([Domain.nonzero.of([3, 4])], ["alpha": .number(0.7)])],
    one: { try ($0.tensor(0) / $0.number(1)).elu(1) * $0.number(1) })
  package let mish = Operation("x tanh(softplus(x))") { try $0 * $0.softplus().tanh() }
  package let hardtanh = Operation(
    "x, held between min_val and max_val",
    [.tensor("x"), .number("min_val", -1), .number("max_val", 1)],
    examples: [Example([Domain.distinct.of([3, 4])])],
    one: { try $0.tensor(0).clamped($0.number(1), $0.number(2)) })
  package let relu6 = Operation("x, held between 0 and 6", domain: .nonzero) {
    try $0.clamped(0, 6)
  }
  package let prelu = Operation(
    "x where x > 0, else weight * x: one weight, or one for each channel (dim 1)",
    [.tensor("x"), .tensor("weight")],
    examples: [
      Example([Domain.nonzero.of([3, 4]), Domain.reals.of([1])]),
      Example([Domain.nonzero.of([2, 3, 2]), Domain.reals.of([3])]),
    ],
    one: { a in
      let (x, weight) = (try a.tensor(0), try a.tensor(1))
      let channels = x.rank > 1 ? x.shape[1] : 1
      guard weight.rank <= 1, weight.count == 1 || weight.count == channels else {
        throw TensorError.shape(weight.shape, expected: "one weight, or \(channels)")
      }
      let after = [Int](repeating: 1, count: max(x.rank - 2, 0))
      let slopes = try weight.reshaped(to: (weight.count == 1 ? [] : [weight.count]) + after)
      return try x.compare(.greater, to: 0).choose(x, x * slopes)
    })
  package let softsign = Operation("x / (1 + |x|)", domain: .nonzero) {
    try $0 / ($0.absolute() + 1)
  }
  package let tanhshrink = Operation("x - tanh(x)") { try $0 - $0.tanh() }
  package let softmin = Operation(
    "exp(-x) over its sum along dim", [.tensor("x"), .size("dim", -1)],
    examples: [Example([Domain.reals.of([2, 3])], ["dim": .size(0)])],
    one: { try (-$0.tensor(0)).softmax($0.size(1)) })
  package let glu = Operation(
    "the first half along dim times the sigmoid of the second", [.tensor("x"), .size("dim", -1)],
    examples: [Example([Domain.reals.of([2, 4])])],
    one: { a in
      let x = try a.tensor(0)
      let d = try x.shape.dimension(a.size(1))
      guard x.rank > 0, x.shape[d] % 2 == 0 else {
        throw TensorError.shape(x.shape, expected: "an even extent along dim \(try a.size(1))")
      }
      let half = x.shape[d] / 2
      return try x.sliced(d, 0, half) * x.sliced(d, half, 2 * half).sigmoid()
    })
}

extension Tensor {
  package func relu() throws -> Tensor {
    if dtype == .int64 { return try clamped(0, nil) }
    return try mapped(DG_RELU) { try $0.g.masked(whereNotPositive: $0[0]) }
  }

  package func leakyRelu(_ slope: Double) throws -> Tensor {
    let x = try floating()
    return try Kernels.rectify(x, by: x, slope).recorded(x) { b in
      let (g, x) = (b.g, b[0])
      try b.send(to: 0) { try g.rectified(by: x, slope) }
    }
  }

  package func elu(_ alpha: Double) throws -> Tensor {
    let x = try floating()
    // The branch not taken is held at 0, or its infinite slope would spoil the gradient.
    let isPositive = try x.compare(.greater, to: 0)
    return try isPositive.choose(x, isPositive.choose(0, x).expm1() * alpha)
  }

  package func gelu(approximate: String) throws -> Tensor {
    switch approximate {
    case "none": return try self * normalCDF()
    case "tanh":
      // Source: Hendrycks and Gimpel (2016), Gaussian Error Linear Units, section 2.
      let inner = try (self + self * square() * 0.044715) * (2 / Double.pi).squareRoot()
      return try self * 0.5 * (inner.tanh() + 1)
    default:
      throw TensorError.argument(
        "approximate", found: "\"\(approximate)\"", expected: "\"none\" or \"tanh\"")
    }
  }
}
