import CKernels

/// Copies elements that lie at fixed steps along each dimension, as in a transpose or a broadcast.
struct StridedCopy {
  /// The result's extents and the steps in the source, from the outermost on; neighbours that go on
  /// alike are one.
  private var dims: [(extent: Int, step: Int)] = []
  private let count: Int

  /// Shapes: `steps` has one entry for each dimension of the result.
  init(_ result: Shape, _ steps: [Int]) {
    count = result.count
    for (d, step) in steps.enumerated() where result[d] != 1 {
      if let last = dims.last, last.step == step * result[d] {
        dims[dims.count - 1] = (last.extent * result[d], step)
      } else {
        dims.append((result[d], step))
      }
    }
    if dims.isEmpty { dims = [(1, 1)] }
  }

  func run(_ x: Tensor, into y: Tensor) {
    guard count > 0 else { return }
    // The steps are those of x's shape, so every source lies within it; y has `count` elements.
    switch x.dtype.size {
    case 4 where isTransposition:
      transpose { unsafe dg_transpose_f32(x.floats + $0, y.floats + $1, $2, $3) }
    case 8 where isTransposition:
      transpose { unsafe dg_transpose_f64(x.doubles + $0, y.doubles + $1, $2, $3) }
    case 8: unsafe run(x.ints, y.ints)
    case 4: unsafe run(x.floats, y.floats)
    default: unsafe run(x.bools, y.bools)
    }
  }

  /// Whether the last two dimensions are those of a matrix in the source, exchanged.
  private var isTransposition: Bool {
    guard dims.count > 1 else { return false }
    let (rows, columns) = (dims[dims.count - 2], dims[dims.count - 1])
    return rows.step == 1 && columns.step == rows.extent && rows.extent > 1
  }

  /// Calls `copy` with the place of each matrix in the source and in the result, and the source's extents.
  private func transpose(_ copy: (Int, Int, Int, Int) -> Void) {
    let (m, n) = (dims[dims.count - 1].extent, dims[dims.count - 2].extent)
    Parallel.shared.split(count / (m * n), grain: max(1, Parallel.grain / (m * n))) { r in
      for i in r { copy(source(i, dims.dropLast(2)), i * m * n, m, n) }
    }
  }

  /// Where in the source the i-th element over some outer dimensions lies.
  private func source(_ i: Int, _ outer: ArraySlice<(extent: Int, step: Int)>) -> Int {
    var (rest, from) = (i, 0)
    for d in outer.reversed() {
      let (quotient, i) = rest.quotientAndRemainder(dividingBy: d.extent)
      from += i * d.step
      rest = quotient
    }
    return from
  }

  /// Where the innermost dimension is short: a loop over the last two dimensions at a time.
  private func runShort<T>(_ x: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>) {
    let (m, outerStep) = dims[dims.count - 2]
    let (n, step) = dims[dims.count - 1]
    let blocks = count / (m * n)
    Parallel.shared.split(blocks, grain: max(1, Parallel.grain / (m * n))) { r in
      for block in r {
        var from = unsafe x + source(block, dims.dropLast(2))
        var to = unsafe y + block * m * n
        for _ in 0..<m {
          if n == 2 {
            unsafe (to[0], to[1]) = (from[0], from[step])
          } else {
            for i in 0..<n { unsafe to[i] = from[i * step] }
          }
          unsafe from += outerStep
          unsafe to += n
        }
      }
    }
  }

  private func run<T>(_ x: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>) {
    let (n, step) = dims[dims.count - 1]
    let rows = count / n
    if n < 16, dims.count > 1 {
      unsafe runShort(x, y)
      return
    }
    if rows == 1, step == 0 {
      Parallel.shared.split(n) { r in
        unsafe (y + r.lowerBound).update(repeating: x.pointee, count: r.count)
      }
      return
    }
    Parallel.shared.split(rows, grain: max(1, Parallel.grain / n)) { r in
      for row in r {
        let (source, target) = unsafe (x + source(row, dims.dropLast()), y + row * n)
        switch step {
        case 1: unsafe target.update(from: source, count: n)
        case 0: unsafe target.update(repeating: source.pointee, count: n)
        default: for i in 0..<n { unsafe target[i] = source[i * step] }
        }
      }
    }
  }
}
