import Tensors

extension Interpreter {
  /// Runs a source, or a part of it such as a cell, up to its first error.
  package func run(_ source: Source, _ span: Span? = nil) -> Outcome {
    let tree = Parser.parse(source, span)
    if tree.hasErrors { return .malformed(tree.diagnostics, source) }
    return run(tree)
  }

  /// Runs what has been read without errors.
  package func run(_ tree: SyntaxTree) -> Outcome {
    stack = StackLimit(size: stackSize)
    depth = 0
    do {
      try execute(tree)
      return .finished
    } catch let error as LocatedError {
      return .failed(error)
    } catch {
      if Explanation.isInterrupt(error) || error is Leap { return .interrupted }
      let diagnostic = Diagnostic(Explanation.message(error), at: tree.source.span)
      return .failed(LocatedError(diagnostic: diagnostic, source: tree.source))
    }
  }

  private func execute(_ tree: SyntaxTree) throws {
    sites.add(tree.source)
    let scope = Scope(globals)
    let compiler = Compiler(interpreter: self, source: tree.source, scope: scope)
    let codes = tree.statements.map { (code: compiler.compile($0), shows: $0.showsValue) }
    let frame = Frame(slotCount: scope.slotCount, parent: nil, self, tree.source)
    for (code, shows) in codes {
      try Interrupt.poll()
      if shows {
        let value = try code.evaluate(frame)
        show(try wordAlone(value).map { try call($0, CallArguments()) } ?? value)
      } else {
        _ = try code.execute(frame)
      }
    }
  }

  /// A builtin such as `whos`, which acts when its name stands alone.
  private func wordAlone(_ value: Value) -> (any Callable)? {
    guard case .function(let function) = value, let builtin = function as? BuiltinFunction,
      builtin.builtin.actsAlone
    else { return nil }
    return builtin
  }

  /// Shows the value of a bare expression, and keeps it as `ans`.
  private func show(_ value: Value) {
    if value.isNone { return }
    self["ans"] = value
    output(.value(value))
  }
}

extension Statement {
  fileprivate var showsValue: Bool {
    if case .expression(_, isSilenced: false) = kind { true } else { false }
  }
}
