import CKernels

/// One matrix product: where its operands and its result begin, and how they are read.
///
/// Shapes: a [m, k] or [k, m], b [k, n] or [n, k] -> y [m, n]
struct MatrixProduct {
  let m: Int
  let n: Int
  let k: Int
  let a: Tensor
  let b: Tensor
  let y: Tensor
  var transposeA = false
  var transposeB = false
  var aOffset = 0
  var bOffset = 0
  var yOffset = 0
  /// Added to each row. Shape: [n]
  var bias: Tensor?
  /// What values below 0 are multiplied by in the end: 0 is relu, 1 leaves them.
  var slope = 1.0

  private var operations: Double { 2 * Double(m) * Double(n) * Double(k) }

  /// Computes it, on several threads where it is long.
  func run() throws {
    let cut = cut(Self.parts(operations, sharedFrom: 1e6))
    if cut.count == 1 { return run(0..<m, 0..<n, try Self.workspace(y.dtype)) }
    try Self.share(cut.count, operations, y.dtype) { part, workspace in run(cut, part, workspace) }
  }

  /// Computes two that do not need each other's result; short ones side by side, each on a thread of its own.
  static func run(_ first: MatrixProduct, _ second: MatrixProduct) throws {
    let both = first.operations + second.operations
    if both >= 2 * short {
      try first.run()
      return try second.run()
    }
    let wanted = parts(both / 2, sharedFrom: 0.75e6)
    if wanted == 1 {
      let workspace = try workspace(first.y.dtype)
      for p in [first, second] { p.run(0..<p.m, 0..<p.n, workspace) }
      return
    }
    let share = min(max(Int(Double(wanted) * first.operations / both + 0.5), 1), wanted - 1)
    let (one, other) = (first.cut(share), second.cut(wanted - share))
    try self.share(one.count + other.count, both, first.y.dtype) { part, workspace in
      if part < one.count {
        first.run(one, part, workspace)
      } else {
        second.run(other, part - one.count, workspace)
      }
    }
  }

  // MARK: Sharing

  /// Products of fewer operations take some microseconds.
  private static let short = 4e6

  /// Into how many parts products of so many operations in all are cut: more than there are threads where they
  /// are long, so that a thread that is held up delays the others by a small part only.
  private static func parts(_ operations: Double, sharedFrom least: Double) -> Int {
    let threads = Parallel.shared.threads
    // The other thread first has to fetch its operands from this one's cache, and this one the results from there.
    if threads == 1 || operations < least { return 1 }
    if operations < short { return Parallel.shared.takesShortJob() ? threads : 1 }
    return threads * (operations < 32e6 ? 2 : 4)
  }

  private static func share(
    _ parts: Int, _ operations: Double, _ dtype: DType, _ run: (Int, Storage) -> Void
  ) throws {
    // The caller's workspace is freed last, so that the next product gets it again, and finds it in its cache.
    let workers = min(Parallel.shared.threads, parts)
    let workspaces = try (0..<workers).map { _ in try workspace(dtype) }.reversed() as [Storage]
    let work: (Int, Int) -> Void = { part, worker in run(part, workspaces[workers - 1 - worker]) }
    if operations < 2 * short {
      // A spin takes some 30 ns: about half of what a helper can save.
      Parallel.shared.runShort(parts, patience: Int(operations / 1e4), work)
    } else {
      Parallel.shared.run(parts, work)
    }
  }

  /// A product cut into parts of whole tiles, by rows or by columns.
  private struct Cut {
    let byRows: Bool
    let extent: Int
    let grain: Int
    let count: Int

    /// The rows or columns of one part; the parts differ by a grain at most.
    func range(_ i: Int) -> Range<Int> {
      let grains = (extent + grain - 1) / grain
      return min(grains * i / count * grain, extent)..<min(grains * (i + 1) / count * grain, extent)
    }
  }

  /// The bits of the result do not depend on how it is cut.
  private func cut(_ wanted: Int) -> Cut {
    // Every part of the rows reads all of B, and rearranges it where it is transposed; every part of the columns
    // reads all of A, and rearranges it where it is transposed.
    let (rows, columns) = ((m + 7) / 8, (n + 15) / 16)
    let few = min(wanted, 4)
    let isShort = wanted <= Parallel.shared.threads
    let prefersRows =
      transposeB ? isShort && rows >= 8 * wanted : transposeA || m > n || isShort
    let byRows = prefersRows ? rows >= few : columns < few
    return Cut(
      byRows: byRows, extent: byRows ? m : n, grain: byRows ? 8 : 16,
      count: max(1, min(wanted, byRows ? rows : columns)))
  }

  // MARK: The kernels

  /// What one call of a kernel needs beside its operands.
  private static func workspace(_ dtype: DType) throws -> Storage {
    try Storage(byteCount: dtype == .float64 ? dg_gemm_workspace_f64() : dg_gemm_workspace_f32())
  }

  private func run(_ cut: Cut, _ part: Int, _ workspace: Storage) {
    let range = cut.range(part)
    run(cut.byRows ? range : 0..<m, cut.byRows ? 0..<n : range, workspace)
  }

  private func run(_ rows: Range<Int>, _ columns: Range<Int>, _ workspace: Storage) {
    if y.dtype == .float64 {
      runDouble(rows, columns, workspace)
    } else {
      runFloat(rows, columns, workspace)
    }
  }

  private func runFloat(_ rows: Range<Int>, _ columns: Range<Int>, _ workspace: Storage) {
    var job = unsafe dg_gemm_job_f32()
    unsafe job.m = rows.count
    unsafe job.n = columns.count
    unsafe job.k = k
    unsafe job.whole_n = n
    let (aRow, aColumn) = transposeA ? (1, m) : (k, 1)
    let (bRow, bColumn) = transposeB ? (1, k) : (n, 1)
    unsafe job.a = UnsafePointer(a.floats + aOffset + rows.lowerBound * aRow)
    unsafe job.b = UnsafePointer(b.floats + bOffset + columns.lowerBound * bColumn)
    unsafe (job.a_row, job.a_col, job.b_row, job.b_col) = (aRow, aColumn, bRow, bColumn)
    unsafe job.c = y.floats + yOffset + rows.lowerBound * n + columns.lowerBound
    unsafe job.c_row = n
    if let bias { unsafe job.bias = UnsafePointer(bias.floats + columns.lowerBound) }
    unsafe job.rectify = slope == 1 ? 0 : 1
    unsafe job.slope = Float(slope)
    unsafe dg_gemm_f32(&job, workspace.address)
  }

  private func runDouble(_ rows: Range<Int>, _ columns: Range<Int>, _ workspace: Storage) {
    var job = unsafe dg_gemm_job_f64()
    unsafe job.m = rows.count
    unsafe job.n = columns.count
    unsafe job.k = k
    unsafe job.whole_n = n
    let (aRow, aColumn) = transposeA ? (1, m) : (k, 1)
    let (bRow, bColumn) = transposeB ? (1, k) : (n, 1)
    unsafe job.a = UnsafePointer(a.doubles + aOffset + rows.lowerBound * aRow)
    unsafe job.b = UnsafePointer(b.doubles + bOffset + columns.lowerBound * bColumn)
    unsafe (job.a_row, job.a_col, job.b_row, job.b_col) = (aRow, aColumn, bRow, bColumn)
    unsafe job.c = y.doubles + yOffset + rows.lowerBound * n + columns.lowerBound
    unsafe job.c_row = n
    if let bias { unsafe job.bias = UnsafePointer(bias.doubles + columns.lowerBound) }
    unsafe job.rectify = slope == 1 ? 0 : 1
    unsafe job.slope = slope
    unsafe dg_gemm_f64(&job, workspace.address)
  }
}

extension MatrixProduct {
  /// That of two matrices of one float type, each read transposed or not, with a result to be filled.
  ///
  /// Throws: where their shapes do not go together.
  init(_ a: Tensor, _ b: Tensor, _ transposeA: Bool, _ transposeB: Bool) throws {
    let (m, k) = (a.shape[transposeA ? 1 : 0], a.shape[transposeA ? 0 : 1])
    let (l, n) = (b.shape[transposeB ? 1 : 0], b.shape[transposeB ? 0 : 1])
    guard k == l else { throw TensorError.matrixProduct(a.shape, b.shape, k, l) }
    let y = try Tensor(uninitialized: Shape(matrix: m, n), a.dtype)
    self.init(
      m: m, n: n, k: k, a: a, b: b, y: y, transposeA: transposeA, transposeB: transposeB)
  }
}
