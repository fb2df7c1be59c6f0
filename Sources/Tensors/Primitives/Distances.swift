/// Lengths of vectors, and how far apart they are, under PyTorch's names.
package struct Distances: OperationFamily {
  package init() {}

  package let normalize = Operation(
    "x over its p-norm along dim, which counts as at least eps",
    [.tensor("x"), .number("p", 2), .size("dim", 1), .number("eps", 1e-12)],
    examples: [
      Example([Domain.nonzero.of([2, 3])]),
      Example([Domain.nonzero.of([2, 3])], ["p": .number(1), "dim": .size(0)]),
    ],
    one: { a in
      let x = try a.tensor(0)
      return try x / x.norm(a.number(1), [a.size(2)], keepdim: true).clamped(a.number(3), nil)
    })
  package let cosineSimilarity = Operation(
    "the cosine of the angle between x1 and x2 along dim; each length counts as at least eps",
    [.tensor("x1"), .tensor("x2"), .size("dim", 1), .number("eps", 1e-8)],
    examples: [
      Example([Domain.nonzero.of([2, 3]), Domain.nonzero.of([2, 3])]),
      Example([Domain.nonzero.of([2, 3]), Domain.nonzero.of([3])], ["dim": .size(-1)]),
    ],
    one: { a in
      let shape = try a.tensor(0).shape.broadcast(with: a.tensor(1).shape)
      let (x, y) = (try a.tensor(0).expanded(to: shape), try a.tensor(1).expanded(to: shape))
      func unit(_ t: Tensor) throws -> Tensor {
        try t / t.norm(2, [a.size(2)], keepdim: true).clamped(a.number(3), nil)
      }
      return try (unit(x) * unit(y)).sum([a.size(2)])
    })
  package let pairwiseDistance = Operation(
    "the p-norm of x1 - x2 + eps along the last dimension",
    [.tensor("x1"), .tensor("x2"), .number("p", 2), .number("eps", 1e-6), .flag("keepdim")],
    examples: [Example([Domain.reals.of([2, 3]), Domain.between(3, 4).of([3])])],
    one: { a in
      try (a.tensor(0) - a.tensor(1) + a.number(3)).norm(a.number(2), [-1], keepdim: a.flag(4))
    })
  package let cdist = Operation(
    "the p-norm of the difference of each row of x1 and each row of x2",
    [.tensor("x1"), .tensor("x2"), .number("p", 2)],
    examples: [
      Example([Domain.reals.of([2, 3]), Domain.between(3, 4).of([4, 3])]),
      Example([Domain.reals.of([2, 2, 1]), Domain.between(3, 4).of([2, 1])], ["p": .number(1)]),
    ],
    one: { a in
      let (x, y) = (try a.tensor(0), try a.tensor(1))
      guard x.rank >= 2, y.rank >= 2, x.shape.last == y.shape.last else {
        throw TensorError.broadcast(x.shape, y.shape)
      }
      return try (x.unsqueezed(-2) - y.unsqueezed(-3)).norm(a.number(2), [-1])
    })
}
