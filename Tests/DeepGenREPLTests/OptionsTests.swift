import Testing

@testable import DeepGenREPL

@Suite struct OptionsTests {
  private func message(_ arguments: String...) -> String {
    do {
      _ = try Options.parse(arguments)
      return ""
    } catch {
      return Options.message(for: error)
    }
  }

  @Test func everythingIsUnderstood() throws {
    let options = try Options.parse([
      "a.dg", "-i", "--quick", "--set", "lr=-1", "--set", "data=m=n", "-e", "-1", "-e", "x = 2",
      "--seed", "7",
      "--threads", "2", "--isa", "avx2", "--no-color", "--plain", "b.dg", "--history", "h",
      "--memory", "1.5gb",
    ])
    #expect(options.files == ["a.dg", "b.dg"])
    #expect(options.set.map(\.name) == ["lr", "data"])
    #expect(options.set.map(\.value) == ["-1", "m=n"])
    #expect(options.eval == ["-1", "x = 2"])
    #expect(options.seed == 7 && options.threads == 2 && options.isa == .avx2)
    #expect(options.interactive && options.quick && options.noColor && options.plain)
    #expect(options.history == "h")
    #expect(options.memory?.bytes == 1_500_000_000)
  }

  @Test func mistakesAreNamed() {
    #expect(message("--threads", "0") == "--threads wants a number from 1 to 1024, not 0")
    #expect(message("--step") == "--step wants one lesson")
    #expect(message("--bogus").hasPrefix("Unknown option '--bogus'"))
    #expect(message("--memory", "much").contains("'much'"))
    #expect(message("--set", "x").contains("'x'"))
    #expect(message("--isa", "sse9").contains("'baseline', 'avx2' or 'avx512'"))
  }
}
