import Calculus
import Distributions
import Tensors

extension DrawnExpectation {
  /// The average over three numbers that are drawn one after the other, taken all at once: over a normal
  /// distribution like theirs, of what is averaged times the ratio of the densities.
  ///
  /// One integral within the other within a third would take too long. Nil where it does not settle.
  func joint() throws -> Tensor? {
    guard let like = try normalLikeThem() else { return nil }
    let f = interpreter.integrand { draw in
      interpreter.generator.state = state
      let last = draw[0].rank - 1
      var given: [Value] = []
      var logs = try -like.logProb(draw[0])
      for (k, part) in draws.sources.enumerated() {
        let x = try draw[0].sliced(last, k, k + 1).squeezed(last)
        logs = try logs + distribution(part, given).logProb(x)
        given.append(Conversion.value(x))
      }
      let value = try body(given)
      if value.dtype == .float32 { precision.isSingle = true }
      return try value * logs.exp()
    }
    // What diverges is seen by the integrals one within the other too, and where.
    do { return try Expectation.exact(.distribution(like), f) } catch is CalculusError {
      return nil
    }
  }

  /// A normal distribution with the mean and covariance of a sample; nil where there are not three real numbers.
  private func normalLikeThem() throws -> MultivariateNormal? {
    guard draws.sources.count == 3 else { return nil }
    let n = 512
    let dice = Generator(seed: 1)
    var rows: [Double] = []
    for _ in 0..<n {
      interpreter.generator.state = state
      var given: [Value] = []
      for part in draws.sources {
        guard case .distribution(let q) = try source(part, given), case .real = try q.support,
          q.batchShape.count * q.eventShape.count == 1, q.batchShape.rank == 0
        else { return nil }
        let x = try q.sample([], dice).cast(to: .float64)
        rows.append(x[flat: 0])
        given.append(Conversion.value(x))
      }
    }
    let sample = try Tensor(rows, Shape([n, 3]), .float64)
    let mean = try sample.mean([0])
    let centered = try sample - mean
    let covariance = try centered.matmul(centered, transposeA: true) / Double(n)
    guard covariance.values.allSatisfy(\.isFinite), let root = try? covariance.cholesky() else {
      return nil
    }
    return try MultivariateNormal(.tensor(mean), nil, nil, .tensor(root))
  }

  private func distribution(
    _ part: DrawnArguments.Part, _ given: [Value]
  ) throws -> any Distribution {
    guard case .distribution(let q) = try source(part, given) else { throw NotExact() }
    return q
  }
}
