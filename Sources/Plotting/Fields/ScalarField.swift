/// Values at the crossings of a grid of lines: `values[row * columns + column]` lies at `(x[column], y[row])`.
package struct ScalarField: Sendable {
  /// Rising, as `y` is.
  package let x: [Double]
  package let y: [Double]
  package let values: [Double]

  package var columns: Int { x.count }
  package var rows: Int { y.count }

  /// Most lines of the grid that are kept each way: a picture shows no more.
  static let limit = 384

  /// A matrix of `rows * columns` values in row-major order over the coordinates of its columns and rows,
  /// by default 0, 1, 2 and so on.
  ///
  /// Of a very fine grid only every so many lines are kept.
  package init(
    values: [Double], rows: Int, columns: Int, x: [Double]? = nil, y: [Double]? = nil
  ) throws(PlotError) {
    guard rows >= 2, columns >= 2, values.count / columns == rows, values.count % columns == 0
    else { throw .fieldSize(rows: rows, columns: columns) }
    let across = try ScalarField.axis("x", x, columns, rows: rows, columns: columns)
    let along = try ScalarField.axis("y", y, rows, rows: rows, columns: columns)
    self.x = across.map(\.coordinate)
    self.y = along.map(\.coordinate)
    var kept: [Double] = []
    kept.reserveCapacity(along.count * across.count)
    for row in along {
      for column in across { kept.append(values[row.index * columns + column.index]) }
    }
    self.values = kept
  }

  /// The lines of the grid that are kept, rising, with their places in the matrix.
  private static func axis(
    _ name: String, _ given: [Double]?, _ count: Int, rows: Int, columns: Int
  ) throws(PlotError) -> [(coordinate: Double, index: Int)] {
    let all = given ?? (0..<count).map(Double.init)
    guard all.count == count else {
      throw .fieldAxis(
        name, of: "z", found: all.count, expected: count, rows: rows, columns: columns)
    }
    let isFalling = all[1] < all[0]
    for (a, b) in zip(all, all.dropFirst()) {
      guard a.isFinite, b.isFinite, isFalling ? b < a : b > a else {
        throw .fieldOrder(name, [a, b])
      }
    }
    let kept = min(count, limit)
    let places = (0..<kept).map { $0 * (count - 1) / (kept - 1) }
    return (isFalling ? places.reversed() : places).map { (all[$0], $0) }
  }

  subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

  /// The values at other crossings by interpolation, linear along rows and along columns; not a number
  /// beyond the grid and beside what is not a number.
  ///
  /// -> `[ys, xs]`, in row-major order.
  func sampled(x xs: [Double], y ys: [Double]) -> [Double] {
    let across = xs.map { ScalarField.place(of: $0, in: x) }
    var result: [Double] = []
    result.reserveCapacity(xs.count * ys.count)
    for y in ys {
      guard let (row, v) = ScalarField.place(of: y, in: self.y) else {
        result += repeatElement(.nan, count: xs.count)
        continue
      }
      for place in across {
        guard let (column, u) = place else {
          result.append(.nan)
          continue
        }
        let below = ScalarField.mix(self[row, column], self[row, column + 1], u)
        let above = ScalarField.mix(self[row + 1, column], self[row + 1, column + 1], u)
        result.append(ScalarField.mix(below, above, v))
      }
    }
    return result
  }

  /// The same field on a grid so fine that a straight line across a cell is as good as the curve it stands for.
  func refined() -> ScalarField {
    let (x, y) = (ScalarField.divided(x), ScalarField.divided(y))
    return ScalarField(x: x, y: y, values: sampled(x: x, y: y))
  }

  private init(x: [Double], y: [Double], values: [Double]) {
    self.x = x
    self.y = y
    self.values = values
  }

  /// A rising sequence with each interval cut into as many parts as make about a hundred.
  private static func divided(_ line: [Double]) -> [Double] {
    let parts = (100 + line.count - 2) / (line.count - 1)
    guard parts > 1, let last = line.last else { return line }
    let inner = zip(line, line.dropFirst()).flatMap { from, to in
      (0..<parts).map { from + (to - from) * (Double($0) / Double(parts)) }
    }
    return inner + [last]
  }

  /// The interval of a rising sequence that holds a value, and how far in it lies, from 0 to 1.
  private static func place(of value: Double, in sorted: [Double]) -> (index: Int, share: Double)? {
    guard let first = sorted.first, let last = sorted.last, value >= first, value <= last else {
      return nil
    }
    var (low, high) = (0, sorted.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if sorted[middle] <= value { low = middle } else { high = middle }
    }
    return (low, (value - sorted[low]) / (sorted[high] - sorted[low]))
  }

  /// Between two values; beside an infinite one, that one.
  private static func mix(_ a: Double, _ b: Double, _ share: Double) -> Double {
    if a == b { return a }
    if a.isInfinite || b.isInfinite { return share == 0 ? a : share == 1 ? b : a + b }
    return a * (1 - share) + b * share
  }
}
