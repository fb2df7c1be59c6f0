/// What happens to a path between its mark and its ink: thinning, clipping, dashing.
enum Polyline {
  /// The path with each run inside one column reduced to its first, lowest, highest and last point.
  ///
  /// No drawn pixel moves by more than a column's width, and a million points become a few thousand.
  /// Source: Jugel et al., M4: a visualization-oriented time series data aggregation, VLDB 2014.
  static func thinned(_ path: [Point], column: Double) -> [Point] {
    guard path.count > 256 else { return path }
    var result: [Point] = []
    var start = 0
    while start < path.count {
      let bin = (path[start].x / column).rounded(.down)
      var (end, low, high) = (start, start, start)
      while end < path.count, (path[end].x / column).rounded(.down) == bin {
        if path[end].y < path[low].y { low = end }
        if path[end].y > path[high].y { high = end }
        end += 1
      }
      var kept = -1
      for index in [start, min(low, high), max(low, high), end - 1] where index > kept {
        result.append(path[index])
        kept = index
      }
      start = end
    }
    return result
  }

  /// The parts of a path inside a rectangle, each with the length of path before it.
  static func clipped(_ path: [Point], to box: Rectangle) -> [(path: [Point], offset: Double)] {
    var parts: [(path: [Point], offset: Double)] = []
    var current: [Point] = []
    var currentOffset = 0.0
    var travelled = 0.0
    func close() {
      if !current.isEmpty { parts.append((current, currentOffset)) }
      current = []
    }
    for (a, b) in zip(path, path.dropFirst()) {
      let length = (b - a).length
      if let (t0, t1) = inside(a, b, box) {
        if current.isEmpty || t0 > 0 {
          close()
          current = [a + (b - a) * t0]
          currentOffset = travelled + length * t0
        }
        current.append(a + (b - a) * t1)
        if t1 < 1 { close() }
      } else {
        close()
      }
      travelled += length
    }
    close()
    return parts
  }

  /// The part of a segment inside a rectangle, by the method of Liang and Barsky.
  private static func inside(_ a: Point, _ b: Point, _ box: Rectangle) -> (Double, Double)? {
    var (t0, t1) = (0.0, 1.0)
    for (position, delta, low, high) in [
      (a.x, b.x - a.x, box.minX, box.maxX), (a.y, b.y - a.y, box.minY, box.maxY),
    ] {
      if delta == 0 {
        if position < low || position > high { return nil }
        continue
      }
      let (u, v) = ((low - position) / delta, (high - position) / delta)
      t0 = max(t0, min(u, v))
      t1 = min(t1, max(u, v))
      if t0 > t1 { return nil }
    }
    return (t0, t1)
  }

  /// The inked parts of a path whose rhythm began `offset` before it: dashes run on around corners.
  static func dashed(_ path: [Point], lengths: [Double], offset: Double) -> [[Point]] {
    let period = lengths.reduce(0, +)
    guard period > 0, let first = path.first else { return [path] }
    var index = 0
    var left = offset.truncatingRemainder(dividingBy: period)
    while left >= lengths[index] {
      left -= lengths[index]
      index = (index + 1) % lengths.count
    }
    left = lengths[index] - left
    var dashes: [[Point]] = []
    var current = index % 2 == 0 ? [first] : []
    for (a, b) in zip(path, path.dropFirst()) {
      let length = (b - a).length
      var done = 0.0
      while length - done > left {
        done += left
        let p = a + (b - a) * (done / length)
        if index % 2 == 0 {
          dashes.append(current + [p])
          current = []
        } else {
          current = [p]
        }
        index = (index + 1) % lengths.count
        left = lengths[index]
      }
      left -= length - done
      if index % 2 == 0 { current.append(b) }
    }
    if !current.isEmpty { dashes.append(current) }
    return dashes
  }
}
