/// A place of the tape at which gradients arrive: a leaf, or the result of a step.
class Place {
  /// What the sweep under way has gathered here.
  final var gradient: Tensor?
  /// Whether the sweep under way was asked for the gradient here.
  final var isTarget = false
  /// Whether this is a leaf that weighs draws, or one lies behind it.
  final var isNoisy = false

  /// Adds a gradient to those gathered so far.
  final func add(_ gradient: consuming Tensor, tracked: Bool) throws {
    if let sum = self.gradient.take() {
      self.gradient = tracked ? try sum + gradient : try Kernels.added(gradient, to: sum)
    } else {
      self.gradient = gradient
    }
  }

  final func endSweep() {
    isTarget = false
    gradient = nil
  }
}

/// What gradients are taken with respect to.
///
/// A place of its own, for its elements change: a `Variable` that is written to keeps its leaf.
final class Leaf: Place {
  /// The noise that the draws came from which this leaf weighs.
  let noise: Noise?

  init(weighing noise: Noise? = nil) {
    self.noise = noise
    super.init()
    isNoisy = noise != nil
  }
}
