import Tensors

/// A function without settings of its own as a layer: an activation, a reshape, a function of the script.
package final class FunctionLayer: Layer {
  package let description: String
  package let ownParameters: [NamedVariable]
  /// What it multiplies values below 0 by, where it does nothing else, as relu and leaky relu; a dense layer before it
  /// takes it along in its own pass.
  let slope: Double?
  private let body: (Tensor) throws -> Tensor

  /// `parameters` are those that the function uses; `slope` is that of a leaky relu, at least 0.
  package init(
    _ description: String, parameters: [NamedVariable] = [], slope: Double? = nil,
    _ body: @escaping (Tensor) throws -> Tensor
  ) {
    self.description = description
    ownParameters = parameters
    self.slope = slope
    self.body = body
  }

  /// The operation of one tensor that has the name, its other arguments at their defaults.
  ///
  /// Throws: where there is none.
  package init(activation name: String) throws {
    guard let entry = OperationCatalogue.all.entries.first(where: { $0.name == name }),
      let first = entry.operation.parameters.first, first.kind == .tensor,
      entry.operation.parameters.dropFirst().allSatisfy({ !$0.isRequired })
    else {
      throw ModelError.setting("act", expected: "an activation, such as relu", found: name)
    }
    let parameters = entry.operation.parameters
    let rest = parameters.dropFirst().map {
      entry.operation.layerDefaults[$0.name] ?? $0.fallback ?? .none
    }
    let evaluate = entry.operation.evaluate
    description = name
    ownParameters = []
    slope =
      switch (name, rest.first) {
      case ("relu", _): 0
      case ("leaky_relu", .number(let slope)) where slope >= 0: slope
      default: nil
      }
    body = { x in
      guard case .one(let y) = try evaluate(Arguments([.tensor(x)] + rest, parameters)) else {
        throw ModelError.setting("act", expected: "a function to one tensor", found: name)
      }
      return y
    }
  }

  package func apply(_ x: Tensor, _ generator: Generator) throws -> Tensor { try body(x) }
}
