import Tensors

/// All combinations of the points that the `for`s of a derivation name; one without names where there is none.
struct DerivationPoints {
  private struct Point {
    let values: [Value]
    let name: String
  }

  private let code: DeriveCode
  private let frame: Frame
  private var points: [Point] = []

  private static let draws = 5

  init(_ code: DeriveCode, _ frame: Frame) throws {
    self.code = code
    self.frame = frame
    try collect([], [])
    if points.isEmpty {
      throw frame.located(
        ScriptError.message("no points: nothing is compared"),
        at: code.points.first?.values.span ?? code.span)
    }
  }

  var count: Int { points.count }

  /// A source may depend on the names before it.
  private mutating func collect(_ values: [Value], _ names: [String]) throws {
    guard values.count < code.points.count else {
      points.append(Point(values: values, name: names.joined(separator: ", ")))
      return
    }
    let source = code.points[values.count]
    for value in try elements(source) {
      let point = try Self.widened(value)
      try source.pattern.bind(point, frame)
      try collect(values + [point], names + ["\(source.names) = \(Self.text(value))"])
    }
  }

  private func elements(_ source: DeriveCode.Points) throws -> [Value] {
    if let elements = source.elements { return try elements.map { try $0.evaluate(frame) } }
    let value = try source.values.evaluate(frame)
    do {
      if source.isDrawn {
        return try (0..<Self.draws).map { _ in try Drawing.draw(from: value, frame.interpreter) }
      }
      guard let elements = try Iteration.elements(of: value, frame.interpreter) else {
        throw ScriptError.kind("", expected: "points to walk over", found: value)
      }
      return elements
    } catch { throw frame.located(error, at: source.values.span) }
  }

  /// Calls `body` at every point, its names bound.
  func visit(_ body: (String) throws -> Void) throws {
    for point in points {
      for (source, value) in zip(code.points, point.values) {
        try source.pattern.bind(value, frame)
      }
      try body(point.name)
    }
  }

  /// Calls `body` at one point.
  func visit(only i: Int, _ body: () throws -> Void) throws {
    guard points.indices.contains(i) else { return }
    for (source, value) in zip(code.points, points[i].values) {
      try source.pattern.bind(value, frame)
    }
    try body()
  }

  /// Single floats as plain numbers, tensors in float64.
  private static func widened(_ value: Value) throws -> Value {
    switch value {
    case .tensor, .variable:
      guard let tensor = value.storedTensor?.detached, tensor.dtype.isFloating else { return value }
      if tensor.rank == 0, let number = tensor.item { return .number(number) }
      return .tensor(try tensor.cast(to: .float64))
    case .tuple(let elements): return .tuple(try elements.map(widened))
    case .list(let list): return .list(ListObject(try list.elements.map(widened)))
    case .none, .bool, .number, .text, .record, .function, .distribution, .dtype, .object:
      return value
    }
  }

  /// Short, as a message wants it.
  private static func text(_ value: Value) -> String {
    if let number = value.scalar { return NumberText.rounded(number, digits: 4) }
    if case .tuple(let elements) = value {
      return "(" + elements.map(text).joined(separator: ", ") + ")"
    }
    if let tensor = value.storedTensor, tensor.rank == 1, tensor.count <= 6 {
      return "[" + tensor.values.map { NumberText.rounded($0, digits: 4) }.joined(separator: ", ")
        + "]"
    }
    return Display.short(value)
  }
}
