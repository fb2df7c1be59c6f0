/// What a script, the help and the tests need to know of an operation; the operation itself is a method of `Tensor`.
///
/// An operation is one stored property of a family in `Primitives/`. Its name is the property's in
/// snake case; its arguments are PyTorch's, in PyTorch's order.
package struct Operation: Sendable {
  package enum Kind: Sendable, Equatable {
    case tensor
    case tensors
    /// All arguments from here on, each a tensor; or a list of them.
    case operands
    case size
    case sizes
    /// Sizes, or a word that stands for them.
    case sizesOrText
    case number
    /// A number, or a word that stands for one.
    case numberOrText
    case flag
    case text
    case dtype
    /// A tensor of integers or a list of sizes.
    case index
  }

  package struct Parameter: Sendable {
    package let name: String
    package let kind: Kind
    /// What stands where the argument is left out; without one the argument is required.
    package let fallback: Argument?

    package var isRequired: Bool { fallback == nil }
  }

  package enum Argument: Sendable {
    case none
    case tensor(Handle)
    case tensors([Handle])
    case size(Int)
    case sizes([Int])
    case number(Double)
    case flag(Bool)
    case text(String)
    case dtype(DType)
  }

  /// A tensor that crosses into a table of declarations.
  package struct Handle: @unchecked Sendable {
    // Used on the session's one thread only.
    package let tensor: Tensor
  }

  package enum Output {
    case one(Tensor)
    case several([Tensor])
    case number(Double)
  }

  package let about: String
  package let parameters: [Parameter]
  /// Operands on which values and gradients are tested.
  package let examples: [Example]
  package let evaluate: @Sendable (Arguments) throws -> Output
  /// The same without the detour over a list of arguments, where there is but one tensor.
  package private(set) var unary: (@Sendable (Tensor) throws -> Tensor)?
  /// Arguments that default otherwise where it is a layer of a chain, as torch.nn has it.
  package private(set) var layerDefaults: [String: Argument] = [:]

  package init(
    _ about: String, _ parameters: [Parameter], examples: [Example] = [],
    _ evaluate: @escaping @Sendable (Arguments) throws -> Output
  ) {
    self.about = about
    self.parameters = parameters
    self.examples = examples
    self.evaluate = evaluate
  }

  /// An operation with a single result.
  package init(
    _ about: String, _ parameters: [Parameter], examples: [Example] = [],
    one evaluate: @escaping @Sendable (Arguments) throws -> Tensor
  ) {
    self.init(about, parameters, examples: examples) { .one(try evaluate($0)) }
  }

  /// An operation on one tensor without further arguments, of any shape: a single number and none at all too.
  package init(
    _ about: String, domain: Domain = .reals, shape: [Int] = [3, 4],
    unary evaluate: @escaping @Sendable (Tensor) throws -> Tensor
  ) {
    self.init(
      about, [.tensor("x")], examples: [shape, [], [0, 2]].map { Example([domain.of($0)]) }
    ) {
      .one(try evaluate(try $0.tensor(0)))
    }
    self.unary = evaluate
  }
}

extension Operation {
  func asLayer(_ defaults: [String: Argument]) -> Operation {
    var copy = self
    copy.layerDefaults = defaults
    return copy
  }
}

extension Operation.Parameter {
  package static func tensor(_ name: String) -> Self {
    Self(name: name, kind: .tensor, fallback: nil)
  }
  package static func optionalTensor(_ name: String) -> Self {
    Self(name: name, kind: .tensor, fallback: .some(.none))
  }
  package static func tensors(_ name: String) -> Self {
    Self(name: name, kind: .tensors, fallback: nil)
  }
  package static func operands(_ name: String) -> Self {
    Self(name: name, kind: .operands, fallback: nil)
  }
  package static func size(_ name: String, _ fallback: Int? = nil) -> Self {
    Self(name: name, kind: .size, fallback: fallback.map { .size($0) })
  }
  package static func optionalSize(_ name: String) -> Self {
    Self(name: name, kind: .size, fallback: .some(.none))
  }
  package static func sizes(_ name: String, _ fallback: [Int]? = nil) -> Self {
    Self(name: name, kind: .sizes, fallback: fallback.map { .sizes($0) })
  }
  package static func sizesOrText(_ name: String, _ fallback: [Int]) -> Self {
    Self(name: name, kind: .sizesOrText, fallback: .sizes(fallback))
  }
  package static func optionalSizes(_ name: String) -> Self {
    Self(name: name, kind: .sizes, fallback: .some(.none))
  }
  package static func number(_ name: String, _ fallback: Double? = nil) -> Self {
    Self(name: name, kind: .number, fallback: fallback.map { .number($0) })
  }
  package static func numberOrText(_ name: String, _ fallback: Operation.Argument) -> Self {
    Self(name: name, kind: .numberOrText, fallback: fallback)
  }
  package static func optionalNumber(_ name: String) -> Self {
    Self(name: name, kind: .number, fallback: .some(.none))
  }
  package static func flag(_ name: String, _ fallback: Bool = false) -> Self {
    Self(name: name, kind: .flag, fallback: .flag(fallback))
  }
  package static func text(_ name: String, _ fallback: String? = nil) -> Self {
    Self(name: name, kind: .text, fallback: fallback.map { .text($0) })
  }
  package static func dtype(_ name: String, _ fallback: DType) -> Self {
    Self(name: name, kind: .dtype, fallback: .dtype(fallback))
  }
}

/// An operation's arguments, one for each parameter, of the parameter's kind or none where that is the default.
package struct Arguments {
  package let values: [Operation.Argument]
  package let parameters: [Operation.Parameter]

  package init(_ values: [Operation.Argument], _ parameters: [Operation.Parameter]) {
    self.values = values
    self.parameters = parameters
  }

  private func mismatch(_ i: Int, _ expected: String) -> TensorError {
    let name = parameters.indices.contains(i) ? parameters[i].name : "argument \(i)"
    return .argument(
      name, found: "\(values.indices.contains(i) ? values[i].kindName : "nothing")",
      expected: expected)
  }

  package func isPresent(_ i: Int) -> Bool {
    guard values.indices.contains(i) else { return false }
    if case .none = values[i] { return false }
    return true
  }

  package func tensor(_ i: Int) throws -> Tensor {
    guard let t = try optionalTensor(i) else { throw mismatch(i, "a tensor") }
    return t
  }

  package func optionalTensor(_ i: Int) throws -> Tensor? {
    guard isPresent(i) else { return nil }
    switch values[i] {
    case .tensor(let h): return h.tensor
    case .number(let v): return try Tensor(v)
    case .size(let v): return try Tensor(Double(v))
    default: throw mismatch(i, "a tensor")
    }
  }

  package func tensors(_ i: Int) throws -> [Tensor] {
    guard values.indices.contains(i) else { throw mismatch(i, "a list of tensors") }
    switch values[i] {
    case .tensors(let hs): return hs.map(\.tensor)
    case .tensor(let h): return try h.tensor.unstacked()
    default: throw mismatch(i, "a list of tensors")
    }
  }

  package func operands(_ i: Int) throws -> [Tensor] {
    guard values.indices.contains(i) else { throw mismatch(i, "tensors") }
    if case .tensors(let hs) = values[i] { return hs.map(\.tensor) }
    return [try tensor(i)]
  }

  package func size(_ i: Int) throws -> Int {
    guard let n = try optionalSize(i) else { throw mismatch(i, "a whole number") }
    return n
  }

  package func optionalSize(_ i: Int) throws -> Int? {
    guard isPresent(i) else { return nil }
    guard case .size(let n) = values[i] else { throw mismatch(i, "a whole number") }
    return n
  }

  package func sizes(_ i: Int) throws -> [Int] {
    guard let n = try optionalSizes(i) else { throw mismatch(i, "a whole number or several") }
    return n
  }

  package func optionalSizes(_ i: Int) throws -> [Int]? {
    guard isPresent(i) else { return nil }
    switch values[i] {
    case .sizes(let n): return n
    case .size(let n): return [n]
    default: throw mismatch(i, "a whole number or several")
    }
  }

  package func number(_ i: Int) throws -> Double {
    guard let n = try optionalNumber(i) else { throw mismatch(i, "a number") }
    return n
  }

  package func optionalNumber(_ i: Int) throws -> Double? {
    guard isPresent(i) else { return nil }
    switch values[i] {
    case .number(let v): return v
    case .size(let v): return Double(v)
    case .tensor(let h):
      if let v = h.tensor.item { return v }
      throw mismatch(i, "a number")
    default: throw mismatch(i, "a number")
    }
  }

  package func flag(_ i: Int) throws -> Bool {
    guard isPresent(i), case .flag(let b) = values[i] else { throw mismatch(i, "true or false") }
    return b
  }

  package func text(_ i: Int) throws -> String {
    guard isPresent(i), case .text(let s) = values[i] else { throw mismatch(i, "a text") }
    return s
  }

  /// The word that stands for sizes or a number; nil where these are given.
  package func word(_ i: Int) -> String? {
    if isPresent(i), case .text(let s) = values[i] { s } else { nil }
  }

  package func dtype(_ i: Int) throws -> DType {
    guard isPresent(i), case .dtype(let d) = values[i] else { throw mismatch(i, "a type") }
    return d
  }
}

extension Operation.Argument {
  package static func tensor(_ t: Tensor) -> Self { .tensor(Operation.Handle(tensor: t)) }
  package static func tensors(_ ts: [Tensor]) -> Self {
    .tensors(ts.map(Operation.Handle.init(tensor:)))
  }

  var kindName: String {
    switch self {
    case .none: "none"
    case .tensor(let h): "a tensor of shape \(h.tensor.shape)"
    case .tensors: "a list of tensors"
    case .size(let n): "\(n)"
    case .sizes(let n): "\(n)"
    case .number(let v): "\(v)"
    case .flag(let b): "\(b)"
    case .text(let s): "\"\(s)\""
    case .dtype(let d): d.name
    }
  }
}

/// A family of operations: a struct whose stored properties are the operations.
package protocol OperationFamily: Sendable {
  init()
}

/// Every operation there is, by its script name.
package struct OperationCatalogue: Sendable {
  package struct Entry: Sendable {
    package let name: String
    package let family: String
    package let operation: Operation

    /// The family's name in words: `LinearAlgebra` is "Linear algebra".
    package var section: String {
      let words = snakeCase(family).split(separator: "_").joined(separator: " ")
      return words.prefix(1).uppercased() + words.dropFirst()
    }
  }

  package let entries: [Entry]

  package static let all = OperationCatalogue()

  private init() {
    entries = families.flatMap { family in
      Mirror(reflecting: family).children.compactMap { child in
        guard let label = child.label, let operation = child.value as? Operation else { return nil }
        return Entry(
          name: snakeCase(label), family: "\(type(of: family))", operation: operation)
      }
    }
  }
}

/// `logSoftmax` -> `log_softmax`, `conv2d` -> `conv2d`.
package func snakeCase(_ name: String) -> String {
  var out = ""
  for c in name {
    if c.isUppercase {
      out += "_" + c.lowercased()
    } else {
      out.append(c)
    }
  }
  return out
}
