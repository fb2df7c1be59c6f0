import CKernels

/// A single number is repeated, unless a single one is wanted.
private func stride<T>(_ x: [T], _ count: Int) -> Int32 { x.count == count ? 1 : 0 }

extension Float: KernelScalar {
  static func map(_ op: dg_unary, _ x: [Float]) -> [Float] {
    var y = [Float](repeating: .nan, count: x.count)
    unsafe dg_map_f32(op, x, &y, x.count)
    return y
  }

  static func zip(_ op: dg_binary, _ a: [Float], _ b: [Float], count: Int) -> [Float] {
    var y = [Float](repeating: .nan, count: count)
    unsafe dg_zip_f32(op, a, stride(a, count), b, stride(b, count), &y, count)
    return y
  }

  static func compare(_ op: dg_compare, _ a: [Float], _ b: [Float], count: Int) -> [UInt8] {
    var y = [UInt8](repeating: 9, count: count)
    unsafe dg_compare_f32(op, a, stride(a, count), b, stride(b, count), &y, count)
    return y
  }

  static func select(_ mask: [UInt8], _ a: [Float], _ b: [Float], count: Int) -> [Float] {
    var y = [Float](repeating: .nan, count: count)
    unsafe dg_select_f32(
      mask, stride(mask, count), a, stride(a, count), b, stride(b, count), &y, count)
    return y
  }

  static func axpy(_ alpha: Float, _ x: [Float], _ y: [Float]) -> [Float] {
    var y = y
    unsafe dg_axpy_f32(alpha, x, &y, y.count)
    return y
  }

  static func addInto(_ x: [Float], _ y: [Float]) -> [Float] {
    var y = y
    unsafe dg_add_into_f32(x, &y, y.count)
    return y
  }

  static func fill(_ value: Float, count: Int) -> [Float] {
    var y = [Float](repeating: .nan, count: count)
    unsafe dg_fill_f32(value, &y, count)
    return y
  }

  static func scale(_ alpha: Float, _ y: [Float]) -> [Float] {
    var y = y
    unsafe dg_scale_f32(alpha, &y, y.count)
    return y
  }

  static func clamp(_ x: [Float], _ low: Float, _ high: Float) -> [Float] {
    var y = x
    unsafe dg_clamp_f32(x, low, high, &y, x.count)
    return y
  }

  static func rectify(_ g: [Float], _ x: [Float], _ slope: Float) -> [Float] {
    var y = g
    unsafe dg_rectify_f32(g, x, slope, &y, x.count)
    return y
  }
  static func affine(_ x: [Float], _ scale: Float, _ shift: Float) -> [Float] {
    var y = x
    unsafe dg_affine_f32(x, scale, shift, &y, x.count)
    return y
  }

  static func reduce(_ op: dg_reduce, _ x: [Float], _ s: Folded) -> [Float] {
    var y = [Float](repeating: .nan, count: s.outer * s.inner)
    unsafe dg_reduce_f32(op, x, &y, s.outer, s.n, s.inner)
    return y
  }

  static func logSumExp(_ x: [Float], _ s: Folded) -> [Float] {
    var y = [Float](repeating: .nan, count: s.outer * s.inner)
    unsafe dg_logsumexp_f32(x, &y, s.outer, s.n, s.inner)
    return y
  }

  static func argmax(_ x: [Float], _ s: Folded) -> [Int64] {
    var y = [Int64](repeating: -1, count: s.outer * s.inner)
    unsafe dg_argmax_f32(x, &y, s.outer, s.n, s.inner)
    return y
  }

  static func argmin(_ x: [Float], _ s: Folded) -> [Int64] {
    var y = [Int64](repeating: -1, count: s.outer * s.inner)
    unsafe dg_argmin_f32(x, &y, s.outer, s.n, s.inner)
    return y
  }

  static func cumsum(_ x: [Float], _ s: Folded) -> [Float] {
    var y = [Float](repeating: .nan, count: x.count)
    unsafe dg_cumsum_f32(x, &y, s.outer, s.n, s.inner)
    return y
  }

  static func minMax(_ x: [Float]) -> (Float, Float) {
    var low = Float.nan
    var high = Float.nan
    unsafe dg_min_max_f32(x, x.count, &low, &high)
    return (low, high)
  }

  static func countNonfinite(_ x: [Float]) -> Int { unsafe dg_count_nonfinite_f32(x, x.count) }

  static func transpose(_ x: [Float], _ rows: Int, _ columns: Int) -> [Float] {
    var y = [Float](repeating: .nan, count: x.count)
    unsafe dg_transpose_f32(x, &y, rows, columns)
    return y
  }

  static func gemm(_ product: Product<Float>) {
    let p = product
    let workspace = UnsafeMutableRawBufferPointer.allocate(
      byteCount: dg_gemm_workspace_f32(), alignment: 64)
    defer { unsafe workspace.deallocate() }
    unsafe p.a.withUnsafeBufferPointer { a in
      unsafe p.b.withUnsafeBufferPointer { b in
        unsafe p.c.values.withUnsafeMutableBufferPointer { c in
          unsafe p.bias.withUnsafeBufferPointer { bias in
            var job = unsafe dg_gemm_job_f32()
            unsafe job.m = p.rows.count
            unsafe job.n = p.columns.count
            unsafe job.k = p.k
            unsafe job.whole_n = p.wholeColumns
            unsafe job.a = a.baseAddress.map { unsafe $0 + p.rows.lowerBound * p.aRow }
            unsafe job.a_row = p.aRow
            unsafe job.a_col = p.aColumn
            unsafe job.b = b.baseAddress.map { unsafe $0 + p.columns.lowerBound * p.bColumn }
            unsafe job.b_row = p.bRow
            unsafe job.b_col = p.bColumn
            unsafe job.c = c.baseAddress.map {
              unsafe $0 + p.rows.lowerBound * p.cRow + p.columns.lowerBound
            }
            unsafe job.c_row = p.cRow
            unsafe job.accumulate = p.accumulate ? 1 : 0
            unsafe job.bias =
              p.bias.isEmpty ? nil : bias.baseAddress.map { unsafe $0 + p.columns.lowerBound }
            unsafe job.rectify = p.slope == nil ? 0 : 1
            unsafe job.slope = p.slope ?? 1
            unsafe dg_gemm_f32(&job, workspace.baseAddress)
          }
        }
      }
    }
  }

  static func spread(_ x: [Float], _ job: TestSpread, planes: Int) -> [Float] {
    var y = [Float](
      repeating: .nan, count: planes * job.phases.0 * job.phases.1 * job.extent.0 * job.extent.1)
    unsafe job.withJob { unsafe dg_spread_f32(x, &y, planes, &$0) }
    return y
  }

  static func weave(_ x: [Float], _ job: dg_weave, count: Int) -> [Float] {
    var job = job
    var y = [Float](repeating: .nan, count: count)
    unsafe dg_weave_f32(x, &y, &job)
    return y
  }

  static func windowProduct(_ a: [Float], _ m: Int, _ w: TestWindows<Float>, bias: [Float]?)
    -> [Float]
  {
    let (k, n) = (w.rows.count, w.places.count)
    var packed = [Float](repeating: .nan, count: (m + 8) * k)
    unsafe dg_pack_weights_f32(a, k, Array(0..<k), m, k, &packed)
    var y = [Float](repeating: .nan, count: m * n)
    let workspace = UnsafeMutableRawBufferPointer.allocate(
      byteCount: dg_gemm_workspace_f32(), alignment: 64)
    defer { unsafe workspace.deallocate() }
    unsafe w.withWindows { source, windows in
      unsafe y.withUnsafeMutableBufferPointer { y in
        unsafe (bias ?? []).withUnsafeBufferPointer { bias in
          unsafe packed.withUnsafeBufferPointer { packed in
            var job = unsafe dg_conv_job()
            unsafe (job.m, job.columns, job.c_row) = (m, n, n)
            unsafe (job.a, job.source) = (UnsafeRawPointer(packed.baseAddress), source)
            unsafe (job.windows, job.c) = (windows, UnsafeMutableRawPointer(y.baseAddress))
            unsafe job.bias = bias.isEmpty ? nil : UnsafeRawPointer(bias.baseAddress)
            unsafe dg_conv_product_f32(&job, workspace.baseAddress)
          }
        }
      }
    }
    return y
  }

  static func windowWeights(_ w: TestWindows<Float>, _ y: [Float], outputs: Int, lines: Range<Int>)
    -> [Float]
  {
    let grid = w.height * w.width
    let panel = grid * (outputs + 15) / 16 * 16 + grid * 16
    var panels = [Float](repeating: .nan, count: panel * w.images)
    for image in 0..<w.images {
      unsafe y.withUnsafeBufferPointer { y in
        unsafe panels.withUnsafeMutableBufferPointer { panels in
          unsafe dg_conv_panels_f32(
            y.baseAddress.map { unsafe $0 + image * outputs * grid }, outputs, grid,
            panels.baseAddress.map { unsafe $0 + image * panel })
        }
      }
    }
    var c = [Float](repeating: .nan, count: w.rows.count * outputs)
    unsafe w.withWindows { source, windows in
      unsafe c.withUnsafeMutableBufferPointer { c in
        unsafe panels.withUnsafeBufferPointer { panels in
          var job = unsafe dg_conv_weights_job()
          unsafe (job.outputs, job.source, job.windows) = (outputs, source, windows)
          unsafe (job.panels, job.panels_image) = (UnsafeRawPointer(panels.baseAddress), panel)
          unsafe (job.first_line, job.lines) = (lines.lowerBound, lines.count)
          unsafe job.c = UnsafeMutableRawPointer(c.baseAddress)
          unsafe dg_conv_weights_f32(&job)
        }
      }
    }
    return c
  }

  static func adam(_ state: inout [[Float]], _ step: dg_adam_step) {
    var step = step
    var (p, m, v) = (state[0], state[2], state[3])
    unsafe dg_adam_f32(&p, state[1], &m, &v, p.count, &step)
    state = [p, state[1], m, v]
  }

  static func sgd(_ state: inout [[Float]], _ step: dg_sgd_step) {
    var step = step
    var (p, buffer) = (state[0], state[2])
    unsafe dg_sgd_f32(&p, state[1], &buffer, p.count, &step)
    state = [p, state[1], buffer]
  }

  static func uniform(_ key: UInt64, _ counter: UInt64, _ count: Int) -> [Float] {
    var y = [Float](repeating: .nan, count: count)
    unsafe dg_uniform_f32(key, counter, &y, count)
    return y
  }

  static func normal(_ key: UInt64, _ counter: UInt64, _ count: Int) -> [Float] {
    var y = [Float](repeating: .nan, count: count)
    unsafe dg_normal_f32(key, counter, &y, count)
    return y
  }
}
