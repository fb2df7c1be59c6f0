import CKernels
import Glibc
import Synchronization

/// Images as the kernels read them: padded with zeros and split by the phases of a stride.
@safe struct SpreadImages {
  /// Where images are not read as they are.
  let isSpread: Bool
  /// Elements of one channel, and from one line of windows to the next.
  let plane: Int
  let line: Int
  private let job: dg_spread
  private let phasesDown: [Int]
  private let phasesAcross: [Int]

  /// The images before a convolution.
  init(_ h: WindowAxis, _ w: WindowAxis) {
    line = w.extent
    isSpread = !(h.isPlain && w.isPlain)
    plane = h.phases.count * w.phases.count * h.extent * w.extent
    (phasesDown, phasesAcross) = (h.phases, w.phases)
    unsafe job = dg_spread(
      height: h.before, width: w.before, stride_h: h.stride, stride_w: w.stride,
      pad_h: -h.origin, pad_w: -w.origin, phases_h: h.phases.count, phases_w: w.phases.count,
      residues_h: nil, residues_w: nil, rows: h.extent, columns: w.extent)
  }

  /// The results of a convolution, as its transpose reads them.
  init(resultsOf h: WindowAxis, _ w: WindowAxis) {
    let (rows, columns) = (h.results, w.results)
    (phasesDown, phasesAcross) = ([0], [0])
    line = columns.extent
    plane = rows.extent * columns.extent
    isSpread =
      rows.padding != 0 || rows.extent != h.after || columns.padding != 0
      || columns.extent != w.after
    unsafe job = dg_spread(
      height: h.after, width: w.after, stride_h: 1, stride_w: 1, pad_h: rows.padding,
      pad_w: columns.padding, phases_h: 1, phases_w: 1, residues_h: nil, residues_w: nil,
      rows: rows.extent, columns: columns.extent)
  }

  /// Spreads `planes` of the tensor from element `first` on.
  func run(_ x: Tensor, _ first: Int, planes: Int, into scratch: Storage, at offset: Int = 0) {
    guard isSpread else { return }
    let size = x.dtype.size
    unsafe phasesDown.withUnsafeBufferPointer { down in
      unsafe phasesAcross.withUnsafeBufferPointer { across in
        var job = unsafe job
        unsafe (job.residues_h, job.residues_w) = (down.baseAddress, across.baseAddress)
        // Whole planes of x; the scratch has `plane` elements for each of them from `offset` on.
        let source = unsafe x.address + first * size
        let target = unsafe scratch.address + offset * size
        if x.dtype == .float64 {
          unsafe dg_spread_f64(source, target, planes, &job)
        } else {
          unsafe dg_spread_f32(source, target, planes, &job)
        }
      }
    }
  }
}

/// A matrix of weights in the order in which the kernels read it.
struct PackedWeights {
  private let storage: Storage
  private let offset: Int
  private let columns: Int
  private let size: Int

  fileprivate init(_ storage: Storage, offset: Int, columns: Int, _ dtype: DType) {
    (self.storage, self.offset, self.columns, size) = (storage, offset, columns, dtype.size)
  }

  /// Where the rows from `row` on begin, `row` being a multiple of the register tile's rows.
  func address(_ row: Int) -> UnsafeRawPointer {
    unsafe UnsafeRawPointer(storage.address + (offset + row * columns) * size)
  }

  /// Element (i, p) is the tensor's at `first + i * row + columns[p]`.
  init(_ w: Tensor, first: Int, row: Int, rows: Int, columns: [Int]) throws {
    let (k, size) = (columns.count, w.dtype.size)
    let target = try Storage(byteCount: PackedWeights.room(rows) * k * size)
    self.init(target, offset: 0, columns: k, w.dtype)
    PackedWeights.eachPart(rows, elements: rows * k, w.dtype) { part in
      let source = unsafe w.address + (first + part.lowerBound * row) * size
      let out = unsafe target.address + part.lowerBound * k * size
      if w.dtype == .float64 {
        unsafe dg_pack_weights_f64(source, row, columns, part.count, k, out)
      } else {
        unsafe dg_pack_weights_f32(source, row, columns, part.count, k, out)
      }
    }
  }

  /// Weights [outputs, rows, taps] that begin at `first`, as a matrix [rows, outputs * taps of the list] for each
  /// list of taps; no tap is in two.
  static func transposed(
    _ w: Tensor, first: Int, outputs: Int, rows: Int, taps: Int, lists: [[Int]]
  ) throws -> [PackedWeights] {
    let height = Kernels.tileRows(w.dtype)
    var (columns, starts) = ([Int](repeating: 0, count: taps), [Int](repeating: 0, count: taps))
    var offsets: [Int] = []
    var end = 0
    for list in lists {
      offsets.append(end)
      for (i, tap) in list.enumerated() {
        (columns[tap], starts[tap]) = (list.count, end + i * height)
      }
      end += room(rows) * outputs * list.count
    }
    let size = w.dtype.size
    let target = try Storage(byteCount: end * size)
    eachPart(rows, elements: rows * outputs * taps, w.dtype) { part in
      let source = unsafe w.address + first * size
      unsafe columns.withUnsafeBufferPointer { columns in
        unsafe starts.withUnsafeBufferPointer { starts in
          var job = unsafe dg_taps(
            outputs: outputs, rows: rows, taps: taps, columns: columns.baseAddress,
            starts: starts.baseAddress)
          if w.dtype == .float64 {
            unsafe dg_pack_taps_f64(source, &job, part.lowerBound, part.count, target.address)
          } else {
            unsafe dg_pack_taps_f32(source, &job, part.lowerBound, part.count, target.address)
          }
        }
      }
    }
    return zip(lists, offsets).map {
      PackedWeights(target, offset: $1, columns: outputs * $0.count, w.dtype)
    }
  }

  /// Rows with the padding of the last register tile.
  private static func room(_ rows: Int) -> Int { rows + 8 }

  /// Shares rows out in multiples of the register tile's.
  private static func eachPart(
    _ rows: Int, elements: Int, _ dtype: DType, _ work: (Range<Int>) -> Void
  ) {
    let height = Kernels.tileMultiple(max(1, Parallel.grain * rows / max(elements, 1)), dtype)
    Parallel.shared.run((rows + height - 1) / height) { i in
      work(i * height..<min((i + 1) * height, rows))
    }
  }
}

/// Room for as many threads as may need it, lent to one at a time.
final class Benches {
  private let benches: [[Storage]]
  private let free: Mutex<[Int]>

  /// For `count` pieces of work, each with storages of the given sizes in bytes.
  init(_ count: Int, _ byteCounts: [Int]) throws {
    let n = min(max(count, 1), Parallel.shared.threads)
    benches = try (0..<n).map { _ in try byteCounts.map { try Storage(byteCount: $0) } }
    free = Mutex(Array(0..<n))
  }

  func with(_ work: ([Storage]) -> Void) {
    var taken = free.withLock { $0.popLast() }
    // There is one for each thread, unless their number has just been raised.
    while taken == nil {
      sched_yield()
      taken = free.withLock { $0.popLast() }
    }
    guard let i = taken else { return }
    work(benches[i])
    free.withLock { $0.append(i) }
  }
}

extension Kernels {
  /// The rows of the register tile of the instruction set in use: 4, 6 or 8.
  static func tileRows(_ dtype: DType) -> Int {
    var (rows, columns): (Int32, Int32) = (0, 0)
    // Two numbers.
    unsafe dtype == .float64 ? dg_gemm_tile_f64(&rows, &columns) : dg_gemm_tile_f32(&rows, &columns)
    return Int(rows)
  }

  /// The next multiple of the tile's rows.
  static func tileMultiple(_ rows: Int, _ dtype: DType) -> Int {
    let tile = tileRows(dtype)
    return (rows + tile - 1) / tile * tile
  }

  static func weave(
    _ x: UnsafeMutableRawPointer, _ y: UnsafeMutableRawPointer, _ job: dg_weave, _ dtype: DType
  ) {
    var job = job
    if dtype == .float64 {
      unsafe dg_weave_f64(x, y, &job)
    } else {
      unsafe dg_weave_f32(x, y, &job)
    }
  }

  /// y [columns, rows] = transpose of x [rows, columns], within matrices of the given widths.
  static func transposeBlock(
    _ x: UnsafeMutableRawPointer, _ xRow: Int, _ y: UnsafeMutableRawPointer, _ yRow: Int,
    _ rows: Int, _ columns: Int, _ dtype: DType
  ) {
    if dtype == .float64 {
      unsafe dg_transpose_block_f64(x, xRow, y, yRow, rows, columns)
    } else {
      unsafe dg_transpose_block_f32(x, xRow, y, yRow, rows, columns)
    }
  }

  /// Adds the first `count` elements of x [.., count] to those of the storage, part by part in order.
  static func sumParts(_ parts: Int, _ count: Int, _ storage: Storage, _ dtype: DType) {
    // The storage holds `parts` times `count` elements.
    for part in 1..<max(parts, 1) {
      if dtype == .float64 {
        let sums = unsafe storage.address.assumingMemoryBound(to: Double.self)
        unsafe dg_add_into_f64(sums + part * count, sums, count)
      } else {
        let sums = unsafe storage.address.assumingMemoryBound(to: Float.self)
        unsafe dg_add_into_f32(sums + part * count, sums, count)
      }
    }
  }

  static func isFinite(_ x: Tensor) -> Bool {
    let found = Atomic<Bool>(true)
    Parallel.shared.split(x.count) { r in
      let bad =
        x.dtype == .float64
        ? unsafe dg_count_nonfinite_f64(x.doubles + r.lowerBound, r.count)
        : unsafe dg_count_nonfinite_f32(x.floats + r.lowerBound, r.count)
      if bad > 0 { found.store(false, ordering: .relaxed) }
    }
    return found.load(ordering: .relaxed)
  }

  /// Bytes of the workspace of one call of a matrix product.
  static func workspaceSize(_ dtype: DType) -> Int {
    dtype == .float64 ? dg_gemm_workspace_f64() : dg_gemm_workspace_f32()
  }
}
