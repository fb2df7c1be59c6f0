import Tensors

extension Comparisons {
  /// `x in xs`: a part of a text, a field's name of a record, an element of anything else.
  static func isMember(
    _ x: Value, of container: Value, _ interpreter: Interpreter
  ) throws -> Bool {
    switch (x, container) {
    case (.text(let part), .text(let whole)): return part.isEmpty || whole.contains(part)
    case (.text(let name), .record(let record)): return record[name] != nil
    default: break
    }
    if let tensor = container.storedTensor, tensor.rank > 0, let number = x.scalar {
      let matches = try tensor.compare(.equal, to: number)
      return try matches.cast(to: .int64).sum().item != 0
    }
    guard let elements = try Iteration.elements(of: container, interpreter) else {
      throw ScriptError.kind("", expected: "something with elements after `in`", found: container)
    }
    return try elements.contains { try equal(x, $0) }
  }
}
