import Tensors

/// The tensors in an argument: itself, or those of the lists, tuples and records in it.
///
/// What `grad(f)` differentiates with respect to; a gradient comes in the argument's own structure.
struct Structure {
  private indirect enum Shape {
    /// A leaf, and whether it was a plain number.
    case leaf(wasPlain: Bool)
    case list([Shape])
    case tuple([Shape])
    case record([(String, Shape)])
    case other(Value)
  }

  private let shape: Shape
  private(set) var tensors: [Tensor] = []

  init(_ value: Value) throws {
    var found: [Tensor] = []
    shape = try Self.walk(value, &found, depth: 0)
    tensors = found
  }

  private static func walk(_ value: Value, _ found: inout [Tensor], depth: Int) throws -> Shape {
    guard depth < 64 else { throw ScriptError.message("an argument nested more than 64 deep") }
    switch value {
    case .number(let number):
      found.append(try Tensor(number))
      return .leaf(wasPlain: true)
    case .tensor(let tensor) where tensor.dtype.isFloating:
      found.append(tensor)
      return .leaf(wasPlain: false)
    case .variable(let variable):
      found.append(variable.tensor)
      return .leaf(wasPlain: false)
    case .list(let list):
      return .list(try list.elements.map { try walk($0, &found, depth: depth + 1) })
    case .tuple(let elements):
      return .tuple(try elements.map { try walk($0, &found, depth: depth + 1) })
    case .record(let record):
      return .record(
        try record.items.map { ($0.name, try walk($0.value, &found, depth: depth + 1)) })
    default: return .other(value)
    }
  }

  /// The same structure around other tensors, given in the same order.
  func value(_ tensors: [Tensor], plainly: Bool) -> Value {
    var rest = tensors[...]
    return rebuild(shape, &rest, plainly)
  }

  private func rebuild(_ shape: Shape, _ rest: inout ArraySlice<Tensor>, _ plainly: Bool) -> Value {
    switch shape {
    case .leaf(let wasPlain):
      guard let tensor = rest.popFirst() else { return .none }
      return wasPlain && plainly ? Conversion.plain(tensor, if: true) : .tensor(tensor)
    case .list(let shapes):
      return .list(ListObject(shapes.map { rebuild($0, &rest, plainly) }))
    case .tuple(let shapes): return .tuple(shapes.map { rebuild($0, &rest, plainly) })
    case .record(let fields):
      return .record(RecordObject(fields.map { ($0.0, rebuild($0.1, &rest, plainly)) }))
    case .other(let value): return value
    }
  }
}
