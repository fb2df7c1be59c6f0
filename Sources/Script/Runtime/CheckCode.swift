import Tensors

/// `check`, `assert` and `fails check`.
final class CheckCode: StatementCode {
  enum Kind {
    case check
    case assert
    case fails
  }

  /// What `and` joins, of which each must hold.
  struct Condition {
    let code: Code
    /// The condition, where it is a comparison: then both sides are shown when it fails.
    var comparison: ComparisonCode? { code as? ComparisonCode }
  }

  private let kind: Kind
  private let conditions: [Condition]
  /// All that is checked.
  private let place: Span
  private let options: [ArgumentCode]
  private let message: Code?

  init(
    _ kind: Kind, _ conditions: [Condition], at place: Span, options: [ArgumentCode],
    message: Code?, _ span: Span
  ) {
    self.kind = kind
    self.conditions = conditions
    self.place = place
    self.options = options
    self.message = message
    super.init(span)
  }

  override func execute(_ frame: Frame) throws -> Flow {
    let tolerance = try tolerances(frame)
    let failure = try failure(frame, tolerance)
    let text = try message.map { Display.printed(try $0.evaluate(frame)) }
    let passed = (failure == nil) != (kind == .fails)
    let report = CheckReport(
      passed: passed, source: frame.source, span: place,
      expression: (kind == .fails && !passed ? "fails check " : "")
        + frame.source.text(place),
      message: text,
      details: kind == .fails && !passed
        ? ["it holds, and was expected to fail"] : failure ?? [])
    if kind == .assert, !passed {
      let reason = text.map { ": \($0)" } ?? ""
      let details = report.details.map { "\n   " + $0 }.joined()
      throw frame.located(
        ScriptError.message("assertion failed\(reason)\(details)"), at: place)
    }
    frame.interpreter.record(report)
    return .normal
  }

  /// Nil where all conditions hold, else why the first that does not does not.
  private func failure(_ frame: Frame, _ given: Partial) throws -> [String]? {
    for condition in conditions {
      guard let why = try failure(of: condition, frame, given) else { continue }
      return conditions.count == 1
        ? why : ["`\(frame.source.text(condition.code.span))` does not hold"] + why
    }
    return nil
  }

  private func failure(
    of condition: Condition, _ frame: Frame, _ given: Partial
  ) throws -> [String]? {
    guard let comparison = condition.comparison else {
      let value = try condition.code.evaluate(frame)
      do {
        return try Checks.failure(value)
      } catch { throw frame.located(error, at: condition.code.span) }
    }
    // Both sides meet the same noise, so that the error is that of their difference.
    let generator = frame.interpreter.generator
    let start = generator.state
    var left = try comparison.first.evaluate(frame)
    for link in comparison.links {
      let end = generator.state
      generator.state = start
      let right = try link.operand.evaluate(frame)
      if end.key == generator.state.key, end.counter > generator.state.counter {
        generator.state = end
      }
      do {
        let tolerance = given.over(Tolerance.default(left, right))
        if let why = try Checks.failure(link.relation, left, right, tolerance) { return why }
      } catch { throw frame.located(error, at: link.span) }
      left = right
    }
    return nil
  }

  /// The tolerances that the check names.
  private struct Partial {
    var rtol: Double?
    var atol: Double?

    func over(_ tolerance: Tolerance) -> Tolerance {
      Tolerance(rtol: rtol ?? tolerance.rtol, atol: atol ?? tolerance.atol)
    }
  }

  private func tolerances(_ frame: Frame) throws -> Partial {
    var partial = Partial()
    for option in options {
      let value = try option.value.evaluate(frame)
      guard let number = value.scalar, number >= 0 else {
        throw frame.located(
          ScriptError.kind(option.label, expected: "a number of at least 0", found: value),
          at: option.value.span)
      }
      switch option.label {
      case "rtol": partial.rtol = number
      case "atol": partial.atol = number
      default:
        throw frame.located(
          ScriptError.unknownArgument(
            option.label,
            suggestion: DidYouMean.suggestion(for: option.label, among: ["rtol", "atol"]),
            known: ["rtol", "atol"]), at: option.value.span)
      }
    }
    return partial
  }
}

/// `predict "question", value`.
final class PredictCode: StatementCode {
  private let arguments: [ArgumentCode]

  init(_ arguments: [ArgumentCode], _ span: Span) {
    self.arguments = arguments
    super.init(span)
  }

  override func execute(_ frame: Frame) throws -> Flow {
    let given = try frame.arguments(arguments)
    guard given.positional.count == 2, given.named.isEmpty,
      case .text(let question) = given.positional[0]
    else {
      throw frame.located(
        ScriptError.message("`predict` takes a question and a value: predict \"How large?\", x"),
        at: span)
    }
    frame.interpreter.output(.prediction(question: question, value: given.positional[1]))
    return .normal
  }
}

extension Interpreter {
  /// Counts a check and shows it.
  package func record(_ report: CheckReport) {
    if report.passed { checks.passed += 1 } else { checks.failed += 1 }
    output(.check(report))
  }

  /// Counts the steps of a derivation and shows them.
  package func record(_ report: DerivationReport) {
    checks.passed += report.tally.passed
    checks.failed += report.tally.failed
    output(.derivation(report))
  }
}
