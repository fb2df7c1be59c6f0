import Calculus
import Distributions
import Tensors

/// Averages over draws and integrals over ranges.
enum ExpectationBuiltins {
  static let all: [Builtin] = [expectation, integrate, estimate, EstimatorsBuiltin.estimators]

  private static let expectation = Builtin(
    "E",
    in: "Expectations",
    [
      .named("n", .size), .named("by", .text), .named("baseline"),
      .named("temperature", .number, .number(0.5)),
    ],
    about:
      """
      the average of a function of draws: exact to 1e-10 where it can be, else (or with n=) an estimate
        where f jumps at a place that moves with a, as in (z > a) * z, the exact derivative in a counts the jump
        for one number; of an estimate, and of two or three numbers, it does not: put a in the distribution
      quadrature looks between its places, but misses a spike that lies beside something wide and is narrower,
        in standard deviations of q, than about 1e-4 of one number, or in all directions 0.003 of two, 0.03 of three;
        of slow functions (an integral inside, or one draw at a time) ten times as wide: look at a plot of f
      """,
    examples: ["E(z ~ normal(0, 1), z^2)", "E(z ~ q, f(z), n=1000, by=\"score\")"],
    takesDraws: true
  ) { call in
    let drawn = try DrawnExpectation(call)
    guard try call.isGiven(0) || call.optionalText(1) != nil else {
      return try drawn.value(orElse: fallbackDraws)
    }
    var sampling = Sampling(draws: try call.optionalSize(0) ?? fallbackDraws)
    guard sampling.draws > 1 else { throw call.mismatch(0, "at least 2 draws") }
    if let name = try call.optionalText(1) { sampling.by = try estimator(name) }
    if let baseline = call.optional(2) {
      sampling.baseline = try ExpectationBuiltins.baseline(baseline)
      sampling.by = sampling.by ?? .score
      guard sampling.by == .score else {
        throw ScriptError.message("baseline: it goes with by=\"score\" only")
      }
    }
    sampling.temperature = try call.number(3)
    guard sampling.temperature > 0 else { throw call.mismatch(3, "a positive number") }
    do {
      return .tensor(try drawn.sampled(sampling))
    } catch DistributionError.noPathwiseSample(let name) {
      throw ScriptError.message(
        "by: no gradient flows through draws of \(name)",
        hints: ["by=\"score\" takes the gradient of the log probability instead"])
    } catch let error as CalculusError {
      switch error {
      case .notMeasured, .notRelaxed: throw ScriptError.message("by: \(error.message)")
      default: throw error
      }
    }
  }

  /// How many draws an average takes that has no exact way.
  private static let fallbackDraws = 10_000

  private static func estimator(_ name: String) throws -> Estimator {
    if let estimator = Estimator(rawValue: name) { return estimator }
    let known = Estimator.allCases.map(\.rawValue)
    let suggestion = DidYouMean.suggestion(for: name, among: known)
    throw ScriptError.message(
      "by: expected an estimator, found \"\(name)\"",
      hints: suggestion.map { ["did you mean \"\($0)\"?"] } ?? [
        "it takes " + known.joined(separator: ", ")
      ])
  }

  private static func baseline(_ value: Value) throws -> Estimator.Baseline {
    if case .text("leave_one_out") = value { return .leaveOneOut }
    guard let number = value.scalar else {
      throw ScriptError.kind(
        "baseline", expected: "a number or \"leave_one_out\"", found: value)
    }
    return .constant(number)
  }

  private static let estimate = Builtin(
    "estimate", in: "Expectations", [.init("xs", .tensor)],
    about: "the mean of draws of your own, along the first dimension, with its standard error",
    examples: ["estimate(normal(1, 2).sample(1000))"]
  ) { call in
    let draws = try call.tensor(0)
    guard draws.rank > 0, draws.shape[0] > 1 else { throw call.mismatch(0, "at least two draws") }
    let n = draws.shape[0]
    // Draws of one's own have noise of their own.
    var noise = Noise(call.generator.state, draws: n)
    noise.isOneSided = try Noise.isOneSided(draws)
    _ = call.generator.bits(1)
    let weights = try noise.weights().reshaped(
      to: [n] + [Int](repeating: 1, count: draws.rank - 1))
    return .tensor(try (draws.cast(to: .float64) * weights).sum([0]))
  }

  private static let integrate = Builtin(
    "integrate",
    in: "Expectations",
    [
      .init("f", .function), .init("a", .number), .init("b", .number),
      .named("rtol", .number, .number(Quadrature.exactness)),
    ],
    about:
      """
      the integral of f from a to b, which may be infinite; refused where it is less exact than rtol
        gradients flow to the limits, and to what f reads, also where a comparison in f makes it jump
      """,
    examples: ["integrate(x -> exp(-x^2), -inf, inf)"]
  ) { call in
    func blame(_ argument: Int, _ error: any Error) -> ArgumentError {
      ArgumentError(function: "integrate", index: argument, error: error)
    }
    let f = try call.function(0)
    if let closure = f as? Closure,
      closure.code.parameters.filter({ $0.defaultValue == nil }).count > 1
    {
      throw blame(
        0,
        ScriptError.message(
          "f: expected a function of one number, found one of \(closure.code.parameterCount)",
          hints: ["fix the others: `integrate(x -> f(x, 2), 0, 1)`"]))
    }
    let (a, b) = (try call.tensor(1), try call.tensor(2))
    let interpreter = call.interpreter
    let state = interpreter.generator.state
    let function = interpreter.integrand { places in
      interpreter.generator.state = state
      let value = try interpreter.call(f, CallArguments([.tensor(places[0])]))
      guard value.isNumeric else {
        throw blame(0, ScriptError.kind("the integrand", expected: "a number", found: value))
      }
      return try Conversion.tensor(value, "the integrand")
    }
    let tolerance = try call.number(3)
    do {
      return Conversion.plain(try Integral.value(function, a, b, tolerance: tolerance), if: true)
    } catch let error as CalculusError {
      switch error {
      case .noLimit("a"): throw blame(1, error)
      case .noLimit: throw blame(2, error)
      default: throw blame(0, error)
      }
    }
  }
}
