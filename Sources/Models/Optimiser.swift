import Tensors

/// What moves parameters against their gradients.
///
/// A kind of optimiser is one file in `Optimisers/` and one line in the catalogue.
package protocol Optimiser: AnyObject, SendableMetatype {
  static var name: String { get }
  /// One line for the help.
  static var about: String { get }
  static var settings: [Setting] { get }

  init(_ variables: [Variable], _ values: SettingValues) throws

  var variables: [Variable] { get }
  /// The learning rate, which a schedule may change.
  var lr: Double { get set }
  /// How many steps were taken.
  var steps: Int { get set }

  /// Moves the variables; one without a gradient stays.
  func update(_ gradients: [Tensor?]) throws

  /// What it remembers of each variable, for a checkpoint.
  var memory: [(name: String, tensor: Tensor)] { get throws }
  func recall(_ memory: [(name: String, tensor: Tensor)]) throws
}

extension Optimiser {
  package static var name: String { String(snakeCase("\(Self.self)").drop { $0 == "_" }) }

  /// Takes the gradients of the loss, moves the variables, and returns the loss.
  ///
  /// The loss's tape is gone then. With `clip` the gradients are scaled down together, where their common norm is larger.
  /// Throws: where the loss or a gradient is not finite, or the loss depends on none of the variables; they are then as before.
  @discardableResult
  package func step(_ loss: Tensor, clip: Double? = nil) throws -> Double {
    guard loss.count == 1 else { throw ModelError.lossNotOneNumber(loss.shape) }
    let value = loss[flat: 0]
    guard value.isFinite else {
      throw ModelError.lossNotFinite(value, step: steps + 1, loss.nonFiniteOrigin())
    }
    let tensors = variables.map(\.tensor)
    var gradients = try loss.gradients(tensors)
    guard gradients.contains(where: { $0 != nil }) else { throw ModelError.lossIndependent }
    guard gradients.allSatisfy({ $0?.isAllFinite ?? true }) else {
      throw ModelError.gradientNotFinite(
        step: steps + 1, try loss.nonFiniteGradientOrigin(tensors))
    }
    // The tape holds the parameters: without it the step writes over them in place.
    loss.releaseTape()
    if let clip { gradients = try clipped(gradients, to: clip) }
    steps += 1
    try update(gradients)
    return value
  }

  /// The gradients, scaled so that the norm of all of them together is at most `limit`.
  ///
  /// Source: Pascanu, Mikolov and Bengio (2013), "On the Difficulty of Training Recurrent Neural Networks", algorithm 1.
  private func clipped(_ gradients: [Tensor?], to limit: Double) throws -> [Tensor?] {
    let square = try gradients.reduce(0) { try $0 + ($1?.square().sum()[flat: 0] ?? 0) }
    guard square.squareRoot() > limit else { return gradients }
    return try gradients.map { try $0.map { try $0 * (limit / square.squareRoot()) } }
  }
}

/// Every optimiser, in the order the help shows; a test compares the list with the folder.
package enum OptimiserCatalogue {
  package static let families: [any Optimiser.Type] = [
    Adam.self, AdamW.self, Rmsprop.self, Sgd.self,
  ]
}
