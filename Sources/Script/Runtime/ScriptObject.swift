import Tensors

/// A value with an identity that the language itself knows nothing about: a layer, an optimiser, a figure.
package protocol ScriptObject: AnyObject {
  /// What `type(x)` says, as "adam".
  var typeName: String { get }
  /// In an error, after "found", as "an optimiser".
  var description: String { get }
  /// The variables that training it changes, in a stable order.
  var variables: [Variable] { get }
  /// What they are called within this, one for each; none where they have no names.
  var variableNames: [String] { get }
  /// What `x.name` reads; nil where there is no such attribute.
  func attribute(_ name: String) throws -> Value?
  /// Carries out `x.name = value`; false where there is no such attribute.
  func setAttribute(_ name: String, _ value: Value) throws -> Bool
  /// What `x.name(...)` calls; nil where there is no such method.
  func method(_ name: String) -> (any Callable)?
  /// Names for completion and for "did you mean".
  var memberNames: [String] { get }
  /// What `x(...)` does; nil where x is no function.
  var callable: (any Callable)? { get }
  /// What `for x in this` walks over; nil where it cannot be walked. The sequence ends with nil.
  func makeIterator(_ interpreter: Interpreter) throws -> (() throws -> Value?)?
  /// What `len(x)` says.
  var count: Int? { get }
  /// What `x[...]` gives for one index; nil where it has no elements.
  func element(_ index: Value) throws -> Value?
  /// What indices and slices choose from, in place of `element`; nil where it is no sequence.
  var parts: [Value]? { get }
  /// Such a thing of some of the parts.
  func joined(_ parts: [Value]) -> Value
  /// A number that stands for it where a number is needed, as for an estimate.
  var scalar: Double? { get }
  /// The result of an operator with this as one operand; nil where it has none.
  func operate(_ symbol: BinaryOperator, with other: Value, isLeft: Bool) throws -> Value?
  /// The result of a comparison with this as the left operand; nil where it has none.
  func compare(_ relation: ComparisonOperator, with other: Value) throws -> Value?
  /// How it shows, one line or several, without a line feed at the end. Units: columns.
  func display(width: Int) -> String
}

extension ScriptObject {
  package var description: String { "a value of type \(typeName)" }
  package var variables: [Variable] { [] }
  package var variableNames: [String] { [] }
  package func attribute(_ name: String) throws -> Value? { nil }
  package func setAttribute(_ name: String, _ value: Value) throws -> Bool { false }
  package func method(_ name: String) -> (any Callable)? { nil }
  package var memberNames: [String] { [] }
  package var callable: (any Callable)? { nil }
  package func makeIterator(_ interpreter: Interpreter) throws -> (() throws -> Value?)? { nil }
  package var count: Int? { nil }
  package func element(_ index: Value) throws -> Value? { nil }
  package var parts: [Value]? { nil }
  package func joined(_ parts: [Value]) -> Value { .list(ListObject(parts)) }
  package var scalar: Double? { nil }
  package func operate(
    _ symbol: BinaryOperator, with other: Value, isLeft: Bool
  ) throws -> Value? { nil }
  package func compare(_ relation: ComparisonOperator, with other: Value) throws -> Value? { nil }
  package func display(width: Int) -> String { typeName }
}

/// What can be called: a function of the script, a builtin, a composition.
package protocol Callable: AnyObject {
  /// The name it goes by in messages; empty for an anonymous function.
  var name: String { get }
  func call(_ arguments: CallArguments, in interpreter: Interpreter) throws -> Value
  /// How it shows: its source text, or its signature.
  var display: String { get }
  /// What else it refers to, where `params(f)` looks for variables.
  func referenced(in interpreter: Interpreter) -> [Value]
}

extension Callable {
  package func referenced(in interpreter: Interpreter) -> [Value] { [] }
}

/// Arguments as they were given, before they meet parameters.
package struct CallArguments {
  package var positional: [Value]
  package var named: [(name: String, value: Value)]
  /// `z ~ q` in a call such as `E(z ~ q, f(z))`; none in any other.
  package var draws: DrawnArguments?

  package init(
    _ positional: [Value] = [], named: [(name: String, value: Value)] = [],
    draws: DrawnArguments? = nil
  ) {
    self.positional = positional
    self.named = named
    self.draws = draws
  }
}

/// The draws of `E(z ~ prior, x ~ p(z), f(x, z))` and what is to be averaged, none of it worked out yet.
package struct DrawnArguments {
  /// An expression with its place.
  struct Part {
    /// Its value, given the draws before it.
    let value: ([Value]) throws -> Value
    /// An error that has no place yet, with this one.
    let located: (any Error) -> any Error
  }

  /// One for each draw: the distribution or tensor to draw from.
  let sources: [Part]
  /// The positional arguments after the draws.
  let bodies: [Part]
}

/// A function made in Swift, such as `grad(f)`.
package final class NativeFunction: Callable {
  package let name: String
  package let display: String
  private let references: [Value]
  private let body: (CallArguments, Interpreter) throws -> Value

  /// `references` is what it will use when called, such as the f of `grad(f)`.
  package init(
    _ name: String, display: String? = nil, references: [Value] = [],
    _ body: @escaping (CallArguments, Interpreter) throws -> Value
  ) {
    self.name = name
    self.display = display ?? name
    self.references = references
    self.body = body
  }

  package func call(_ arguments: CallArguments, in interpreter: Interpreter) throws -> Value {
    try body(arguments, interpreter)
  }

  package func referenced(in interpreter: Interpreter) -> [Value] { references }
}
