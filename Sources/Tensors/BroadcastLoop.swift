/// The runs of elements over which two operands broadcast to a result advance by fixed steps.
///
/// Neighbouring dimensions in which each operand either advances or repeats alike are one, so that
/// equal shapes are a single run and a bias is one run a row.
struct BroadcastLoop {
  /// `n` elements at `y`, beginning at `a` and `b`, which advance by 0 or 1.
  struct Run {
    let y: Int
    let a: Int
    let aStep: Int32
    let b: Int
    let bStep: Int32
    let n: Int
  }

  private struct Dimension {
    var extent: Int
    let aStride: Int
    let bStride: Int
  }

  /// From the innermost to the outermost.
  private var dims: [Dimension] = []
  private let count: Int

  init(_ result: Shape, _ a: Shape, _ b: Shape) {
    count = result.count
    if a == b {
      dims = [Dimension(extent: count, aStride: 1, bStride: 1)]
      return
    }
    var (aSize, bSize) = (1, 1)
    for i in 0..<result.rank {
      let extent = result[result.rank - 1 - i]
      let aExtent = i < a.rank ? a[a.rank - 1 - i] : 1
      let bExtent = i < b.rank ? b[b.rank - 1 - i] : 1
      if extent != 1 {
        let d = Dimension(
          extent: extent, aStride: aExtent == 1 ? 0 : aSize, bStride: bExtent == 1 ? 0 : bSize)
        append(d)
      }
      (aSize, bSize) = (aSize * aExtent, bSize * bExtent)
    }
    if dims.isEmpty { dims = [Dimension(extent: 1, aStride: 1, bStride: 1)] }
  }

  private mutating func append(_ d: Dimension) {
    guard let last = dims.last,
      d.aStride == last.aStride * last.extent, d.bStride == last.bStride * last.extent
    else {
      dims.append(d)
      return
    }
    dims[dims.count - 1].extent *= d.extent
  }

  /// Whether the runs are so many and so short that copying the operands to full size costs less than calling for each.
  var isChoppy: Bool { count > 0 && dims[0].extent < 16 && count / dims[0].extent >= 8 }

  func run(_ body: (Run) -> Void) {
    guard count > 0 else { return }
    let inner = dims[0]
    let rows = count / inner.extent
    if rows == 1 {
      Parallel.shared.split(count) { r in
        body(
          Run(
            y: r.lowerBound, a: r.lowerBound * inner.aStride, aStep: Int32(inner.aStride),
            b: r.lowerBound * inner.bStride, bStep: Int32(inner.bStride), n: r.count))
      }
      return
    }
    Parallel.shared.split(rows, grain: max(1, Parallel.grain / inner.extent)) { r in
      for row in r {
        var (rest, a, b) = (row, 0, 0)
        for d in dims.dropFirst() {
          let (quotient, i) = rest.quotientAndRemainder(dividingBy: d.extent)
          a += i * d.aStride
          b += i * d.bStride
          rest = quotient
        }
        body(
          Run(
            y: row * inner.extent, a: a, aStep: Int32(inner.aStride), b: b,
            bStep: Int32(inner.bStride), n: inner.extent))
      }
    }
  }
}
