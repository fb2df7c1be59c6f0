/// What a file holds: one array, or arrays with names in the file's order.
package enum FileContents: Equatable, Sendable {
  case array(RawArray)
  case named([NamedArray])
}

/// An array and the name it has in its file.
package struct NamedArray: Equatable, Sendable {
  package let name: String
  package let array: RawArray

  package init(_ name: String, _ array: RawArray) {
    self.name = name
    self.array = array
  }
}

/// One file format: how it is recognised, read and written.
package struct Format: Sendable {
  /// The format's name, which is its file's in `Catalogue/` too.
  package let name: String
  /// The ends of file names without their dot, the usual one first.
  package let extensions: [String]
  package let decode: @Sendable ([UInt8]) throws(FormatError) -> FileContents
  package let encode: @Sendable (FileContents) throws(FormatError) -> [UInt8]
}

/// Every format, found by a file's name.
package enum FormatCatalogue {
  package static let all: [Format] = [
    CSV.format,
    Gzip.format,
    IDX.format,
    NPY.format,
    NPZ.format,
    PNG.format,
    Safetensors.format,
  ]

  /// The format that a file's name ends in, upper or lower case.
  package static func format(for fileName: String) -> Format? {
    let name = fileName.lowercased()
    return all.first { format in
      format.extensions.contains { name.hasSuffix("." + $0) || name.hasSuffix("-" + $0) }
    }
  }

  /// Reads the bytes of a file called `fileName`; `x.npy.gz` is unpacked first.
  package static func decode(
    _ bytes: [UInt8], fileName: String
  ) throws(FormatError) -> FileContents {
    let (format, name) = try required(fileName)
    guard format.name == Gzip.format.name, let inner = Self.format(for: name) else {
      return try format.decode(bytes)
    }
    return try inner.decode(Gzip.decompress(bytes))
  }

  /// The bytes to write to a file called `fileName`; `x.npy.gz` is packed last.
  package static func encode(
    _ contents: FileContents, fileName: String
  ) throws(FormatError) -> [UInt8] {
    let (format, name) = try required(fileName)
    guard format.name == Gzip.format.name, let inner = Self.format(for: name) else {
      return try format.encode(contents)
    }
    return try Gzip.compress(inner.encode(contents))
  }

  /// The format of a file name, and the name without that extension.
  private static func required(_ fileName: String) throws(FormatError) -> (Format, String) {
    guard let format = format(for: fileName) else {
      throw .unsupported(
        format: fileName, what: "the file name's extension",
        found: fileName.split(separator: ".").dropFirst().last.map { ".\($0)" } ?? "missing",
        supported: all.compactMap(\.extensions.first).map { ".\($0)" }.joined(separator: " "))
    }
    return (format, fileName.split(separator: ".").dropLast().joined(separator: "."))
  }
}

extension FileContents {
  /// The one array in it, for a format that holds no more.
  func single(_ format: String) throws(FormatError) -> RawArray {
    switch self {
    case .array(let array): return array
    case .named(let arrays):
      guard arrays.count == 1, let first = arrays.first else {
        throw .unwritable(format: format, found: "\(arrays.count) arrays", expected: "one array")
      }
      return first.array
    }
  }

  /// The arrays with their names, for a format that holds several.
  func several(_ format: String) throws(FormatError) -> [NamedArray] {
    switch self {
    case .array(let array): return [NamedArray("x", array)]
    case .named(let arrays):
      var seen: Set<String> = []
      for entry in arrays where !seen.insert(entry.name).inserted {
        throw .unwritable(
          format: format, found: "\"\(entry.name)\" twice", expected: "each name once")
      }
      return arrays
    }
  }
}
