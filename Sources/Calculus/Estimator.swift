import Distributions
import Glibc
import Tensors

/// How the gradient of a Monte Carlo estimate is estimated.
package enum Estimator: String, CaseIterable, Sendable {
  /// Through the draws: z = g(noise, parameters).
  ///
  /// Source: Kingma and Welling (2014), "Auto-Encoding Variational Bayes", section 2.4.
  case pathwise
  /// Through the probability of the draws: f grad log q.
  ///
  /// Source: Williams (1992), "Simple Statistical Gradient-Following Algorithms", REINFORCE.
  case score
  /// Discrete draws are replaced by relaxed ones: biased.
  ///
  /// Source: Jang, Gu and Poole (2017), "Categorical Reparameterization with Gumbel-Softmax".
  case gumbelSoftmax = "gumbel_softmax"
  /// Discrete draws forwards, relaxed ones backwards: biased.
  ///
  /// Source: Bengio, Léonard and Courville (2013), "Estimating or Propagating Gradients".
  case straightThrough = "straight_through"
  /// The difference of two averages, for the normal.
  ///
  /// Source: Pflug (1989); Mohamed et al. (2020), "Monte Carlo Gradient Estimation in Machine Learning", section 6.
  case measure

  /// What is subtracted from the values in the score function estimator.
  package enum Baseline {
    case none
    case constant(Double)
    /// The mean of the other draws.
    case leaveOneOut
  }
}

/// n draws from a source, and what their gradients need.
struct Draws {
  let source: Expectation.Source
  /// Shapes: [n] + that of a draw.
  let values: Tensor
  /// The log probabilities of the draws, where gradients pass through these.
  ///
  /// Shapes: [n].
  var score: Tensor?

  init(
    _ source: Expectation.Source, _ n: Int?, _ by: Estimator?, temperature: Double,
    _ generator: Generator
  ) throws {
    self.source = source
    switch source {
    case .rows(let rows):
      values = try rows.rows(generator.integers(n ?? 1, below: rows.shape[0]))
    case .distribution(let given):
      let q = try given.inFloat64()
      let count = n.map { [$0] } ?? []
      switch by {
      case .gumbelSoftmax, .straightThrough:
        values = try Relaxation(q, temperature).draw(
          count, isHard: by == .straightThrough, generator)
      case .pathwise: values = try q.rsample(count, generator)
      case nil where q.hasPathwiseSample: values = try q.rsample(count, generator)
      case .score, .measure, nil:
        values = try q.sample(count, generator)
        let logs = try q.logProb(values).cast(to: .float64)
        if logs.isTracked, by != .measure {
          score = try logs.reshaped(to: [values.shape[0], -1]).sum([1])
        }
      }
    }
  }

  init(_ source: Expectation.Source, _ values: Tensor, score: Tensor?) {
    self.source = source
    self.values = values
    self.score = score
  }
}

/// Bernoulli and one-hot draws as limits of smooth functions of the parameters and of noise.
struct Relaxation {
  private let logits: Tensor
  private let isBinary: Bool
  private let temperature: Double

  init(_ q: any Distribution, _ temperature: Double) throws {
    self.temperature = temperature
    if let q = q as? Bernoulli {
      logits = try q.logits
      isBinary = true
      return
    }
    let given = Dictionary(uniqueKeysWithValues: q.arguments.tensors.map { ($0.name, $0.value) })
    guard q.name == "one_hot_categorical", let found = try given["logits"] ?? given["probs"]?.log()
    else { throw CalculusError.notRelaxed(q.name) }
    logits = found
    isBinary = false
  }

  /// Shapes: n + that of the distribution.
  func draw(_ n: [Int], isHard: Bool, _ generator: Generator) throws -> Tensor {
    let u = try generator.uniform(Shape(n + logits.shape.dims), .float64)
      .clamped(0x1p-54, 1 - 0x1p-53)
    if isBinary {
      let soft = try ((logits + u.log() - (-u).log1p()) / temperature).sigmoid()
      guard isHard else { return soft }
      let hard = try soft.detached.compare(.greater, to: 0.5).cast(to: .float64)
      return try hard + soft - soft.detached
    }
    let soft = try ((logits - (-u.log()).log()) / temperature).softmax(-1)
    guard isHard, let classes = soft.shape.last else { return soft }
    let hard = try soft.detached.argExtreme(-1, greatest: true).oneHot(classes)
    return try hard.cast(to: .float64) + soft - soft.detached
  }
}
