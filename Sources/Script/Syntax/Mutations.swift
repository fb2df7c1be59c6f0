/// One small change to a formula, as a student's slip would make it.
package struct Mutation: Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case `operator`, sign, constant, argument, log
  }

  package let kind: Kind
  /// What is replaced, and by what.
  package let span: Span
  package let text: String
  /// As a reader would say it: "with `-` in place of `+`".
  package let description: String
  /// Of a derivation, the number of the line that is changed, from 1.
  package let line: Int?

  /// The more specific a change is, the sooner it is tried: wrapping anything in a log comes last.
  fileprivate var rank = 0

  /// The source with the change made.
  package func applied(to source: Source) -> Source {
    let bytes = Array(source.bytes[..<span.start]) + Array(text.utf8) + source.bytes[span.end...]
    return Source(name: source.name, bytes: bytes)
  }

  /// How many bytes the text has grown by.
  package var growth: Int { text.utf8.count - span.length }
}

/// Lists the small changes to formulas: one operator, sign, constant, argument or log at a time.
package struct Mutations {
  private let source: Source
  /// For mending what may be wrong rather than for breaking what is right: all changes that come to mind.
  private let isWide: Bool
  /// Names that may stand in for one another.
  private var names: [String]
  private var symmetries = Symmetries()
  private var found: [Mutation] = []
  private var line: Int?

  private init(_ source: Source, isWide: Bool = false, names: [String] = []) {
    self.source = source
    self.isWide = isWide
    self.names = names
  }

  /// Those of the lines of derivations and of the conditions of checks, for each of statements that are
  /// carried out one after the other.
  ///
  /// Relations, points, lets, options and texts stay as they are.
  package static func of(_ statements: [Statement], in source: Source) -> [[Mutation]] {
    var symmetries = Symmetries()
    return statements.map { statement in
      var mutations = Mutations(source)
      mutations.symmetries = symmetries.within(statement)
      mutations.visit(statement)
      symmetries.follow(statement)
      return mutations.found
    }
  }

  /// Those that might mend an expression, the likeliest first; `names` may stand in for others.
  static func mending(
    _ expression: Expression, in source: Source, names: [String]
  ) -> [Mutation] {
    var mutations = Mutations(source, isWide: true, names: names)
    mutations.visit(expression)
    return (0...3).flatMap { rank in mutations.found.filter { $0.rank == rank } }
  }

  // MARK: Where formulas stand

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .check(let check), .assert(let check): visitFormula(check.condition)
    case .derive(let derivation):
      for (i, row) in derivation.lines.enumerated() {
        line = i + 1
        visitFormula(row.expression)
        if let gap = row.gap { visitFormula(gap) }
      }
      line = nil
    case .expression(let expression, _): visitChecks(expression)
    case .for(_, _, let block), .while(_, let block):
      for inner in block.statements { visit(inner) }
    // Run by whatever calls it: a lesson's checks stand where they are seen.
    case .define(_, let function): visitChecks(function.body)
    case .assign, .augment, .draw, .break, .continue, .return, .fails, .predict,
      .malformed:
      break
    }
  }

  /// The checks in the blocks of an `if`.
  private mutating func visitChecks(_ expression: Expression) {
    switch expression.kind {
    case .block(let block): for inner in block.statements { visit(inner) }
    case .conditional(let conditional):
      for branch in conditional.branches {
        for inner in branch.block.statements { visit(inner) }
      }
      for inner in conditional.otherwise?.statements ?? [] { visit(inner) }
    default: break
    }
  }

  // MARK: Formulas

  /// A name's slips are the other names of its formula.
  private mutating func visitFormula(_ expression: Expression) {
    names = NamesRead.values(of: expression)
    visit(expression)
  }

  private mutating func visit(_ expression: Expression) {
    if isWide { wrap(expression) }
    switch expression.kind {
    case .number(let value): constant(value, expression.span)
    case .unary(.negate, let operand):
      let minus = Span(expression.span.start, expression.span.start + 1)
      if source.text(minus) == "-" { add(.sign, minus, isWide ? "" : "+", "without the minus") }
      visit(operand)
    case .binary(let symbol, let place, let left, let right):
      for other in isWide ? symbol.alternatives : symbol.slips {
        add(.operator, place, other, "with `\(other)` in place of `\(symbol.rawValue)`")
      }
      let first = found.count
      visit(left)
      if symbol.ignoresSign(right) { dropSigns(since: first, at: [left.span]) }
      visit(right)
    case .call(let call):
      if !isWide { wrapValue(expression.span) }
      let first = found.count
      visit(call)
      dropSigns(since: first, at: symmetries.reflections(call))
    case .methodCall(let base, let name, let arguments):
      let densities = ["log_prob": "prob", "prob": "log_prob"]
      if let other = densities[name.text] { replace(.log, name.span, other) }
      if !isWide { wrapValue(expression.span) }
      visit(base)
      let first = found.count
      visit(arguments)
      if let even = symmetries.evenArgument(expression.kind) {
        dropSigns(since: first, at: [even.span])
      }
    case .name: self.name(expression.span)
    case .lambda(let function): visit(function.body)
    case .comparison(let left, let links):
      let first = found.count
      visit(left)
      for link in links { visit(link.operand) }
      if links.count == 1, [.equal, .approximately].contains(links[0].operator),
        case .number(0) = links[0].operand.kind
      {
        dropSigns(since: first, at: [left.span])
      }
    case .index(let base, _): visit(base)
    // Points, texts, sizes and places are no part of a formula.
    case .list, .tuple, .string, .record, .range: break
    case .unary, .boolean, .none, .comprehension, .member, .block, .conditional, .malformed:
      var children: [Expression] = []
      expression.kind.forEachChild({ children.append($0) }, { _ in })
      for child in children { visit(child) }
    }
  }

  /// A slip that changes nothing is none.
  private mutating func dropSigns(since first: Int, at spans: [Span]) {
    guard !isWide else { return }
    found[first...].removeAll { $0.kind == .sign && spans.contains($0.span) }
  }

  private mutating func constant(_ value: Double, _ span: Span) {
    let text = source.text(span)
    if isWide {
      for other in [
        "(\(text) / 2)", "(2 * \(text))", "(\(text) - 1)", "(\(text) + 1)", "1", "0", "2",
      ] {
        replace(.constant, span, other)
      }
      return
    }
    let others =
      value == 0 ? ["1"] : value == 1 ? ["2", "0"] : ["(2 * \(text))", "(\(text) + 1)", "1"]
    for other in others {
      replace(.constant, span, other)
    }
  }

  private mutating func name(_ span: Span) {
    let text = source.text(span)
    if isWide {
      for other in names where other != text { replace(.argument, span, other, rank: 2) }
      return
    }
    add(.sign, span, "(-\(text))", "with a minus before `\(text)`")
    if text != "inf" { addLog(span) }
    // The next two: a formula of many names would have too many slips of this kind.
    guard let place = names.firstIndex(of: text) else { return }
    for i in 1..<min(names.count, 3) {
      replace(.argument, span, names[(place + i) % names.count])
    }
  }

  private mutating func visit(_ call: Call) {
    if case .name(let name) = call.callee.kind {
      switch name {
      case "log":
        add(.log, call.callee.span, "", "without the log")
        replace(.log, call.callee.span, "exp")
      case "exp":
        add(.log, call.callee.span, "", "without the exp")
        replace(.log, call.callee.span, "log")
      default:
        if isWide {
          for other in names where other != name {
            replace(.argument, call.callee.span, other, rank: 2)
          }
        }
      }
    }
    visit(call.arguments)
  }

  private mutating func visit(_ arguments: [Argument]) {
    let positional = arguments.filter { argument in
      if case .positional = argument.role { true } else { false }
    }
    let isDrawing = arguments.contains(where: \.isDrawn)
    for (one, next) in zip(positional, positional.dropFirst()) where !isDrawing {
      let (a, b) = (one.span, next.span)
      let (first, second) = (source.text(a), source.text(b))
      if first != second {
        add(
          .argument, a.union(b), second + source.text(Span(a.end, b.start)) + first,
          "with `\(second)` and `\(first)` exchanged")
      }
    }
    for argument in arguments {
      switch argument.role {
      case .positional, .drawn: visit(argument.value)
      case .labelled: break
      }
    }
  }

  /// A minus or a log before what a call gives.
  private mutating func wrapValue(_ span: Span) {
    add(.sign, span, "(-\(source.text(span)))", "with a minus before `\(source.flatText(span))`")
    addLog(span)
  }

  private mutating func addLog(_ span: Span) {
    let short = source.flatText(span)
    add(.log, span, "log(\(source.text(span)))", "with `log(\(short))` in place of `\(short)`")
  }

  /// A sign or a log that is missing around an expression.
  private mutating func wrap(_ expression: Expression) {
    let text = source.text(expression.span)
    switch expression.kind {
    case .list, .tuple, .string, .record, .range, .lambda, .none, .boolean, .malformed: return
    default: break
    }
    let short = source.flatText(expression.span)
    add(.sign, expression.span, "(-(\(text)))", "with a minus before `\(short)`", rank: 1)
    for function in ["log", "exp"] {
      add(
        .log, expression.span, "\(function)(\(text))",
        "with `\(function)(\(short))` in place of `\(short)`", rank: 3)
    }
  }

  private mutating func replace(
    _ kind: Mutation.Kind, _ span: Span, _ text: String, rank: Int = 0
  ) {
    add(kind, span, text, "with `\(text)` in place of `\(source.text(span))`", rank: rank)
  }

  private mutating func add(
    _ kind: Mutation.Kind, _ span: Span, _ text: String, _ description: String, rank: Int = 0
  ) {
    found.append(
      Mutation(
        kind: kind, span: span, text: text, description: description, line: line, rank: rank))
  }
}

extension BinaryOperator {
  /// What one writes by mistake for it.
  fileprivate var slips: [String] {
    switch self {
    case .add: ["-", "*"]
    case .subtract: ["+", "*"]
    case .multiply: ["/", "+"]
    case .divide: ["*", "-"]
    case .power: ["*", "/"]
    case .floorDivide, .remainder, .matrixMultiply, .compose, .pipe, .and, .or, .member: []
    }
  }

  /// Whether this is a power such as `x^2`, in which a minus before x changes nothing.
  func ignoresSign(_ right: Expression) -> Bool {
    guard case .power = self, case .number(let n) = right.kind else { return false }
    return n.truncatingRemainder(dividingBy: 2) == 0
  }

  fileprivate var alternatives: [String] {
    switch self {
    case .add, .subtract, .multiply, .divide, .power:
      ["-", "+", "/", "*", "^"].filter { $0 != rawValue }
    case .floorDivide, .remainder, .matrixMultiply, .compose, .pipe, .and, .or, .member: []
    }
  }
}

extension Argument {
  fileprivate var isDrawn: Bool {
    if case .drawn = role { true } else { false }
  }
}
