import Distributions
import Tensors

/// What an expression gives.
package enum Value {
  case none
  case bool(Bool)
  /// Every plain number is float64; it adapts to the tensor it meets.
  case number(Double)
  case text(String)
  case tensor(Tensor)
  /// A `param(...)`: reads as its present tensor, tracked.
  case variable(Variable)
  case list(ListObject)
  case tuple([Value])
  case record(RecordObject)
  case function(any Callable)
  indirect case distribution(any Distribution)
  case dtype(DType)
  /// Whatever else has an identity: a layer, an optimiser, a figure, a data set, an estimate.
  case object(any ScriptObject)
}

extension Value {
  /// What `type(x)` says.
  package var typeName: String {
    switch self {
    case .none: "none"
    case .bool: "bool"
    case .number: "number"
    case .text: "text"
    case .tensor, .variable: "tensor"
    case .list: "list"
    case .tuple: "tuple"
    case .record: "record"
    case .function: "function"
    case .distribution: "distribution"
    case .dtype: "dtype"
    case .object(let object): object.typeName
    }
  }

  /// In an error, after "found".
  package var description: String {
    switch self {
    case .none: return "none"
    case .bool(let value): return "\(value)"
    case .number(let value): return NumberText.shortest(value)
    case .text(let text):
      return TextDisplay.quoted(text.count > 40 ? text.prefix(40) + "…" : text)
    case .tensor(let tensor): return Self.description(tensor)
    case .variable(let variable): return Self.description(variable.tensor)
    case .list(let list): return list.elements.isEmpty ? "an empty list" : "a list"
    case .tuple: return "a tuple"
    case .record: return "a record"
    case .function(let function):
      return function.name.isEmpty ? "a function" : "the function \(function.name)"
    case .distribution(let distribution): return "the distribution \(distribution.name)"
    case .dtype(let type): return "the type \(type.name)"
    case .object(let object): return object.description
    }
  }

  private static func description(_ tensor: Tensor) -> String {
    let kind = tensor.dtype == .float32 ? "" : " of \(tensor.dtype.name)"
    return "a tensor of shape \(tensor.shape)" + kind
  }

  /// The tensor of a tensor or of a variable.
  package var storedTensor: Tensor? {
    switch self {
    case .tensor(let tensor): tensor
    case .variable(let variable): variable.tensor
    default: nil
    }
  }

  /// The elements of a list or a tuple.
  package var sequence: [Value]? {
    switch self {
    case .list(let list): list.elements
    case .tuple(let elements): elements
    default: nil
    }
  }

  /// A plain number, a boolean as 0 or 1, or the one element of a 0-d tensor.
  package var scalar: Double? {
    switch self {
    case .number(let value): return value
    case .bool(let value): return value ? 1 : 0
    case .tensor(let tensor): return tensor.rank == 0 ? tensor.item : nil
    case .variable(let variable): return variable.tensor.rank == 0 ? variable.tensor.item : nil
    case .object(let object): return object.scalar
    default: return nil
    }
  }

  package var isNone: Bool {
    if case .none = self { true } else { false }
  }
}
