import Tensors

/// The Kullback-Leibler divergence KL(q | p) = E_q[log q(x) - log p(x)], in nats, where it has a closed form.
package enum Divergence {
  /// KL(q | p).
  ///
  /// Shapes: q [batch], p [batch] -> their batches, broadcast.
  /// Throws: `DistributionError.noDivergence` for a pair without a closed form.
  package static func kl(_ q: any Distribution, _ p: any Distribution) throws -> Tensor {
    guard let value = try closedForm(q, p) else {
      throw DistributionError.noDivergence(q.name, p.name)
    }
    // Plain numbers on one side follow the tensors on the other.
    guard let type = q.dtype ?? p.dtype, q.dtype == nil || p.dtype == nil else { return value }
    return try value.cast(to: type)
  }

  /// Nil for a pair without a closed form.
  package static func closedForm(_ q: any Distribution, _ p: any Distribution) throws -> Tensor? {
    for pair in pairs {
      if let value = try pair.evaluate(q, p) { return value }
    }
    return nil
  }

  /// A closed form, which declines other pairs than its own.
  private struct Pair: Sendable {
    let evaluate: @Sendable (any Distribution, any Distribution) throws -> Tensor?

    init<Q: Distribution, P: Distribution>(_ form: @escaping @Sendable (Q, P) throws -> Tensor?) {
      evaluate = { q, p in
        guard let q = q as? Q, let p = p as? P else { return nil }
        return try form(q, p)
      }
    }
  }

  private static let pairs: [Pair] = [
    Pair(normals), Pair(bernoullis), Pair(categoricals), Pair(laplaces), Pair(uniforms),
    Pair(exponentials), Pair(gumbels), Pair(laplaceFromNormal), Pair(normalFromLaplace),
    Pair(independents), Pair(halfNormals), Pair(gammas), Pair(betas), Pair(dirichlets),
    Pair(poissons), Pair(multivariateNormals), Pair(logNormals), Pair(binomials), Pair(oneHots),
  ]

  /// Source: Kingma and Welling (2014), "Auto-Encoding Variational Bayes", appendix B, for any p.
  private static func normals(_ q: Normal, _ p: Normal) throws -> Tensor {
    let ratio = try (q.scale / p.scale).square()
    let shift = try ((q.loc - p.loc) / p.scale).square()
    return try (ratio + shift - 1 - ratio.log()) * 0.5
  }

  /// The definition, in logits where both have them.
  private static func bernoullis(_ q: Bernoulli, _ p: Bernoulli) throws -> Tensor {
    if let a = q.arguments.optional(1), let b = p.arguments.optional(1) {
      return try a.sigmoid() * (a - b) + b.softplus() - a.softplus()
    }
    let a = try q.probs
    return try Bernoulli.weightedLogs(a, a) - Bernoulli.weightedLogs(a, p.probs)
  }

  /// The definition: a sum over categories, to which those that q never takes add nothing.
  private static func categoricals(_ q: Categorical, _ p: Categorical) throws -> Tensor {
    guard q.categories == p.categories else {
      throw TensorError.broadcast(q.logProbs.shape, p.logProbs.shape)
    }
    let never = try q.logProbs.detached.compare(.equal, to: -.infinity)
    let difference = try never.choose(0, q.logProbs) - never.choose(0, p.logProbs)
    return try (q.probs * difference).sum([-1])
  }

  /// Source: Gil (2011), "On Rényi Divergence Measures for Continuous Alphabet Sources".
  private static func laplaces(_ q: Laplace, _ p: Laplace) throws -> Tensor {
    let distance = try (q.loc - p.loc).absolute()
    let ratio = try q.scale / p.scale
    return try ratio * (-(distance / q.scale)).exp() + distance / p.scale - ratio.log() - 1
  }

  /// Infinite where q lies outside of p.
  private static func uniforms(_ q: Uniform, _ p: Uniform) throws -> Tensor {
    let value = try ((p.high - p.low) / (q.high - q.low)).log()
    let inside = try p.low.compare(.lessOrEqual, to: q.low).both(
      p.high.compare(.greaterOrEqual, to: q.high))
    return try inside.choose(value, .infinity)
  }

  /// Source: integrating the definition.
  private static func exponentials(_ q: Exponential, _ p: Exponential) throws -> Tensor {
    let ratio = try p.rate / q.rate
    return try ratio - 1 - ratio.log()
  }

  /// Source: Gil (2011), "On Rényi Divergence Measures for Continuous Alphabet Sources".
  private static func gumbels(_ q: Gumbel, _ p: Gumbel) throws -> Tensor {
    let ratio = try q.scale / p.scale
    let shift = try (q.loc - p.loc) / p.scale
    let overshoot = try ((ratio + 1).lgamma() - shift).exp()
    return try shift + overshoot - ratio.log() + ratio * Gumbel.eulerGamma
      - (1 + Gumbel.eulerGamma)
  }

  /// E_q of the normal's square is the Laplace's variance, 2 scale^2, plus the squared shift.
  private static func laplaceFromNormal(_ q: Laplace, _ p: Normal) throws -> Tensor {
    let moment = try ((q.scale / p.scale).square() * 2 + ((q.loc - p.loc) / p.scale).square())
    let logs = try (p.scale / q.scale).log() + (Normal.halfLogTwoPi - 1 - 0.693_147_180_559_945_309)
    return try logs + moment * 0.5
  }

  /// E_q |x - loc| is the mean of a folded normal.
  ///
  /// Source: Leone, Nelson and Nottingham (1961), "The Folded Normal Distribution".
  private static func normalFromLaplace(_ q: Normal, _ p: Laplace) throws -> Tensor {
    let d = try (q.loc - p.loc) / q.scale
    let density = try (d.square() * -0.5 - Normal.halfLogTwoPi).exp()
    let folded = try q.scale * (density * 2 + d * (d * 0.5.squareRoot()).erf())
    return try folded / p.scale + (p.scale * 2 / q.scale).log() - (0.5 + Normal.halfLogTwoPi)
  }

  /// Exponentials take nothing from the divergence: a change of variables leaves it as it is.
  private static func logNormals(_ q: LogNormal, _ p: LogNormal) throws -> Tensor {
    try normals(q.normal, p.normal)
  }

  /// That of so many single draws; nil where these are not as many on both sides.
  private static func binomials(_ q: Binomial, _ p: Binomial) throws -> Tensor? {
    guard try q.totalCount.isClose(to: p.totalCount, rtol: 0, atol: 0) else { return nil }
    return try q.totalCount * bernoullis(q.single, p.single)
  }

  private static func oneHots(_ q: OneHotCategorical, _ p: OneHotCategorical) throws -> Tensor {
    try categoricals(q.categorical, p.categorical)
  }

  /// Twice the density on half the line, for both: the normals' divergence about 0.
  private static func halfNormals(_ q: HalfNormal, _ p: HalfNormal) throws -> Tensor {
    let ratio = try q.scale / p.scale
    return try (ratio.square() - 1) * 0.5 - ratio.log()
  }

  /// Source: Gil (2011), "On Rényi Divergence Measures for Continuous Alphabet Sources".
  private static func gammas(_ q: Gamma, _ p: Gamma) throws -> Tensor {
    let (a, b) = (q.concentration, p.concentration)
    let norms = try b.lgamma() - a.lgamma() + b * (q.rate / p.rate).log()
    return try norms + (a - b) * a.digamma() + a * (p.rate / q.rate - 1)
  }

  /// Source: as for `dirichlets`, of two numbers.
  private static func betas(_ q: Beta, _ p: Beta) throws -> Tensor {
    let (a, b) = (q.concentration1, q.concentration0)
    let (c, d) = (p.concentration1, p.concentration0)
    let logs = try (a - c) * a.digamma() + (b - d) * b.digamma()
    return try Beta.logNorm(c, d) - Beta.logNorm(a, b) + logs + (c - a + d - b) * (a + b).digamma()
  }

  /// Source: Penny (2001), "Kullback-Leibler Divergences of Normal, Gamma, Dirichlet and Wishart Densities".
  private static func dirichlets(_ q: Dirichlet, _ p: Dirichlet) throws -> Tensor {
    guard q.eventShape == p.eventShape else {
      throw TensorError.broadcast(q.concentration.shape, p.concentration.shape)
    }
    let (a, b) = (q.concentration, p.concentration)
    let logs = try a.digamma() - a.sum([-1], keepdim: true).digamma()
    return try Dirichlet.logNorm(b) - Dirichlet.logNorm(a) + ((a - b) * logs).sum([-1])
  }

  /// Source: the definition, with the mean of x.
  private static func poissons(_ q: Poisson, _ p: Poisson) throws -> Tensor {
    try q.rate.timesLog(q.rate) - q.rate.timesLog(p.rate) - q.rate + p.rate
  }

  /// Source: Penny (2001), "Kullback-Leibler Divergences of Normal, Gamma, Dirichlet and Wishart Densities".
  private static func multivariateNormals(_ q: MultivariateNormal, _ p: MultivariateNormal) throws
    -> Tensor
  {
    guard q.eventShape == p.eventShape else {
      throw TensorError.broadcast(q.loc.shape, p.loc.shape)
    }
    let ratio = try p.scaleTril.solved(q.scaleTril)
    let shift = try MultivariateNormal.whiten(p.scaleTril, q.loc - p.loc)
    let square = try ratio.square().sum([-2, -1]) + shift.square().sum([-1])
    let logs = try (p.scaleTril.diagonals().log() - q.scaleTril.diagonals().log()).sum([-1])
    return try square * 0.5 + logs - Double(q.eventShape.count) / 2
  }

  private static func independents(_ q: Independent, _ p: Independent) throws -> Tensor? {
    guard q.count == p.count, let each = try closedForm(q.base, p.base) else { return nil }
    return try q.summed(each)
  }
}
