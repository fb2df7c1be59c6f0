/// Losses over numbers, under PyTorch's names.
package struct RegressionLosses: OperationFamily {
  package init() {}

  package let huberLoss = Operation(
    "half the squared difference up to delta, beyond it growing with slope delta",
    [.tensor("input"), .tensor("target"), .text("reduction", "mean"), .number("delta", 1)],
    examples: [Example([Domain.reals.of([2, 3]), Domain.between(-2, 2).of([2, 3])])],
    one: { a in
      try (a.tensor(0) - a.tensor(1)).huber(positive(a, 3)).reduced(a.text(2))
    })
  package let smoothL1Loss = Operation(
    "the absolute difference, rounded off by a parabola up to beta",
    [.tensor("input"), .tensor("target"), .text("reduction", "mean"), .number("beta", 1)],
    examples: [
      Example(
        [Domain.reals.of([2, 3]), Domain.between(-2, 2).of([2, 3])], ["beta": .number(0.5)])
    ],
    one: { a in
      let difference = try a.tensor(0) - a.tensor(1)
      if try a.number(3) == 0 { return try difference.absolute().reduced(a.text(2)) }
      let beta = try positive(a, 3)
      return try (difference.huber(beta) / beta).reduced(a.text(2))
    })
  package let gaussianNllLoss = Operation(
    "-log of the normal density of target, without its constant unless full; var counts as at least eps; nats",
    [
      .tensor("input"), .tensor("target"), .tensor("var"), .flag("full"), .number("eps", 1e-6),
      .text("reduction", "mean"),
    ],
    examples: [
      Example([Domain.reals.of([2, 3]), Domain.reals.of([2, 3]), Domain.positive.of([2, 3])]),
      Example(
        [Domain.reals.of([2, 3]), Domain.reals.of([2, 3]), Domain.positive.of([2, 1])],
        ["full": .flag(true), "reduction": .text("sum")]),
    ],
    one: { a in
      let variance = try a.tensor(2)
      let raise = try variance.detached.clamped(a.number(4), nil) - variance.detached
      // The gradient passes where the variance was raised, too, as in PyTorch.
      let held = try variance + raise
      let square = try (a.tensor(0) - a.tensor(1)).square()
      let constant = try a.flag(3) ? 0.5 * 1.837_877_066_409_345_5 : 0
      return try ((held.log() + square / held) * 0.5 + constant).reduced(a.text(5))
    })
  package let poissonNllLoss = Operation(
    "-log of the Poisson mass of target for its rate or its logarithm (log_input), without log(target!), or with Stirling's formula for it (full); nats",
    [
      .tensor("input"), .tensor("target"), .flag("log_input", true), .flag("full"),
      .number("eps", 1e-8), .text("reduction", "mean"),
    ],
    examples: [
      Example([Domain.reals.of([2, 3]), Domain.positive.of([2, 3])]),
      Example(
        [Domain.positive.of([2, 3]), Domain.between(1.5, 3).of([3])],
        ["log_input": .flag(false), "full": .flag(true)]),
    ],
    one: { a in
      let (x, t) = (try a.tensor(0), try a.tensor(1))
      var loss = try a.flag(2) ? x.exp() - t * x : x - t * (x + a.number(4)).log()
      if try a.flag(3) {
        let isLarge = try t.detached.compare(.greater, to: 1)
        let held = try isLarge.choose(t, 1)
        let stirling = try held * held.log() - held + (held * (2 * Double.pi)).log() * 0.5
        loss = try loss + isLarge.choose(stirling, 0)
      }
      return try loss.reduced(a.text(5))
    })
  package let klDiv = Operation(
    "target (log(target) - input), for input of log probabilities; target's logarithms with log_target; nats",
    [.tensor("input"), .tensor("target"), .text("reduction", "mean"), .flag("log_target")],
    examples: [
      Example([Domain.reals.of([2, 3]), Domain.positive.of([2, 3])]),
      Example(
        [Domain.reals.of([2, 3]), Domain.reals.of([2, 3])],
        ["log_target": .flag(true), "reduction": .text("batchmean")]),
    ],
    one: { a in
      let (x, t, reduction) = (try a.tensor(0), try a.tensor(1), try a.text(2))
      let loss = try a.flag(3) ? t.exp() * (t - x) : t.timesLog(t) - t * x
      guard reduction == "batchmean" else { return try loss.reduced(reduction) }
      return try loss.sum() / Double(loss.rank == 0 ? 1 : loss.shape[0])
    })

  private static func positive(_ a: Arguments, _ i: Int) throws -> Double {
    let size = try a.number(i)
    guard size > 0 else {
      throw TensorError.argument(
        a.parameters[i].name, found: "\(size.plain)", expected: "a positive number")
    }
    return size
  }
}

extension Tensor {
  /// x^2 / 2 up to a size delta, and beyond it the line that goes on from there.
  ///
  /// Source: Huber (1964), "Robust Estimation of a Location Parameter".
  fileprivate func huber(_ delta: Double) throws -> Tensor {
    let held = try clamped(-delta, delta)
    return try held * (self - held * 0.5)
  }
}
