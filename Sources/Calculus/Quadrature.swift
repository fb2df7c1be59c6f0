import Glibc
import Tensors

/// The integral of a function over a line, with an estimate of its error.
///
/// The integrand is asked for its values at many places at once. Where it is smooth and dies away fast
/// at both ends, the trapezoidal rule converges so quickly that its two finest meshes agree to all
/// digits, and one evaluation is enough. Elsewhere panels are halved until each agrees with itself.
///
/// The places are chosen by plain numbers; the result is a weighted sum of one evaluation at the final
/// places, so that gradients flow to all that the integrand reads, to every order.
///
/// Source: Trefethen and Weideman (2014), "The Exponentially Convergent Trapezoidal Rule"; Piessens et
/// al., "QUADPACK" (1983).
package struct Quadrature {
  /// Shapes: n places -> [n, ..], float64.
  package typealias Integrand = ([Double]) throws -> Tensor

  package let value: Tensor
  /// How far off the value may be, in its largest element.
  package let error: Double

  /// The largest error that counts as exact, relative to the integral of the absolute value.
  package static let exactness = 1e-10
  /// What rounding may leave of an integrand whose terms cancel, relative to a density it has as a factor.
  static let noise = 2e-14
  /// What is aimed for.
  private static let aim = 1e-12

  /// What the places mean.
  struct Scale {
    /// What the reader knows a place by.
    var number: (Double) -> Double = { $0 }
    /// What the reader knows the two ends of the line by.
    var ends = (-Double.infinity, Double.infinity)
    /// Whether it lies so near to an edge that its distance from it is lost.
    var isLost: (Double) -> Bool = { _ in false }
    /// A density that the integrand has as a factor: what this and rounding leave of it is noise.
    var density: (([Double]) throws -> [Double])?
    /// Places where something narrow is known to be.
    var landmarks: [Double] = []
  }

  /// Integrates over all of the line.
  ///
  /// Throws: `CalculusError` where the integral diverges, the integrand is not finite, or halving
  /// panels does not settle the value to `tolerance`.
  init(
    _ integrand: Integrand, tolerance: Double = exactness, scale: Scale = Scale()
  ) throws {
    let start = try Samples(integrand(Mesh.places))
    if scale.landmarks.isEmpty,
      let (weights, error) = Mesh.verdict(start, scale, aim: Self.aim)
    {
      value = try start.weightedSum(weights)
      self.error = error
      return
    }
    var panels: Panels
    if let range = try Self.range(integrand, scale, tolerance) {
      let marks = scale.landmarks + [range.lowerBound, range.upperBound]
      let (low, high) = (marks.min() ?? -8, marks.max() ?? 8)
      panels = Panels(over: low...high, around: scale.landmarks)
    } else {
      let found = try Self.search(integrand)
      if found.isEmpty {
        value = try start.weightedSum(Mesh.weights)
        error = 0
        return
      }
      panels = Panels(over: -14...14, around: found)
    }
    try panels.refine(integrand, scale, aim: Self.aim, limit: tolerance)
    error = panels.error
    if start.tensor.isTracked {
      let final = try Samples(integrand(panels.places))
      value = try final.weightedSum(panels.weights)
    } else {
      value = try panels.sum(start.tensor.shape)
    }
  }

  /// Looks for a narrow peak between places where the integrand is zero.
  private static func search(_ integrand: Integrand) throws -> [Double] {
    var places = (0...4000).map { Double($0) * 0.0025 - 14 }
    places += (1...3000).map { Double($0) * 8 / 3000 - 4 }
    places += (1...4000).map { Double($0) * 0.0025 + 4 }
    let sizes = try Samples(integrand(places)).sizes
    guard let first = sizes.firstIndex(where: { $0 > 0 }),
      let last = sizes.lastIndex(where: { $0 > 0 })
    else { return [] }
    let top = sizes.indices.max { sizes[$0] < sizes[$1] } ?? first
    return [places[max(first - 1, 0)], places[top], places[min(last + 1, places.count - 1)]]
  }

  /// Where the integrand is more than nothing, from the left to the right; nil where it is nothing.
  private static func range(
    _ integrand: Integrand, _ scale: Scale, _ tolerance: Double
  ) throws -> ClosedRange<Double>? {
    let named = scale.number
    let outward = Mesh.outward
    let places = outward.reversed().map { -$0 } + [0] + outward
    let samples = try Samples(integrand(places))
    let n = outward.count
    var sizes = samples.sizes
    let density = try scale.density?(places)
    if let density {
      // Where all terms cancel their derivatives need not.
      sizes = zip(sizes, density).map { $0 >= $1 * noise ? $0 : $0.isNaN ? $0 : $1 * noise }
    }
    let total = Samples.total(sizes, places)
    if samples.sizes.allSatisfy({ $0 == 0 }) { return nil }
    let negligible = 1e-17 * total
    for (i, t) in places.enumerated() where scale.isLost(t) && sizes[i] > negligible {
      // What such a place adds may be wrong altogether.
      guard sizes[i] <= tolerance / 10 * total else {
        throw sizes[i] > 1e-3 * total
          ? CalculusError.pole(named(t), isExact: false)
          : CalculusError.unsettled(near: named(t), error: sizes[i], of: total)
      }
      sizes[i] = 0
    }
    let right = try end(
      outward, Array(sizes[(n + 1)...]), negligible, towards: scale.ends.1, named)
    let left = try end(
      outward, sizes[..<n].reversed(), negligible, towards: scale.ends.0
    ) { named(-$0) }
    return -left...right
  }

  /// The first place from which on nothing is added any more.
  ///
  /// Beyond it the integrand may become undefined, as the log of what is rounded to 0, but not large.
  private static func end(
    _ places: [Double], _ sizes: [Double], _ negligible: Double, towards edge: Double,
    _ named: (Double) -> Double
  ) throws -> Double {
    let lastLoud = sizes.lastIndex { $0.isFinite && $0 > negligible } ?? -1
    func failure(at bad: Int) -> CalculusError {
      let top = sizes[..<bad].max() ?? 0
      // What grows before it is not finite, or is large still where it overflows, does not die away.
      let isGrowing = bad > 1 && sizes[bad - 1] >= (sizes[bad].isNaN ? 1 : 1e-3) * top
      return isGrowing ? .diverges(edge) : .notFiniteAt(named(places[bad]))
    }
    if let bad = sizes[..<(lastLoud + 1)].firstIndex(where: { !$0.isFinite }) {
      throw failure(at: bad)
    }
    // Far out nothing ends at once, but where a factor overflows.
    let isCut =
      lastLoud >= 0 && places[lastLoud] > 40 && sizes[lastLoud] > 1e7 * negligible
    guard lastLoud + 1 < places.count, !isCut else {
      throw CalculusError.diverges(edge)
    }
    guard sizes[lastLoud + 1].isFinite else { throw failure(at: lastLoud + 1) }
    return places[lastLoud + 1]
  }
}

/// The first places that are looked at.
enum Mesh {
  private static let step = 1.0 / 12
  private static let half = 36
  /// Further out, to see that nothing comes any more.
  private static let beyond = [3.25, 3.5, 3.75, 4]

  static let places: [Double] =
    (-half...half).map { Double($0) * step } + beyond + beyond.map { -$0 }
  static let weights: [Double] =
    (-half...half).map { _ in step } + [Double](repeating: 0, count: 2 * beyond.count)

  /// Far out: in steps of a quarter, then of one, then of eight.
  static let outward: [Double] =
    (1...32).map { Double($0) * 0.25 } + (9...48).map { Double($0) }
    + stride(from: 56.0, through: 680, by: 8)

  /// The weights of the places, if the sum with them is the integral, and its error.
  static func verdict(
    _ samples: Samples, _ scale: Quadrature.Scale, aim: Double
  ) -> (weights: [Double], error: Double)? {
    let sizes = samples.sizes
    guard sizes.allSatisfy(\.isFinite) else { return nil }
    let total = sizes[...(2 * half)].reduce(0, +) * step
    guard total > 0 else { return nil }
    // The outermost places of the mesh and all beyond.
    guard max(sizes[0], sizes[2 * half]) <= 1e-16 * total,
      sizes[(2 * half + 1)...].allSatisfy({ $0 <= 1e-16 * total })
    else { return nil }
    guard !zip(places, sizes).contains(where: { $1 > aim * total && scale.isLost($0) }) else {
      return nil
    }
    var error = 0.0
    for c in 0..<samples.width {
      var (fine, coarse) = (0.0, 0.0)
      for i in 0...(2 * half) {
        let y = samples[i, c]
        fine += y
        if i % 2 == 0 { coarse += 2 * y }
      }
      error = max(error, abs(fine - coarse) * step)
    }
    return error <= aim * total ? (weights, error) : nil
  }
}

/// Values of an integrand, as numbers and as the tensor they came in.
struct Samples {
  let tensor: Tensor
  let numbers: [Double]
  /// How many numbers there are for one place.
  let width: Int

  init(_ tensor: Tensor) throws {
    self.tensor = try tensor.cast(to: .float64)
    numbers = tensor.values
    width = tensor.shape.rank > 0 && tensor.shape[0] > 0 ? tensor.count / tensor.shape[0] : 1
  }

  subscript(_ i: Int, _ c: Int) -> Double { numbers[i * width + c] }

  /// The largest absolute value at each place; not finite where one is not.
  var sizes: [Double] {
    guard width > 0 else { return [] }
    return (0..<(numbers.count / width)).map { i in
      var size = 0.0
      for c in 0..<width {
        let y = abs(self[i, c])
        size = y.isNaN || size.isNaN ? .nan : max(size, y)
      }
      return size
    }
  }

  /// A rough integral of the absolute value over ascending places.
  static func total(_ sizes: [Double], _ places: [Double]) -> Double {
    var sum = 0.0
    for i in 1..<max(places.count, 1) where sizes[i].isFinite && sizes[i - 1].isFinite {
      sum += (sizes[i] + sizes[i - 1]) / 2 * min(places[i] - places[i - 1], 1)
    }
    return sum
  }

  /// Shapes: [n, ..] -> [..].
  func weightedSum(_ weights: [Double]) throws -> Tensor {
    let trailing = [Int](repeating: 1, count: max(tensor.rank - 1, 0))
    let column = try Tensor(weights, Shape([weights.count] + trailing), .float64)
    return try (tensor * column).sum([0])
  }
}
