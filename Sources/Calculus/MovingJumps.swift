import Distributions
import Tensors

/// The places at which an integrand jumps and that move with what derivatives are taken in, as (z > a) z
/// jumps at a.
///
/// The derivative of an integral has a part for each of them: the height of the jump times the speed of
/// its place. While the integrand is worked out, whoever compares numbers there says so; a jump may
/// stand where the difference of two of them changes its sign.
///
/// Source: Leibniz's rule for an integral whose limits depend on a parameter.
package final class MovingJumps {
  /// A comparison in the text of the integrand, and the how manieth of one evaluation.
  struct Key: Hashable {
    let site: ObjectIdentifier
    let turn: Int
  }

  struct Sight {
    let z: Double
    let isAbove: Bool
  }

  var width: Int { drawShape.reduce(1, *) }

  enum Mode {
    case idle
    case watching
    /// Of one evaluation all differences are kept.
    case catching
    /// Of draws that stand for all: whether any comparison moves is all that is asked.
    case spotting
  }

  /// Those of the integral around this one.
  let outer: MovingJumps?
  var mode = Mode.idle
  /// The draws of the evaluation under way.
  private var z: Tensor?
  private var turns: [ObjectIdentifier: Int] = [:]
  private var latest: [ObjectIdentifier: Tensor] = [:]
  /// By comparison, and by the number compared: where it is on which side.
  var seen: [Key: [[Sight]]] = [:]
  /// Differences that are the same at all draws so far.
  var constant: [Key: Tensor?] = [:]
  var order: [Key] = []
  var caught: [Key: Tensor] = [:]
  /// The shape of a draw: of more than one number where many integrals go side by side.
  var drawShape: [Int] = []

  package init(within outer: MovingJumps? = nil) { self.outer = outer }

  // MARK: While the integrand is worked out

  /// An evaluation of the integrand at draws begins.
  package func begin(_ draws: Tensor?) {
    z = draws
    (turns, latest) = ([:], [:])
  }

  /// Forgets what was seen, and watches from now on.
  ///
  /// Shapes: a draw's.
  func watch(_ shape: [Int] = []) {
    (seen, order, constant, drawShape) = ([:], [], [:], shape)
    mode = .watching
  }

  /// Watches for one comparison of draws that depends on what derivatives are taken in.
  package func spot() { mode = .spotting }

  /// Its difference; nil where there is none.
  package private(set) var spotted: Tensor?

  /// One of so many draws, or of one draw of many.
  private func spot(_ key: Key, _ draws: Int, _ work: () throws -> Tensor) throws {
    guard spotted == nil else { return }
    let difference = try work()
    if difference.shape.dims.contains(draws) && draws > 1 {
      spotted = difference
    } else if difference.count == 1 {
      if let known = constant[key]??.values, known != difference.values { spotted = difference }
      constant[key] = difference.detached
    }
  }

  /// Numbers were compared: here, or where the draws have no part in it in the integral around.
  package func note(_ site: ObjectIdentifier, _ left: Tensor, _ right: Tensor) throws {
    let shape = try left.shape.broadcast(with: right.shape)
    try note(site, shape, isTracked: left.isTracked || right.isTracked) {
      try left.cast(to: .float64) - right.cast(to: .float64)
    }
  }

  /// An operation was done that jumps where a number related to x changes its sign.
  package func noteSteps(_ site: ObjectIdentifier, _ x: Tensor) throws {
    try note(site, x.shape, isTracked: x.isTracked) { try x.cast(to: .float64) }
  }

  /// A density was asked for at x: it jumps where its support ends.
  package func noteEdges(of q: any Distribution, _ x: Tensor) throws {
    guard case .interval(let low, let high) = try q.support, low.isTracked || high.isTracked,
      (try? x.shape.broadcast(with: q.batchShape)) != nil
    else { return }
    for edge in [low, high] { try note(ObjectIdentifier(MovingJumps.self), x, edge) }
  }

  func note(
    _ site: ObjectIdentifier, _ shape: Shape, isTracked: Bool, _ work: () throws -> Tensor
  ) throws {
    if mode == .spotting, isTracked {
      try spot(Key(site: site, turn: 0), z?.shape.dims.first ?? 0, work)
    }
    guard mode != .idle, mode != .spotting, let z, isOf(z, shape.dims) else {
      try outer?.note(site, shape, isTracked: isTracked, work)
      return
    }
    let key = Key(site: site, turn: turns[site, default: 0])
    turns[site] = key.turn + 1
    guard isTracked else { return }
    let difference = try work()
    if latest[site]?.values == difference.values {
      // The same once more, as from each evaluation of an integral within.
      turns[site] = key.turn
      return
    }
    latest[site] = difference
    if mode == .catching { caught[key] = difference }
    if z.rank == 0 {
      // Of a single draw it does not show whether the difference is of it.
      if let known = constant[key] {
        if known?.values != difference.values { constant[key] = .some(nil) }
      } else {
        constant[key] = difference
      }
    }
    if mode == .watching { watch(difference, z, key) }
  }

  /// Whether numbers of this shape may be of the draws.
  private func isOf(_ z: Tensor, _ dims: [Int]) -> Bool {
    guard dims.count >= z.rank else { return false }
    return zip(z.shape.dims, dims).enumerated().allSatisfy { i, pair in
      pair.0 == pair.1 || (i > 0 && pair.0 == 1 && width == 1)
    }
  }

  /// Keeps what is needed to tell where the sign changes: of draws in a row on one side the ends.
  private func watch(_ difference: Tensor, _ z: Tensor, _ key: Key) {
    let (numbers, places) = (difference.values, z.values)
    // A draw of one number may be compared with many, each of many side by side with one.
    let many = width
    let n = places.count / max(many, 1)
    guard n > 0, !numbers.isEmpty, many == 1 || numbers.count == places.count else { return }
    let parts = numbers.count / n
    if seen[key] == nil {
      seen[key] = [[Sight]](repeating: [], count: parts)
      order.append(key)
    }
    guard var sights = seen.removeValue(forKey: key) else { return }
    defer { seen[key] = sights }
    guard sights.count == parts else { return }
    for part in 0..<parts {
      func sight(_ i: Int) -> Sight {
        Sight(
          z: many == 1 ? places[i] : places[i * parts + part],
          isAbove: numbers[i * parts + part] > 0)
      }
      var before: Sight?
      for i in 0..<n where !numbers[i * parts + part].isNaN {
        let now = sight(i)
        if let last = before {
          if last.isAbove != now.isAbove || last.z > now.z {
            sights[part].append(last)
            sights[part].append(now)
          }
        } else {
          sights[part].append(now)
        }
        before = now
      }
      if let before { sights[part].append(before) }
    }
  }
}

extension BatchedFunction {
  /// Shapes: a draw's.
  func watchJumps(_ shape: [Int] = []) { jumps?.watch(shape) }

  /// An integral of this function with what it gains as the places of jumps move.
  func addingJumps(to value: Tensor, _ integrand: (Tensor) throws -> Tensor) throws -> Tensor {
    try jumps?.adding(to: value, integrand) ?? value
  }
}
