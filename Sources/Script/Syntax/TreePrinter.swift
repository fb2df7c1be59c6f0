/// Trees as s-expressions, for tests and for the curious: `x = 1 + 2` is `(= x (+ 1 2))`.
package enum TreePrinter {
  package static func text(_ statements: [Statement]) -> String {
    statements.map(text).joined(separator: "\n")
  }

  package static func text(_ statement: Statement) -> String {
    switch statement.kind {
    case .expression(let value, let isSilenced):
      return isSilenced ? form("silent", [text(value)]) : text(value)
    case .assign(let targets, let value):
      return form("=", targets.map(text) + [text(value)])
    case .augment(let target, let binary, _, let value):
      return form(binary.rawValue + "=", [text(target), text(value)])
    case .define(let name, let function):
      return form("define", [name.text] + parts(function))
    case .draw(let pattern, let source):
      return form("~", [text(pattern), text(source)])
    case .for(let pattern, let values, let body):
      return form("for", [text(pattern), text(values), text(body)])
    case .while(let condition, let body):
      return form("while", [text(condition), text(body)])
    case .break: return "(break)"
    case .continue: return "(continue)"
    case .return(let value): return form("return", value.map { [text($0)] } ?? [])
    case .check(let check): return form("check", parts(check))
    case .assert(let check): return form("assert", parts(check))
    case .fails(let inner): return form("fails", [text(inner)])
    case .predict(let arguments): return form("predict", arguments.map(text))
    case .derive(let derivation): return form("derive", parts(derivation))
    case .malformed: return "(malformed)"
    }
  }

  package static func text(_ expression: Expression) -> String {
    switch expression.kind {
    case .number(let value): return value.description
    case .string(let parts): return form("string", parts.map(text))
    case .boolean(let value): return value.description
    case .none: return "none"
    case .name(let name): return name
    case .list(let elements): return form("list", elements.map(text))
    case .comprehension(let element, let clauses):
      return form("comprehension", [text(element)] + clauses.map(text))
    case .tuple(let elements): return form("tuple", elements.map(text))
    case .record(let fields):
      return form("record", fields.map { "\($0.name.text): \(text($0.value))" })
    case .range(let low, let high): return form("..", [text(low), text(high)])
    case .unary(let unary, let operand): return form(unary.rawValue, [text(operand)])
    case .binary(let binary, _, let left, let right):
      return form(binary.rawValue, [text(left), text(right)])
    case .comparison(let first, let links):
      let rest = links.flatMap { [$0.operator.rawValue, text($0.operand)] }
      return form("compare", [text(first)] + rest)
    case .call(let call):
      let arguments = [text(call.callee)] + call.arguments.map(text)
      return form(call.isCommand ? "command" : "call", arguments)
    case .methodCall(let base, let name, let arguments):
      return form("method", [text(base), name.text] + arguments.map(text))
    case .member(let base, let name): return form(".", [text(base), name.text])
    case .index(let base, let subscripts):
      return form("index", [text(base)] + subscripts.map(text))
    case .lambda(let function): return form("->", parts(function))
    case .block(let block): return text(block)
    case .conditional(let conditional):
      var items = conditional.branches.flatMap { [text($0.condition), text($0.block)] }
      if let otherwise = conditional.otherwise { items.append(text(otherwise)) }
      return form("if", items)
    case .malformed: return "(malformed)"
    }
  }

  private static func form(_ head: String, _ items: [String]) -> String {
    "(" + ([head] + items).joined(separator: " ") + ")"
  }

  private static func text(_ block: Block) -> String {
    form("block", block.statements.map(text))
  }

  private static func text(_ part: StringPart) -> String {
    switch part {
    case .text(let text): return "\"\(text)\""
    case .interpolation(let value, let format):
      return format == nil ? "{\(text(value))}" : "{\(text(value)):format}"
    }
  }

  private static func text(_ clause: Clause) -> String {
    switch clause {
    case .each(let pattern, let values): form("for", [text(pattern), text(values)])
    case .only(let condition): form("if", [text(condition)])
    }
  }

  private static func text(_ argument: Argument) -> String {
    switch argument.role {
    case .positional: text(argument.value)
    case .labelled(let name): name.text + "=" + text(argument.value)
    case .drawn(let pattern): form("~", [text(pattern), text(argument.value)])
    }
  }

  private static func text(_ item: Subscript) -> String {
    switch item {
    case .expression(let value): text(value)
    case .slice(let low, let high, let step, _):
      form("slice", [low, high, step].map { $0.map { text($0) } ?? "_" })
    case .ellipsis: "..."
    case .newAxis: "newaxis"
    }
  }

  private static func text(_ target: Target) -> String {
    switch target {
    case .name(let name): name.text
    case .member(let base, let name, _): form(".", [text(base), name.text])
    case .index(let base, let subscripts, _):
      form("index", [text(base)] + subscripts.map(text))
    case .tuple(let targets, _): form("tuple", targets.map(text))
    }
  }

  private static func text(_ pattern: Pattern) -> String {
    switch pattern {
    case .name(let name): name.text
    case .tuple(let patterns, _): form("tuple", patterns.map(text))
    }
  }

  private static func parts(_ function: Function) -> [String] {
    let parameters = function.parameters.map { parameter in
      parameter.name.text + (parameter.defaultValue.map { "=" + text($0) } ?? "")
    }
    return ["(" + parameters.joined(separator: " ") + ")", text(function.body)]
  }

  private static func parts(_ check: Check) -> [String] {
    [text(check.condition)] + check.options.map(text) + (check.message.map { [text($0)] } ?? [])
  }

  private static func parts(_ derivation: Derivation) -> [String] {
    var items = derivation.title.map { [text($0)] } ?? []
    items += derivation.sources.map { source in
      switch source {
      case .each(let pattern, let values): form("for", [text(pattern), text(values)])
      case .drawn(let pattern, let source): form("~", [text(pattern), text(source)])
      }
    }
    if !derivation.wrt.isEmpty { items.append(form("wrt", derivation.wrt.map(text))) }
    items += derivation.options.map(text) + derivation.lets.map { form("let", [text($0)]) }
    return items
      + derivation.lines.map { line in
        var parts = [text(line.expression)]
        if let gap = line.gap { parts.append(form("gap", [text(gap)])) }
        if let reason = line.reason { parts.append(form("because", [text(reason)])) }
        return form(line.relation?.rawValue ?? "first", parts)
      }
  }
}
