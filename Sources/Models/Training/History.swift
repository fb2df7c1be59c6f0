/// Named series of numbers, in the order in which they first appeared: what `track` writes.
package struct History: Sendable {
  package struct Series: Sendable {
    package let name: String
    package fileprivate(set) var values: [Double] = []
  }

  package private(set) var series: [Series] = []

  package init() {}

  package mutating func track(_ name: String, _ value: Double) {
    if let i = series.firstIndex(where: { $0.name == name }) {
      series[i].values.append(value)
    } else {
      series.append(Series(name: name, values: [value]))
    }
  }

  package subscript(_ name: String) -> [Double]? {
    series.first { $0.name == name }?.values
  }

  package mutating func removeAll() { series = [] }
}
