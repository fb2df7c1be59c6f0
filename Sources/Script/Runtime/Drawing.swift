import Distributions
import Tensors

/// What `z ~ q` draws.
enum Drawing {
  /// A draw through which gradients flow where they can; of a tensor one of its rows.
  static func draw(from source: Value, _ interpreter: Interpreter) throws -> Value {
    switch source {
    case .distribution(let q):
      let generator = interpreter.generator
      return .tensor(try q.hasPathwiseSample ? q.rsample([], generator) : q.sample([], generator))
    case .object(let object):
      if let method = object.method("rsample") ?? object.method("sample") {
        return try interpreter.call(method, CallArguments())
      }
    case .tensor, .variable, .list:
      let tensor = try Conversion.tensor(source)
      guard tensor.rank > 0, tensor.shape[0] > 0 else { break }
      let row = interpreter.generator.integers(1, below: tensor.shape[0])
      return Conversion.value(try tensor.indexed([.at(row.first ?? 0)]))
    case .none, .bool, .number, .text, .tuple, .record, .function, .dtype: break
    }
    throw ScriptError.kind("", expected: "a distribution to draw from", found: source)
  }
}
