import CKernels

/// Tensor-level calls of the C kernels: types dispatched, operands broadcast, work shared out, nothing recorded.
///
/// Every unsafe call here relies on its tensors having `count` elements of the type it names.
enum Kernels {
  static func fill(_ y: UnsafeMutablePointer<Float>, _ value: Float, _ n: Int) {
    unsafe dg_fill_f32(value, y, n)
  }

  static func fill(_ y: UnsafeMutablePointer<Double>, _ value: Double, _ n: Int) {
    unsafe dg_fill_f64(value, y, n)
  }

  /// An elementwise function of a float tensor.
  static func map(_ op: dg_unary, _ x: Tensor, grain: Int = 16_384) throws -> Tensor {
    let y = try Tensor(uninitialized: x.shape, x.dtype)
    Parallel.shared.split(x.count, grain: grain) { r in
      if x.dtype == .float64 {
        unsafe dg_map_f64(op, x.doubles + r.lowerBound, y.doubles + r.lowerBound, r.count)
      } else {
        unsafe dg_map_f32(op, x.floats + r.lowerBound, y.floats + r.lowerBound, r.count)
      }
    }
    return y
  }

  /// scale * x + shift of a float tensor.
  static func affine(_ x: Tensor, _ scale: Double, _ shift: Double) throws -> Tensor {
    let y = try Tensor(uninitialized: x.shape, x.dtype)
    Parallel.shared.split(x.count) { r in
      if x.dtype == .float64 {
        unsafe dg_affine_f64(
          x.doubles + r.lowerBound, scale, shift, y.doubles + r.lowerBound, r.count)
      } else {
        unsafe dg_affine_f32(
          x.floats + r.lowerBound, Float(scale), Float(shift), y.floats + r.lowerBound, r.count)
      }
    }
    return y
  }

  /// g where x > 0, else slope * g, for float tensors of one shape.
  static func rectify(_ g: Tensor, by x: Tensor, _ slope: Double) throws -> Tensor {
    let y = try Tensor(uninitialized: x.shape, x.dtype)
    Parallel.shared.split(x.count) { r in
      let i = r.lowerBound
      if x.dtype == .float64 {
        unsafe dg_rectify_f64(g.doubles + i, x.doubles + i, slope, y.doubles + i, r.count)
      } else {
        unsafe dg_rectify_f32(g.floats + i, x.floats + i, Float(slope), y.floats + i, r.count)
      }
    }
    return y
  }

  static func clamp(_ x: Tensor, _ lo: Double, _ hi: Double) throws -> Tensor {
    let y = try Tensor(uninitialized: x.shape, x.dtype)
    Parallel.shared.split(x.count) { r in
      let i = r.lowerBound
      if x.dtype == .float64 {
        unsafe dg_clamp_f64(x.doubles + i, lo, hi, y.doubles + i, r.count)
      } else {
        unsafe dg_clamp_f32(x.floats + i, Float(lo), Float(hi), y.floats + i, r.count)
      }
    }
    return y
  }

  /// An elementwise function of two float tensors of one type, broadcast.
  static func zip(_ op: dg_binary, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    if a.shape == b.shape { return try zipAlike(op, a, b) }
    let y = try Tensor(uninitialized: try a.shape.broadcast(with: b.shape), a.dtype)
    let loop = BroadcastLoop(y.shape, a.shape, b.shape)
    if loop.isChoppy {
      return try zipAlike(op, a.detached.expanded(to: y.shape), b.detached.expanded(to: y.shape))
    }
    loop.run { r in
      if y.dtype == .float64 {
        unsafe dg_zip_f64(
          op, a.doubles + r.a, r.aStep, b.doubles + r.b, r.bStep, y.doubles + r.y, r.n)
      } else {
        unsafe dg_zip_f32(op, a.floats + r.a, r.aStep, b.floats + r.b, r.bStep, y.floats + r.y, r.n)
      }
    }
    return y
  }

  /// Of equal shapes: one run, without the broadcasting loop, for the sake of small tensors.
  private static func zipAlike(_ op: dg_binary, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    let y = try Tensor(uninitialized: a.shape, a.dtype)
    let isCostly = [DG_BCE_LOGITS, DG_SIGMOID_SUB, DG_BCE, DG_POW].contains(op)
    Parallel.shared.split(y.count, grain: isCostly ? 8_192 : Parallel.grain) { r in
      let i = r.lowerBound
      if y.dtype == .float64 {
        unsafe dg_zip_f64(op, a.doubles + i, 1, b.doubles + i, 1, y.doubles + i, r.count)
      } else {
        unsafe dg_zip_f32(op, a.floats + i, 1, b.floats + i, 1, y.floats + i, r.count)
      }
    }
    return y
  }

  /// A comparison of two float tensors of one type, broadcast, as booleans.
  static func compare(_ op: dg_compare, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    let y = try Tensor(uninitialized: try a.shape.broadcast(with: b.shape), .bool)
    BroadcastLoop(y.shape, a.shape, b.shape).run { r in
      if a.dtype == .float64 {
        unsafe dg_compare_f64(
          op, a.doubles + r.a, r.aStep, b.doubles + r.b, r.bStep, y.bools + r.y, r.n)
      } else {
        unsafe dg_compare_f32(
          op, a.floats + r.a, r.aStep, b.floats + r.b, r.bStep, y.bools + r.y, r.n)
      }
    }
    return y
  }

  /// An elementwise function of two integer (or boolean) tensors, broadcast.
  static func zipIntegers(_ a: Tensor, _ b: Tensor, _ f: (Int64, Int64) throws -> Int64) throws
    -> Tensor
  {
    let shape = try a.shape.broadcast(with: b.shape)
    let (x, z) = (
      try a.cast(to: .int64).expanded(to: shape), try b.cast(to: .int64).expanded(to: shape)
    )
    let y = try Tensor(uninitialized: shape, .int64)
    for i in 0..<y.count { unsafe y.ints[i] = try f(x.ints[i], z.ints[i]) }
    return y
  }

  /// mask ? a : b; a and b are of the mask's shape or single numbers.
  static func select(_ mask: Tensor, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    let y = try Tensor(uninitialized: mask.shape, a.dtype)
    let (sa, sb) = (a.shape == mask.shape ? 1 : 0, b.shape == mask.shape ? 1 : 0)
    Parallel.shared.split(y.count) { r in
      let (i, n) = (r.lowerBound, r.count)
      switch a.dtype {
      case .float64:
        unsafe dg_select_f64(
          mask.bools + i, 1, a.doubles + i * sa, Int32(sa), b.doubles + i * sb, Int32(sb),
          y.doubles + i, n)
      case .float32:
        unsafe dg_select_f32(
          mask.bools + i, 1, a.floats + i * sa, Int32(sa), b.floats + i * sb, Int32(sb),
          y.floats + i, n)
      case .int64:
        for i in r { unsafe y.ints[i] = mask.bools[i] != 0 ? a.ints[i * sa] : b.ints[i * sb] }
      case .bool:
        for i in r { unsafe y.bools[i] = mask.bools[i] != 0 ? a.bools[i * sa] : b.bools[i * sb] }
      }
    }
    return y
  }

  /// a + b, written over b's bytes where nobody else holds them.
  static func added(_ a: Tensor, to b: consuming Tensor) throws -> Tensor {
    guard a.shape == b.shape, a.dtype == b.dtype, a.dtype.isFloating else { return try a + b }
    var sum = b
    guard sum.isUnique() else { return try a + sum }
    let y = sum
    Parallel.shared.split(a.count) { r in
      if a.dtype == .float64 {
        unsafe dg_add_into_f64(a.doubles + r.lowerBound, y.doubles + r.lowerBound, r.count)
      } else {
        unsafe dg_add_into_f32(a.floats + r.lowerBound, y.floats + r.lowerBound, r.count)
      }
    }
    return sum
  }

  /// A reduction of a float tensor over the middle of [outer, n, inner].
  static func reduce(_ op: dg_reduce, _ x: Tensor, _ v: ReductionView) throws -> Tensor {
    let y = try Tensor(uninitialized: v.result, x.dtype)
    if v.outer == 1, v.inner == 1, v.n > Parallel.grain, op == DG_SUM {
      return try sumOfChunks(x, y)
    }
    Parallel.shared.split(v.outer, grain: max(1, Parallel.grain / max(v.n * v.inner, 1))) { r in
      let (from, to) = (r.lowerBound * v.n * v.inner, r.lowerBound * v.inner)
      if x.dtype == .float64 {
        unsafe dg_reduce_f64(op, x.doubles + from, y.doubles + to, r.count, v.n, v.inner)
      } else {
        unsafe dg_reduce_f32(op, x.floats + from, y.floats + to, r.count, v.n, v.inner)
      }
    }
    return y
  }

  /// The sum of everything, by chunks of a fixed size whose sums are added in order.
  private static func sumOfChunks(_ x: Tensor, _ y: Tensor) throws -> Tensor {
    let chunks = (x.count + Parallel.grain - 1) / Parallel.grain
    let partial = try Tensor(uninitialized: Shape(trusted: [chunks]), x.dtype)
    Parallel.shared.run(chunks) { i in
      let from = i * Parallel.grain
      let n = min(Parallel.grain, x.count - from)
      if x.dtype == .float64 {
        unsafe dg_reduce_f64(DG_SUM, x.doubles + from, partial.doubles + i, 1, n, 1)
      } else {
        unsafe dg_reduce_f32(DG_SUM, x.floats + from, partial.floats + i, 1, n, 1)
      }
    }
    if x.dtype == .float64 {
      unsafe dg_reduce_f64(DG_SUM, partial.doubles, y.doubles, 1, chunks, 1)
    } else {
      unsafe dg_reduce_f32(DG_SUM, partial.floats, y.floats, 1, chunks, 1)
    }
    return y
  }

  static func logSumExp(_ x: Tensor, _ v: ReductionView) throws -> Tensor {
    let y = try Tensor(uninitialized: v.result, x.dtype)
    // An exponential is worth several additions.
    let row = v.n * v.inner
    Parallel.shared.split(v.outer, grain: max(1, Parallel.grain / 4 / max(row, 1))) { r in
      let (from, to) = (r.lowerBound * row, r.lowerBound * v.inner)
      if x.dtype == .float64 {
        unsafe dg_logsumexp_f64(x.doubles + from, y.doubles + to, r.count, v.n, v.inner)
      } else {
        unsafe dg_logsumexp_f32(x.floats + from, y.floats + to, r.count, v.n, v.inner)
      }
    }
    return y
  }

  static func cumulativeSum(_ x: Tensor, _ v: ReductionView) throws -> Tensor {
    let y = try Tensor(uninitialized: x.shape, x.dtype)
    if x.dtype == .float64 {
      unsafe dg_cumsum_f64(x.doubles, y.doubles, v.outer, v.n, v.inner)
    } else {
      unsafe dg_cumsum_f32(x.floats, y.floats, v.outer, v.n, v.inner)
    }
    return y
  }

  /// The index of the first greatest (or least) element along the middle of [outer, n, inner], n > 0.
  static func argExtreme(_ x: Tensor, _ v: ReductionView, greatest: Bool) throws -> Tensor {
    let y = try Tensor(uninitialized: v.result, .int64)
    switch (x.dtype, greatest) {
    case (.float64, true): unsafe dg_argmax_f64(x.doubles, y.ints, v.outer, v.n, v.inner)
    case (.float64, false): unsafe dg_argmin_f64(x.doubles, y.ints, v.outer, v.n, v.inner)
    case (_, true): unsafe dg_argmax_f32(x.floats, y.ints, v.outer, v.n, v.inner)
    case (_, false): unsafe dg_argmin_f32(x.floats, y.ints, v.outer, v.n, v.inner)
    }
    return y
  }
}

/// A tensor seen as [outer, n, inner], the middle to be reduced.
struct ReductionView {
  let outer: Int
  let n: Int
  let inner: Int
  /// The shape of what is left.
  let result: Shape
}
