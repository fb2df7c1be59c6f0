import CKernels

/// A single number is repeated, unless a single one is wanted.
private func stride<T>(_ x: [T], _ count: Int) -> Int32 { x.count == count ? 1 : 0 }

extension Double: KernelScalar {
  static func map(_ op: dg_unary, _ x: [Double]) -> [Double] {
    var y = [Double](repeating: .nan, count: x.count)
    unsafe dg_map_f64(op, x, &y, x.count)
    return y
  }

  static func zip(_ op: dg_binary, _ a: [Double], _ b: [Double], count: Int) -> [Double] {
    var y = [Double](repeating: .nan, count: count)
    unsafe dg_zip_f64(op, a, stride(a, count), b, stride(b, count), &y, count)
    return y
  }

  static func compare(_ op: dg_compare, _ a: [Double], _ b: [Double], count: Int) -> [UInt8] {
    var y = [UInt8](repeating: 9, count: count)
    unsafe dg_compare_f64(op, a, stride(a, count), b, stride(b, count), &y, count)
    return y
  }

  static func select(_ mask: [UInt8], _ a: [Double], _ b: [Double], count: Int) -> [Double] {
    var y = [Double](repeating: .nan, count: count)
    unsafe dg_select_f64(
      mask, stride(mask, count), a, stride(a, count), b, stride(b, count), &y, count)
    return y
  }

  static func axpy(_ alpha: Double, _ x: [Double], _ y: [Double]) -> [Double] {
    var y = y
    unsafe dg_axpy_f64(alpha, x, &y, y.count)
    return y
  }

  static func addInto(_ x: [Double], _ y: [Double]) -> [Double] {
    var y = y
    unsafe dg_add_into_f64(x, &y, y.count)
    return y
  }

  static func fill(_ value: Double, count: Int) -> [Double] {
    var y = [Double](repeating: .nan, count: count)
    unsafe dg_fill_f64(value, &y, count)
    return y
  }

  static func scale(_ alpha: Double, _ y: [Double]) -> [Double] {
    var y = y
    unsafe dg_scale_f64(alpha, &y, y.count)
    return y
  }

  static func clamp(_ x: [Double], _ low: Double, _ high: Double) -> [Double] {
    var y = x
    unsafe dg_clamp_f64(x, low, high, &y, x.count)
    return y
  }

  static func rectify(_ g: [Double], _ x: [Double], _ slope: Double) -> [Double] {
    var y = g
    unsafe dg_rectify_f64(g, x, slope, &y, x.count)
    return y
  }
  static func affine(_ x: [Double], _ scale: Double, _ shift: Double) -> [Double] {
    var y = x
    unsafe dg_affine_f64(x, scale, shift, &y, x.count)
    return y
  }

  static func reduce(_ op: dg_reduce, _ x: [Double], _ s: Folded) -> [Double] {
    var y = [Double](repeating: .nan, count: s.outer * s.inner)
    unsafe dg_reduce_f64(op, x, &y, s.outer, s.n, s.inner)
    return y
  }

  static func logSumExp(_ x: [Double], _ s: Folded) -> [Double] {
    var y = [Double](repeating: .nan, count: s.outer * s.inner)
    unsafe dg_logsumexp_f64(x, &y, s.outer, s.n, s.inner)
    return y
  }

  static func argmax(_ x: [Double], _ s: Folded) -> [Int64] {
    var y = [Int64](repeating: -1, count: s.outer * s.inner)
    unsafe dg_argmax_f64(x, &y, s.outer, s.n, s.inner)
    return y
  }

  static func argmin(_ x: [Double], _ s: Folded) -> [Int64] {
    var y = [Int64](repeating: -1, count: s.outer * s.inner)
    unsafe dg_argmin_f64(x, &y, s.outer, s.n, s.inner)
    return y
  }

  static func cumsum(_ x: [Double], _ s: Folded) -> [Double] {
    var y = [Double](repeating: .nan, count: x.count)
    unsafe dg_cumsum_f64(x, &y, s.outer, s.n, s.inner)
    return y
  }

  static func minMax(_ x: [Double]) -> (Double, Double) {
    var low = Double.nan
    var high = Double.nan
    unsafe dg_min_max_f64(x, x.count, &low, &high)
    return (low, high)
  }

  static func countNonfinite(_ x: [Double]) -> Int { unsafe dg_count_nonfinite_f64(x, x.count) }

  static func transpose(_ x: [Double], _ rows: Int, _ columns: Int) -> [Double] {
    var y = [Double](repeating: .nan, count: x.count)
    unsafe dg_transpose_f64(x, &y, rows, columns)
    return y
  }

  static func gemm(_ product: Product<Double>) {
    let p = product
    let workspace = UnsafeMutableRawBufferPointer.allocate(
      byteCount: dg_gemm_workspace_f64(), alignment: 64)
    defer { unsafe workspace.deallocate() }
    unsafe p.a.withUnsafeBufferPointer { a in
      unsafe p.b.withUnsafeBufferPointer { b in
        unsafe p.c.values.withUnsafeMutableBufferPointer { c in
          unsafe p.bias.withUnsafeBufferPointer { bias in
            var job = unsafe dg_gemm_job_f64()
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
            unsafe dg_gemm_f64(&job, workspace.baseAddress)
          }
        }
      }
    }
  }

  static func spread(_ x: [Double], _ job: TestSpread, planes: Int) -> [Double] {
    var y = [Double](
      repeating: .nan, count: planes * job.phases.0 * job.phases.1 * job.extent.0 * job.extent.1)
    unsafe job.withJob { unsafe dg_spread_f64(x, &y, planes, &$0) }
    return y
  }

  static func weave(_ x: [Double], _ job: dg_weave, count: Int) -> [Double] {
    var job = job
    var y = [Double](repeating: .nan, count: count)
    unsafe dg_weave_f64(x, &y, &job)
    return y
  }

  static func windowProduct(_ a: [Double], _ m: Int, _ w: TestWindows<Double>, bias: [Double]?)
    -> [Double]
  {
    let (k, n) = (w.rows.count, w.places.count)
    var packed = [Double](repeating: .nan, count: (m + 8) * k)
    unsafe dg_pack_weights_f64(a, k, Array(0..<k), m, k, &packed)
    var y = [Double](repeating: .nan, count: m * n)
    let workspace = UnsafeMutableRawBufferPointer.allocate(
      byteCount: dg_gemm_workspace_f64(), alignment: 64)
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
            unsafe dg_conv_product_f64(&job, workspace.baseAddress)
          }
        }
      }
    }
    return y
  }

  static func windowWeights(
    _ w: TestWindows<Double>, _ y: [Double], outputs: Int, lines: Range<Int>
  )
    -> [Double]
  {
    let grid = w.height * w.width
    let panel = grid * (outputs + 15) / 16 * 16 + grid * 16
    var panels = [Double](repeating: .nan, count: panel * w.images)
    for image in 0..<w.images {
      unsafe y.withUnsafeBufferPointer { y in
        unsafe panels.withUnsafeMutableBufferPointer { panels in
          unsafe dg_conv_panels_f64(
            y.baseAddress.map { unsafe $0 + image * outputs * grid }, outputs, grid,
            panels.baseAddress.map { unsafe $0 + image * panel })
        }
      }
    }
    var c = [Double](repeating: .nan, count: w.rows.count * outputs)
    unsafe w.withWindows { source, windows in
      unsafe c.withUnsafeMutableBufferPointer { c in
        unsafe panels.withUnsafeBufferPointer { panels in
          var job = unsafe dg_conv_weights_job()
          unsafe (job.outputs, job.source, job.windows) = (outputs, source, windows)
          unsafe (job.panels, job.panels_image) = (UnsafeRawPointer(panels.baseAddress), panel)
          unsafe (job.first_line, job.lines) = (lines.lowerBound, lines.count)
          unsafe job.c = UnsafeMutableRawPointer(c.baseAddress)
          unsafe dg_conv_weights_f64(&job)
        }
      }
    }
    return c
  }

  static func adam(_ state: inout [[Double]], _ step: dg_adam_step) {
    var step = step
    var (p, m, v) = (state[0], state[2], state[3])
    unsafe dg_adam_f64(&p, state[1], &m, &v, p.count, &step)
    state = [p, state[1], m, v]
  }

  static func sgd(_ state: inout [[Double]], _ step: dg_sgd_step) {
    var step = step
    var (p, buffer) = (state[0], state[2])
    unsafe dg_sgd_f64(&p, state[1], &buffer, p.count, &step)
    state = [p, state[1], buffer]
  }

  static func uniform(_ key: UInt64, _ counter: UInt64, _ count: Int) -> [Double] {
    var y = [Double](repeating: .nan, count: count)
    unsafe dg_uniform_f64(key, counter, &y, count)
    return y
  }

  static func normal(_ key: UInt64, _ counter: UInt64, _ count: Int) -> [Double] {
    var y = [Double](repeating: .nan, count: count)
    unsafe dg_normal_f64(key, counter, &y, count)
    return y
  }
}
