import CKernels

/// A tensor that training changes: a leaf of the tape with an identity.
///
/// Reading gives the present value, tracked; a step writes over its bytes, unless someone still
/// holds them, so that no recorded computation sees its operands change.
package final class Variable {
  package private(set) var tensor: Tensor

  package init(_ value: Tensor) { tensor = value.detached.leaf() }

  package var shape: Shape { tensor.shape }

  /// Replaces the value; recorded computations keep the old one.
  ///
  /// Throws: where the shape is another.
  package func assign(_ value: Tensor) throws {
    guard value.shape == tensor.shape else {
      throw TensorError.broadcast(value.shape, tensor.shape)
    }
    let cast = try value.detached.cast(to: tensor.dtype)
    tensor = tensor.node.leaf.map(cast.isLeaf) ?? cast.leaf()
  }

  /// Stands in another tensor for a while, as when a gradient is checked in float64.
  package func replace(_ value: Tensor) { tensor = value }
}

/// What Adam remembers of one variable between steps.
///
/// Source: Kingma and Ba (2015), "Adam: A Method for Stochastic Optimization", algorithm 1.
package struct AdamMoments {
  package private(set) var first: Tensor
  package private(set) var second: Tensor
  package private(set) var steps = 0

  package init(like variable: Variable) throws {
    first = try Tensor.zeros(variable.tensor.shape, variable.tensor.dtype)
    second = try Tensor.zeros(variable.tensor.shape, variable.tensor.dtype)
  }

  package init(first: Tensor, second: Tensor, steps: Int) {
    self.first = first
    self.second = second
    self.steps = steps
  }

  package struct Settings {
    package var lr: Double
    package var beta1: Double
    package var beta2: Double
    package var eps: Double
    package var weightDecay: Double

    package init(lr: Double, beta1: Double, beta2: Double, eps: Double, weightDecay: Double) {
      self.lr = lr
      self.beta1 = beta1
      self.beta2 = beta2
      self.eps = eps
      self.weightDecay = weightDecay
    }
  }

  /// One step against the gradient, in one pass over the memory.
  package mutating func step(_ variable: Variable, _ gradient: Tensor, _ s: Settings) throws {
    steps += 1
    var job = dg_adam_step()
    (job.lr, job.beta1, job.beta2, job.eps, job.weight_decay) = (
      s.lr, s.beta1, s.beta2, s.eps, s.weightDecay
    )
    job.bias1 = 1 - power(s.beta1, steps)
    job.bias2 = 1 - power(s.beta2, steps)
    try first.makeUnique()
    try second.makeUnique()
    let (m, v) = (first, second)
    try variable.write(gradient) { p, g, r in
      if p.dtype == .float64 {
        unsafe dg_adam_f64(
          p.doubles + r.lowerBound, g.doubles + r.lowerBound, m.doubles + r.lowerBound,
          v.doubles + r.lowerBound, r.count, &job)
      } else {
        unsafe dg_adam_f32(
          p.floats + r.lowerBound, g.floats + r.lowerBound, m.floats + r.lowerBound,
          v.floats + r.lowerBound, r.count, &job)
      }
    }
  }

  private func power(_ base: Double, _ n: Int) -> Double {
    var (result, b, n) = (1.0, base, n)
    while n > 0 {
      if n & 1 == 1 { result *= b }
      (b, n) = (b * b, n >> 1)
    }
    return result
  }
}

/// What stochastic gradient descent remembers of one variable between steps.
package struct Momentum {
  package private(set) var buffer: Tensor?

  package init(_ buffer: Tensor? = nil) { self.buffer = buffer }

  package struct Settings {
    package var lr: Double
    package var momentum: Double
    package var dampening: Double
    package var weightDecay: Double
    package var nesterov: Bool

    package init(
      lr: Double, momentum: Double, dampening: Double, weightDecay: Double, nesterov: Bool
    ) {
      self.lr = lr
      self.momentum = momentum
      self.dampening = dampening
      self.weightDecay = weightDecay
      self.nesterov = nesterov
    }
  }

  package mutating func step(_ variable: Variable, _ gradient: Tensor, _ s: Settings) throws {
    var job = dg_sgd_step()
    (job.lr, job.momentum, job.dampening, job.weight_decay) = (
      s.lr, s.momentum, s.dampening, s.weightDecay
    )
    job.nesterov = s.nesterov ? 1 : 0
    job.first = buffer == nil ? 1 : 0
    if buffer == nil { buffer = try Tensor.zeros(variable.tensor.shape, variable.tensor.dtype) }
    try buffer?.makeUnique()
    guard let memory = buffer else { return }
    try variable.write(gradient) { p, g, r in
      if p.dtype == .float64 {
        unsafe dg_sgd_f64(
          p.doubles + r.lowerBound, g.doubles + r.lowerBound, memory.doubles + r.lowerBound,
          r.count, &job)
      } else {
        unsafe dg_sgd_f32(
          p.floats + r.lowerBound, g.floats + r.lowerBound, memory.floats + r.lowerBound, r.count,
          &job)
      }
    }
  }
}

extension Variable {
  /// Runs `update` on ranges of the value's and the gradient's elements.
  fileprivate func write(_ gradient: Tensor, _ update: (Tensor, Tensor, Range<Int>) -> Void) throws
  {
    guard gradient.shape == tensor.shape else {
      throw TensorError.broadcast(gradient.shape, tensor.shape)
    }
    let g = try gradient.detached.cast(to: tensor.dtype)
    try tensor.makeUnique()
    let p = tensor
    // Four arrays are read and three written.
    Parallel.shared.split(p.count, grain: Parallel.grain / 4) { r in update(p, g, r) }
  }
}
