import Script

/// The statements of a text as s-expressions, or its diagnostics where there are any.
func tree(_ text: String) -> String {
  let source = Source(name: "t.dg", text)
  let tree = Parser.parse(source)
  if !tree.diagnostics.isEmpty { return DiagnosticRenderer.text(tree.diagnostics, in: source) }
  return TreePrinter.text(tree.statements)
}

/// The diagnostics of a text, as the program prints them.
func errors(_ text: String) -> String {
  let source = Source(name: "t.dg", text)
  return DiagnosticRenderer.text(Parser.parse(source).diagnostics, in: source)
}
