import Calculus
import Distributions
import Tensors

/// Averages over draws and integrals over ranges.
enum ExpectationBuiltins {
  static let all: [Builtin] = [expectation, integrate]

  private static let expectation = Builtin(
    "E", in: "Expectations", [.named("n", .size), .named("by", .text)],
    about:
      "the average of a function of draws: exact where it can be, else (or with n=) an estimate",
    examples: ["E(z ~ normal(0, 1), z^2)", "E(z ~ q, f(z), n=1000, by=\"score\")"],
    takesDraws: true
  ) { call in
    guard let draws = call.draws, draws.bodies.count == 1 else {
      throw ScriptError.message(
        "it takes draws and what to average: E(z ~ normal(0, 1), z^2)")
    }
    let drawn = DrawnExpectation(draws, call.interpreter)
    return try drawn.exact()
  }

  private static let integrate = Builtin(
    "integrate",
    in: "Expectations",
    [
      .init("f", .function), .init("a", .number), .init("b", .number),
      .named("rtol", .number, .number(Quadrature.exactness)),
    ],
    about:
      "the integral of f from a to b, which may be infinite; refused where it is less exact than rtol",
    examples: ["integrate(x -> exp(-x^2), -inf, inf)"]
  ) { call in
    let f = try call.function(0)
    let (a, b) = (try call.tensor(1), try call.tensor(2))
    let interpreter = call.interpreter
    let state = interpreter.generator.state
    let function = BatchedFunction { places in
      interpreter.generator.state = state
      return try Conversion.tensor(
        interpreter.call(f, CallArguments([.tensor(places[0])])), "the integrand")
    }
    let value = try Integral.value(function, a, b, tolerance: call.number(3))
    return Conversion.plain(value, if: true)
  }
}
