/// Comma-separated numbers, with or without a line of column names.
///
/// Source: RFC 4180; lines that begin with `#` are comments, as `numpy.savetxt` writes them.
package enum CSV {
  static let format = Format(
    name: "CSV", extensions: ["csv", "txt"],
    decode: { bytes throws(FormatError) in .array(try decode(bytes).array()) },
    encode: { contents throws(FormatError) in
      switch contents {
      case .array(let array): try encode(Table(array))
      case .named(let columns): try encode(Table(columns))
      }
    })

  /// Rows of numbers, all of one length.
  package struct Table: Equatable, Sendable {
    /// The first line, where it is not all numbers.
    package var header: [String]?
    package var columns: Int
    /// Row by row.
    package var values: [Double]

    package init(header: [String]? = nil, columns: Int, values: [Double]) {
      self.header = header
      self.columns = columns
      self.values = values
    }

    package var rows: Int { columns == 0 ? 0 : values.count / columns }
  }

  /// Reads a table; commas part the fields, or the tabs or semicolons of a first line without commas.
  ///
  /// Throws: with line and column, counted from one in characters.
  package static func decode(_ bytes: [UInt8]) throws(FormatError) -> Table {
    var scanner = try CSVScanner(bytes)
    var table = Table(columns: 0, values: [])
    while let record = try scanner.nextRecord() {
      var numbers: [Double] = []
      var wrong: CSVScanner.Field?
      for field in record {
        if let number = number(field.text) {
          numbers.append(number)
        } else {
          wrong = wrong ?? field
        }
      }
      if table.columns == 0 {
        table.columns = record.count
        if wrong != nil, record.allSatisfy({ !$0.text.isEmpty }) {
          table.header = record.map(\.text)
          continue
        }
      }
      if let wrong {
        let found = wrong.text.isEmpty ? "nothing" : "\"\(wrong.text)\""
        throw scanner.error(found, "a number", at: wrong.place)
      }
      if record.count != table.columns, let first = record.first {
        throw scanner.error(
          "\(record.count) fields", "\(table.columns), as in the first line", at: first.place)
      }
      table.values += numbers
    }
    return table
  }

  /// Writes the shortest digits that read back as the same numbers.
  package static func encode(_ table: Table) throws(FormatError) -> [UInt8] {
    var text: [UInt8] = []
    if let header = table.header {
      text += header.map(quoted).joined(separator: ",").utf8
      text.append(UInt8(ascii: "\n"))
    }
    for row in 0..<table.rows {
      for column in 0..<table.columns {
        if column > 0 { text.append(UInt8(ascii: ",")) }
        text += digits(table.values[row * table.columns + column]).utf8
      }
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  static func error(
    _ found: String, _ expected: String, _ line: Int, _ column: Int
  ) -> FormatError {
    .text(format: "csv", found: found, expected: expected, line: line, column: column)
  }

  private static func number(_ text: String) -> Double? {
    guard let first = text.utf8.first, !text.utf8.contains(UInt8(ascii: "x")) else { return nil }
    return Double(first == UInt8(ascii: "+") ? String(text.dropFirst()) : text)
  }

  /// A number without the `.0` of a whole one.
  private static func digits(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func quoted(_ text: String) -> String {
    let special: Set<UInt8> = [0x22, 0x2C, 0x0A, 0x0D]
    let plain =
      !text.utf8.contains { special.contains($0) } && text.utf8.first != UInt8(ascii: "#")
    if plain { return text }
    let doubled = text.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"" + doubled.joined(separator: "\"\"") + "\""
  }
}

extension CSV.Table {
  /// The numbers as float64 `[rows, columns]`.
  package func array() throws(FormatError) -> RawArray {
    try RawArray(shape: [rows, columns], doubles: values)
  }

  /// Vectors side by side, under their names.
  package init(_ named: [NamedArray]) throws(FormatError) {
    let rows = named.first.map { $0.array.shape.first ?? 1 } ?? 0
    for column in named where column.array.shape != [rows] {
      throw .unwritable(
        format: "csv", found: "\"\(column.name)\" of shape \(column.array.shape)",
        expected: "columns of one length")
    }
    let columns = named.map { $0.array.shortestDoubles() }
    self.init(
      header: named.map(\.name), columns: named.count,
      values: (0..<rows).flatMap { row in columns.map { $0[row] } })
  }

  /// A vector becomes a column; a matrix keeps its shape.
  package init(_ array: RawArray) throws(FormatError) {
    guard array.shape.count <= 2 else {
      throw .unwritable(
        format: "csv", found: "an array of shape \(array.shape)", expected: "one or two dimensions")
    }
    self.init(columns: array.shape.count == 2 ? array.shape[1] : 1, values: array.shortestDoubles())
  }
}
