/// A list: shared by all names that name it, as in Python.
package final class ListObject {
  package var elements: [Value]

  package init(_ elements: [Value] = []) { self.elements = elements }

  /// Throws: where so many elements are more than any list of use has: what grows so far has no end.
  static func checkCount(_ count: Int) throws {
    guard count > longest else { return }
    throw ScriptError.message("a list of more than \(longest) elements")
  }

  private static let longest = 50_000_000

  /// A list within a list and so on is taken apart in a loop: freed from within each other, a hundred
  /// thousand of them would overflow the stack.
  deinit {
    var values = elements
    elements = []
    Teardown.release(&values)
  }
}

/// A record: fields in the order in which they were first set, shared like a list.
package final class RecordObject {
  package private(set) var names: [String] = []
  private var fields: [String: Value] = [:]

  package init(_ fields: [(String, Value)] = []) {
    for (name, value) in fields { self[name] = value }
  }

  package subscript(name: String) -> Value? {
    get { fields[name] }
    set {
      guard let newValue else {
        if fields.removeValue(forKey: name) != nil { names.removeAll { $0 == name } }
        return
      }
      if fields.updateValue(newValue, forKey: name) == nil { names.append(name) }
    }
  }

  package var values: [Value] { names.compactMap { fields[$0] } }
  package var items: [(name: String, value: Value)] {
    names.compactMap { name in fields[name].map { (name, $0) } }
  }
  package var count: Int { names.count }

  /// Takes a field's value out for a change in place; the caller puts one back.
  func take(_ name: String) -> Value? { fields.updateValue(.none, forKey: name) }

  fileprivate func removeAll() {
    names = []
    fields = [:]
  }

  deinit {
    var values = Array(fields.values)
    fields = [:]
    Teardown.release(&values)
  }
}

/// Frees nested containers without recursion.
private enum Teardown {
  static func release(_ values: inout [Value]) {
    guard values.contains(where: \.isContainer) else { return }
    var pending = values
    values = []
    while let value = pending.popLast() {
      switch consume value {
      case .list(var list):
        if isKnownUniquelyReferenced(&list) {
          pending += list.elements
          list.elements = []
        }
      case .record(var record):
        if isKnownUniquelyReferenced(&record) {
          pending += record.values
          record.removeAll()
        }
      case .tuple(let elements): pending += elements
      default: break
      }
    }
  }
}

extension Value {
  fileprivate var isContainer: Bool {
    switch self {
    case .list, .tuple, .record: true
    default: false
    }
  }
}
