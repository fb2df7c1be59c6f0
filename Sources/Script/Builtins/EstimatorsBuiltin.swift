import Calculus
import Distributions
import Tensors

/// `estimators(z ~ q, f(z), wrt=[mu])`: the gradient estimators side by side.
enum EstimatorsBuiltin {
  static let estimators = Builtin(
    "estimators", in: "Expectations",
    [
      .named("wrt", .any, nil), .named("n", .size, .number(10_000)),
      .named("temperature", .number, .number(0.5)),
    ],
    about:
      "compares the gradient estimators of an average: bias in standard errors of it, variance of one draw",
    examples: ["mu = param(0.8); estimators(z ~ normal(mu, 0.5), z^2, wrt=mu)"], takesDraws: true
  ) { call in
    let drawn = try DrawnExpectation(call)
    let variables = call.interpreter.parameterPaths(of: call.value(0)).map(\.variable)
    guard !variables.isEmpty else { throw call.mismatch(0, "a param(...), or several") }
    let state = call.generator.state
    var rows: [[String]] = []
    let exact = try? drawn.exactTensor()?.gradientsOrZero(variables.map(\.tensor))
    if let exact { rows.append(["exact", shown(exact.map(\.detached)), "", ""]) }
    for candidate in candidates {
      var sampling = Sampling(draws: try call.size(1), by: candidate.by)
      sampling.baseline = candidate.baseline
      sampling.temperature = try call.number(2)
      guard sampling.temperature > 0 else { throw call.mismatch(2, "a positive number") }
      call.generator.state = state
      guard let value = try sampled(drawn, sampling) else { continue }
      let gradients = try value.gradientsOrZero(variables.map(\.tensor), createGraph: true)
      rows.append(try row(candidate.name, gradients, exact))
    }
    call.print(table(["", "gradient", "bias", "variance"], rows))
    return .none
  }

  private static let candidates: [(name: String, by: Estimator, baseline: Estimator.Baseline)] = [
    ("pathwise", .pathwise, .none), ("score", .score, .none),
    ("score, leave_one_out", .score, .leaveOneOut), ("measure", .measure, .none),
    ("gumbel_softmax", .gumbelSoftmax, .none), ("straight_through", .straightThrough, .none),
  ]

  /// Nil where the estimator does not go with the distribution.
  private static func sampled(_ drawn: DrawnExpectation, _ sampling: Sampling) throws -> Tensor? {
    do {
      return try drawn.sampled(sampling)
    } catch CalculusError.notRelaxed, CalculusError.notMeasured {
      return nil
    } catch DistributionError.noPathwiseSample { return nil }
  }

  private static func row(
    _ name: String, _ gradients: [Tensor], _ exact: [Tensor]?
  ) throws -> [String] {
    var (parts, variance, worst) = ([String](), 0.0, 0.0)
    for (i, gradient) in gradients.enumerated() {
      let estimate = try Estimate(of: gradient)
      if let estimate { variance += try estimate.variance.sum()[flat: 0] }
      for k in 0..<gradient.count {
        let (value, error) = (gradient[flat: k], estimate?.error[flat: k] ?? 0)
        if parts.count < 3 {
          parts.append(
            estimate == nil ? shown([try Tensor(value)]) : EstimateDisplay.number(value, error))
        }
        guard let exact else { continue }
        let difference = value - exact[i][flat: k]
        // Without chance in it any difference is a bias, but that of rounding.
        let isNothing = abs(difference) <= 1e-9 * max(abs(value), 1)
        let z = error > 0 ? difference / error : isNothing ? 0 : difference * .infinity
        if abs(z) > abs(worst) { worst = z }
      }
    }
    let size = worst.isInfinite ? (worst > 0 ? "∞" : "-∞") : Formatting.printf("f", worst, 1)
    let bias = exact == nil ? "" : "\(size) σ"
    return [name, parts.joined(separator: ", "), bias, NumberText.rounded(variance, digits: 4)]
  }

  private static func shown(_ gradients: [Tensor]) -> String {
    gradients.flatMap(\.values).prefix(3).map { NumberText.rounded($0, digits: 6) }
      .joined(separator: ", ")
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    let all = [head] + rows
    let widths = head.indices.map { c in all.map { $0[c].columns }.max() ?? 0 }
    return all.map { row in
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.columns) }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
