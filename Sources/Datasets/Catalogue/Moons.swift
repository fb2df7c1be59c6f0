import Glibc
import Tensors

/// Two half circles that reach into one another, with normal noise.
///
/// The upper moon, label 0, is `(cos t, sin t)`; the lower, label 1, is `(1 - cos t, 1/2 - sin t)`; `t` is uniform on
/// [0, π], so that points are independent draws from one density.
/// Source: the arcs of scikit-learn's `make_moons`.
enum Moons {
  static let source = DataSource(
    name: "moons", summary: "points of two interleaved half circles, labelled 0 and 1",
    parameters: [n, noise], load: load)

  private static let n = DataParameter(
    name: "n", standard: 1000, isWhole: true, range: 1...10_000_000)
  private static let noise = DataParameter(
    name: "noise", standard: 0.05, isWhole: false, range: 0...100)

  @Sendable private static func load(_ request: DataRequest) throws -> Dataset {
    let count = Int(request[n])
    let sigma = request[noise]
    let angles = try request.generator.uniform(Shape([count]), .float64).values
    let errors = try request.generator.normal(Shape([count, 2]), .float64).values
    let labels = request.generator.integers(count, below: 2)
    var points: [Double] = []
    points.reserveCapacity(2 * count)
    for i in 0..<count {
      let (x, y) = (cos(.pi * angles[i]), sin(.pi * angles[i]))
      points.append((labels[i] == 0 ? x : 1 - x) + sigma * errors[2 * i])
      points.append((labels[i] == 0 ? y : 0.5 - y) + sigma * errors[2 * i + 1])
    }
    return try Dataset(
      name: "moons", inputName: "points",
      all: Examples(inputs: Tensor(points, Shape([count, 2])), labels: Tensor(labels)),
      trainCount: count * 4 / 5)
  }
}
