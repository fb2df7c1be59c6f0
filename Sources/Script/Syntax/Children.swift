// Visits of a node's direct children, in source order: what walks over trees share.

extension Expression.Kind {
  /// Calls `body` with each expression directly inside, those in statements of its blocks excepted,
  /// which `statement` gets.
  package func forEachChild(
    _ body: (Expression) -> Void, _ statement: (Statement) -> Void
  ) {
    switch self {
    case .number, .boolean, .none, .name, .malformed:
      break
    case .string(let parts):
      for case .interpolation(let value, _) in parts { body(value) }
    case .list(let elements), .tuple(let elements):
      elements.forEach(body)
    case .comprehension(let element, let clauses):
      body(element)
      for clause in clauses {
        switch clause {
        case .each(_, let values): body(values)
        case .only(let condition): body(condition)
        }
      }
    case .record(let fields):
      for field in fields { body(field.value) }
    case .range(let low, let high):
      body(low)
      body(high)
    case .unary(_, let operand):
      body(operand)
    case .binary(_, _, let left, let right):
      body(left)
      body(right)
    case .comparison(let first, let links):
      body(first)
      for link in links { body(link.operand) }
    case .call(let call):
      body(call.callee)
      for argument in call.arguments { body(argument.value) }
    case .methodCall(let base, _, let arguments):
      body(base)
      for argument in arguments { body(argument.value) }
    case .member(let base, _):
      body(base)
    case .index(let base, let subscripts):
      body(base)
      for item in subscripts { item.forEachChild(body) }
    case .lambda(let function):
      function.forEachChild(body)
    case .block(let block):
      block.statements.forEach(statement)
    case .conditional(let conditional):
      for branch in conditional.branches {
        body(branch.condition)
        branch.block.statements.forEach(statement)
      }
      conditional.otherwise?.statements.forEach(statement)
    }
  }
}

extension Statement.Kind {
  /// Calls `body` with each expression and `statement` with each statement directly inside.
  package func forEachChild(
    _ body: (Expression) -> Void, _ statement: (Statement) -> Void
  ) {
    switch self {
    case .break, .continue, .malformed:
      break
    case .expression(let value, _):
      body(value)
    case .assign(let targets, let value):
      for target in targets { target.forEachChild(body) }
      body(value)
    case .augment(let target, _, _, let value):
      target.forEachChild(body)
      body(value)
    case .define(_, let function):
      function.forEachChild(body)
    case .draw(_, let source):
      body(source)
    case .for(_, let values, let block):
      body(values)
      block.statements.forEach(statement)
    case .while(let condition, let block):
      body(condition)
      block.statements.forEach(statement)
    case .return(let value):
      if let value { body(value) }
    case .check(let check), .assert(let check):
      body(check.condition)
      for option in check.options { body(option.value) }
      if let message = check.message { body(message) }
    case .fails(let inner):
      statement(inner)
    case .predict(let arguments):
      for argument in arguments { body(argument.value) }
    case .derive(let derivation):
      derivation.forEachChild(body, statement)
    }
  }
}

extension Derivation {
  package func forEachChild(
    _ body: (Expression) -> Void, _ statement: (Statement) -> Void
  ) {
    if let title { body(title) }
    for source in sources {
      switch source {
      case .each(_, let values): body(values)
      case .drawn(_, let distribution): body(distribution)
      }
    }
    wrt.forEach(body)
    for option in options { body(option.value) }
    lets.forEach(statement)
    for line in lines {
      body(line.expression)
      if let gap = line.gap { body(gap) }
      if let reason = line.reason { body(reason) }
    }
  }
}

extension Function {
  package func forEachChild(_ body: (Expression) -> Void) {
    for parameter in parameters {
      if let value = parameter.defaultValue { body(value) }
    }
    body(self.body)
  }
}

extension Subscript {
  package func forEachChild(_ body: (Expression) -> Void) {
    switch self {
    case .expression(let value):
      body(value)
    case .slice(let low, let high, let step, _):
      for part in [low, high, step] {
        if let part { body(part) }
      }
    case .ellipsis, .newAxis:
      break
    }
  }
}

extension Target {
  package func forEachChild(_ body: (Expression) -> Void) {
    switch self {
    case .name:
      break
    case .member(let base, _, _):
      body(base)
    case .index(let base, let subscripts, _):
      body(base)
      for item in subscripts { item.forEachChild(body) }
    case .tuple(let targets, _):
      for target in targets { target.forEachChild(body) }
    }
  }

  package var span: Span {
    switch self {
    case .name(let name): name.span
    case .member(_, _, let span), .index(_, _, let span), .tuple(_, let span): span
    }
  }
}

extension Pattern {
  package var span: Span {
    switch self {
    case .name(let name): name.span
    case .tuple(_, let span): span
    }
  }

  /// The names it binds, from left to right.
  package var names: [Name] {
    switch self {
    case .name(let name): [name]
    case .tuple(let patterns, _): patterns.flatMap(\.names)
    }
  }
}
