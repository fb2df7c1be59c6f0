import Plotting
import Script

/// What a plotting command says about looks and labels.
struct Look {
  let label: String
  let colour: Colour?
  let title: String?
  let xLabel: String?
  var yLabel: String?
  let xExtent: Extent?
  let yExtent: Extent?
  var isAdded: Bool
  /// Of a line, where the command takes one.
  let style: String?

  /// What every command that draws over axes takes after its data.
  static let parameters: [Builtin.Parameter] = [
    .named("label", .text, .text("")), .named("color", .text), .named("title", .text),
    .named("xlabel", .text), .named("ylabel", .text), .named("xlim", .sizes),
    .named("ylim", .sizes), .named("add", .flag, .bool(false)),
  ]

  /// With the style of a line.
  static let lineParameters = parameters + [.named("style", .text)]

  /// Reads these parameters, which stand from `first` on.
  init(_ call: Invocation, from first: Int) throws {
    label = try call.optionalText(first) ?? ""
    colour = try call.optionalText(first + 1).map { try Colour(named: $0) }
    title = try call.optionalText(first + 2)
    xLabel = try call.optionalText(first + 3)
    yLabel = try call.optionalText(first + 4)
    xExtent = try Self.extent(call, first + 5)
    yExtent = try Self.extent(call, first + 6)
    isAdded = try call.flag(first + 7)
    style = try call.optionalText(first + 8)
  }

  /// An interval, or nothing where it was left out.
  static func extent(_ call: Invocation, _ i: Int) throws -> Extent? {
    guard call.isGiven(i) else { return nil }
    let ends = try call.list(i).compactMap(\.scalar)
    guard ends.count == 2, let extent = Extent(from: ends[0], to: ends[1]) else {
      throw call.mismatch(i, "two numbers, the lesser first")
    }
    return extent
  }

  func label(_ figure: inout Figure) {
    if let title { figure.title = title }
    if let xLabel { figure.xLabel = xLabel }
    if let yLabel { figure.yLabel = yLabel }
    if let xExtent { figure.xExtent = xExtent }
    if let yExtent { figure.yExtent = yExtent }
  }
}
