import Script
import Testing

@testable import Notebook

@Suite struct UnusedSettingsTests {
  private func remarks(_ given: String..., after scripts: String...) -> [String] {
    var unused = UnusedSettings(given: given)
    for script in scripts {
      let bench = Bench()
      bench.run(script)
      unused.note(bench.session)
    }
    return unused.remarks
  }

  @Test func whatNoScriptReadsIsNamed() {
    #expect(
      remarks("epoch", after: "n = option(\"epochs\", 2)")
        == ["--set epoch: nothing reads option(\"epoch\"); did you mean `epochs`?"])
    #expect(
      remarks("data", "data", after: "option(\"lr\", 1); option(\"n\", 1)")
        == ["--set data: nothing reads option(\"data\"); there is lr, n"])
    #expect(remarks("data", after: "1") == ["--set data: nothing reads option(\"data\")"])
  }

  @Test func oneOfSeveralScriptsIsEnough() {
    #expect(remarks("lr", after: "1", "option(\"lr\", 3)").isEmpty)
    #expect(remarks(after: "1").isEmpty)
  }
}
