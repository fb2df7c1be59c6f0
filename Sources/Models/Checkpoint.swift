import Tensors

/// A model's parameters and buffers by name: what a file keeps of it.
package enum Checkpoint {
  /// The present values, detached.
  package static func contents(_ variables: [NamedVariable]) -> [(name: String, tensor: Tensor)] {
    variables.map { ($0.name, $0.variable.tensor.detached) }
  }

  /// Gives the variables the values of a checkpoint, all of them or none.
  ///
  /// Throws: where a name is missing or unknown, or a shape is another.
  package static func restore(
    _ contents: [(name: String, tensor: Tensor)], into variables: [NamedVariable]
  ) throws {
    try match(contents, with: variables.map { ($0.name, $0.variable.shape) })
    let byName = Dictionary(contents.map { ($0.name, $0.tensor) }) { a, _ in a }
    for v in variables {
      if let tensor = byName[v.name] { try v.variable.assign(tensor) }
    }
  }

  /// Compares names and shapes.
  static func match(
    _ contents: [(name: String, tensor: Tensor)], with expected: [(name: String, shape: Shape)]
  ) throws {
    let found = Dictionary(contents.map { ($0.name, $0.tensor.shape) }) { a, _ in a }
    let missing = expected.map(\.name).filter { found[$0] == nil }
    guard missing.isEmpty else { throw ModelError.checkpointMissing(missing) }
    let names = Set(expected.map(\.name))
    let extra = contents.map(\.name).filter { !names.contains($0) }
    guard extra.isEmpty else { throw ModelError.checkpointExtra(extra) }
    for (name, shape) in expected {
      if let other = found[name], other != shape {
        throw ModelError.checkpointShape(name, expected: shape, found: other)
      }
    }
  }
}
