import Tensors

/// A probability distribution over tensors of `eventShape`, or `batchShape` of them side by side.
///
/// A family is one file in `Families/` and one line in the catalogue. Its name is the type's, its
/// parameters are declared; script name, help and errors follow from them. Densities are in nats.
package protocol Distribution: SendableMetatype {
  /// One line for the help.
  static var about: String { get }
  static var parameters: [DistributionParameter] { get }
  /// For the help, where the names of the parameters do not say it all.
  static var examples: [String] { get }

  init(_ arguments: DistributionArguments) throws

  var arguments: DistributionArguments { get }
  var batchShape: Shape { get }
  var eventShape: Shape { get }
  var support: Support { get throws }
  /// Whether a draw is a differentiable function of the parameters.
  var hasPathwiseSample: Bool { get }

  /// Draws through which no gradient flows unless `hasPathwiseSample`. Shapes: n + batch + event.
  func draw(_ n: [Int], _ generator: Generator) throws -> Tensor
  /// The log of the density or of the probability. Shapes: x [.., batch, event] -> [.., batch].
  func logProb(_ x: Tensor) throws -> Tensor
  /// Shapes: batch + event.
  var mean: Tensor { get throws }
  /// Shapes: batch + event.
  var variance: Tensor { get throws }
  /// The likeliest value; nothing (NaN) where many are alike.
  ///
  /// Shapes: batch + event.
  var mode: Tensor { get throws }
  /// Shapes: batch.
  func entropy() throws -> Tensor
  /// The probability of a value of at most x.
  func cdf(_ x: Tensor) throws -> Tensor
  /// The value below which the distribution has the mass p: the inverse of `cdf`.
  func icdf(_ p: Tensor) throws -> Tensor
  /// Parameters that follow from those given, under the names by which a script reads them: `logits` from `probs`.
  var rewritten: [(name: String, value: () throws -> Tensor)] { get }
}

extension Distribution {
  /// What a script calls the family: `HalfNormal` is `half_normal`.
  package static var name: String {
    String(snakeCase("\(Self.self)").drop { $0 == "_" })
  }

  package var name: String { Self.name }
  package static var examples: [String] { [] }

  /// Arguments by position; nil leaves one out.
  package init(_ given: DistributionArgument?...) throws {
    try self.init(DistributionArguments(Self.parameters, given))
  }

  package init(_ first: Tensor, _ rest: Tensor...) throws {
    let given = ([first] + rest).map { DistributionArgument.tensor($0) }
    try self.init(DistributionArguments(Self.parameters, given))
  }

  package var eventShape: Shape { .scalar }
  package var hasPathwiseSample: Bool { true }
  /// The type of values; nil where plain numbers adapt to what they meet.
  package var dtype: DType? { arguments.dtype }

  /// Draws through which gradients flow to the parameters.
  ///
  /// Throws: where the family has none; `sample` always works.
  package func rsample(_ n: [Int] = [], _ generator: Generator) throws -> Tensor {
    guard hasPathwiseSample else { throw DistributionError.noPathwiseSample(name) }
    return try draw(n, generator)
  }

  /// Draws through which no gradient flows.
  package func sample(_ n: [Int] = [], _ generator: Generator) throws -> Tensor {
    try draw(n, generator).detached
  }

  /// The density, or the probability.
  package func prob(_ x: Tensor) throws -> Tensor { try logProb(x).exp() }

  package func entropy() throws -> Tensor {
    throw DistributionError.noClosedForm("entropy", of: name)
  }
  package var mean: Tensor { get throws { throw DistributionError.noClosedForm("mean", of: name) } }
  package var variance: Tensor {
    get throws { throw DistributionError.noClosedForm("variance", of: name) }
  }
  package var mode: Tensor { get throws { throw DistributionError.noClosedForm("mode", of: name) } }
  package var rewritten: [(name: String, value: () throws -> Tensor)] { [] }
  package func cdf(_ x: Tensor) throws -> Tensor {
    throw DistributionError.noClosedForm("cdf", of: name)
  }
  package func icdf(_ p: Tensor) throws -> Tensor {
    throw DistributionError.noClosedForm("icdf", of: name)
  }

  package var description: String { "\(name)(\(arguments.description))" }

  // MARK: For the families

  /// Shapes: n + batch + event.
  func sampleShape(_ n: [Int]) throws -> Shape {
    try Shape(n + batchShape.dims + eventShape.dims)
  }

  /// The type of draws.
  var sampleType: DType { dtype ?? .float32 }

  /// A parameter as it goes with x: a plain number takes x's type.
  func adapted(_ parameter: Tensor, to x: Tensor) throws -> Tensor {
    if dtype != nil { return parameter }
    return try parameter.cast(to: x.dtype.isFloating ? x.dtype : .float32)
  }

  /// The log of the density outside of the support: minus infinity, but nothing where x is nothing.
  func outside(_ x: Tensor) throws -> Tensor {
    let nothing = try Tensor(-.infinity, x.dtype.isFloating ? x.dtype : .float32)
    guard x.dtype.isFloating, x.detached.range.nonfinite > 0 else { return nothing }
    return try x.detached.compare(.equal, to: x.detached).choose(nothing, .nan)
  }

  /// A parameter as it goes with draws.
  func drawn(_ parameter: Tensor) throws -> Tensor { try parameter.cast(to: sampleType) }
}

extension Tensor {
  /// These shares of a mass; nothing (NaN) where they are not from 0 to 1.
  var asShares: Tensor {
    get throws {
      try compare(.greaterOrEqual, to: 0).both(compare(.lessOrEqual, to: 1)).choose(self, .nan)
    }
  }

  /// Whether the numbers along the last dimension are shares that sum to one, up to what float32 rounds.
  ///
  /// Shapes: [.., k] -> [..].
  var isOnSimplex: Tensor {
    get throws {
      let x = detached
      let sum = try x.cast(to: .float64).sum([-1])
      let isWhole = try sum.compare(.greaterOrEqual, to: 1 - 1e-4).both(
        sum.compare(.lessOrEqual, to: 1 + 1e-4))
      return try x.extreme([-1], greatest: false).compare(.greaterOrEqual, to: 0).both(isWhole)
    }
  }
}

extension Generator {
  /// Numbers from (0, 1), of which a logarithm can be taken.
  func openUniform(_ shape: Shape, _ dtype: DType) throws -> Tensor {
    // `uniform` gives multiples of 2^-24 and 2^-53: 0 becomes half the smallest of the others.
    try uniform(shape, dtype).clamped(dtype == .float64 ? 0x1p-54 : 0x1p-25, nil)
  }
}
