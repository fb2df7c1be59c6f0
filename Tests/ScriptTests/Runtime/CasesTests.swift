import Glibc
import Script
import Testing

/// Scripts in `Tests/ScriptCases/`, each with what it says in `# expect:` comments: one for each line of output, in order.
///
/// A line `# ---` begins another script in the same file.
struct CasesTests {
  @Test(arguments: CaseFiles.names)
  func aScriptSaysWhatItsCommentsExpect(_ name: String) throws {
    let text = try #require(CaseFiles.text(name))
    for script in text.split(separator: "# ---\n") {
      let said = outputLines(of: String(script))
      let expected = script.split(separator: "\n").compactMap(expectation)
      #expect(said == expected)
    }
  }

  private func expectation(_ line: Substring) -> String? {
    guard let mark = line.firstRange(of: "# expect:") else { return nil }
    let rest = line[mark.upperBound...]
    return String(rest.hasPrefix(" ") ? rest.dropFirst() : rest)
  }
}

/// What a script says, as the program prints it, line by line.
func outputLines(of text: String, named name: String = "t.dg") -> [String] {
  onLargeStack { lines(of: text, named: name) } ?? []
}

private func lines(of text: String, named name: String) -> [String] {
  var said: [String] = []
  var part = ""
  let interpreter = Interpreter(stackSize: 60 << 20) { output in
    switch output {
    case .text(let text):
      said.append(part + text)
      part = ""
    case .part(let text): part += text
    case .value(let value): said.append(Display.text(value))
    case .check(let report): if let text = report.text ?? report.caughtText { said.append(text) }
    case .derivation(let report): said.append(report.text(width: 100))
    case .prediction(let question, let value): said.append("\(question) \(Display.text(value))")
    }
  }
  let outcome = interpreter.run(Source(name: name, text))
  if let text = outcome.text { said.append(text) }
  if interpreter.checks.total > 0 { said.append(interpreter.checks.summary) }
  return said.flatMap {
    $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

enum CaseFiles {
  private static let folder: String = {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/") + "/ScriptCases"
  }()

  static let names: [String] = {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name.0) {
        unsafe String(cString: $0)
      }
      if name.hasSuffix(".dg") { names.append(name) }
    }
    return names.sorted()
  }()

  static func text(_ name: String) -> String? {
    guard let file = unsafe fopen("\(folder)/\(name)", "r") else { return nil }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while case let count = unsafe fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
