import CKernels

/// Losses, under PyTorch's names.
package struct Losses: OperationFamily {
  package init() {}

  private static let pair: [Operation.Parameter] = [
    .tensor("input"), .tensor("target"), .text("reduction", "mean"),
  ]

  private static func examples(_ input: Domain, _ target: Domain) -> [Example] {
    ["mean", "sum", "none"].map {
      Example([input.of([2, 3]), target.of([2, 3])], ["reduction": .text($0)])
    }
  }

  package let mseLoss = Operation(
    "the squared difference of input and target", pair, examples: examples(.reals, .reals),
    one: { try ($0.tensor(0) - $0.tensor(1)).square().reduced($0.text(2)) })
  package let l1Loss = Operation(
    "the absolute difference of input and target", pair, examples: examples(.reals, .between(3, 4)),
    one: { try ($0.tensor(0) - $0.tensor(1)).absolute().reduced($0.text(2)) })
  package let binaryCrossEntropyWithLogits = Operation(
    "-t log(sigmoid(x)) - (1 - t) log(1 - sigmoid(x)), stable for any x; nats",
    [
      .tensor("input"), .tensor("target"), .optionalTensor("weight"), .text("reduction", "mean"),
      .optionalTensor("pos_weight"),
    ],
    examples: [
      Example(
        [Domain.reals.of([2, 3]), Domain.between(0.1, 0.9).of([2, 3])],
        ["weight": .none, "pos_weight": .none]),
      Example(
        [Domain.reals.of([2, 3]), Domain.between(0.1, 0.9).of([2, 3])],
        ["weight": .none, "reduction": .text("none"), "pos_weight": .none]),
      Example([
        Domain.reals.of([2, 3]), Domain.between(0.1, 0.9).of([2, 3]), Domain.positive.of([3]),
        Domain.positive.of([3]),
      ]),
    ],
    one: { a in
      let (x, t) = (try a.tensor(0), try a.tensor(1))
      var loss = try x.crossEntropyOfLogits(t)
      if let positive = try a.optionalTensor(4) {
        // -t log(sigmoid(x)) counts so many times: once more for each weight beyond 1.
        loss = try loss - (positive - 1).cast(to: loss.dtype) * t * x.logSigmoid()
      }
      return try loss.weighted(a.optionalTensor(2)).reduced(a.text(3))
    })
  package let binaryCrossEntropy = Operation(
    "-t log(p) - (1 - t) log(1 - p) for probabilities p; each log is at least -100; nats",
    [.tensor("input"), .tensor("target"), .optionalTensor("weight"), .text("reduction", "mean")],
    examples: [
      Example(
        [Domain.between(0.1, 0.9).of([2, 3]), Domain.between(0.1, 0.9).of([2, 3])],
        ["weight": .none])
    ],
    one: { a in
      let (p, t) = (try a.tensor(0), try a.tensor(1))
      let range = p.range
      guard range.least >= 0, range.greatest <= 1 else {
        throw TensorError.argument(
          "input", found: "values outside [0, 1]",
          expected: "probabilities; logits go to binary_cross_entropy_with_logits")
      }
      return try p.crossEntropy(t).weighted(a.optionalTensor(2)).reduced(a.text(3))
    })
  package let crossEntropy = Operation(
    "-log softmax(input) at the target, a class or probabilities, along dim 1 (or 0 of a vector); nats",
    [
      .tensor("input"), .tensor("target"), .optionalTensor("weight"), .size("ignore_index", -100),
      .text("reduction", "mean"), .number("label_smoothing", 0),
    ],
    examples: [
      Example([Domain.reals.of([2, 3]), Domain.integers(below: 3).of([2])], ["weight": .none]),
      Example(
        [Domain.reals.of([2, 3]), Domain.integers(below: 3).of([2])],
        ["weight": .none, "label_smoothing": .number(0.1), "reduction": .text("sum")]),
      Example([Domain.reals.of([2, 3]), Domain.between(0.1, 0.9).of([2, 3])], ["weight": .none]),
    ],
    one: { a in
      let options = ClassLoss(
        weight: try a.optionalTensor(2), ignored: try a.size(3), reduction: try a.text(4),
        smoothing: try a.number(5))
      let x = try a.tensor(0)
      return try options.loss(x.logSoftmax(x.rank < 2 ? 0 : 1), a.tensor(1))
    })
  package let nllLoss = Operation(
    "-input at the target class, along dim 1 (or 0 of a vector), for input of log probabilities; nats",
    [
      .tensor("input"), .tensor("target"), .optionalTensor("weight"), .size("ignore_index", -100),
      .text("reduction", "mean"),
    ],
    examples: [
      Example([Domain.reals.of([2, 3]), Domain.integers(below: 3).of([2])], ["weight": .none])
    ],
    one: { a in
      let options = ClassLoss(
        weight: try a.optionalTensor(2), ignored: try a.size(3), reduction: try a.text(4),
        smoothing: 0)
      return try options.loss(a.tensor(0), a.tensor(1))
    })
}

/// The options of a loss over classes.
struct ClassLoss {
  let weight: Tensor?
  let ignored: Int
  let reduction: String
  let smoothing: Double

  /// Shapes: logProb [n, c, ..] or [c]; target [n, ..] or [] of classes, or logProb's of probabilities.
  func loss(_ logProb: Tensor, _ target: Tensor) throws -> Tensor {
    let d = logProb.rank < 2 ? 0 : 1
    guard logProb.rank > 0 else {
      throw TensorError.rank(logProb.shape, expected: "a score for each class")
    }
    let classes = logProb.shape[d]
    if target.dtype.isFloating, target.shape == logProb.shape {
      let t = try target * (1 - smoothing) + smoothing / Double(classes)
      let each = try -(t * logProb.weighted(along(d, logProb))).sum([d])
      guard reduction == "mean" else { return try each.reduced(reduction) }
      return try each.sum() / Double(each.count)
    }
    guard target.shape == logProb.shape.removing(d), let whole = target.integers else {
      throw TensorError.shape(
        target.shape,
        expected:
          "classes of shape \(logProb.shape.removing(d)) or probabilities of shape \(logProb.shape)"
      )
    }
    if target.dtype.isFloating, let part = target.values.first(where: { $0 != $0.rounded() }) {
      throw TensorError.argument(
        "target", found: part.shortest, expected: "classes, which are whole numbers")
    }
    let kept = whole.map { $0 != ignored }
    for (i, c) in whole.enumerated() where kept[i] {
      guard c >= 0, c < classes else { throw TensorError.indexOutOfRange(c, extent: classes) }
    }
    let index = try Tensor(zip(whole, kept).map { $1 ? $0 : 0 }, target.shape).unsqueezed(d)
    let mask = try Tensor(kept, target.shape).cast(to: logProb.dtype)
    let weights =
      try weight.map { try $0.cast(to: logProb.dtype).indexed([.tensor(index)]).squeezed(d) * mask }
      ?? mask
    var each = try -(logProb.gathered(d, index).squeezed(d) * weights)
    if smoothing != 0 {
      let uniform = try -(logProb.weighted(along(d, logProb))).sum([d]) * mask
      each = try each * (1 - smoothing) + uniform * (smoothing / Double(classes))
    }
    guard reduction == "mean" else { return try each.reduced(reduction) }
    // The mean of no targets has no value, and none of the scores moves it.
    guard kept.contains(true) else { return try each.sum() + .nan }
    return try each.sum() / weights.sum()
  }

  /// The class weights, shaped to multiply along the class dimension.
  private func along(_ d: Int, _ x: Tensor) throws -> Tensor? {
    try weight?.reshaped(to: [-1] + [Int](repeating: 1, count: x.rank - d - 1))
  }
}

extension Tensor {
  /// The Bernoulli cross entropy with probabilities p; each logarithm is at least -100.
  ///
  /// Shapes: p and t broadcast.
  fileprivate func crossEntropy(_ target: Tensor) throws -> Tensor {
    let type = DType.promoted(self, target)
    let (p, t) = (try cast(to: type).floating(), try target.cast(to: type).floating())
    return try Kernels.zip(DG_BCE, p, t).recorded(p, t) { b in
      let (g, p, t) = (b.g, b[0], b[1])
      try b.send(to: 0) { try g * p.crossEntropySlope(t) }
      try b.send(to: 1) { try g * ((-p).log1p() - p.log()).clamped(-100, 100) }
    }
  }

  /// The slope of the cross entropy of probabilities; at 0 and at 1 it is held where it is still a number, as in PyTorch.
  private func crossEntropySlope(_ t: Tensor) throws -> Tensor {
    if !isTracked, !t.isTracked { return try Kernels.zip(DG_BCE_SLOPE, self, t) }
    return try (self - t) / (self * (1 - self)).clamped(1e-12, nil)
  }

  /// The Bernoulli cross entropy with logits x in its stable form, softplus(x) - x t.
  ///
  /// Shapes: x and t broadcast.
  package func crossEntropyOfLogits(_ target: Tensor) throws -> Tensor {
    let x = try floating()
    let t = try target.cast(to: DType.promoted(x, target))
    let logits = try x.cast(to: t.dtype)
    return try Kernels.zip(DG_BCE_LOGITS, logits, t).recorded(logits, t) { b in
      let (g, x, t) = (b.g, b[0], b[1])
      try b.send(to: 0) { try g * x.sigmoidMinus(t) }
      try b.send(to: 1) { try -(g * x) }
    }
  }

  /// The slope of the cross entropy of logits, sigmoid(x) - t.
  private func sigmoidMinus(_ t: Tensor) throws -> Tensor {
    try Kernels.zip(DG_SIGMOID_SUB, self, t).recorded(self, t) { b in
      let (g, x) = (b.g, b[0])
      try b.send(to: 0) {
        let s = try x.sigmoid()
        return try g * s * (1 - s)
      }
      try b.send(to: 1) { try -g }
    }
  }

  fileprivate func weighted(_ weight: Tensor?) throws -> Tensor {
    guard let weight else { return self }
    return try self * weight.cast(to: dtype)
  }

  /// PyTorch's `reduction`.
  package func reduced(_ reduction: String) throws -> Tensor {
    switch reduction {
    case "mean": try mean()
    case "sum": try sum()
    case "none": self
    default:
      throw TensorError.argument(
        "reduction", found: "\"\(reduction)\"", expected: "\"mean\", \"sum\" or \"none\"")
    }
  }
}
