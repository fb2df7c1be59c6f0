import Calculus
import Tensors

/// One run of a derivation: every line at every point, then each beside the one above.
struct DerivationRun {
  /// What a line gave at one point, its derivatives still to be taken.
  struct Side {
    var value: Value
    var line: LineValue

    var isNoisy: Bool { value.storedTensor?.isNoisy ?? false }
  }

  let code: DeriveCode
  let frame: Frame
  let surroundings: DerivationSurroundings
  /// Where the generator stands at the start of every line, so that all see the same noise.
  private var noise: Generator.State
  private var points = 1
  let precision: Precision?
  /// What the points are called: `x = 0.4`.
  private(set) var pointNames: [String] = []
  /// By line, then by point; none for the first line.
  private(set) var pairs: [[LinePair]]
  private(set) var gapPairs: [[LinePair]]
  private(set) var terms: [Int: [Diagnosis.Term]] = [:]
  private var isReached: [Bool]
  /// What each line took at its dearest point, in units of `Work`.
  private(set) var work: [Int]
  /// The line under way, its index from 0; nil before the first.
  private var current: Int?
  /// Whether a line may hold a quadrature, whose error is larger than rounding.
  private var integrates = false

  init(_ code: DeriveCode, _ frame: Frame) throws {
    self.code = code
    self.frame = frame
    surroundings = DerivationSurroundings(frame)
    noise = frame.interpreter.generator.state
    pairs = code.lines.map { _ in [] }
    gapPairs = code.lines.map { _ in [] }
    isReached = code.leaves.map { _ in false }
    work = code.lines.map { _ in 0 }
    precision = try Self.precision(code, frame)
  }

  private static func precision(_ code: DeriveCode, _ frame: Frame) throws -> Precision? {
    guard !code.options.isEmpty else { return nil }
    var precision = Precision(rtol: 0, atol: 0)
    for option in code.options {
      let value = try option.value.evaluate(frame)
      guard let number = value.scalar, number >= 0 else {
        throw frame.located(
          ScriptError.kind(option.label, expected: "a number of at least 0", found: value),
          at: option.value.span)
      }
      switch option.label {
      case "rtol": precision.rtol = number
      case "atol": precision.atol = number
      default:
        let known = ["wrt", "rtol", "atol"]
        throw frame.located(
          ScriptError.unknownArgument(
            option.label, suggestion: DidYouMean.suggestion(for: option.label, among: known),
            known: known), at: option.value.span)
      }
    }
    return precision
  }

  // MARK: Running

  mutating func report() throws -> DerivationReport {
    let title = try title()
    let reasons = try code.lines.map { line in
      try line.reason.map { Display.printed(try $0.evaluate(frame)) }
    }
    let generator = frame.interpreter.generator
    defer { surroundings.restore() }
    integrates = try surroundings.widen(
      code.names.compactMap { frame.interpreter.globals.cells[$0] })
    let points = try DerivationPoints(code, frame)
    self.points = points.count
    noise = generator.state
    let before = noise
    defer { generator.state = before }
    try points.visit { name in
      pointNames.append(name)
      do {
        try evaluate()
      } catch let error as LocatedError { throw placed(error, at: name) }
    }
    try checkThatLeavesAreReached()
    let steps = try verdicts()
    guard let i = steps.firstIndex(where: { $0?.isGood == false }) else {
      return report(title, reasons, steps, [])
    }
    if steps[i]?.step.isGood == false { try points.visit { _ in try evaluateTerms([i - 1, i]) } }
    let broken = try breakOf(i, steps, points)
    return report(title, reasons, steps, [broken].compactMap { $0 })
  }

  private func title() throws -> String? {
    guard let code = code.title else { return nil }
    switch try code.evaluate(frame) {
    case .text(let text): return text
    case let value:
      throw frame.located(
        ScriptError.message(
          "expected a title, a text, found \(value.description)",
          hints: ["a comma stands before `for`: derive \"title\", for x in xs { ... }"]),
        at: code.span)
    }
  }

  /// An error that says in which line it arose, and at which point.
  private func placed(_ error: LocatedError, at point: String) -> LocatedError {
    var error = error
    let line = current.map { "line \($0 + 1) of " } ?? ""
    error.circumstances.append("\(line)the derivation" + (point.isEmpty ? "" : ", at \(point)"))
    return error
  }

  /// All lines at the present point, with the same noise in each.
  private mutating func evaluate() throws {
    current = nil
    try enterPoint()
    var above: Side?
    for (i, line) in code.lines.enumerated() {
      try Interrupt.poll()
      current = i
      let before = Work.done
      let here = try side(line.value)
      work[i] = max(work[i], Work.done - before)
      if let above {
        pairs[i].append(try pair(above, here, at: line.syntax.relationSpan))
        if let gap = line.gap {
          let expected = try side(gap)
          let isDescending = line.syntax.relation.map(\.step)?.isDescending ?? true
          let (large, small) = isDescending ? (above, here) : (here, above)
          let difference = try located(line.syntax.relationSpan) {
            try Operators.apply(.subtract, large.value, small.value)
          }
          var found = try side(of: difference, at: gap.span)
          found.line.precision = above.line.precision.union(here.line.precision)
          var pair = try pair(expected, found, at: gap.span)
          pair.scale = largest(above.line, here.line)
          gapPairs[i].append(pair)
        }
      }
      above = here
    }
  }

  private mutating func evaluateTerms(_ lines: [Int]) throws {
    try enterPoint()
    for i in lines {
      var values: [LineValue] = []
      for term in code.lines[i].terms {
        // A term of its own may be what the whole is not: infinite, or no expectation at all.
        guard let value = try? side(term.code).line else { return }
        values.append(value)
      }
      let before = terms[i] ?? values.map { _ in [] }
      terms[i] = zip(before, values).map { $0 + [$1] }
    }
  }

  func enterPoint() throws {
    frame.interpreter.generator.state = noise
    let later = code.leaves.filter { code.letNames.contains($0.name) }
    try surroundings.bind(code.leaves.filter { !code.letNames.contains($0.name) })
    for binding in code.lets { _ = try binding.execute(frame) }
    if !later.isEmpty { try surroundings.bind(code.leaves) }
  }

  private func located<Result>(_ span: Span, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch { throw frame.located(error, at: span) }
  }

  private func largest(_ a: LineValue, _ b: LineValue) -> Double {
    (a.elements + b.elements).map { abs($0) }.max() ?? 0
  }

  // MARK: One line at one point

  mutating func side(_ code: Code) throws -> Side {
    try side(of: value(code), at: code.span)
  }

  /// What a line is, with the same noise each time.
  func value(_ code: Code) throws -> Value {
    frame.interpreter.generator.state = noise
    return try code.evaluate(frame)
  }

  mutating func side(of value: Value, at span: Span) throws -> Side {
    guard value.isNumeric else {
      throw frame.located(
        ScriptError.kind("", expected: "a number or a tensor", found: value), at: span)
    }
    return try located(span) {
      let y = try Conversion.tensor(value).floating()
      var meetsFloat32 = y.dtype == .float32
      let derivatives = try gradients(y, &meetsFloat32)
      return Side(
        value: value,
        line: LineValue(
          y.values, dims: y.shape.dims, gradients: derivatives,
          precision: meetsFloat32 ? .float32 : integrates ? .quadrature : .float64))
    }
  }

  /// All entries of the jacobian in each name; of a large tensor those of a few random sums of its elements.
  private mutating func gradients(_ y: Tensor, _ meetsFloat32: inout Bool) throws -> [[Double]] {
    var rows = code.leaves.map { _ in [Double]() }
    guard !rows.isEmpty else { return [] }
    for seed in try seeds(y) {
      try Interrupt.poll()
      for (i, inputs) in surroundings.inputs.enumerated() {
        let found = try DerivationInput.gradients(
          of: y, inputs, seed: seed, meetsOlder: &meetsFloat32)
        var merged: [Double] = []
        for (input, gradient) in zip(inputs, found) {
          if gradient != nil { isReached[i] = true }
          let values = gradient?.values ?? [Double](repeating: 0, count: input.tensor.count)
          merged += values
        }
        rows[i] += merged
      }
    }
    return rows
  }

  private func seeds(_ y: Tensor) throws -> [Tensor] {
    if y.count == 1 { return [try Tensor.ones(y.shape, y.dtype)] }
    if y.count <= 16 {
      return try (0..<y.count).map { i in
        var seed = try Tensor.zeros(y.shape, y.dtype)
        try seed.setElement(i, 1)
        return seed
      }
    }
    let random = Generator(seed: 0)
    return try (0..<4).map { _ in try random.normal(y.shape, y.dtype).cast(to: y.dtype) }
  }

  private func pair(_ above: Side, _ here: Side, at span: Span) throws -> LinePair {
    var pair = LinePair(above.line, here.line)
    guard above.isNoisy || here.isNoisy, pair.shapesFit else { return pair }
    try located(span) {
      let difference = try Conversion.tensor(Operators.apply(.subtract, here.value, above.value))
      let slopes = try surroundings.inputs.map { try self.slopes(difference, $0) }
      let count = difference.count + slopes.map(\.count).reduce(0, +)
      let comparisons = count * (code.lines.count - 1) * points
      // An event that no draw shows has a probability that no draw's derivative shows.
      let unseen = try Estimate(of: difference)?.unseen.values.max() ?? 0
      pair.elementErrors = try errors(difference, comparisons)
      pair.gradientErrors = try slopes.map { try errors($0, comparisons).map { $0 + unseen / 4 } }
    }
    return pair
  }

  /// The derivatives of a difference of estimates, estimates themselves.
  private func slopes(_ difference: Tensor, _ inputs: [DerivationInput]) throws -> Tensor {
    let rows = try seeds(difference).flatMap { seed -> [Tensor] in
      var meetsOlder = false
      let found = try DerivationInput.gradients(
        of: difference, inputs, seed: seed, createGraph: true, meetsOlder: &meetsOlder)
      return try zip(inputs, found).map { input, gradient in
        let known = try gradient ?? Tensor.zeros(input.tensor.shape, .float64)
        return try known.reshaped(to: [known.count]).cast(to: .float64)
      }
    }
    return try Tensor.concatenated(rows, 0)
  }

  /// Standard errors, in units of which a step allows four: more where many numbers are compared.
  private func errors(_ tensor: Tensor, _ comparisons: Int) throws -> [Double] {
    guard let estimate = try Estimate(of: tensor) else {
      return [Double](repeating: 0, count: tensor.count)
    }
    return try estimate.slack(elements: comparisons).values.map { $0 / 4 }
  }

  // MARK: Verdicts

  private func checkThatLeavesAreReached() throws {
    guard !pointNames.isEmpty else { return }
    for (leaf, isReached) in zip(code.leaves, isReached) where !isReached {
      throw frame.located(ScriptError.message("no line depends on `\(leaf.name)`"), at: leaf.span)
    }
  }

  private func verdicts() throws -> [DerivationReport.Verdict?] {
    code.lines.indices.map { i in
      guard let relation = code.lines[i].syntax.relation else { return nil }
      var verdict = DerivationReport.Verdict(
        step: DerivationStep(relation.step, pairs[i], precision: precision))
      if code.lines[i].gap != nil {
        verdict.gap = DerivationStep(.equal, gapPairs[i], precision: precision)
      }
      return verdict
    }
  }

  private func report(
    _ title: String?, _ reasons: [String?], _ verdicts: [DerivationReport.Verdict?],
    _ breaks: [DerivationBreak]
  ) -> DerivationReport {
    let rows = code.lines.indices.map { i in
      DerivationReport.Row(
        relation: code.lines[i].syntax.relation?.rawValue ?? "",
        text: frame.source.flatText(code.lines[i].value.span),
        gapText: code.lines[i].gap.map { frame.source.flatText($0.span) },
        reason: reasons[i], verdict: verdicts[i])
    }
    return DerivationReport(
      title: title, rows: rows, isExpectedToFail: code.isExpectedToFail,
      differentiates: !code.leaves.isEmpty, breaks: breaks, source: frame.source,
      span: code.span)
  }
}

extension Derivation.Relation {
  var step: DerivationStep.Relation {
    switch self {
    case .equal: .equal
    case .approximately: .approximately
    case .greaterOrEqual: .greaterOrEqual
    case .greater: .greater
    case .lessOrEqual: .lessOrEqual
    case .less: .less
    }
  }
}
