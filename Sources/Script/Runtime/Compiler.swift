/// Makes code of trees: resolves names to slots and cells.
struct Compiler {
  let interpreter: Interpreter
  let source: Source
  let scope: Scope

  func compile(_ expression: Expression) -> Code {
    let span = expression.span
    switch expression.kind {
    case .number(let value): return ConstantCode(.number(value), span)
    case .boolean(let value): return ConstantCode(.bool(value), span)
    case .none: return ConstantCode(.none, span)
    case .malformed: return ConstantCode(.none, span)
    case .string(let parts): return text(parts, span)
    case .name(let name): return read(name, span)
    case .list(let elements):
      return ListCode(elements.map(compile), isNested: elements.allSatisfy(\.isBracket), span)
    case .comprehension(let element, let clauses): return comprehension(element, clauses, span)
    case .tuple(let elements): return TupleCode(elements.map(compile), span)
    case .record(let fields):
      return RecordCode(fields.map { ($0.name.text, compile($0.value)) }, span)
    case .range(let low, let high): return RangeCode(compile(low), compile(high), span)
    case .unary(let symbol, let operand): return UnaryCode(symbol, compile(operand), span)
    case .binary(let symbol, let place, let left, let right):
      if symbol == .and || symbol == .or {
        return LogicCode(symbol == .and, place, compile(left), compile(right), span)
      }
      return BinaryCode(symbol, place, compile(left), compile(right), span)
    case .comparison(let first, let links):
      return ComparisonCode(compile(first), link(links[0]), links.dropFirst().map(link), span)
    case .call(let call): return self.call(call, span)
    case .methodCall(let base, let name, let arguments):
      if base.kind.isName("builtin"), !isNamed("builtin") {
        let cell = interpreter.globals.cell(name.text)
        return call(BuiltinNameCode(cell, name.span), arguments, isCommand: false, span)
      }
      return MethodCallCode(
        compile(base), name, arguments.map(argument), function: read(name.text, name.span), span)
    case .member(let base, let name):
      if base.kind.isName("builtin"), !isNamed("builtin") {
        return BuiltinNameCode(interpreter.globals.cell(name.text), span)
      }
      return MemberCode(compile(base), name, span)
    case .index(let base, let subscripts):
      return IndexCode(compile(base), subscripts.map(subscripted), span)
    case .lambda(let function): return self.function(function, "", span)
    case .block(let block): return compile(block)
    case .conditional(let conditional):
      var rest = conditional.otherwise.map(compile)
      for branch in conditional.branches.reversed() {
        rest = ConditionalCode(compile(branch.condition), compile(branch.block), rest, span)
      }
      return rest ?? ConstantCode(.none, span)
    }
  }

  func compile(_ block: Block) -> Code {
    SequenceCode.of(block.statements.map(compile)[...], block.span)
  }

  func compile(_ statement: Statement) -> Code {
    let span = statement.span
    switch statement.kind {
    case .expression(let value, _): return compile(value)
    case .assign(let targets, let value):
      let code = compile(value)
      let all = targets.map(target)
      return AssignCode(all.count == 1 ? all[0] : SeveralTargets(all, span), code, span)
    case .augment(let target, let symbol, let place, let value):
      return AugmentCode(self.target(target), symbol, place, compile(value), span)
    case .define(let name, let function):
      let target = assignment(name.text, name.span)
      return AssignCode(target, self.function(function, name.text, span), span)
    case .draw(let pattern, let source):
      return DrawCode(self.pattern(pattern), compile(source), span)
    case .for(let pattern, let values, let body):
      let code = compile(values)
      return ForCode(self.pattern(pattern), code, compile(body), span)
    case .while(let condition, let body): return WhileCode(compile(condition), compile(body), span)
    case .break: return JumpCode(.broken, span)
    case .continue: return JumpCode(.continued, span)
    case .return(let value): return ReturnCode(value.map(compile), span)
    case .check(let check): return self.check(check, .check, span)
    case .assert(let check): return self.check(check, .assert, span)
    case .fails(let inner):
      if case .check(let check) = inner.kind { return self.check(check, .fails, span) }
      if case .derive(let tree) = inner.kind {
        return derivation(tree, isExpectedToFail: true, span)
      }
      return compile(inner)
    case .predict(let arguments): return PredictCode(arguments.map(argument), span)
    case .derive(let tree): return derivation(tree, isExpectedToFail: false, span)
    case .malformed: return ConstantCode(.none, span)
    }
  }

  // MARK: Names

  private func isNamed(_ name: String) -> Bool {
    switch scope.place(name) {
    case .slot: true
    case .global(let cell): cell.value != nil
    }
  }

  private func read(_ name: String, _ span: Span) -> Code {
    switch scope.place(name) {
    case .slot(0, let slot): LocalCode(slot, name, span)
    case .slot(let depth, let slot): CapturedCode(depth, slot, name, span)
    case .global(let cell): GlobalCode(cell, span)
    }
  }

  private func code(_ place: Place, _ name: String, _ span: Span) -> TargetCode {
    switch place {
    case .slot(0, let slot): LocalTarget(slot, name, span)
    case .slot(let depth, let slot): CapturedTarget(depth, slot, name, span)
    case .global(let cell): GlobalTarget(cell, span)
    }
  }

  private func assignment(_ name: String, _ span: Span) -> TargetCode {
    code(scope.target(name), name, span)
  }

  func target(_ target: Target) -> TargetCode {
    switch target {
    case .name(let name): return assignment(name.text, name.span)
    case .tuple(let parts, let span): return TupleTarget(parts.map(self.target), span)
    case .member(let base, let name, let span): return MemberTarget(path(base), name, span)
    case .index(let base, let subscripts, let span):
      return IndexTarget(path(base), subscripts.map(subscripted), span)
    }
  }

  /// What `base[i] = v` and `base.f = v` change.
  private func path(_ base: Expression) -> TargetCode {
    switch base.kind {
    case .name(let name): return code(scope.place(name), name, base.span)
    case .member(let inner, let name): return MemberTarget(path(inner), name, base.span)
    case .index(let inner, let subscripts):
      return IndexTarget(path(inner), subscripts.map(subscripted), base.span)
    default: return ValueTarget(compile(base))
    }
  }

  private func pattern(_ pattern: Pattern) -> PatternCode {
    switch pattern {
    case .name(let name): return .name(assignment(name.text, name.span))
    case .tuple(let parts, let span): return .tuple(parts.map(self.pattern), span)
    }
  }

  /// A pattern whose names live only until the `binding` around this call ends.
  func bound(_ pattern: Pattern) -> PatternCode {
    _ = scope.bind(pattern.names.map(\.text))
    return self.pattern(pattern)
  }

  // MARK: Parts

  private func text(_ parts: [StringPart], _ span: Span) -> Code {
    var pieces: [TextCode.Part] = []
    for part in parts {
      switch part {
      case .text(let text): pieces.append(.text(text))
      case .interpolation(let value, let format): pieces.append(.value(compile(value), format))
      }
    }
    if pieces.isEmpty { return ConstantCode(.text(""), span) }
    if pieces.count == 1, case .text(let only) = pieces[0] {
      return ConstantCode(.text(only), span)
    }
    return TextCode(pieces, span)
  }

  private func link(_ comparison: Comparison) -> ComparisonCode.Link {
    .init(
      relation: comparison.operator, span: comparison.operatorSpan,
      operand: compile(comparison.operand))
  }

  private func subscripted(_ item: Subscript) -> SubscriptCode {
    switch item {
    case .expression(let value): .value(compile(value))
    case .slice(let low, let high, let step, _):
      .slice(low.map(compile), high.map(compile), step.map(compile))
    case .ellipsis: .ellipsis
    case .newAxis: .newAxis
    }
  }

  private func argument(_ argument: Argument) -> ArgumentCode {
    if case .labelled(let name) = argument.role {
      return ArgumentCode(label: name.text, value: compile(argument.value))
    }
    return ArgumentCode(label: "", value: compile(argument.value))
  }

  private func comprehension(_ element: Expression, _ clauses: [Clause], _ span: Span) -> Code {
    scope.binding([]) { _ in
      let codes: [ComprehensionCode.Clause] = clauses.map { clause in
        switch clause {
        case .each(let pattern, let values):
          let code = compile(values)
          return .each(bound(pattern), code)
        case .only(let condition): return .only(compile(condition))
        }
      }
      return ComprehensionCode(compile(element), codes, isNested: element.isBracket, span)
    }
  }

  private func call(_ call: Call, _ span: Span) -> Code {
    self.call(compile(call.callee), call.arguments, isCommand: call.isCommand, span)
  }

  private func call(
    _ callee: Code, _ arguments: [Argument], isCommand: Bool, _ span: Span
  ) -> Code {
    if arguments.contains(where: \.isDraw) { return drawing(callee, arguments, span) }
    let targets = arguments.map { argument -> TargetCode? in
      guard case .positional = argument.role, case .name(let name) = argument.value.kind else {
        return nil
      }
      return code(scope.place(name), name, argument.span)
    }
    return CallCode(
      callee, arguments.map(argument), isCommand: isCommand, targets: targets, span)
  }

  private func drawing(_ callee: Code, _ arguments: [Argument], _ span: Span) -> Code {
    scope.binding([]) { _ in
      var draws: [DrawingCallCode.Draw] = []
      var bodies: [Code] = []
      var named: [ArgumentCode] = []
      for argument in arguments {
        switch argument.role {
        case .positional: bodies.append(compile(argument.value))
        case .labelled: named.append(self.argument(argument))
        case .drawn(let pattern):
          let source = compile(argument.value)
          draws.append(.init(pattern: bound(pattern), source: source))
        }
      }
      return DrawingCallCode(callee, draws, bodies, named, span)
    }
  }

  private func function(_ function: Function, _ name: String, _ span: Span) -> Code {
    let names = function.parameters.map(\.name.text)
    let inner = Scope(function: names + AssignedNames.of(function.body), in: scope)
    let defaults = function.parameters.map { $0.defaultValue.map(compile) }
    let compiler = Compiler(interpreter: interpreter, source: source, scope: inner)
    let parameters = zip(names, defaults).map {
      FunctionCode.Parameter(name: $0, defaultValue: $1)
    }
    let body = BodyCode(compiler.compile(function.body))
    let code = FunctionCode(name, parameters, body, source, span)
    code.finish(inner)
    return FunctionLiteralCode(code, span)
  }

  private func check(_ check: Check, _ kind: CheckCode.Kind, _ span: Span) -> Code {
    CheckCode(
      kind, conjuncts(check.condition).map { CheckCode.Condition(code: compile($0)) },
      at: check.condition.span, options: check.options.map(argument),
      message: check.message.map(compile), span)
  }

  /// What `and` joins, from left to right.
  private func conjuncts(_ condition: Expression) -> [Expression] {
    guard case .binary(.and, _, let left, let right) = condition.kind else { return [condition] }
    return conjuncts(left) + conjuncts(right)
  }
}

extension Expression {
  fileprivate var isBracket: Bool {
    switch kind {
    case .list, .comprehension: true
    default: false
    }
  }
}

extension Argument {
  fileprivate var isDraw: Bool {
    if case .drawn = role { true } else { false }
  }
}
