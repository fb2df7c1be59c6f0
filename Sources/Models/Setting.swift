import Tensors

/// A setting of a layer or an optimiser: its name, its kind, and what stands where it is left out.
package struct Setting: Sendable {
  package enum Kind: Sendable {
    /// A whole number of at least 0.
    case size
    /// One whole number, or one for each dimension.
    case sizes
    /// Sizes, or a word that stands for them.
    case sizesOrText
    /// All the whole numbers given in a row.
    case widths
    case number
    case numbers
    case flag
    case text
    /// A layer, or a function that serves as one.
    case layer
  }

  package enum Fallback: Sendable {
    case none
    case size(Int)
    case number(Double)
    case numbers([Double])
    case flag(Bool)
    case text(String)
    /// The activation of that name.
    case activation(String)
  }

  package let name: String
  package let kind: Kind
  /// Nil: the setting is required.
  package let fallback: Fallback?

  package init(_ name: String, _ kind: Kind, _ fallback: Fallback? = nil) {
    self.name = name
    self.kind = kind
    self.fallback = fallback
  }
}

/// The values of an object's settings, one for each that it declares.
package struct SettingValues {
  package enum Value {
    case size(Int)
    case sizes([Int])
    case number(Double)
    case numbers([Double])
    case flag(Bool)
    case text(String)
    case layer(any Layer)

    /// As one would write it.
    var text: String {
      switch self {
      case .size(let n): "\(n)"
      case .sizes(let n): "(" + n.map(String.init).joined(separator: ", ") + ")"
      case .number(let v): v.plain
      case .numbers(let v): "(" + v.map(\.plain).joined(separator: ", ") + ")"
      case .flag(let b): "\(b)"
      case .text(let s): "\"\(s)\""
      case .layer(let layer): layer.description
      }
    }
  }

  package let settings: [Setting]
  private let given: [Value?]

  /// `given` has one element for each setting, in order; missing ones at the end are absent.
  ///
  /// Throws: where a required one is absent.
  package init(_ settings: [Setting], _ given: [Value?]) throws {
    self.settings = settings
    self.given = settings.indices.map { $0 < given.count ? given[$0] : nil }
    for (setting, value) in zip(settings, self.given)
    where value == nil && setting.fallback == nil {
      throw ModelError.missing(setting.name)
    }
  }

  private func mismatch(_ i: Int, _ expected: String) -> ModelError {
    .setting(settings[i].name, expected: expected, found: given[i]?.text ?? "nothing")
  }

  /// As one would write it, with what was given: `conv(1, 16, 3, stride=2)`.
  package func description(_ name: String) -> String {
    let parts = zip(settings, given).compactMap { setting, value in
      value.map { setting.fallback == nil ? $0.text : "\(setting.name)=\($0.text)" }
    }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }

  /// A whole number of at least `least`.
  package func size(_ i: Int, atLeast least: Int = 1) throws -> Int {
    guard let n = try optionalSize(i) else { throw mismatch(i, "a whole number") }
    guard n >= least else { throw mismatch(i, "a whole number of at least \(least)") }
    return n
  }

  package func optionalSize(_ i: Int) throws -> Int? {
    switch (given[i], settings[i].fallback) {
    case (.size(let n), _), (nil, .size(let n)): return n
    case (nil, _): return nil
    default: throw mismatch(i, "a whole number")
    }
  }

  /// One size a dimension, each of at least `least`.
  package func sizes(_ i: Int, count: Int, atLeast least: Int) throws -> [Int] {
    let all: [Int]
    switch (given[i], settings[i].fallback) {
    case (.size(let n), _), (nil, .size(let n)): all = [Int](repeating: n, count: count)
    case (.sizes(let n), _): all = n
    default: throw mismatch(i, "a whole number or \(count)")
    }
    guard all.count == count else { throw mismatch(i, "a whole number or \(count)") }
    guard all.allSatisfy({ $0 >= least }) else {
      throw mismatch(i, "whole numbers of at least \(least)")
    }
    return all
  }

  /// The word that stands for sizes; nil where sizes are given.
  package func word(_ i: Int) -> String? {
    if case .text(let word) = given[i] { word } else { nil }
  }

  package func widths(_ i: Int) throws -> [Int] {
    switch given[i] {
    case .size(let n): return [n]
    case .sizes(let n): return n
    default: throw mismatch(i, "whole numbers")
    }
  }

  package func number(_ i: Int) throws -> Double {
    switch (given[i], settings[i].fallback) {
    case (.number(let v), _), (nil, .number(let v)): return v
    case (.size(let n), _), (nil, .size(let n)): return Double(n)
    default: throw mismatch(i, "a number")
    }
  }

  /// A number within bounds, which are included.
  package func number(_ i: Int, in range: ClosedRange<Double>) throws -> Double {
    let v = try number(i)
    guard range.contains(v) else {
      let bound =
        range.upperBound == .infinity
        ? "a number of at least \(range.lowerBound.plain)"
        : "a number from \(range.lowerBound.plain) to \(range.upperBound.plain)"
      throw mismatch(i, bound)
    }
    return v
  }

  package func numbers(_ i: Int, count: Int) throws -> [Double] {
    let all: [Double]
    switch (given[i], settings[i].fallback) {
    case (.numbers(let v), _), (nil, .numbers(let v)): all = v
    case (.sizes(let n), _): all = n.map(Double.init)
    default: throw mismatch(i, "\(count) numbers")
    }
    guard all.count == count else { throw mismatch(i, "\(count) numbers") }
    return all
  }

  package func flag(_ i: Int) throws -> Bool {
    switch (given[i], settings[i].fallback) {
    case (.flag(let b), _), (nil, .flag(let b)): return b
    default: throw mismatch(i, "true or false")
    }
  }

  package func layer(_ i: Int) throws -> any Layer {
    switch (given[i], settings[i].fallback) {
    case (.layer(let layer), _): return layer
    case (nil, .activation(let name)): return try FunctionLayer(activation: name)
    default: throw mismatch(i, "a layer or a function")
    }
  }
}
