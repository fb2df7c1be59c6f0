import Tensors

/// An invertible, increasing or decreasing function of numbers, element by element, with its derivative.
///
/// A transform is one file in `Transforms/` and one line in the catalogue. A script calls it by its
/// name: `transformed(normal(0, 1), exp)`, `transformed(base, [affine(1, 2), tanh])`.
package protocol Transform: SendableMetatype {
  /// One line for the help.
  static var about: String { get }
  static var parameters: [DistributionParameter] { get }

  init(_ arguments: DistributionArguments) throws

  var arguments: DistributionArguments { get }
  var isIncreasing: Bool { get }
  /// The bounds between which the results lie.
  var range: (low: Double, high: Double) { get }

  func forward(_ x: Tensor) throws -> Tensor
  func inverse(_ y: Tensor) throws -> Tensor
  /// The logarithm of |dy/dx| at x.
  func logSlope(_ x: Tensor) throws -> Tensor
}

extension Transform {
  package static var parameters: [DistributionParameter] { [] }
  package static var name: String {
    String(snakeCase("\(Self.self)").drop { $0 == "_" }.dropLast("_transform".count))
  }
  package var name: String { Self.name }
  package var isIncreasing: Bool { true }

  package var description: String {
    Self.parameters.isEmpty ? name : "\(name)(\(arguments.description))"
  }

  package init() throws { try self.init(DistributionArguments(Self.parameters, [])) }

  package init(_ values: Tensor...) throws {
    try self.init(DistributionArguments(Self.parameters, values.map { .tensor($0) }))
  }

  /// Where the results lie for values from a support.
  func image(of support: Support) throws -> Support {
    switch support {
    case .interval(let low, let high):
      let ends = (try forward(low), try forward(high))
      return isIncreasing ? .interval(ends.0, ends.1) : .interval(ends.1, ends.0)
    case .points(let rows): return .points(try forward(rows))
    case .real, .positive:
      if range.low == 0, range.high == .infinity, case .real = support { return .positive }
      if range.low == -.infinity, range.high == .infinity, case .real = support { return .real }
      var bounds = (range.low, range.high)
      if case .positive = support {
        let edge = try forward(Tensor(0))[flat: 0]
        if isIncreasing { bounds.0 = edge } else { bounds.1 = edge }
      }
      if bounds.0 == 0, bounds.1 == .infinity { return .positive }
      if bounds.1 == .infinity || bounds.0 == -.infinity { return .real }
      return .interval(try Tensor(bounds.0), try Tensor(bounds.1))
    case .boolean, .integers, .wholeNumbers, .wholeNumbersUpTo, .simplex, .oneHot:
      throw DistributionError.whole("base", expected: "a distribution of continuous numbers")
    }
  }
}

/// Every transform; a test compares the list with the folder.
package enum TransformCatalogue {
  package static let all: [any Transform.Type] = [
    AffineTransform.self, ExpTransform.self, SigmoidTransform.self, TanhTransform.self,
    SoftplusTransform.self,
  ]

  /// The transform of a name that has no parameters; nil where there is none.
  package static func plain(_ name: String) throws -> (any Transform)? {
    for type in all where type.parameters.isEmpty && type.name == name {
      return try type.init(DistributionArguments([], []))
    }
    return nil
  }
}
