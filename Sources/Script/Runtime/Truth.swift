import Tensors

/// What counts as true.
enum Truth {
  /// A boolean, a number that is not 0, or a 0-d tensor of either; none is false.
  static func of(_ value: Value) throws -> Bool {
    switch value {
    case .bool(let flag): return flag
    case .none: return false
    case .number(let number): return number != 0
    case .object(let object):
      if let number = object.scalar { return number != 0 }
    case .tensor, .variable:
      if let tensor = value.storedTensor, let item = tensor.item { return item != 0 }
    case .text, .list, .tuple, .record, .function, .distribution, .dtype: break
    }
    throw ScriptError.truth(
      value.description, isMany: value.storedTensor.map { $0.count > 1 } ?? false)
  }
}
