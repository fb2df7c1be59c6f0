import Distributions
import Glibc
import Tensors

/// The average of a function of two or three numbers that are drawn together.
///
/// First the trapezoidal rule on a product of meshes, along the axes of a sample's ellipsoid. Where its
/// two finest meshes differ, or a mesh that is moved aside, two numbers are integrated one within the
/// other. Where a function of three takes its draws one after the other, three of Gauss's rules, of fewer
/// places and turned against each other, have to agree.
enum Cubature {
  private static let step = 1.0 / 12
  private static let half = 36
  /// More places than these cost too much.
  private static let most = 2_000_000

  /// Nil where there are more than three numbers, they are not real, or the value does not settle.
  static func average(_ q: any Distribution, _ f: BatchedFunction) throws -> Tensor? {
    let shape = q.batchShape.dims + q.eventShape.dims
    let d = shape.reduce(1, *)
    guard d == 2 || d == 3, case .real = try q.support else { return nil }
    let frame = try Frame(q, d, shape)
    return try f.budget.within {
      do {
        if let value = try meshed(frame, f) { return value }
        guard d == 2 else { return nil }
        f.most = 100_000
        defer { f.most = .max }
        return try nested(frame, f)
      } catch CalculusError.unsettled { return nil } catch CalculusError.tooLong { return nil }
    }
  }

  /// Nil where the meshes differ.
  private static func meshed(_ frame: Frame, _ f: BatchedFunction) throws -> Tensor? {
    let d = frame.d
    let axis = try Tensor((-half...half).map { Double($0) * step }, Shape([2 * half + 1]), .float64)
    let places = try Tensor.stacked(
      Tensor.grid([Tensor](repeating: axis, count: d), indexing: "ij").map {
        try $0.reshaped(to: [-1])
      }, 1)
    let (z, weights) = try frame.numbers(places)
    if d > 2, try !f.isFast(for: [z]) { return try gaussian(frame, f) }
    let before = Work.done
    let values = try Expectation.product(f, z, weights)
    let samples = try Samples(values)
    let (sizes, n) = (samples.sizes, 2 * half + 1)
    guard sizes.allSatisfy(\.isFinite) else { return nil }
    let total = sizes.reduce(0, +)
    var coarse = [Double](repeating: 0, count: samples.width)
    var fine = coarse
    for i in sizes.indices {
      var (rest, isEdge, isCoarse) = (i, false, true)
      for _ in 0..<d {
        let k = rest % n
        rest /= n
        isEdge = isEdge || k == 0 || k == n - 1
        isCoarse = isCoarse && k % 2 == 0
      }
      if isEdge, sizes[i] > 1e-15 * total { return nil }
      for c in 0..<samples.width {
        fine[c] += samples[i, c]
        if isCoarse { coarse[c] += samples[i, c] }
      }
    }
    let ratio = Double(1 << d)
    let error = zip(fine, coarse).map { abs($0 - ratio * $1) }.max() ?? 0
    // The finer mesh is better than the difference by a factor of three at a kink, else by far more.
    guard total > 0, error <= 5e-11 * total else { return nil }
    let work = Double(Work.done - before) / Double(sizes.count)
    let count = moves(d, work)
    var mean = [Double](repeating: 0, count: samples.width)
    for k in 1...count {
      let moved = try terms(frame, f, moved: k)
      for c in mean.indices {
        let sum = (0..<(moved.numbers.count / moved.width)).reduce(0) { $0 + moved[$1, c] }
        let difference = ratio * sum - fine[c]
        // A single coarse mesh errs by more than all together.
        guard abs(difference) <= 3e-10 * total else { return nil }
        mean[c] += difference / Double(count)
      }
    }
    guard mean.allSatisfy({ abs($0) <= 5e-11 * total }) else { return nil }
    return try values.sum([0]) * pow(step, Double(d))
  }

  /// How many moved meshes the cost of a place allows, about ten milliseconds' worth, but one at the least.
  private static func moves(_ d: Int, _ workOfPlace: Double) -> Int {
    let places = pow(Double(half), Double(d))
    return Int(min(max(2e6 / (max(workOfPlace, 1) * places), 1), 200))
  }

  /// The terms of a mesh twice as coarse, moved aside along each axis by multiples of a number of its own.
  ///
  /// The numbers are powers of one, so that the meshes fill the space between them evenly.
  ///
  /// Source: Roberts (2018), "The Unreasonable Effectiveness of Quasirandom Sequences".
  private static func terms(
    _ frame: Frame, _ f: BatchedFunction, moved k: Int
  ) throws -> Samples {
    // The roots of x^3 = x + 1 and of x^4 = x + 1.
    let base = frame.d == 2 ? 1.324_717_957_244_746 : 1.220_744_084_605_759_5
    let axes = try (1...frame.d).map { i in
      let share = (Double(k) / pow(base, Double(i))).truncatingRemainder(dividingBy: 1)
      let axis = (-half / 2..<half / 2).map { (Double($0) + share) * 2 * step }
      return try Tensor(axis, Shape([axis.count]), .float64)
    }
    let places = try Tensor.stacked(
      Tensor.grid(axes, indexing: "ij").map { try $0.reshaped(to: [-1]) }, 1)
    let (z, weights) = try frame.numbers(places)
    return try Samples(Expectation.product(f, z, weights))
  }

  private static let rules = [GaussHermite(15), GaussHermite(17), GaussHermite(21)]

  /// Nil where the rules differ.
  ///
  /// Each is turned another way, so that along no direction do their places lie behind each other.
  private static func gaussian(_ frame: Frame, _ f: BatchedFunction) throws -> Tensor? {
    var results: [(sum: Tensor, size: Double)] = []
    for (k, rule) in rules.enumerated() {
      let n = rule.places.count
      func grid(_ numbers: [Double]) throws -> [Tensor] {
        let axis = try Tensor(numbers, Shape([n]), .float64)
        return try Tensor.grid([Tensor](repeating: axis, count: frame.d), indexing: "ij").map {
          try $0.reshaped(to: [-1])
        }
      }
      let turn = try turn(Double(rules.count - 1 - k))
      let places = try Tensor.stacked(grid(rule.places), 1).matmul(turn)
      let (z, densities) = try frame.near(places)
      let weights = try grid(rule.weights).reduce(densities) { try $0 * $1 }
      let terms = try Expectation.product(f, z, weights)
      let sizes = try Samples(terms).sizes
      guard sizes.allSatisfy(\.isFinite) else { return nil }
      results.append((try terms.sum([0]), sizes.reduce(0, +)))
      let error = zip(results[0].sum.values, results[k].sum.values).map { abs($0 - $1) }.max() ?? 0
      guard results[k].size > 0, error <= 1e-11 * results[k].size else { return nil }
    }
    return results.last?.sum
  }

  /// A rotation about each of three axes, one after the other, by angles of no special ratio.
  private static func turn(_ times: Double) throws -> Tensor {
    var product = try Tensor.eye(3, .float64)
    for (i, angle) in [0.7, 1.1, 0.4].enumerated() {
      let (c, s, j) = (cos(times * angle), sin(times * angle), (i + 1) % 3)
      var numbers = [1.0, 0, 0, 0, 1, 0, 0, 0, 1]
      (numbers[4 * i], numbers[4 * j]) = (c, c)
      (numbers[3 * i + j], numbers[3 * j + i]) = (-s, s)
      product = try product.matmul(Tensor(numbers, Shape([3, 3]), .float64))
    }
    return product
  }

  /// One number within the other, the inner integral at all places of the outer one at once.
  private static func nested(_ frame: Frame, _ f: BatchedFunction) throws -> Tensor {
    var total = 0
    var scale = Quadrature.Scale()
    (scale.looksClosely, scale.budget) = (true, f.budget)
    return try Quadrature(
      { outer in
        let m = outer.count
        return try Quadrature(
          { inner in
            let n = inner.count
            total += n * m
            guard total <= most else {
              throw CalculusError.unsettled(near: .nan, error: .nan, of: .nan)
            }
            let pairs = inner.flatMap { t in outer.flatMap { [t, $0] } }
            let (z, weights) = try frame.numbers(Tensor(pairs, Shape([n * m, 2]), .float64))
            let values = try Expectation.product(f, z, weights)
            return try values.reshaped(to: [n, m] + values.shape.dims.dropFirst())
          }, scale: scale
        ).value
      }, scale: scale
    ).value
  }

  /// Axes along which the numbers are about independent and about standard.
  private struct Frame {
    let q: any Distribution
    let d: Int
    let shape: [Int]
    private let center: Tensor
    /// A triangular root of the covariance.
    private let root: Tensor
    private let volume: Double

    init(_ q: any Distribution, _ d: Int, _ shape: [Int]) throws {
      (self.q, self.d, self.shape) = (q, d, shape)
      let n = 4096
      let draws = try q.sample([n], Generator(seed: 1)).cast(to: .float64).reshaped(to: [n, d])
      center = try draws.mean([0])
      let centered = try draws - center
      let covariance = try centered.matmul(centered, transposeA: true) / Double(n)
      let root = try covariance.cholesky()
      self.root = root
      volume = (0..<d).reduce(1) { $0 * root[flat: $1 * d + $1] }
    }

    /// Shapes: places [n, d] -> [n] + a draw's, and densities times volumes [n].
    func numbers(_ places: Tensor) throws -> (Tensor, Tensor) {
      let (draws, densities) = try near(places.sinh())
      return (draws, try densities * places.cosh().log().sum([1]).exp())
    }

    /// The same without a stretch: the places are numbers of standard deviations.
    func near(_ places: Tensor) throws -> (Tensor, Tensor) {
      let n = places.shape[0]
      let draws = try (center + places.matmul(root, transposeB: true)).reshaped(to: [n] + shape)
      let logs = try q.logProb(draws).reshaped(to: [n, -1]).sum([1])
      return (draws, try (logs + log(volume)).exp())
    }
  }
}
