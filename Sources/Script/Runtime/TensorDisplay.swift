import Glibc
import Tensors

/// Tensors as text: small ones whole, in columns; large ones by shape, type, range and a corner.
struct TensorDisplay {
  private static let wholeCount = 200
  private static let wholeRows = 24
  /// Rows and columns of a corner: so many from each end.
  private static let edge = 3

  private let tensor: Tensor
  private let width: Int
  private let style: NumberStyle

  private init(_ tensor: Tensor, width: Int) {
    self.tensor = tensor.detached
    self.width = max(20, width)
    style = NumberStyle(tensor)
  }

  /// One line or several, without a line feed at the end.
  static func text(_ tensor: Tensor, width: Int) -> String {
    let display = TensorDisplay(tensor, width: width)
    if tensor.rank == 0 { return number(tensor) + suffix(tensor, onlyOdd: true) }
    guard tensor.count > 0 else { return display.heading }
    if display.isWhole { return display.brackets() + suffix(tensor, onlyOdd: true) }
    return display.heading + (tensor.rank <= 2 ? "\n" + display.corner() : "")
  }

  /// One line: the elements of a short vector, else shape and type.
  static func short(_ tensor: Tensor) -> String {
    if tensor.rank == 0 { return number(tensor) }
    if tensor.rank == 1, 1...8 ~= tensor.count {
      return TensorDisplay(tensor, width: 1000).brackets()
    }
    return "tensor \(tensor.shape)" + suffix(tensor, onlyOdd: true)
  }

  /// The one element of a 0-d tensor.
  static func number(_ tensor: Tensor) -> String {
    guard let item = tensor.item else { return "" }
    switch tensor.dtype {
    case .bool: return item != 0 ? "true" : "false"
    case .float32: return NumberText.shortest(Float(item))
    case .float64, .int64: return NumberText.shortest(item)
    }
  }

  /// The type, where one does not see it: integers look like whole floats, and double like single precision.
  private static func suffix(_ tensor: Tensor, onlyOdd: Bool) -> String {
    switch tensor.dtype {
    case .float32, .bool: onlyOdd ? "" : " \(tensor.dtype.name)"
    case .float64: tensor.rank == 0 && onlyOdd ? "" : " \(tensor.dtype.name)"
    case .int64: tensor.rank == 0 && onlyOdd ? "" : " \(tensor.dtype.name)"
    }
  }

  private var isWhole: Bool {
    let rows = tensor.shape.dims.dropLast().reduce(1, *)
    return tensor.count <= Self.wholeCount && rows <= Self.wholeRows
  }

  // MARK: Large tensors

  /// `tensor [1500, 64] float32, from 0 to 1, mean 0.3`.
  private var heading: String {
    var text = "tensor \(tensor.shape)" + Self.suffix(tensor, onlyOdd: false)
    guard tensor.count > 0 else { return text + ", empty" }
    if tensor.dtype == .bool {
      let count = (try? tensor.cast(to: .int64).sum().item) ?? 0
      return text + ", \(NumberText.shortest(count)) true"
    }
    let range = tensor.range
    let mean = (try? tensor.cast(to: .float64).mean().item) ?? .nan
    func brief(_ v: Double) -> String { NumberText.rounded(v, digits: 4) }
    text += ", from \(brief(range.least)) to \(brief(range.greatest))"
    text += ", mean \(brief(mean))"
    if range.nonfinite > 0 { text += ", \(range.nonfinite) not finite" }
    return text
  }

  /// The first and last rows and columns.
  private func corner() -> String {
    let dims = tensor.shape.dims
    let columns = dims[dims.count - 1]
    let shownColumns = Self.ends(columns, room: max(2 * Self.edge, (width - 6) / (style.width + 2)))
    if dims.count == 1 { return "[" + row(0, shownColumns) + "]" }
    let rows = Self.ends(dims[0], room: 2 * Self.edge)
    let lines = rows.map { $0.map { "[" + row($0 * columns, shownColumns) + "]" } ?? "…" }
    return "[" + lines.joined(separator: ",\n ") + "]"
  }

  /// The indices below `count` to show; nil where some are left out.
  private static func ends(_ count: Int, room: Int) -> [Int?] {
    if count <= room { return (0..<count).map { $0 } }
    let half = room / 2
    return (0..<half).map { $0 } + [nil] + ((count - half)..<count).map { $0 }
  }

  private func row(_ start: Int, _ columns: [Int?]) -> String {
    columns.map { $0.map { style.text(tensor[flat: start + $0]) } ?? "…" }.joined(separator: ", ")
  }

  // MARK: Small tensors

  private func brackets() -> String {
    if tensor.rank == 1 {
      let line =
        "["
        + (0..<tensor.count).map { style.unpadded(tensor[flat: $0]) }
        .joined(separator: ", ") + "]"
      if line.count <= width { return line }
    }
    let lines = block(0, 0, indent: 1)
    return lines.joined(separator: "\n")
  }

  /// The lines of the part that begins at an element, at a depth of brackets.
  private func block(_ start: Int, _ depth: Int, indent: Int) -> [String] {
    let dims = tensor.shape.dims
    if depth == dims.count - 1 { return vector(start, dims[depth], indent: indent) }
    let size = dims[(depth + 1)...].reduce(1, *)
    var lines: [String] = []
    let gap = dims.count - depth - 2
    for i in 0..<dims[depth] {
      var part = block(start + i * size, depth + 1, indent: indent + 1)
      let isLast = i == dims[depth] - 1
      part[0] = (i == 0 ? "[" : " ") + part[0]
      for k in part.indices.dropFirst() where !part[k].isEmpty { part[k] = " " + part[k] }
      part[part.count - 1] += isLast ? "]" : ","
      lines += part
      // A blank line between matrices.
      if !isLast { lines += [String](repeating: "", count: min(gap, 1)) }
    }
    return lines
  }

  private func vector(_ start: Int, _ count: Int, indent: Int) -> [String] {
    let cells = (0..<count).map { style.text(tensor[flat: start + $0]) }
    let perLine = max(1, (width - indent - 2) / (style.width + 2))
    guard count > perLine else { return ["[" + cells.joined(separator: ", ") + "]"] }
    var lines: [String] = []
    for first in stride(from: 0, to: count, by: perLine) {
      let part = cells[first..<min(first + perLine, count)].joined(separator: ", ")
      lines.append((first == 0 ? "[" : " ") + part + (first + perLine < count ? "," : "]"))
    }
    return lines
  }
}

/// How the numbers of one tensor are written, so that they stand in columns.
private struct NumberStyle {
  private enum Form {
    case truth
    case whole
    case fixed(Int)
    case scientific
  }

  private let form: Form
  private(set) var width = 0

  /// Significant digits of the largest number.
  private static let digits = 5

  init(_ tensor: Tensor) {
    let shown = NumberStyle.sample(tensor)
    form = NumberStyle.form(tensor.dtype, shown)
    width = shown.map { unpadded($0).count }.max() ?? 0
  }

  /// Elements that decide: all of a small tensor, the ends of a large one.
  private static func sample(_ tensor: Tensor) -> [Double] {
    let n = tensor.count
    if n <= 400 { return tensor.values }
    return (0..<200).map { tensor[flat: $0] } + ((n - 200)..<n).map { tensor[flat: $0] }
  }

  private static func form(_ type: DType, _ values: [Double]) -> Form {
    if type == .bool { return .truth }
    if type == .int64 { return .whole }
    let finite = values.filter(\.isFinite)
    let largest = finite.reduce(0) { max($0, abs($1)) }
    if finite.allSatisfy({ $0 == $0.rounded() }), largest < 1e7 { return .whole }
    guard largest < 1e7, largest >= 1e-4 else { return .scientific }
    let most = min(8, max(largest < 1e5 ? 4 : 2, digits - 1 - Int(log10(largest).rounded(.down))))
    return .fixed(finite.reduce(0) { max($0, needed($1, most)) })
  }

  /// How many decimals a number needs, up to a limit.
  private static func needed(_ value: Double, _ most: Int) -> Int {
    var text = Formatting.printf("f", value, most)
    while text.hasSuffix("0"), text.contains(".") { text.removeLast() }
    return text.split(separator: ".").dropFirst().first?.count ?? 0
  }

  func text(_ value: Double) -> String {
    let text = unpadded(value)
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }

  func unpadded(_ value: Double) -> String {
    if !value.isFinite { return NumberText.shortest(value) }
    switch form {
    case .truth: return value != 0 ? "true" : "false"
    case .whole: return NumberText.shortest(value)
    case .scientific: return value == 0 ? "0" : Formatting.printf("e", value, 4)
    case .fixed(let decimals):
      // What would read as 0 and is not shows its size.
      if value != 0, abs(value) < 0.5 * Operators.number(.power, 10, -Double(decimals)) {
        return Formatting.printf("e", value, 0)
      }
      return Formatting.printf("f", value, decimals)
    }
  }
}
