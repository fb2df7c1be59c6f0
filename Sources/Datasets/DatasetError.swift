import Formats

/// Why there is no data set.
package enum DatasetError: Error, Equatable {
  case unknown(name: String, known: [String])
  case noParameter(dataset: String, name: String, known: [String])
  case badParameter(dataset: String, name: String, value: Double, expected: String)
  /// None of `names` is in any of `folders`.
  case notFound(dataset: String, names: [String], folders: [String], hint: String)
  case damaged(path: String, FormatError)
  /// A file is whole, but not what the data set needs.
  case unfit(path: String, found: String, expected: String)
  case unevenRows([Int])
  case badBatchSize(Int)
}

extension DatasetError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknown(let name, let known):
      return "no data set is called \"\(name)\"; there are \(known.joined(separator: ", "))"
    case .noParameter(let dataset, let name, let known):
      let list = known.isEmpty ? "none" : known.joined(separator: ", ")
      return "the data set \(dataset) takes no \(name); it takes \(list)"
    case .badParameter(let dataset, let name, let value, let expected):
      return "the data set \(dataset): \(name) is \(Self.short(value)), expected \(expected)"
    case .notFound(let dataset, let names, let folders, let hint):
      let list = names.joined(separator: " or ")
      let places =
        folders.isEmpty
        ? "no data folder is known" : "searched \(folders.joined(separator: ", "))"
      return "the data set \(dataset) needs \(list): \(places); \(hint)"
    case .damaged(let path, let error): return "\(path): \(error)"
    case .unfit(let path, let found, let expected):
      return "\(path) holds \(found), expected \(expected)"
    case .unevenRows(let counts):
      return "batches are taken from tensors with equally many rows, found \(counts)"
    case .badBatchSize(let size): return "a batch has \(size) rows, expected at least 1"
    }
  }

  /// A number without the `.0` of a whole one.
  static func short(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
