import Calculus
import Tensors

/// `derive "title", for x in xs, wrt=[m] { ... }`, compiled.
final class DeriveCode: StatementCode {
  /// `for x in xs` or `for x ~ q`.
  struct Points {
    let names: String
    let pattern: PatternCode
    let values: Code
    /// The elements of `[-1.2, 0.4]`, which are float64 as written.
    let elements: [Code]?
    let isDrawn: Bool
  }

  struct Line {
    let syntax: Derivation.Line
    let value: Code
    let gap: Code?
    let reason: Code?
    let terms: [(text: String, code: Code)]
  }

  let title: Code?
  let points: [Points]
  let leaves: [DerivationLeaf]
  let options: [ArgumentCode]
  let lets: [Code]
  let lines: [Line]
  /// The names that lets bind, which may be among the leaves.
  let letNames: Set<String>
  /// Every name that the block reads.
  let names: Set<String>
  let isExpectedToFail: Bool
  /// Names in the lines, one of which may stand where another is meant.
  let formulaNames: [String]
  private let compiler: Compiler
  private let bindings: Scope.Bindings

  init(
    title: Code?, points: [Points], leaves: [DerivationLeaf], options: [ArgumentCode],
    lets: [Code], letNames: Set<String>, lines: [Line], names: Set<String>, isExpectedToFail: Bool,
    _ compiler: Compiler, _ span: Span
  ) {
    self.title = title
    self.points = points
    self.leaves = leaves
    self.options = options
    self.lets = lets
    self.letNames = letNames
    self.names = names
    self.lines = lines
    self.isExpectedToFail = isExpectedToFail
    formulaNames = NamesRead.of(lines.map(\.syntax.expression)).sorted()
    self.compiler = compiler
    bindings = compiler.scope.bindings
    super.init(span)
  }

  override func execute(_ frame: Frame) throws -> Flow {
    var run = try DerivationRun(self, frame)
    frame.interpreter.record(try run.report())
    return .normal
  }

  /// Compiles a further expression where the lines stand.
  ///
  /// It becomes a function's body: the frame of the lines has no room for its names.
  func compile(_ expression: Expression) -> Code {
    let function = Expression(
      .lambda(Function(parameters: [], body: expression)), expression.span)
    return DeferredCode(compiler.scope.resuming(bindings) { compiler.compile(function) })
  }
}

/// The value of an expression that was made a function without parameters.
private final class DeferredCode: Code {
  private let function: Code

  init(_ function: Code) {
    self.function = function
    super.init(function.span)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    guard case .function(let body) = try function.evaluate(frame) else { return .none }
    return try frame.interpreter.call(body, CallArguments())
  }
}

extension Compiler {
  func derivation(_ tree: Derivation, isExpectedToFail: Bool, _ span: Span) -> Code {
    scope.binding([]) { _ in
      let title = tree.title.map(compile)
      let options = tree.options.map { ArgumentCode(label: $0.labelText, value: compile($0.value)) }
      let points = tree.sources.map(points)
      let lets = tree.lets.map { binding($0) }
      let leaves = tree.wrt.map(leaf)
      let lines = tree.lines.map { line in
        DeriveCode.Line(
          syntax: line, value: compile(line.expression), gap: line.gap.map(compile),
          reason: line.reason.map(compile),
          terms: Terms.of(line.expression, in: source).map { ($0.text, compile($0.expression)) })
      }
      return DeriveCode(
        title: title, points: points, leaves: leaves, options: options, lets: lets,
        letNames: Set(tree.lets.flatMap(\.boundNames)), lines: lines, names: NamesRead.of(tree),
        isExpectedToFail: isExpectedToFail, self, span)
    }
  }

  private func points(_ source: Derivation.Source) -> DeriveCode.Points {
    let (pattern, values, isDrawn) =
      switch source {
      case .each(let pattern, let values): (pattern, values, false)
      case .drawn(let pattern, let values): (pattern, values, true)
      }
    var elements: [Code]?
    if case .list(let parts) = values.kind { elements = parts.map(compile) }
    let code = compile(values)
    return DeriveCode.Points(
      names: pattern.text, pattern: bound(pattern), values: code,
      elements: elements, isDrawn: isDrawn)
  }

  /// A `let` line: its names live in the block only.
  private func binding(_ statement: Statement) -> Code {
    switch statement.kind {
    case .assign(let targets, let value):
      let code = compile(value)
      _ = scope.bind(targets.flatMap(\.names))
      let all = targets.map(target)
      return AssignCode(
        all.count == 1 ? all[0] : SeveralTargets(all, statement.span), code, statement.span)
    case .define(let name, _):
      _ = scope.bind([name.text])
      return compile(statement)
    default: return compile(statement)
    }
  }

  fileprivate func leaf(_ expression: Expression) -> DerivationLeaf {
    var place: Place?
    if case .name(let name) = expression.kind { place = scope.place(name) }
    return DerivationLeaf(
      name: source.flatText(expression.span), span: expression.span, value: compile(expression),
      place: place)
  }
}

extension Argument {
  fileprivate var labelText: String {
    if case .labelled(let name) = role { name.text } else { "" }
  }
}

extension Target {
  fileprivate var names: [String] {
    switch self {
    case .name(let name): [name.text]
    case .tuple(let parts, _): parts.flatMap(\.names)
    case .member, .index: []
    }
  }
}

extension Statement {
  /// The names that a `let` line binds.
  fileprivate var boundNames: [String] {
    switch kind {
    case .assign(let targets, _): targets.flatMap(\.names)
    case .define(let name, _): [name.text]
    default: []
    }
  }
}

extension Pattern {
  /// As it is written: `x` or `(a, b)`.
  fileprivate var text: String {
    switch self {
    case .name(let name): name.text
    case .tuple(let parts, _): "(" + parts.map(\.text).joined(separator: ", ") + ")"
    }
  }
}
