import Testing

@testable import Formats

private func decode(_ text: String) throws -> CSV.Table { try CSV.decode(Array(text.utf8)) }

@Suite struct CSVTests {
  @Test func numbersAreReadWithOrWithoutNames() throws {
    let plain = CSV.Table(columns: 2, values: [1, 2.5, -3e-2, 4])
    #expect(try decode("1,2.5\n-3e-2, +4 \n") == plain)
    #expect(try decode("1,2.5\r\n-3e-2,4") == plain)
    #expect(try decode("1\t2.5\r \r-3e-2\t4") == plain)
    #expect(try decode("\u{FEFF}# a comment\n\n1;2.5\n\n-.03;4.\n\n") == plain)
    let named = CSV.Table(header: ["x", "a \"b\", c"], columns: 2, values: [1, 2])
    #expect(try decode("x,\"a \"\"b\"\", c\"\n\"1\",2\n") == named)
    #expect(try decode("inf\tnan\n").values[0] == .infinity)
  }

  @Test func anEmptyTextIsAnEmptyTable() throws {
    for text in ["", "\n\n", "# nothing"] {
      #expect(try decode(text) == CSV.Table(columns: 0, values: []))
    }
    #expect(try decode("a,b\n").array().shape == [0, 2])
  }

  @Test func errorsNameLineAndColumn() {
    #expect(
      message { try decode("1,2\n3,four\n") }
        == "csv: line 2, column 3: found \"four\", expected a number")
    #expect(
      message { try decode("a,b\n1,2\nµ, 3\n") }
        == "csv: line 3, column 1: found \"µ\", expected a number")
    #expect(
      message { try decode("1,2\n3\n") }
        == "csv: line 2, column 1: found 1 fields, expected 2, as in the first line")
    #expect(
      message { try decode("1,2\n3,\n") }
        == "csv: line 2, column 3: found nothing, expected a number")
    #expect(
      message { try decode("a\n\"1\n") }
        == "csv: line 2, column 1: found the end of the text, expected '\"'")
    #expect(
      message { try decode("\"1\"2\n") }
        == "csv: line 1, column 4: found '2' after a quote, expected ','")
    #expect(
      message { try CSV.decode(Array("1\n2µ".utf8) + [0xFF]) }
        == "csv: line 2, column 3: found bytes that are no text, expected UTF-8")
  }

  @Test func numbersComeBackAsWritten() throws {
    let table = CSV.Table(
      header: ["a,b", "#c"], columns: 2, values: [0.1, -1, 1e300, 123_456_789, 0x1p-1074, 2])
    let text = try CSV.encode(table)
    #expect(String(decoding: text.prefix(15), as: UTF8.self) == "\"a,b\",\"#c\"\n0.1,")
    #expect(try CSV.decode(text) == table)
  }

  @Test func vectorsWithNamesAreColumns() throws {
    let (x, y) = (
      NamedArray("x", try RawArray(shape: [2], doubles: [1, 2])),
      NamedArray("y", try RawArray(shape: [2], doubles: [0.5, 4]))
    )
    let text = try FormatCatalogue.encode(.named([x, y]), fileName: "t.csv")
    #expect(String(decoding: text, as: UTF8.self) == "x,y\n1,0.5\n2,4\n")
    let short = NamedArray("z", try RawArray(shape: [1], doubles: [1]))
    #expect(
      message { try FormatCatalogue.encode(.named([x, short]), fileName: "t.csv") }
        .hasSuffix("columns of one length"))
  }

  @Test func float32IsWrittenInItsOwnDigits() throws {
    let array = try RawArray(shape: [2], floats: [0.1, 3])
    #expect(String(decoding: try CSV.encode(CSV.Table(array)), as: UTF8.self) == "0.1\n3\n")
    let cube = try RawArray(shape: [1, 1, 1], floats: [0])
    #expect(
      message { try CSV.Table(cube) }
        == "csv cannot hold an array of shape [1, 1, 1], expected one or two dimensions")
  }
}
