import Testing

@testable import Formats

private func parse(_ text: String) throws -> JSON {
  try JSONReader.parse(Array(text.utf8), format: "json")
}

@Suite struct JSONTests {
  @Test func valuesAreRead() throws {
    #expect(
      try parse(#" {"a": [1, -2.5e1, true, false, null], "b": {}} "#)
        == .object([
          JSONMember(
            key: "a",
            value: .array([.integer(1), .number(-25), .bool(true), .bool(false), .null])),
          JSONMember(key: "b", value: .object([])),
        ]))
    #expect(try parse(#""\u00e9\n\ud83d\ude00\"µ""#) == .string("é\n😀\"µ"))
    #expect(try parse("123456789012345678901234567890") == .number(1.2345678901234568e29))
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "01", "1.", ".5", "+1", "1e", "-", "nul", "1e999",
    "\"a", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\t\"", "1 2", "'a'",
    "[1 2]", "NaN",
  ])
  func whatIsNoJSONIsRefused(_ text: String) {
    #expect(message { try parse(text) }.hasPrefix("json: JSON text at offset "))
  }

  @Test func nestingIsBounded() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(
      message { try parse(deep) }
        == "json: JSON text at offset 16 is '[', expected no more than 16 levels of nesting")
  }

  @Test func whatIsQuotedIsReadBack() throws {
    let text = "a\"b\\c\n\r\t\u{1}é😀"
    #expect(try parse(JSONReader.quoted(text)) == .string(text))
  }
}
