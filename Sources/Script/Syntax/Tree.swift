/// A node that has a value.
package struct Expression: Sendable {
  package let kind: Kind
  package let span: Span
  /// How many nodes stand above the deepest leaf; bounded by the parser, so walks may recurse.
  package let height: Int

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
    var tallest = 0
    kind.forEachChild({ tallest = max(tallest, $0.height) }, { tallest = max(tallest, $0.height) })
    height = tallest + 1
  }

  package indirect enum Kind: Sendable {
    case number(Double)
    case string([StringPart])
    case boolean(Bool)
    case none
    /// A name after normalisation (NFKC): `ϕ` reads `φ`.
    case name(String)
    /// `[a, b]`: a tensor or a list, as its elements decide.
    case list([Expression])
    /// `[element for x in xs if c]`; at least one clause, the first a `for`.
    case comprehension(element: Expression, clauses: [Clause])
    case tuple([Expression])
    case record([Field])
    /// `low..high`, both included.
    case range(low: Expression, high: Expression)
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, operatorSpan: Span, Expression, Expression)
    /// `a < b <= c`: the first operand, then one link a comparison.
    case comparison(first: Expression, links: [Comparison])
    case call(Call)
    /// `x.f(b)`: the record's field, else the value's method, else `f(x, b)`.
    case methodCall(base: Expression, name: Name, arguments: [Argument])
    /// `x.f` without a call.
    case member(base: Expression, name: Name)
    case index(base: Expression, subscripts: [Subscript])
    case lambda(Function)
    case block(Block)
    case conditional(Conditional)
    /// What stands where no value could be read; the diagnostics say why.
    case malformed
  }
}

/// A name and where it stands.
package struct Name: Hashable, Sendable {
  package var text: String
  package var span: Span

  package init(_ text: String, _ span: Span) {
    self.text = text
    self.span = span
  }
}

/// A piece of a string: text as it will be printed, or `{value:format}`.
package enum StringPart: Sendable {
  case text(String)
  case interpolation(Expression, FormatSpecification?)
}

package struct Field: Sendable {
  package let name: Name
  package let value: Expression
}

/// `for pattern in values` or `if condition` in a comprehension.
package enum Clause: Sendable {
  case each(Pattern, in: Expression)
  case only(Expression)
}

package enum UnaryOperator: String, Sendable {
  case negate = "-"
  case plus = "+"
  case not = "not"
}

package enum BinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case matrixMultiply = "@"
  case power = "^"
  /// `f >> g`: first f, then g.
  case compose = ">>"
  /// `x |> f`: f applied to x.
  case pipe = "|>"
  case and = "and"
  case or = "or"
  /// `x in xs`: whether an element of xs equals x.
  case member = "in"
}

package enum ComparisonOperator: String, Sendable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case approximately = "≈"
}

package struct Comparison: Sendable {
  package let `operator`: ComparisonOperator
  package let operatorSpan: Span
  package let operand: Expression
}

package struct Call: Sendable {
  package let callee: Expression
  package let arguments: [Argument]
  /// Whether it was written as a command, `f x, y`, and so may be a misread `f -1`.
  package let isCommand: Bool
}

package struct Argument: Sendable {
  package enum Role: Sendable {
    case positional
    /// `label=value`
    case labelled(Name)
    /// `z ~ source`; z is bound in the arguments that follow.
    case drawn(Pattern)
  }

  package let role: Role
  package let value: Expression
  /// The whole argument, label included.
  package let span: Span
}

package enum Subscript: Sendable {
  case expression(Expression)
  case slice(low: Expression?, high: Expression?, step: Expression?, span: Span)
  case ellipsis(Span)
  /// A literal `none`.
  case newAxis(Span)
}

package struct Parameter: Sendable {
  package let name: Name
  package let defaultValue: Expression?
}

/// The parameters and body of a definition or of an anonymous function.
package struct Function: Sendable {
  package let parameters: [Parameter]
  package let body: Expression
}

/// Statements in braces; its value is that of its last statement, if that is an expression.
package struct Block: Sendable {
  package let statements: [Statement]
  package let span: Span
}

/// `if c { } else if d { } else { }`.
package struct Conditional: Sendable {
  package struct Branch: Sendable {
    package let condition: Expression
    package let block: Block
  }

  package let branches: [Branch]
  package let otherwise: Block?
}
