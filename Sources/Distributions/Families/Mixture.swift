import Tensors

/// A mixture: p(x) = sum over k of weights[k] p_k(x), one component drawn as likely as its weight says.
///
/// Shapes: weights [batch, k] for k components, each of the batch shape or of its last dimensions; or one
/// distribution of numbers with batch shape [batch, k] in their place.
/// Source: McLachlan and Peel, "Finite Mixture Models" (2000), section 1.4.
package struct Mixture: Distribution {
  package static let about = "one of several components, each as likely as its weight"
  package static let parameters: [DistributionParameter] = [
    .numbers("weights", .unitInterval), .distributions("components"),
  ]
  package static let examples = [
    "mixture([0.3, 0.7], [normal(-1, 1), normal(2, 0.5)])",
    "mixture([0.3, 0.7], normal([-1, 2], [1, 0.5]))",
  ]

  package let arguments: DistributionArguments
  package let batchShape: Shape
  package let eventShape: Shape
  package let weights: Tensor
  package let components: [any Distribution]

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    weights = try arguments.tensor(0)
    let given = try arguments.distributions(1)
    components = try given.count == 1 ? given[0].alongLast(weights.shape.last ?? 1) : given
    guard weights.shape.last == components.count else {
      throw DistributionError.whole(
        "weights",
        expected: "\(components.count), one for each component, found \(weights.shape.last ?? 1)")
    }
    try Constraint.checkSum(weights, "weights")
    let event = components[0].eventShape
    let discrete = try components[0].support.isDiscrete
    for c in components {
      let first = components[0].name
      if try c.support.isDiscrete != discrete {
        let (counts, numbers) = discrete ? (first, c.name) : (c.name, first)
        throw DistributionError.whole(
          "components",
          expected:
            "distributions of one kind, found \(counts), which is discrete, and \(numbers), "
            + "which is continuous")
      }
      guard c.eventShape == event else {
        throw DistributionError.whole(
          "components",
          expected: "distributions of one kind, found \(first) with events of shape \(event) and "
            + "\(c.name) with events of shape \(c.eventShape)")
      }
    }
    eventShape = event
    let batch = try components.reduce(Shape(weights.shape.dims.dropLast())) {
      try $0.broadcast(with: $1.batchShape)
    }
    for c in components where c.batchShape.dims != batch.dims.suffix(c.batchShape.rank) {
      throw TensorError.broadcast(c.batchShape, batch)
    }
    batchShape = batch
  }

  package var dtype: DType? {
    let all = components.map(\.dtype) + [arguments.dtype]
    return all.contains(.float64) ? .float64 : all.contains(.float32) ? .float32 : nil
  }

  package var support: Support {
    get throws {
      var union = try components[0].support
      for c in components.dropFirst() { union = try union.union(c.support) }
      return union
    }
  }
  package var hasPathwiseSample: Bool { false }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    let logits = try weights.detached.log().expanded(
      to: Shape(batchShape.dims + [components.count]))
    var chosen = try Categorical(logits: logits).draw(n, generator)
    for _ in 0..<eventShape.rank { chosen = try chosen.unsqueezed(-1) }
    var result: Tensor?
    for (k, c) in components.enumerated() {
      let x = try c.draw(n + batchShape.dims.dropLast(c.batchShape.rank), generator).detached
      result = try result.map { try chosen.compare(.equal, to: Double(k)).choose(x, $0) } ?? x
    }
    return result ?? chosen
  }

  package func logProb(_ x: Tensor) throws -> Tensor {
    let each = try components.map { try $0.logProb(x) }
    let shape = try each.reduce(batchShape) { try $0.broadcast(with: $1.shape) }
    let logs = try Tensor.stacked(each.map { try $0.expanded(to: shape) }, -1)
    let shares = try shares(logs.dtype)
    let isZero = try shares.detached.compare(.equal, to: 0)
    return try (isZero.choose(-.infinity, isZero.choose(1, shares).log()) + logs).logSumExp([-1])
  }

  /// The weights, which sum to one as nearly as the type allows.
  private func shares(_ type: DType) throws -> Tensor {
    let w = try weights.cast(to: type.isFloating ? type : .float32)
    return try w / w.sum([-1], keepdim: true)
  }

  package var mean: Tensor { get throws { try average { try $0.mean } } }

  package var variance: Tensor {
    get throws { try average { try $0.variance + $0.mean.square() } - mean.square() }
  }

  package func cdf(_ x: Tensor) throws -> Tensor {
    let each = try components.map { try $0.cdf(x) }
    let shape = try each.reduce(batchShape) { try $0.broadcast(with: $1.shape) }
    let values = try Tensor.stacked(each.map { try $0.expanded(to: shape) }, -1)
    return try (values * shares(values.dtype)).sum([-1])
  }

  /// The weighted sum of the components' values.
  ///
  /// Shapes: batch + event.
  private func average(_ value: (any Distribution) throws -> Tensor) throws -> Tensor {
    let shape = try Shape(batchShape.dims + eventShape.dims)
    let all = try Tensor.stacked(components.map { try value($0).expanded(to: shape) }, -1)
    var shares = try shares(all.dtype)
    for _ in 0..<eventShape.rank { shares = try shares.unsqueezed(-2) }
    return try (all * shares).sum([-1])
  }
}

extension Distribution {
  /// The k distributions that lie along the last batch dimension; this one alone where it is none of numbers
  /// whose parameters all broadcast to such a shape.
  fileprivate func alongLast(_ k: Int) throws -> [any Distribution] {
    guard k > 1, eventShape.isScalar, batchShape.last == k,
      try arguments.broadcastShape() == batchShape
    else { return [self] }
    return try (0..<k).map { i in
      try Self(
        arguments.mapping { parameter in
          guard let last = parameter.shape.last else { return parameter }
          return try parameter.indexed([.ellipsis, .at(last == 1 ? 0 : i)])
        })
    }
  }
}
