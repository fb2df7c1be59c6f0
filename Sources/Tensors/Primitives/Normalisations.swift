/// Centring and scaling by means and variances, under PyTorch's names.
package struct Normalisations: OperationFamily {
  package init() {}

  package let batchNorm = Operation(
    "x, each channel (dim 1) centred and scaled by running_mean and running_var, or in training by its own",
    [
      .tensor("x"), .optionalTensor("running_mean"), .optionalTensor("running_var"),
      .optionalTensor("weight"), .optionalTensor("bias"), .flag("training"),
      .number("momentum", 0.1), .number("eps", 1e-5),
    ],
    examples: [
      Example([
        Domain.reals.of([2, 3]), Domain.reals.of([3]), Domain.positive.of([3]),
        Domain.reals.of([3]), Domain.reals.of([3]),
      ]),
      Example(
        [Domain.reals.of([4, 2]), Domain.reals.of([2]), Domain.reals.of([2])],
        ["running_mean": .none, "running_var": .none, "training": .flag(true)]),
      Example(
        [Domain.reals.of([2, 2, 2, 2])],
        [
          "running_mean": .none, "running_var": .none, "weight": .none, "bias": .none,
          "training": .flag(true),
        ]),
    ],
    one: { a in
      let x = try a.tensor(0)
      let running = try a.flag(5) ? nil : (a.optionalTensor(1), a.optionalTensor(2))
      guard let running else {
        return try x.batchNormalised(nil, a.optionalTensor(3), a.optionalTensor(4), a.number(7))
      }
      guard let mean = running.0, let variance = running.1 else {
        throw TensorError.argument(
          "running_mean", found: "none", expected: "running_mean and running_var unless training")
      }
      return try x.batchNormalised(
        (mean, variance), a.optionalTensor(3), a.optionalTensor(4), a.number(7))
    })
  package let layerNorm = Operation(
    "x, centred and scaled over its last dimensions, those of normalized_shape",
    [
      .tensor("x"), .sizes("normalized_shape"), .optionalTensor("weight"),
      .optionalTensor("bias"), .number("eps", 1e-5),
    ],
    examples: [
      Example(
        [Domain.reals.of([2, 3]), Domain.reals.of([3]), Domain.reals.of([3])],
        ["normalized_shape": .sizes([3])]),
      Example(
        [Domain.reals.of([2, 2, 2])],
        ["normalized_shape": .sizes([2, 2]), "weight": .none, "bias": .none]),
    ],
    one: {
      try $0.tensor(0).layerNormalised(
        $0.sizes(1), $0.optionalTensor(2), $0.optionalTensor(3), $0.number(4))
    })
  package let groupNorm = Operation(
    "x, each of num_groups groups of channels (dim 1) of each sample centred and scaled",
    [
      .tensor("x"), .size("num_groups"), .optionalTensor("weight"), .optionalTensor("bias"),
      .number("eps", 1e-5),
    ],
    examples: [
      Example(
        [Domain.reals.of([2, 4, 2]), Domain.reals.of([4]), Domain.reals.of([4])],
        ["num_groups": .size(2)]),
      Example(
        [Domain.reals.of([2, 6])], ["num_groups": .size(2), "weight": .none, "bias": .none]),
    ],
    one: {
      try $0.tensor(0).groupNormalised(
        $0.size(1), $0.optionalTensor(2), $0.optionalTensor(3), $0.number(4))
    })
  package let instanceNorm = Operation(
    "x, each channel (dim 1) of each sample centred and scaled, by running_mean and running_var unless use_input_stats",
    [
      .tensor("x"), .optionalTensor("running_mean"), .optionalTensor("running_var"),
      .optionalTensor("weight"), .optionalTensor("bias"), .flag("use_input_stats", true),
      .number("momentum", 0.1), .number("eps", 1e-5),
    ],
    examples: [
      Example(
        [Domain.reals.of([2, 2, 3]), Domain.reals.of([2]), Domain.reals.of([2])],
        ["running_mean": .none, "running_var": .none])
    ],
    one: { a in
      let (x, weight, bias) = (try a.tensor(0), try a.optionalTensor(3), try a.optionalTensor(4))
      if try !a.flag(5), let mean = try a.optionalTensor(1), let v = try a.optionalTensor(2) {
        return try x.batchNormalised((mean, v), weight, bias, a.number(7))
      }
      guard x.rank >= 3, x.shape.product(2..<x.rank) > 1 else {
        throw TensorError.shape(
          x.shape, expected: "more than one value for each channel of a sample")
      }
      return try x.groupNormalised(x.shape[1], weight, bias, a.number(7))
    })
}

extension Tensor {
  /// Each group of neighbouring channels of each sample by its own mean and variance.
  ///
  /// Shapes: [n, channels, ..]; weight and bias [channels]
  /// Source: Wu and He (2018), "Group Normalization", equations 1, 2 and 7.
  func groupNormalised(_ groups: Int, _ weight: Tensor?, _ bias: Tensor?, _ eps: Double) throws
    -> Tensor
  {
    guard rank >= 2, groups > 0, shape[1] % groups == 0 else {
      throw TensorError.shape(
        shape, expected: "[n, channels, ..] with channels in \(groups) equal groups")
    }
    let channels = shape[1]
    let after = [Int](repeating: 1, count: rank - 2)
    let factors = try [weight, bias].map { t -> Tensor? in
      guard let t else { return nil }
      guard t.rank == 1, t.count == channels else {
        throw TensorError.shape(t.shape, expected: "one number for each of \(channels) channels")
      }
      return try t.reshaped(to: [channels] + after)
    }
    if count == 0 { return try floating().scaled(factors[0], factors[1]) }
    let grouped = try floating().reshaped(to: [shape[0], groups, -1])
    return try grouped.standardised([2], eps).reshaped(shape).scaled(factors[0], factors[1])
  }

  /// Each channel by the given mean and variance, or by its own: those of the other dimensions, divided by n.
  ///
  /// Shapes: [n, channels, ..]; means and the rest [channels]
  /// Source: Ioffe and Szegedy (2015), "Batch Normalization", algorithm 1.
  package func batchNormalised(
    _ running: (mean: Tensor, variance: Tensor)?, _ weight: Tensor?, _ bias: Tensor?, _ eps: Double
  ) throws -> Tensor {
    guard rank >= 2 else { throw TensorError.rank(shape, expected: "a batch [n, channels, ..]") }
    let channels = shape[1]
    let ones = [Int](repeating: 1, count: rank - 2)
    func perChannel(_ t: Tensor?) throws -> Tensor? {
      guard let t else { return nil }
      guard t.rank == 1, t.count == channels else {
        throw TensorError.shape(t.shape, expected: "one number for each of \(channels) channels")
      }
      return try t.reshaped(to: [channels] + ones)
    }
    let x = try floating()
    if let mean = try perChannel(running?.mean), let v = try perChannel(running?.variance) {
      let scale = try (v + eps).reciprocalSquareRoot()
      let full = try perChannel(weight).map { try scale * $0 } ?? scale
      return try (x - mean).scaled(full, perChannel(bias))
    }
    guard count > channels else {
      throw TensorError.shape(shape, expected: "more than one value for each channel in training")
    }
    for t in [weight, bias] { _ = try perChannel(t) }
    return try x.batchNormalised(weight, bias, eps).y
  }

  package func layerNormalised(
    _ dims: [Int], _ weight: Tensor?, _ bias: Tensor?, _ eps: Double
  ) throws -> Tensor {
    guard !dims.isEmpty, dims.count <= rank, Array(shape.dims.suffix(dims.count)) == dims else {
      throw TensorError.shape(shape, expected: "last dimensions \(dims)")
    }
    for t in [weight, bias].compactMap({ $0 }) where t.shape.dims != dims {
      throw TensorError.shape(t.shape, expected: "the shape \(dims)")
    }
    return try floating().standardised(Array(rank - dims.count..<rank), eps).scaled(weight, bias)
  }

  /// (x - mean) / sqrt(variance + eps) over some dimensions, as one step of the tape.
  private func standardised(_ dims: [Int], _ eps: Double) throws -> Tensor {
    let x = detached
    let centred = try x - x.mean(dims, keepdim: true)
    let scale = try (centred.square().mean(dims, keepdim: true) + eps).reciprocalSquareRoot()
    return try (centred * scale).recorded(self) { b in
      let (g, x, y) = (b.g, b[0], try b.y)
      try b.send(to: 0) {
        let straight = try g - g.mean(dims, keepdim: true)
        let bent = try straight - y * (g * y).mean(dims, keepdim: true)
        guard x.isTracked else { return try bent * scale }
        // The scale depends on x as well: that counts where the gradient is differentiated again.
        let variance = try x.variance(dims, correction: 0, keepdim: true)
        return try bent * (variance + eps).reciprocalSquareRoot()
      }
    }
  }

  private func scaled(_ scale: Tensor?, _ shift: Tensor?) throws -> Tensor {
    let y = try scale.map { try self * $0 } ?? self
    return try shift.map { try y + $0 } ?? y
  }
}
