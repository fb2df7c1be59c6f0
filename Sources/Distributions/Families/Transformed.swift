import Tensors

/// The distribution of f(x) for a draw x of another: p(y) = p(x) / |dy/dx|, where f is one invertible
/// function or several, the first applied first.
///
/// Source: Papamakarios et al. (2021), "Normalizing Flows for Probabilistic Modeling and Inference", equation 3.
package struct Transformed: Distribution {
  package static let about =
    "draws of base sent through exp, sigmoid, tanh, softplus, affine(loc, scale), or a list of them"
  package static let parameters: [DistributionParameter] = [
    .distribution("base"), .transforms("transform"),
  ]
  package static let examples = ["transformed(normal(0, 1), exp).log_prob(2)"]

  package let arguments: DistributionArguments
  package let base: any Distribution
  package let transforms: [any Transform]
  package let batchShape: Shape

  package init(_ arguments: DistributionArguments) throws {
    self.arguments = arguments
    base = try arguments.distribution(0)
    transforms = try arguments.transforms(1)
    var support = try base.support
    for transform in transforms { support = try transform.image(of: support) }
    self.support = support
    // A transform's parameters may add to the batch.
    var shape = try Shape(base.batchShape.dims + base.eventShape.dims)
    for t in transforms { shape = try shape.broadcast(with: t.arguments.broadcastShape()) }
    batchShape = try Shape(Array(shape.dims.dropLast(base.eventShape.rank)))
    guard shape.dims.suffix(base.eventShape.rank) == base.eventShape.dims[...] else {
      throw TensorError.broadcast(base.eventShape, shape)
    }
  }

  package let support: Support
  package var eventShape: Shape { base.eventShape }
  package var hasPathwiseSample: Bool { base.hasPathwiseSample }
  package var dtype: DType? {
    let all = transforms.map(\.arguments.dtype) + [base.dtype]
    return all.contains(.float64) ? .float64 : all.contains(.float32) ? .float32 : nil
  }
  private var isIncreasing: Bool { transforms.filter { !$0.isIncreasing }.count % 2 == 0 }

  package func draw(_ n: [Int], _ generator: Generator) throws -> Tensor {
    guard base.batchShape == batchShape else {
      throw DistributionError.whole(
        "base",
        expected: "a batch of shape \(batchShape), as the transform has, found "
          + "\(base.batchShape)")
    }
    return try forward(base.draw(n, generator))
  }

  private func forward(_ x: Tensor) throws -> Tensor {
    try transforms.reduce(x) { try $1.forward($0) }
  }

  /// The base's value behind y, the logarithm of the slope there, whether y is in the range and whether
  /// it is above it.
  private func inverse(
    _ y: Tensor
  ) throws -> (x: Tensor, logSlope: Tensor, isInside: Tensor, isAbove: Tensor) {
    var x = y
    var isInside = try y.compare(.equal, to: y)
    var isAbove = try y.compare(.greater, to: .infinity)
    var isUpright = true
    var logSlope = try y.detached * 0
    for transform in transforms.reversed() {
      let (low, high) = transform.range
      let inside = try x.compare(.greater, to: low).both(x.compare(.less, to: high))
      let beyond =
        try isUpright ? x.compare(.greaterOrEqual, to: high) : x.compare(.lessOrEqual, to: low)
      isAbove = try isAbove.either(isInside.both(beyond))
      isInside = try isInside.both(inside)
      isUpright = isUpright == transform.isIncreasing
      // Outside any number of the range stands in, or NaN would spoil the gradient.
      x = try transform.inverse(inside.choose(x, low == 0 ? 0.5 : 0))
      logSlope = try logSlope + transform.logSlope(x)
    }
    return (x, logSlope, isInside, isAbove)
  }

  package func logProb(_ y: Tensor) throws -> Tensor {
    var (x, logSlope, isInside, _) = try inverse(y)
    let rank = eventShape.rank
    if rank > 0 {
      let dims = (1...rank).map { -$0 }
      logSlope = try logSlope.expanded(to: y.shape.broadcast(with: eventShape)).sum(dims)
      isInside = try isInside.cast(to: .float32).sum(dims)
        .compare(.equal, to: Double(eventShape.count))
    }
    let logs = try base.logProb(x) - logSlope
    return try rank == 0 ? isInside.choose(logs, outside(y)) : isInside.choose(logs, -.infinity)
  }

  package func cdf(_ y: Tensor) throws -> Tensor {
    let (x, _, isInside, isAbove) = try inverse(y)
    let below = try base.cdf(x)
    let mass = isIncreasing ? below : try 1 - below
    return try isInside.choose(mass, isAbove.cast(to: mass.dtype))
  }

  package func icdf(_ p: Tensor) throws -> Tensor {
    try forward(base.icdf(isIncreasing ? p : 1 - p))
  }

  /// In closed form for affine functions only.
  package var mean: Tensor {
    get throws {
      guard transforms.allSatisfy({ $0 is AffineTransform }) else {
        throw DistributionError.noClosedForm("mean", of: name)
      }
      return try forward(base.mean)
    }
  }

  package var variance: Tensor {
    get throws {
      guard transforms.allSatisfy({ $0 is AffineTransform }) else {
        throw DistributionError.noClosedForm("variance", of: name)
      }
      let zero = try base.mean * 0
      return try base.variance * (forward(zero + 1) - forward(zero)).square()
    }
  }

  package func entropy() throws -> Tensor {
    guard transforms.allSatisfy({ $0 is AffineTransform }), eventShape.rank == 0 else {
      throw DistributionError.noClosedForm("entropy", of: name)
    }
    let zero = try base.mean.detached * 0
    return try transforms.reduce(base.entropy()) { try $0 + $1.logSlope(zero) }
  }
}
