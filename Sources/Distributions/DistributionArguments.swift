import Tensors

/// A parameter of a family: its name, what its values must be, and what stands where it is left out.
package struct DistributionParameter: Sendable {
  package enum Kind: Sendable, Equatable {
    case numbers(Constraint)
    case size
    case distribution
    /// A list of distributions, at least one.
    case distributions
    /// One transform or several, one after the other.
    case transforms
  }

  package enum Absence: Sendable, Equatable {
    case required
    case optional
    case fallback(Double)
    /// Exactly one of the parameters so marked is given.
    case alternative
  }

  package let name: String
  package let kind: Kind
  package let absence: Absence

  package static func numbers(
    _ name: String, _ constraint: Constraint = .real, _ fallback: Double? = nil
  ) -> Self {
    Self(
      name: name, kind: .numbers(constraint), absence: fallback.map { .fallback($0) } ?? .required)
  }

  /// One of several ways to say the same, as probabilities or logits.
  package static func either(_ name: String, _ constraint: Constraint) -> Self {
    Self(name: name, kind: .numbers(constraint), absence: .alternative)
  }

  package static func optionalNumbers(_ name: String, _ constraint: Constraint = .real) -> Self {
    Self(name: name, kind: .numbers(constraint), absence: .optional)
  }

  package static func transforms(_ name: String) -> Self {
    Self(name: name, kind: .transforms, absence: .required)
  }

  package static func size(_ name: String, _ fallback: Int? = nil) -> Self {
    Self(name: name, kind: .size, absence: fallback.map { .fallback(Double($0)) } ?? .required)
  }

  package static func distribution(_ name: String) -> Self {
    Self(name: name, kind: .distribution, absence: .required)
  }

  package static func distributions(_ name: String) -> Self {
    Self(name: name, kind: .distributions, absence: .required)
  }
}

/// One argument, as a script gives it.
package enum DistributionArgument {
  case number(Double)
  case tensor(Tensor)
  case distribution(any Distribution)
  case distributions([any Distribution])
  case transforms([any Transform])
}

extension DistributionArgument: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
}

/// A distribution's arguments, checked against what its family declares.
///
/// Tensors take their common type, and numbers beside them follow. Where all are plain numbers they
/// are kept in float64 and adapt to the tensors they meet.
package struct DistributionArguments {
  private enum Value {
    case absent
    case tensor(Tensor)
    case size(Int)
    case distributions([any Distribution])
    case transforms([any Transform])
  }

  package let parameters: [DistributionParameter]
  /// The tensors' common type; nil where there are only plain numbers.
  package let dtype: DType?
  private var values: [Value] = []

  /// `given` has one element for each parameter, in order; missing ones at the end are absent.
  package init(_ parameters: [DistributionParameter], _ given: [DistributionArgument?]) throws {
    guard given.count <= parameters.count else {
      throw DistributionError.tooMany(given.count, expected: parameters.count)
    }
    self.parameters = parameters
    let type = Self.commonType(given)
    dtype = type
    try Self.checkAlternatives(parameters, given)
    values.reserveCapacity(parameters.count)
    for (i, p) in parameters.enumerated() {
      values.append(try Self.value(p, i < given.count ? given[i] : nil, type))
    }
  }

  private static func commonType(_ given: [DistributionArgument?]) -> DType? {
    var (dimensioned, single): (DType?, DType?) = (nil, nil)
    for case .tensor(let t) in given {
      let own: DType = t.dtype == .float64 ? .float64 : .float32
      if t.rank > 0 {
        dimensioned = dimensioned == .float64 ? .float64 : own
      } else {
        single = single == .float64 ? .float64 : own
      }
    }
    return dimensioned ?? single
  }

  private static func checkAlternatives(
    _ parameters: [DistributionParameter], _ given: [DistributionArgument?]
  ) throws {
    let choices = parameters.indices.filter { parameters[$0].absence == .alternative }
    guard !choices.isEmpty else { return }
    let present = choices.filter { $0 < given.count && given[$0] != nil }
    guard present.count == 1 else {
      throw DistributionError.alternatives(
        choices.map { parameters[$0].name }, given: present.count)
    }
  }

  private static func value(
    _ p: DistributionParameter, _ given: DistributionArgument?, _ type: DType?
  ) throws -> Value {
    var argument = given
    if argument == nil, case .fallback(let v) = p.absence { argument = .number(v) }
    guard let argument else {
      if p.absence == .alternative || p.absence == .optional { return .absent }
      throw DistributionError.missing(p.name)
    }
    switch (p.kind, argument) {
    case (.numbers(let constraint), .number(let v)):
      return .tensor(try checked(Tensor(v, type ?? .float64), constraint, p.name))
    case (.numbers(let constraint), .tensor(let t)):
      return .tensor(try checked(t.cast(to: type ?? t.dtype), constraint, p.name))
    case (.size, .number(let v)):
      guard let n = Int(exactly: v), n >= 0 else {
        throw DistributionError.constraint(p.name, expected: "a whole number", found: v)
      }
      return .size(n)
    case (.distribution, .distribution(let d)): return .distributions([d])
    case (.distributions, .distributions(let all)) where !all.isEmpty: return .distributions(all)
    case (.transforms, .transforms(let all)): return .transforms(all)
    case (.numbers, _): throw DistributionError.kind(p.name, expected: "numbers")
    case (.size, _): throw DistributionError.kind(p.name, expected: "a whole number")
    case (.distribution, _): throw DistributionError.kind(p.name, expected: "a distribution")
    case (.transforms, _):
      throw DistributionError.kind(p.name, expected: "a transform, such as exp or affine(1, 2)")
    case (.distributions, _):
      throw DistributionError.kind(p.name, expected: "a list of distributions")
    }
  }

  private static func checked(_ t: Tensor, _ constraint: Constraint, _ name: String) throws
    -> Tensor
  {
    if let bad = try constraint.violation(in: t) {
      throw DistributionError.constraint(name, expected: constraint.expectation, found: bad)
    }
    return t
  }

  /// The same with other numbers.
  func mapping(_ number: (Tensor) throws -> Tensor) rethrows -> Self {
    var other = self
    other.values = try values.map { value in
      if case .tensor(let t) = value { return .tensor(try number(t)) }
      return value
    }
    return other
  }

  // MARK: Reading

  /// The value of a parameter of numbers; nil for an alternative that was not given.
  package func optional(_ i: Int) -> Tensor? {
    if case .tensor(let t) = values[i] { return t }
    return nil
  }

  /// The value of a parameter of numbers.
  package func tensor(_ i: Int) throws -> Tensor {
    guard let t = optional(i) else { throw DistributionError.missing(parameters[i].name) }
    return t
  }

  package func size(_ i: Int) throws -> Int {
    guard case .size(let n) = values[i] else {
      throw DistributionError.missing(parameters[i].name)
    }
    return n
  }

  package func distribution(_ i: Int) throws -> any Distribution {
    guard let only = try distributions(i).first else {
      throw DistributionError.missing(parameters[i].name)
    }
    return only
  }

  package func distributions(_ i: Int) throws -> [any Distribution] {
    guard case .distributions(let all) = values[i] else {
      throw DistributionError.missing(parameters[i].name)
    }
    return all
  }

  package func transforms(_ i: Int) throws -> [any Transform] {
    guard case .transforms(let all) = values[i] else {
      throw DistributionError.missing(parameters[i].name)
    }
    return all
  }

  /// The parameters of numbers that were given, by name: what a script reads as `q.loc`.
  package var tensors: [(name: String, value: Tensor)] {
    parameters.indices.compactMap { i in optional(i).map { (parameters[i].name, $0) } }
  }

  /// Shapes: what all parameters of numbers broadcast to.
  package func broadcastShape() throws -> Shape {
    try parameters.indices.reduce(.scalar) { shape, i in
      try optional(i).map { try shape.broadcast(with: $0.shape) } ?? shape
    }
  }

  /// `0.5`, `[0.2, 0.8]`; a tensor of more than a few numbers by its shape.
  private static func text(_ t: Tensor) -> String {
    func number(_ i: Int) -> String { t[flat: i].shortest }
    if t.rank == 0 { return number(0) }
    guard t.rank == 1, t.count <= 6 else { return "tensor \(t.shape)" }
    return "[" + (0..<t.count).map(number).joined(separator: ", ") + "]"
  }

  /// `loc=0, scale=[0.5, 2]`.
  package var description: String {
    zip(parameters, values).compactMap { p, value in
      switch value {
      case .absent: nil
      case .tensor(let t):
        "\(p.name)=" + Self.text(t)
      case .size(let n): "\(p.name)=\(n)"
      case .transforms(let all): all.map(\.description).joined(separator: " >> ")
      case .distributions(let all):
        p.kind == .distribution
          ? all.map(\.description).joined()
          : "\(p.name)=[" + all.map(\.description).joined(separator: ", ") + "]"
      }
    }.joined(separator: ", ")
  }
}
