/// The three facts in the Python dictionary at the head of a `.npy` file.
struct NPYHeader {
  var type = ""
  var fortran = false
  var shape: [Int] = []

  /// `base` is where the text begins in its file, for the offsets in errors.
  static func parse(_ bytes: [UInt8], base: Int) throws(FormatError) -> NPYHeader {
    var parser = NPYHeaderParser(bytes: bytes, base: base)
    return try parser.expectHeader()
  }
}

/// Reads just the Python that NumPy writes: strings, booleans, a tuple of integers.
private struct NPYHeaderParser {
  let bytes: [UInt8]
  let base: Int
  var position = 0

  mutating func expectHeader() throws(FormatError) -> NPYHeader {
    var header = NPYHeader()
    var missing: Set = ["descr", "fortran_order", "shape"]
    try expect("{")
    while !parse("}") {
      let start = position
      let key = try expectString()
      guard missing.remove(key) != nil else {
        position = start
        throw error("one of 'descr', 'fortran_order' and 'shape', each once")
      }
      try expect(":")
      switch key {
      case "descr": header.type = try expectString()
      case "shape": header.shape = try expectShape()
      default: header.fortran = try expectBoolean()
      }
      if !parse(",") {
        try expect("}")
        break
      }
    }
    skipBlanks()
    guard position == bytes.count else { throw error("the end of the header") }
    guard missing.isEmpty else {
      throw error(missing.sorted().map { "'\($0)'" }.joined(separator: " and "))
    }
    return header
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func error(_ expected: String) -> FormatError {
    let rest = String(decoding: bytes[position...].prefix(16), as: UTF8.self)
    return .malformed(
      format: "npy", what: "header", found: rest.isEmpty ? "the end" : "\"\(rest)\"",
      expected: expected, offset: base + position)
  }

  private mutating func skipBlanks() {
    while next == UInt8(ascii: " ") || next == UInt8(ascii: "\n") { position += 1 }
  }

  private mutating func parse(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(FormatError) {
    guard parse(character) else { throw error("'\(character)'") }
  }

  private mutating func expectString() throws(FormatError) -> String {
    skipBlanks()
    guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
      let end = bytes[(position + 1)...].firstIndex(of: quote)
    else { throw error("a string; a record array is not supported") }
    defer { position = end + 1 }
    return String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
  }

  private mutating func expectBoolean() throws(FormatError) -> Bool {
    skipBlanks()
    for (word, value) in [("True", true), ("False", false)]
    where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw error("True or False")
  }

  private mutating func expectShape() throws(FormatError) -> [Int] {
    var shape: [Int] = []
    try expect("(")
    while !parse(")") {
      skipBlanks()
      let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
      guard let extent = Int(String(decoding: digits, as: UTF8.self)) else {
        throw error("an extent")
      }
      position += digits.count
      shape.append(extent)
      if !parse(",") {
        try expect(")")
        break
      }
    }
    return shape
  }
}
