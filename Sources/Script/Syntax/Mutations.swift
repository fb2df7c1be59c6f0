/// One small change to a formula, as a student's slip would make it.
package struct Mutation: Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case `operator`, sign, constant, argument, log
  }

  package let kind: Kind
  /// What is replaced, and by what.
  package let span: Span
  package let text: String
  /// As a reader would say it: `-` in place of `+`.
  package let description: String
  /// Of a derivation, the number of the line that is changed, from 1.
  package let line: Int?

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
  private var found: [Mutation] = []
  private var line: Int?

  private init(_ source: Source) {
    self.source = source
  }

  /// Those of the lines of derivations and of the conditions of checks in a statement.
  ///
  /// Relations, points, lets, options and texts stay as they are.
  package static func of(_ statement: Statement, in source: Source) -> [Mutation] {
    var mutations = Mutations(source)
    mutations.visit(statement)
    return mutations.found
  }

  /// Those of one expression.
  static func of(_ expression: Expression, in source: Source) -> [Mutation] {
    var mutations = Mutations(source)
    mutations.visit(expression)
    return mutations.found
  }

  // MARK: Where formulas stand

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .check(let check), .assert(let check): visit(check.condition)
    case .derive(let derivation):
      for (i, row) in derivation.lines.enumerated() {
        line = i + 1
        visit(row.expression)
        if let gap = row.gap { visit(gap) }
      }
      line = nil
    case .expression(let expression, _): visitChecks(expression)
    case .for(_, _, let block), .while(_, let block):
      for inner in block.statements { visit(inner) }
    case .assign, .augment, .define, .draw, .break, .continue, .return, .fails, .predict,
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

  private mutating func visit(_ expression: Expression) {
    switch expression.kind {
    case .number(let value): constant(value, expression.span)
    case .unary(.negate, let operand):
      let minus = Span(expression.span.start, expression.span.start + 1)
      if source.text(minus) == "-" { add(.sign, minus, "+", "without the minus") }
      visit(operand)
      return
    case .binary(let symbol, let place, let left, let right):
      if let other = symbol.slip {
        add(.operator, place, other, "`\(other)` in place of `\(symbol.rawValue)`")
      }
      visit(left)
      visit(right)
      return
    case .call(let call):
      visit(call, expression.span)
      return
    case .methodCall(let base, let name, let arguments):
      if name.text == "log_prob" { add(.log, name.span, "prob", "`prob` in place of `log_prob`") }
      visit(base)
      for argument in arguments { visit(argument.value) }
      return
    case .name:
      add(.sign, expression.span, "(-\(source.text(expression.span)))", "a minus before it")
      return
    case .lambda(let function):
      visit(function.body)
      return
    case .comparison(let first, let links):
      visit(first)
      for link in links { visit(link.operand) }
      return
    case .list, .tuple, .string, .record, .range, .index:
      // Points, texts, sizes and places are no part of a formula.
      if case .index(let base, _) = expression.kind { visit(base) }
      return
    default: break
    }
    var children: [Expression] = []
    expression.kind.forEachChild({ children.append($0) }, { _ in })
    for child in children { visit(child) }
  }

  private mutating func constant(_ value: Double, _ span: Span) {
    let text = source.text(span)
    func described(_ other: String) -> String { "`\(other)` in place of `\(text)`" }
    for other in value == 0 ? ["1"] : value == 1 ? ["2", "0"] : ["(2 * \(text))", "1"] {
      add(.constant, span, other, described(other))
    }
  }

  private mutating func visit(_ call: Call, _ span: Span) {
    if case .name(let name) = call.callee.kind {
      switch name {
      case "log":
        add(.log, call.callee.span, "", "without the log")
        add(.log, call.callee.span, "exp", "`exp` in place of `log`")
      case "exp": add(.log, call.callee.span, "log", "`log` in place of `exp`")
      default: break
      }
    }
    let positional = call.arguments.filter {
      if case .positional = $0.role { true } else { false }
    }
    if positional.count >= 2, !call.arguments.contains(where: \.isDrawn) {
      let (a, b) = (positional[0].span, positional[1].span)
      let (first, second) = (source.text(a), source.text(b))
      if first != second {
        let between = source.text(Span(a.end, b.start))
        add(
          .argument, a.union(b), second + between + first,
          "`\(second)` and `\(first)` exchanged")
      }
    }
    for argument in call.arguments {
      switch argument.role {
      case .positional, .drawn: visit(argument.value)
      case .labelled: break
      }
    }
  }

  private mutating func add(
    _ kind: Mutation.Kind, _ span: Span, _ text: String, _ description: String
  ) {
    found.append(
      Mutation(kind: kind, span: span, text: text, description: description, line: line))
  }
}

extension BinaryOperator {
  /// The operator that one writes by mistake for it.
  fileprivate var slip: String? {
    switch self {
    case .add: "-"
    case .subtract: "+"
    case .multiply: "/"
    case .divide: "*"
    case .power: "*"
    case .floorDivide, .remainder, .matrixMultiply, .compose, .pipe, .and, .or: nil
    }
  }
}

extension Argument {
  fileprivate var isDrawn: Bool {
    if case .drawn = role { true } else { false }
  }
}
