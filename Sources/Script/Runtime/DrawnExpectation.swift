import Calculus
import Distributions
import Tensors

/// `E(z ~ prior, x ~ p(z), f(x, z))` while it is worked out: one draw after the other.
struct DrawnExpectation {
  let draws: DrawnArguments
  let interpreter: Interpreter
  /// Every evaluation of a source or of the body meets the same random numbers.
  let state: Generator.State
  let precision = PrecisionSeen()

  /// Whether what is averaged was worked out in float32: the average is no better than that.
  final class PrecisionSeen {
    var isSingle = false
  }

  init(_ draws: DrawnArguments, _ interpreter: Interpreter) {
    self.draws = draws
    self.interpreter = interpreter
    state = interpreter.generator.state
  }

  /// Of a call that holds draws and one expression.
  init(_ call: Invocation) throws {
    guard let draws = call.draws, draws.bodies.count == 1 else {
      throw ScriptError.message("it takes draws and what to average: E(z ~ normal(0, 1), z^2)")
    }
    self.init(draws, call.interpreter)
  }

  /// Nil where there is no exact way.
  func exactTensor() throws -> Tensor? {
    do {
      return try joint() ?? exact(0, [])
    } catch is NotExact {
      return nil
    } catch { throw draws.bodies[0].located(error) }
  }

  /// The exact average, or else an estimate of so many draws.
  func value(orElse draws: Int) throws -> Value {
    if let value = try exactTensor() {
      return precision.isSingle
        ? .tensor(try value.cast(to: .float32)) : Conversion.plain(value, if: true)
    }
    interpreter.generator.state = state
    // What is averaged may be an integral itself.
    let budget = interpreter.integralBudget
    do {
      return try budget.within {
        try budget.check()
        return .tensor(try sampled(Sampling(draws: draws), budget))
      }
    } catch CalculusError.tooLong { throw self.draws.bodies[0].located(CalculusError.tooLong) }
  }

  func sampled(_ sampling: Sampling, _ budget: IntegralBudget = IntegralBudget()) throws -> Tensor {
    let sources = draws.sources.map { source in
      { (given: [Tensor]) in try self.source(source, given.map(Conversion.value)) }
    }
    let outer = interpreter.jumps
    let jumps = MovingJumps(within: outer)
    jumps.spot()
    let f = BatchedFunction(budget: budget) { drawn, _ in
      interpreter.jumps = jumps
      jumps.begin(drawn.first)
      defer { interpreter.jumps = outer }
      return try body(drawn.map(Conversion.value))
    }
    let value = try sampling.estimate(sources, f, interpreter.generator)
    guard let difference = jumps.spotted else { return value }
    // Zero, on the way of whatever derivative the comparison has a part in.
    let marker = try Tensor(0).recorded(difference) { back in
      interpreter.remarkOnJumps(at: draws.bodies[0])
      try back.send(to: 0) { try Tensor.zeros(difference.shape, difference.dtype) }
    }
    return try value + marker
  }

  /// Where there is no exact way.
  struct NotExact: Error {}

  /// The average over the draws from the i-th on, given those before.
  private func exact(_ i: Int, _ given: [Value]) throws -> Tensor {
    interpreter.generator.state = state
    let source = try source(draws.sources[i], given)
    let f = interpreter.integrand { draw in
      let values = given + [Conversion.value(draw[0])]
      if i + 1 < draws.sources.count { return try exact(i + 1, values) }
      interpreter.generator.state = state
      let value = try body(values)
      if value.dtype == .float32 { precision.isSingle = true }
      return value
    }
    guard let value = try Expectation.exact(source, f) else { throw NotExact() }
    return value
  }

  /// What is averaged, at one draw or at many.
  func body(_ values: [Value]) throws -> Tensor {
    let value = try draws.bodies[0].value(values)
    do {
      guard value.isNumeric else {
        throw ScriptError.kind("what is averaged", expected: "a number", found: value)
      }
      return try Conversion.tensor(value, "what is averaged")
    } catch { throw draws.bodies[0].located(error) }
  }

  func source(
    _ part: DrawnArguments.Part, _ given: [Value]
  ) throws -> Expectation.Source {
    let value = try part.value(given)
    switch value {
    case .distribution(let q): return .distribution(q)
    case .tensor, .variable, .list, .tuple:
      let rows = try Conversion.tensor(value)
      guard rows.rank > 0, rows.shape[0] > 0 else { break }
      return .rows(rows)
    default: break
    }
    let error = ScriptError.kind("", expected: "a distribution to draw from", found: value)
    guard case .function(let function) = value, let family = function as? BuiltinFunction,
      family.builtin.section == "Distributions"
    else { throw part.located(error) }
    let hint = "it takes its parameters: `\(family.builtin.signature)`"
    throw part.located(ScriptError.message(error.message, hints: [hint]))
  }
}

extension Interpreter {
  /// A function to integrate, which is slow if it integrates itself.
  func integrand(_ f: @escaping ([Tensor]) throws -> Tensor) -> BatchedFunction {
    integrals += 1
    let outer = jumps
    let jumps = MovingJumps(within: outer)
    let function = BatchedFunction(budget: integralBudget) { draws, function in
      let before = self.integrals
      self.jumps = jumps
      jumps.begin(draws.first)
      defer {
        self.jumps = outer
        if self.integrals != before { function.isNested = true }
      }
      return try f(draws)
    }
    function.jumps = jumps
    return function
  }

  /// Says once of a place that the derivative of an estimate misses what a jump adds to it.
  func remarkOnJumps(at part: DrawnArguments.Part) {
    let remark = part.located(
      ScriptError.message(
        "remark: a comparison here moves with what this estimate is differentiated in",
        hints: [
          "where the value jumps there, the derivative misses a part: E without n= counts it for one number"
        ]))
    guard let text = (remark as? LocatedError)?.text, remarked.insert(text).inserted else { return }
    output(.text(text))
  }

  /// Tells the integral under way of a comparison.
  func note(_ site: ObjectIdentifier, _ left: Value, _ right: Value) throws {
    guard let jumps, left.isNumeric, right.isNumeric else { return }
    try jumps.note(site, Conversion.tensor(left), Conversion.tensor(right))
  }
}
