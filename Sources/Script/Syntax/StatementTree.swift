/// A node that is carried out.
package struct Statement: Sendable {
  package let kind: Kind
  package let span: Span
  /// As `Expression.height`.
  package let height: Int

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
    var tallest = 0
    kind.forEachChild({ tallest = max(tallest, $0.height) }, { tallest = max(tallest, $0.height) })
    height = tallest + 1
  }

  package indirect enum Kind: Sendable {
    /// `isSilenced`: a `;` follows, or it is an `if` in a statement's place. A command is a call
    /// with `isCommand`; `?kl` is the command `help kl`.
    case expression(Expression, isSilenced: Bool)
    /// `a = b = value`: usually one target, worked out left to right.
    case assign(targets: [Target], value: Expression)
    case augment(target: Target, operator: BinaryOperator, operatorSpan: Span, value: Expression)
    /// `f(x, beta=1) = body`
    case define(name: Name, function: Function)
    /// `z ~ source`
    case draw(Pattern, from: Expression)
    case `for`(Pattern, in: Expression, body: Block)
    case `while`(condition: Expression, body: Block)
    case `break`
    case `continue`
    case `return`(Expression?)
    case check(Check)
    case assert(Check)
    /// `fails check ...` or `fails derive ...`; the statement inside is one of these two.
    case fails(Statement)
    case predict([Argument])
    case derive(Derivation)
    /// What could not be read; the diagnostics say why.
    case malformed
  }
}

/// What an assignment changes.
package indirect enum Target: Sendable {
  case name(Name)
  case member(base: Expression, name: Name, span: Span)
  case index(base: Expression, subscripts: [Subscript], span: Span)
  case tuple([Target], span: Span)
}

/// The names that a `for`, a draw or a clause binds.
package indirect enum Pattern: Sendable {
  case name(Name)
  case tuple([Pattern], span: Span)
}

/// The rest of the line after `check` or `assert`.
package struct Check: Sendable {
  package let condition: Expression
  /// `rtol=`, `atol=` and the like: every argument here is labelled.
  package let options: [Argument]
  package let message: Expression?
}

/// `derive "title", for x in xs, wrt=[m] { ... }`.
package struct Derivation: Sendable {
  package enum Source: Sendable {
    /// `for x in xs`: every value.
    case each(Pattern, in: Expression)
    /// `for x ~ q`: five draws.
    case drawn(Pattern, from: Expression)
  }

  package enum Relation: String, Sendable {
    case equal = "="
    case greaterOrEqual = ">="
    case lessOrEqual = "<="
    case greater = ">"
    case less = "<"
    case approximately = "≈"
  }

  package struct Line: Sendable {
    /// How the line relates to the one above; none for the first.
    package let relation: Relation?
    /// The relation's place, or that of the expression.
    package let relationSpan: Span
    package let expression: Expression
    package let gap: Expression?
    package let reason: Expression?
  }

  package let title: Expression?
  package let sources: [Source]
  /// The elements of `wrt=[m, s]`, or the one expression of `wrt=m`.
  package let wrt: [Expression]
  /// Other labelled arguments of the header.
  package let options: [Argument]
  /// Assignments and definitions after `let`.
  package let lets: [Statement]
  package let lines: [Line]
}
