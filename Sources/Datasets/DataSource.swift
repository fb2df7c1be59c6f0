import Tensors

/// A data set that can be loaded by name, and what may be said about it.
package struct DataSource: Sendable {
  package let name: String
  /// One sentence for the help.
  package let summary: String
  package let parameters: [DataParameter]
  let load: @Sendable (DataRequest) throws -> Dataset

  /// Loads the data set with `arguments` in the place of its defaults.
  ///
  /// Throws: `DatasetError`, or what reading a file throws.
  package func dataset(
    _ arguments: [String: Double] = [:], files: DataFiles, generator: Generator
  ) throws -> Dataset {
    for name in arguments.keys.sorted() where !parameters.contains(where: { $0.name == name }) {
      throw DatasetError.noParameter(
        dataset: self.name, name: name, known: parameters.map(\.name))
    }
    var values: [String: Double] = [:]
    for parameter in parameters {
      let value = arguments[parameter.name] ?? parameter.standard
      guard parameter.allows(value) else {
        throw DatasetError.badParameter(
          dataset: name, name: parameter.name, value: value, expected: parameter.expected)
      }
      values[parameter.name] = value
    }
    return try load(DataRequest(values: values, files: files, generator: generator))
  }
}

/// A number that a generated data set takes.
package struct DataParameter: Sendable {
  package let name: String
  /// Its value where none is given.
  package let standard: Double
  package let isWhole: Bool
  package let range: ClosedRange<Double>

  func allows(_ value: Double) -> Bool {
    range.contains(value) && (!isWhole || value.rounded() == value)
  }

  var expected: String {
    let (least, most) = (DatasetError.short(range.lowerBound), DatasetError.short(range.upperBound))
    return "a \(isWhole ? "whole " : "")number from \(least) to \(most)"
  }
}

/// What a data set is made from.
struct DataRequest {
  /// The value of each parameter, checked.
  let values: [String: Double]
  let files: DataFiles
  let generator: Generator

  subscript(_ parameter: DataParameter) -> Double { values[parameter.name] ?? parameter.standard }
}

/// Every data set.
package enum DataCatalogue {
  package static let all: [DataSource] = [
    Digits.source,
    MNIST.source,
    Moons.source,
  ]

  /// Throws: where none has the name.
  package static func source(_ name: String) throws(DatasetError) -> DataSource {
    guard let source = all.first(where: { $0.name == name }) else {
      throw .unknown(name: name, known: all.map(\.name))
    }
    return source
  }
}
