/// Intervals side by side and how many values fall into each: `[edge 0, edge 1)`, and the last one closed.
package struct Bins: Equatable, Sendable {
  /// Rising, one more than there are bins; none at all where there is nothing to count.
  package let edges: [Double]
  package let counts: [Int]
  /// How many finite values lie beyond the edges.
  package let beyond: Int
  /// How many values are not finite.
  package let lost: Int

  package static let limit = 10_000

  /// Counts values between given edges.
  package init(_ values: [Double], edges: [Double]) throws(PlotError) {
    guard edges.count >= 2 else { throw .binEdges(nil) }
    guard edges.count <= Bins.limit + 1 else { throw .binCount(edges.count - 1) }
    for (low, high) in zip(edges, edges.dropFirst()) where !(low < high && (high - low).isFinite) {
      throw .binEdges([low, high])
    }
    self.init(counting: values, edges: edges)
  }

  /// Counts values in bins of one width: so many of them, or as many as suit the values.
  ///
  /// Bins of no given number have round edges, and with whole numbers hold the same number of these each.
  /// Those next to a `neighbour` continue its bins, so that their heights compare.
  package init(
    _ values: [Double], count: Int? = nil, range: Extent? = nil, besides neighbour: Bins? = nil
  ) throws(PlotError) {
    if let count, count < 1 || count > Bins.limit { throw .binCount(count) }
    guard let extent = range ?? Extent(of: values) else {
      self.init(counting: values, edges: [])
      return
    }
    let edges: [Double]
    if let count {
      edges = Bins.divided(extent.padded(by: 0), into: count)
    } else if let range {
      let width = BinWidth(for: values, within: range).width
      edges = Bins.divided(range, into: Int((range.span / width).rounded(.up)))
    } else {
      edges = neighbour?.continued(over: extent) ?? BinWidth(for: values, within: extent).edges
    }
    self.init(counting: values, edges: edges)
  }

  private init(counting values: [Double], edges: [Double]) {
    var counts = [Int](repeating: 0, count: max(edges.count - 1, 0))
    var (beyond, lost) = (0, 0)
    for value in values {
      guard value.isFinite else {
        lost += 1
        continue
      }
      guard let first = edges.first, let last = edges.last, value >= first, value <= last else {
        beyond += 1
        continue
      }
      // The bin is the last one whose lower edge is not above the value.
      var (low, high) = (0, counts.count)
      while high - low > 1 {
        let middle = (low + high) / 2
        if edges[middle] <= value { low = middle } else { high = middle }
      }
      counts[low] += 1
    }
    self.edges = edges
    self.counts = counts
    self.beyond = beyond
    self.lost = lost
  }

  /// How many values lie within the edges.
  package var total: Int { counts.reduce(0, +) }

  package var extent: Extent? {
    guard let first = edges.first, let last = edges.last else { return nil }
    return Extent(from: first, to: last)
  }

  /// The share of all counted values a unit of width, so that the area is 1.
  package var densities: [Double] {
    let total = Double(max(total, 1))
    return counts.indices.map { Double(counts[$0]) / total / (edges[$0 + 1] - edges[$0]) }
  }

  /// Edges over an interval that continue these, where they are evenly spaced and do not become too many.
  private func continued(over extent: Extent) -> [Double]? {
    guard let own = self.extent else { return nil }
    let width = own.span / Double(counts.count)
    let even = zip(edges, edges.dropFirst()).allSatisfy {
      ($1 - $0 - width).magnitude < width / 100
    }
    let first = ((extent.lower - own.lower) / width).rounded(.down)
    let last = max(((extent.upper - own.lower) / width).rounded(.up), first + 1)
    guard even, first.magnitude < 1e9, last.magnitude < 1e9, last - first <= 1000 else {
      return nil
    }
    return Bins.strictly((Int(first)...Int(last)).map { own.lower + Double($0) * width })
  }

  static func divided(_ extent: Extent, into count: Int) -> [Double] {
    let inner = (1..<max(count, 1)).map {
      extent.lower + extent.span * (Double($0) / Double(count))
    }
    return strictly([extent.lower] + inner + [extent.upper])
  }

  /// Without the edges that rounding made equal.
  private static func strictly(_ edges: [Double]) -> [Double] {
    edges.reduce(into: []) { if $0.isEmpty || $1 > $0[$0.count - 1] { $0.append($1) } }
  }
}
