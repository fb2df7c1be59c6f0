import CKernels

extension Tensor {
  /// Each channel by its own moments, which are given back: its mean and its variance, divided by n.
  ///
  /// Shapes: [n, channels, ..] of more than one value for each channel; weight, bias, moments [channels]
  /// Source: Ioffe and Szegedy (2015), "Batch Normalization", algorithm 1.
  package func batchNormalised(_ weight: Tensor?, _ bias: Tensor?, _ eps: Double) throws -> (
    y: Tensor, mean: Tensor, variance: Tensor
  ) {
    guard rank >= 2 else { throw TensorError.rank(shape, expected: "a batch [n, channels, ..]") }
    let channels = shape[1]
    guard count > channels else {
      throw TensorError.shape(shape, expected: "more than one value for each channel in training")
    }
    for t in [weight, bias].compactMap({ $0 }) where t.shape.dims != [channels] {
      throw TensorError.shape(t.shape, expected: "one number for each of \(channels) channels")
    }
    if count == shape[0] * channels, shape[0] > 1 {
      // Without pixels the numbers of a channel lie apart, which costs more than to bring them together.
      let rows = try reshaped(to: [shape[0], channels]).permuted([1, 0])
      let (y, mean, variance) = try rows.unsqueezed(0).batchNormalised(weight, bias, eps)
      return (try y.squeezed(0).permuted([1, 0]).reshaped(shape), mean, variance)
    }
    let x = try floating()
    let (w, b) = (try weight?.cast(to: x.dtype), try bias?.cast(to: x.dtype))
    let batch = BatchNormalisation(x.shape)
    let r = try batch.run(x, w, b, eps)
    let operands = [x] + [w, b].compactMap { $0 }
    let y = r.y.recorded(operands) { back in
      let (g, x) = (back.g, back[0])
      let weight = w == nil ? nil : back[1]
      let (weightIndex, biasIndex) = (1, w == nil ? 1 : 2)
      if g.isTracked || x.isTracked || weight?.isTracked ?? false {
        // To be differentiated again: by ordinary operations.
        let parts = try batch.parts(g, x, eps)
        try back.send(to: 0) { try parts.gradient(weight) }
        if w != nil {
          try back.send(to: weightIndex) { try parts.product.reshaped(to: [channels]) }
        }
        if b != nil { try back.send(to: biasIndex) { try parts.sum.reshaped(to: [channels]) } }
        return
      }
      let found = try batch.gradients(g, x, weight, r, wanted: back.needs(0))
      if let gradient = found.x { try back.send(to: 0) { gradient } }
      if w != nil { try back.send(to: weightIndex) { found.weight } }
      if b != nil { try back.send(to: biasIndex) { found.bias } }
    }
    return (y, r.mean, r.variance)
  }
}

/// A batch as the kernels see it: [images, channels, inner].
private struct BatchNormalisation {
  let shape: Shape
  let images: Int
  let channels: Int
  let inner: Int

  init(_ shape: Shape) {
    self.shape = shape
    (images, channels, inner) = (shape[0], shape[1], shape.product(2..<shape.rank))
  }

  struct Result {
    let y: Tensor
    let mean: Tensor
    let variance: Tensor
    /// One over sqrt(variance + eps).
    let scale: Tensor
  }

  /// Channels do not depend on each other, so neither do the results on how these are shared out.
  private func eachChannel(_ work: (Range<Int>) -> Void) {
    let grain = max(1, Parallel.grain / 4 / max(images * inner, 1))
    let size = max(grain, (channels + 15) / 16)
    Parallel.shared.run((channels + size - 1) / size) { i in
      work(i * size..<min((i + 1) * size, channels))
    }
  }

  func run(_ x: Tensor, _ weight: Tensor?, _ bias: Tensor?, _ eps: Double) throws -> Result {
    let result = Result(
      y: try Tensor(uninitialized: shape, x.dtype),
      mean: try Tensor(uninitialized: Shape([channels]), x.dtype),
      variance: try Tensor(uninitialized: Shape([channels]), x.dtype),
      scale: try Tensor(uninitialized: Shape([channels]), x.dtype))
    eachChannel { part in
      var job = unsafe dg_batch_norm_job()
      unsafe (job.images, job.channels, job.inner, job.eps) = (images, channels, inner, eps)
      unsafe job.x = UnsafeRawPointer(x.address)
      unsafe job.weight = weight.map { unsafe UnsafeRawPointer($0.address) }
      unsafe job.bias = bias.map { unsafe UnsafeRawPointer($0.address) }
      unsafe job.y = result.y.address
      unsafe job.mean = result.mean.address
      unsafe job.variance = result.variance.address
      unsafe job.scale = result.scale.address
      // The tensors have images * channels * inner elements or one for each channel.
      if x.dtype == .float64 {
        unsafe dg_batch_norm_f64(&job, part.lowerBound, part.count)
      } else {
        unsafe dg_batch_norm_f32(&job, part.lowerBound, part.count)
      }
    }
    return result
  }

  func gradients(_ g: Tensor, _ x: Tensor, _ weight: Tensor?, _ r: Result, wanted: Bool) throws -> (
    x: Tensor?, weight: Tensor, bias: Tensor
  ) {
    let gradient = wanted ? try Tensor(uninitialized: shape, x.dtype) : nil
    let ofWeight = try Tensor(uninitialized: Shape([channels]), x.dtype)
    let ofBias = try Tensor(uninitialized: Shape([channels]), x.dtype)
    eachChannel { part in
      var job = unsafe dg_batch_norm_gradient_job()
      unsafe (job.images, job.channels, job.inner) = (images, channels, inner)
      unsafe job.g = UnsafeRawPointer(g.address)
      unsafe job.x = UnsafeRawPointer(x.address)
      unsafe job.weight = weight.map { unsafe UnsafeRawPointer($0.address) }
      unsafe job.mean = UnsafeRawPointer(r.mean.address)
      unsafe job.scale = UnsafeRawPointer(r.scale.address)
      unsafe job.gradient = gradient.map { unsafe $0.address }
      unsafe job.weight_gradient = ofWeight.address
      unsafe job.bias = ofBias.address
      // As in `run`.
      if x.dtype == .float64 {
        unsafe dg_batch_norm_gradient_f64(&job, part.lowerBound, part.count)
      } else {
        unsafe dg_batch_norm_gradient_f32(&job, part.lowerBound, part.count)
      }
    }
    return (gradient, ofWeight, ofBias)
  }

  /// What the gradients are made of, in ordinary operations; sums over all but the channels, these kept.
  struct Parts {
    let g: Tensor
    let standard: Tensor
    let scale: Tensor
    let sum: Tensor
    let product: Tensor
    let n: Double

    func gradient(_ weight: Tensor?) throws -> Tensor {
      let straight = try g - sum * (1 / n) - standard * (product * (1 / n))
      let bent = try straight * scale
      return try weight.map { try bent * $0.reshaped(sum.shape) } ?? bent
    }
  }

  func parts(_ g: Tensor, _ x: Tensor, _ eps: Double) throws -> Parts {
    let dims = [0] + Array(2..<shape.rank)
    let centred = try x - x.mean(dims, keepdim: true)
    let scale = try (centred.square().mean(dims, keepdim: true) + eps).reciprocalSquareRoot()
    let standard = try centred * scale
    return Parts(
      g: g, standard: standard, scale: scale, sum: try g.sum(dims, keepdim: true),
      product: try (g * standard).sum(dims, keepdim: true), n: Double(images * inner))
  }
}
