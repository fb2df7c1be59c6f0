import Testing

@testable import Script

@Suite struct ForeignNamesTests {
  @Test func aNameOfPyTorchIsToldItsCounterpart() {
    let error = ScriptError.undefined("clone", suggestion: "close")
    #expect(error.hints == ["tensors are values: after `y = x`, changing y leaves x alone"])
    #expect(ScriptError.undefined("mena", suggestion: "mean").hints == ["did you mean `mean`?"])
  }

  @Test func noHintIsOnANameThatExists() {
    let builtins = Interpreter(output: { _ in }).builtins
    for builtin in builtins where ForeignNames.hint(for: builtin.name) != nil {
      Issue.record("\(builtin.name) exists")
    }
  }
}
