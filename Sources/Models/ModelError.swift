import Tensors

/// What can be wrong with a model's settings, its training or its checkpoint.
package enum ModelError: Error, Equatable {
  case setting(String, expected: String, found: String)
  case missing(String)
  case lossNotFinite(Double, step: Int, NonFiniteOrigin?)
  case gradientNotFinite(step: Int, NonFiniteOrigin?)
  case lossNotOneNumber(Shape)
  case lossIndependent
  /// What went wrong in one layer of a chain.
  case layer(String, String)
  case checkpointMissing([String])
  case checkpointExtra([String])
  case checkpointShape(String, expected: Shape, found: Shape)

  /// One sentence for the reader.
  package var message: String {
    switch self {
    case .setting(let name, let expected, let found):
      return "\(name): expected \(expected), found \(found)"
    case .missing(let name): return "\(name): expected a value, found none"
    case .gradientNotFinite(let step, let origin):
      let value = origin.map { $0.value.isNaN ? "nan" : "\($0.value)" } ?? "not finite"
      return "a gradient is \(value) at step \(step): the parameters are left as they were"
    case .lossNotFinite(let value, let step, _):
      let value = value.isNaN ? "nan" : "\(value)"
      return "loss is \(value) at step \(step): the parameters are left as they were"
    case .lossNotOneNumber(let shape):
      return "expected a loss of a single number, found shape \(shape): take its mean() or sum()"
    case .lossIndependent: return "the loss depends on none of the parameters"
    case .layer(let layer, let message): return "\(layer): \(message)"
    case .checkpointMissing(let names): return "the checkpoint lacks \(Self.list(names))"
    case .checkpointExtra(let names):
      return "the checkpoint has \(Self.list(names)), which the model lacks"
    case .checkpointShape(let name, let expected, let found):
      return "\(name): expected shape \(expected), found \(found) in the checkpoint"
    }
  }

  /// Where what is not finite arose, if that is known.
  package var origin: NonFiniteOrigin? {
    switch self {
    case .lossNotFinite(_, _, let origin), .gradientNotFinite(_, let origin): origin
    default: nil
    }
  }

  /// The first three names, and how many more there are.
  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(3).joined(separator: ", ")
    return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
  }
}

extension ModelError: CustomStringConvertible {
  package var description: String { message }
}
