/// The names outside of all functions.
final class Globals {
  /// A name, what the script means by it, and what it means if the script says nothing.
  final class Cell {
    let name: String
    var value: Value?
    var builtin: Value?

    init(_ name: String) { self.name = name }
  }

  private(set) var cells: [String: Cell] = [:]
  var builtins: [String: Builtin] = [:]

  /// Compiled code holds on to cells, so that a look-up is one read.
  func cell(_ name: String) -> Cell {
    if let cell = cells[name] { return cell }
    let cell = Cell(name)
    cells[name] = cell
    return cell
  }
}
