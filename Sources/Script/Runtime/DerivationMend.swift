import Calculus
import Glibc
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
  /// Longer than this nobody waits for advice.
  ///
  /// Units: seconds of this process, so that a busy machine gives the same advice.
  private static let patience = 2.0

  /// Tries the slips that one might have made in a line, until one makes it equal to what is wanted at
  /// every point, in value and in every derivative.
  mutating func mend(
    _ line: Int, _ expression: Expression, to wanted: [LineValue], brokenAt point: Int,
    _ points: DerivationPoints
  ) throws -> DerivationMend? {
    let start = clock()
    func isWorthIt(_ seconds: Double) -> Bool {
      Double(clock() - start) < seconds * Double(CLOCKS_PER_SEC)
    }
    var promising: [(mutation: Mutation, code: Code)] = []
    try points.visit(only: point) {
      try enterPoint()
      for mutation in Mutations.mending(expression, in: frame.source, names: code.formulaNames) {
        guard isWorthIt(Self.patience) else { return }
        guard let changed = changed(expression, by: mutation) else { continue }
        let code = code.compile(changed)
        if try isEqual(code, to: wanted[point]) { promising.append((mutation, code)) }
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
        holds = try isEqual(code, to: wanted[next])
      }
      if holds {
        return DerivationMend(line: line, description: mutation.description, span: mutation.span)
      }
    }
    return nil
  }

  private mutating func isEqual(_ code: Code, to wanted: LineValue) throws -> Bool {
    do {
      let found = try side(code).line
      return DerivationStep(.equal, [LinePair(wanted, found)], precision: precision).isGood
    } catch {
      // Most changes make no sense.
      if Explanation.isInterrupt(error) { throw error }
      return false
    }
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
