/// Where a name's value stands when code runs.
enum Place {
  /// In the frame so many functions out, at a slot.
  case slot(depth: Int, index: Int)
  case global(Globals.Cell)
}

/// The names of one function while it is compiled, or those of a cell outside of all functions.
///
/// Names that a function assigns are its own; outside of functions assigned names are global. Names
/// that a comprehension or an expectation binds have slots of their own wherever they stand.
final class Scope {
  private let parent: Scope?
  private let globals: Globals
  private let isFunction: Bool
  private var locals: [String: Int] = [:]
  /// Names bound by the comprehensions and expectations around the present place, innermost last.
  private var bound: [(name: String, slot: Int)] = []
  private(set) var slotCount = 0
  /// Slots of enclosing functions and global names that the function uses, nested functions included.
  private(set) var usedGlobals: [Globals.Cell] = []
  private(set) var usedSlots: [(depth: Int, index: Int)] = []

  /// The scope of a cell.
  init(_ globals: Globals) {
    parent = nil
    self.globals = globals
    isFunction = false
  }

  init(function names: [String], in parent: Scope) {
    self.parent = parent
    globals = parent.globals
    isFunction = true
    for name in names where locals[name] == nil { locals[name] = newSlot() }
  }

  func newSlot() -> Int {
    slotCount += 1
    return slotCount - 1
  }

  /// Does `body` with names that live there only; their slots go with them.
  func binding<Result>(_ names: [String], _ body: ([Int]) -> Result) -> Result {
    let before = bound.count
    defer { bound.removeLast(bound.count - before) }
    var slots: [Int] = []
    for name in names {
      let slot = newSlot()
      slots.append(slot)
      bound.append((name, slot))
    }
    return body(slots)
  }

  /// The names bound at a place, to compile more there later.
  struct Bindings {
    fileprivate let bound: [(name: String, slot: Int)]
  }

  var bindings: Bindings { Bindings(bound: bound) }

  func resuming<Result>(_ bindings: Bindings, _ body: () -> Result) -> Result {
    let before = bound
    bound = bindings.bound
    defer { bound = before }
    return body()
  }

  /// Binds further names until the `binding` around this call ends.
  func bind(_ names: [String]) -> [Int] {
    names.map { name in
      let slot = newSlot()
      bound.append((name, slot))
      return slot
    }
  }

  /// What reading a name reads.
  func place(_ name: String) -> Place {
    if let slot = ownSlot(name) { return .slot(depth: 0, index: slot) }
    var depth = 0
    var scope = parent
    while let outer = scope {
      depth += 1
      if let slot = outer.ownSlot(name) {
        use(depth, slot)
        return .slot(depth: depth, index: slot)
      }
      scope = outer.parent
    }
    let cell = globals.cell(name)
    use(cell)
    return .global(cell)
  }

  /// What assigning a name sets.
  func target(_ name: String) -> Place {
    if let slot = ownSlot(name) { return .slot(depth: 0, index: slot) }
    if isFunction {
      let slot = newSlot()
      locals[name] = slot
      return .slot(depth: 0, index: slot)
    }
    return .global(globals.cell(name))
  }

  private func ownSlot(_ name: String) -> Int? {
    bound.last { $0.name == name }?.slot ?? locals[name]
  }

  private func use(_ cell: Globals.Cell) {
    var scope: Scope? = self
    while let function = scope, function.isFunction {
      if !function.usedGlobals.contains(where: { $0 === cell }) {
        function.usedGlobals.append(cell)
      }
      scope = function.parent
    }
  }

  private func use(_ depth: Int, _ slot: Int) {
    var (rest, scope) = (depth, self as Scope?)
    while let function = scope, rest > 0 {
      if !function.usedSlots.contains(where: { $0 == (rest, slot) }) {
        function.usedSlots.append((rest, slot))
      }
      rest -= 1
      scope = function.parent
    }
  }
}

/// Finds the names that statements assign, without those of functions within.
enum AssignedNames {
  static func of(_ body: Expression) -> [String] {
    var names: [String] = []
    visit(body, &names)
    return names
  }

  private static func visit(_ expression: Expression, _ names: inout [String]) {
    if case .lambda = expression.kind { return }
    var found = names
    expression.kind.forEachChild({ visit($0, &found) }, { visit($0, &found) })
    names = found
  }

  private static func visit(_ statement: Statement, _ names: inout [String]) {
    switch statement.kind {
    case .assign(let targets, _): for target in targets { add(target, &names) }
    case .augment(let target, _, _, _): add(target, &names)
    case .define(let name, _):
      names.append(name.text)
      return
    case .draw(let pattern, _), .for(let pattern, _, _): names += pattern.names.map(\.text)
    case .derive: return
    case .expression, .while, .break, .continue, .return, .check, .assert, .fails, .predict,
      .malformed:
      break
    }
    var found = names
    statement.kind.forEachChild({ visit($0, &found) }, { visit($0, &found) })
    names = found
  }

  private static func add(_ target: Target, _ names: inout [String]) {
    switch target {
    case .name(let name): names.append(name.text)
    case .tuple(let targets, _): for target in targets { add(target, &names) }
    case .member, .index: break
    }
  }
}
