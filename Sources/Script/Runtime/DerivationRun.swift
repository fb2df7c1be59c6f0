import Calculus
import Tensors

/// One run of a derivation: every line at every point, then each beside the one above.
struct DerivationRun {
  /// What a line gave at one point, its derivatives still to be taken.
  struct Side {
    var value: Value
    var line: LineValue
  }

  let code: DeriveCode
  let frame: Frame
  private let surroundings: DerivationSurroundings
  /// Where the generator stands at the start of every line, so that all see the same noise.
  private var noise: Generator.State
  let precision: Precision?
  /// What the points are called: `x = 0.4`.
  private var pointNames: [String] = []
  /// By line, then by point; none for the first line.
  private var pairs: [[LinePair]]
  private var gapPairs: [[LinePair]]
  private var terms: [Int: [Diagnosis.Term]] = [:]
  private var isReached: [Bool]
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
    let title = try code.title.map { Display.printed(try $0.evaluate(frame)) }
    let reasons = try code.lines.map { line in
      try line.reason.map { Display.printed(try $0.evaluate(frame)) }
    }
    let generator = frame.interpreter.generator
    let type = frame.interpreter.defaultType
    frame.interpreter.defaultType = .float64
    defer {
      surroundings.restore()
      frame.interpreter.defaultType = type
    }
    integrates = try surroundings.widen(
      code.names.compactMap { frame.interpreter.globals.cells[$0] })
    let points = try DerivationPoints(code, frame)
    noise = generator.state
    let before = noise
    defer { generator.state = before }
    try points.visit { name in
      pointNames.append(name)
      try evaluate()
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

  /// All lines at the present point, with the same noise in each.
  private mutating func evaluate() throws {
    try enterPoint()
    var above: Side?
    for (i, line) in code.lines.enumerated() {
      try Interrupt.poll()
      let here = try side(line.value)
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
    frame.interpreter.generator.state = noise
    return try side(of: code.evaluate(frame), at: code.span)
  }

  private mutating func side(of value: Value, at span: Span) throws -> Side {
    guard value.isNumeric else {
      throw frame.located(
        ScriptError.kind("", expected: "a number or a tensor", found: value), at: span)
    }
    return try located(span) {
      let y = try Conversion.tensor(value).floating()
      let derivatives = try gradients(y)
      return Side(
        value: value,
        line: LineValue(
          y.values, dims: y.shape.dims, gradients: derivatives,
          precision: y.dtype == .float32 ? .float32 : integrates ? .quadrature : .float64))
    }
  }

  /// All entries of the jacobian in each name; of a large tensor those of a few random sums of its elements.
  private mutating func gradients(_ y: Tensor) throws -> [[Double]] {
    var rows = code.leaves.map { _ in [Double]() }
    guard !rows.isEmpty else { return [] }
    for seed in try seeds(y) {
      try Interrupt.poll()
      for (i, inputs) in surroundings.inputs.enumerated() {
        let found = try y.gradients(inputs, seed: seed)
        var merged: [Double] = []
        for (input, gradient) in zip(inputs, found) {
          if gradient != nil { isReached[i] = true }
          let values = gradient?.values ?? [Double](repeating: 0, count: input.count)
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

  private mutating func pair(_ above: Side, _ here: Side, at span: Span) throws -> LinePair {
    LinePair(above.line, here.line)
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

  private mutating func breakOf(
    _ i: Int, _ verdicts: [DerivationReport.Verdict?], _ points: DerivationPoints
  ) throws -> DerivationBreak? {
    guard let verdict = verdicts[i] else { return nil }
    let isGap = verdict.step.isGood
    let step = isGap ? verdict.gap ?? verdict.step : verdict.step
    let found = isGap ? ([], []) : (terms[i - 1] ?? [], terms[i] ?? [])
    guard let diagnosis = Diagnosis(step, terms: found, constants: constants(step)) else {
      return nil
    }
    let blame = isGap ? .one(i) : blame(i, verdicts)
    return DerivationBreak(
      line: i, isGap: isGap, diagnosis: diagnosis, point: pointNames[diagnosis.break.point],
      span: isGap ? code.lines[i].gap?.span ?? code.span : code.lines[i].value.span,
      leaves: code.leaves.map(\.name),
      terms: (code.lines[i - 1].terms.map(\.text), code.lines[i].terms.map(\.text)),
      blame: blame, mends: try mends(i, isGap, step, blame, points), source: frame.source)
  }

  private mutating func mends(
    _ i: Int, _ isGap: Bool, _ step: DerivationStep, _ blame: DerivationBreak.Blame,
    _ points: DerivationPoints
  ) throws -> [DerivationMend] {
    guard let broken = step.break, broken.place != .shapes else { return [] }
    if isGap {
      guard let gap = code.lines[i].syntax.gap else { return [] }
      let wanted = gapPairs[i].map(\.here)
      return [try mend(i, gap, to: wanted, brokenAt: broken.point, points)].compactMap { $0 }
    }
    guard step.relation == .equal else { return [] }
    return try blame.lines(at: i).compactMap { line in
      let wanted = pairs[i].map { line == i ? $0.above : $0.here }
      let expression = code.lines[line].syntax.expression
      return try mend(line, expression, to: wanted, brokenAt: broken.point, points)
    }
  }

  /// Which of two lines that differ is the wrong one, as far as the lines around them tell.
  private func blame(_ i: Int, _ verdicts: [DerivationReport.Verdict?]) -> DerivationBreak.Blame {
    guard code.lines[i].syntax.relation == .equal else { return .one(i) }
    func isJoined(_ line: Int) -> Bool {
      code.lines.indices.contains(line) && code.lines[line].syntax.relation == .equal
        && verdicts[line]?.isGood == true
    }
    if i + 1 < code.lines.count, code.lines[i + 1].syntax.relation == .equal, !isJoined(i + 1) {
      let around = zip(pairs[i], pairs[i + 1]).map { LinePair($0.above, $1.here) }
      if DerivationStep(.equal, around, precision: precision).isGood { return .oddAmongLines(i) }
    }
    if isJoined(i - 1) { return .one(i) }
    if isJoined(i + 1) { return .oddBefore(i - 1) }
    return .either(i)
  }

  private func constants(_ step: DerivationStep) -> FamiliarConstants {
    let sizes = Set(surroundings.inputs.flatMap { $0 }.map(\.count)).filter { $0 > 1 && $0 < 1000 }
    return FamiliarConstants(sizes.sorted().map { ("\($0)", Double($0)) })
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
