import Calculus
import Tensors

/// One small change to a line that makes the broken step hold at every point.
struct DerivationMend {
  /// The line's index from 0.
  let line: Int
  /// Whether it is the stated gap that is changed.
  var isGap = false
  let description: String
  let span: Span
}

extension DerivationRun {
  /// More than this nobody waits for advice: a second or two.
  ///
  /// Units: those of `Work`, so that a busy machine gives the same advice.
  private static let patience = 600_000_000
  /// One change may take so much, and four times what the line took whose value is wanted: an average
  /// that a change puts into another would fill the memory with numbers that nobody asked for.
  private static let patienceForOne = 20_000_000
  /// What reading and compiling a changed line is worth in the same units.
  private static let reading = 50_000

  /// Tries the slips that one might have made in a line, until one makes it equal to what is wanted at
  /// every point, in value and in every derivative.
  ///
  /// `worth` is what the wanted value took where it stands, in units of `Work`.
  mutating func mend(
    _ line: Int, _ expression: Expression, to wanted: [LineValue], _ worth: Int,
    brokenAt point: Int, _ points: DerivationPoints
  ) throws -> DerivationMend? {
    let start = Work.done
    let most = Self.patienceForOne + 4 * worth
    func isWorthIt(_ work: Int) -> Bool { Work.done - start < work }
    var promising: [(mutation: Mutation, code: Code)] = []
    try points.visit(only: point) {
      try enterPoint()
      for mutation in Mutations.mending(expression, in: frame.source, names: code.formulaNames) {
        guard isWorthIt(Self.patience) else { return }
        Work.add(Self.reading)
        guard let changed = changed(expression, by: mutation) else { continue }
        let code = code.compile(changed)
        if try isEqual(code, to: wanted[point], within: most) { promising.append((mutation, code)) }
      }
    }
    for (mutation, code) in promising {
      var holds = true
      var next = 0
      try points.visit { _ in
        defer { next += 1 }
        guard holds, next != point, isWorthIt(2 * Self.patience) else {
          return
        }
        try enterPoint()
        holds = try isEqual(code, to: wanted[next], within: most)
      }
      if holds {
        return DerivationMend(line: line, description: mutation.description, span: mutation.span)
      }
    }
    return nil
  }

  private mutating func isEqual(
    _ code: Code, to wanted: LineValue, within most: Int
  ) throws -> Bool {
    do {
      return try Work.limited(to: most) {
        let value = try value(code)
        guard try isNear(value, to: wanted) else { return false }
        let found = try side(of: value, at: code.span).line
        return DerivationStep(.equal, [LinePair(wanted, found)], precision: precision).isGood
      }
    } catch {
      // Most changes make no sense.
      if Explanation.isInterrupt(error) { throw error }
      return false
    }
  }

  /// Whether the value alone is what is wanted, as far as float32 tells: derivatives cost more.
  private func isNear(_ value: Value, to wanted: LineValue) throws -> Bool {
    let y = try Conversion.tensor(value).detached
    let found = LineValue(y.values, dims: y.shape.dims, precision: .float32)
    let pair = LinePair(wanted, found)
    return DerivationStep(.equal, [pair], precision: precision?.union(.float32)).isGood
  }

  private func changed(_ expression: Expression, by mutation: Mutation) -> Expression? {
    let source = mutation.applied(to: frame.source)
    let span = Span(expression.span.start, expression.span.end + mutation.growth)
    let flat = Source(name: source.name, "(" + source.flatText(span) + ")")
    let tree = Parser.parse(flat)
    guard !tree.hasErrors, tree.statements.count == 1,
      case .expression(let value, _) = tree.statements[0].kind
    else { return nil }
    return value
  }
}
