import Tensors

/// Lists, records, and what walks over them.
enum ListBuiltins {
  static let all: [Builtin] = [
    len, list, tuple, set, enumerate, zip, map, filter, reversed, sorted, keys, values, items,
  ]

  private static func make(
    _ name: String, _ parameters: [Builtin.Parameter], _ about: String, _ examples: [String] = [],
    _ call: @escaping (Invocation) throws -> Value
  ) -> Builtin {
    Builtin(name, in: "Lists and records", parameters, about: about, examples: examples, call)
  }

  private static let len = make("len", [.init("x")], "how many elements x has") { call in
    guard let count = Iteration.count(of: call.value(0)) else {
      throw call.mismatch(0, "something with elements")
    }
    return .number(Double(count))
  }

  private static let list = make(
    "list", [.init("x", .list, .tuple([]))], "a new list of the elements of x"
  ) { .list(ListObject(try $0.list(0))) }

  private static let tuple = make(
    "tuple", [.init("x", .list, .tuple([]))], "a tuple of the elements of x"
  ) { .tuple(try $0.list(0)) }

  private static let set = make(
    "set", [.init("x", .list)], "a list of the distinct elements of x, as they first come",
    ["sorted(set(text))"]
  ) { call in
    var distinct: [Value] = []
    var texts: Set<String> = []
    for element in try call.list(0) {
      if case .text(let text) = element {
        if texts.insert(text).inserted { distinct.append(element) }
      } else if try !distinct.contains(where: { try Comparisons.equal($0, element) }) {
        distinct.append(element)
      }
    }
    return try ListCode.bracket(distinct, isNested: false, type: call.interpreter.defaultType)
  }

  private static let enumerate = make(
    "enumerate", [.init("x"), .init("start", .size, .number(0))],
    "each element with its number: for i, x in enumerate(xs)"
  ) { call in
    let next = try Iteration.start(call.value(0), call.interpreter)
    var i = try call.number(1)
    return .object(
      Walk("enumerate", count: Iteration.count(of: call.value(0))) {
        guard let value = try next() else { return nil }
        defer { i += 1 }
        return .tuple([.number(i), value])
      })
  }

  private static let zip = make(
    "zip", [.rest("lists")], "elements side by side, as many as the shortest has"
  ) { call in
    let nexts = try call.rest.map { try Iteration.start($0, call.interpreter) }
    let count = call.rest.compactMap { Iteration.count(of: $0) }.min()
    return .object(
      Walk("zip", count: count) {
        var row: [Value] = []
        for next in nexts {
          guard let value = try next() else { return nil }
          row.append(value)
        }
        return row.isEmpty ? nil : .tuple(row)
      })
  }

  private static let map = make(
    "map", [.init("f", .function), .rest("lists")], "the list of f(x) for every x"
  ) { call in
    let f = try call.function(0)
    var results: [Value] = []
    let nexts = try call.rest.map { try Iteration.start($0, call.interpreter) }
    guard !nexts.isEmpty else { throw ScriptError.missingArgument("lists") }
    while true {
      var row: [Value] = []
      for next in nexts {
        guard let value = try next() else {
          return try ListCode.bracket(
            results, isNested: false, type: call.interpreter.defaultType)
        }
        row.append(value)
      }
      results.append(try call.interpreter.call(f, CallArguments(row)))
    }
  }

  private static let filter = make(
    "filter", [.init("f", .function), .init("x", .list)],
    "the list of those x for which f(x) is true"
  ) { call in
    let f = try call.function(0)
    let kept = try call.list(1).filter { try Truth.of(call.apply(f, $0)) }
    return try ListCode.bracket(kept, isNested: false, type: call.interpreter.defaultType)
  }

  private static let reversed = make(
    "reversed", [.init("x")], "the elements of x from the last to the first"
  ) { call in
    if let tensor = call.value(0).storedTensor, tensor.rank > 0 {
      return .tensor(try tensor.flipped([0]))
    }
    if case .text(let text) = call.value(0) { return .text(String(text.reversed())) }
    return .list(ListObject(try call.list(0).reversed()))
  }

  private static let sorted = make(
    "sorted", [.init("x"), .named("key", .function), .named("reverse", .flag, .bool(false))],
    "the elements of x in order, the least first"
  ) { call in
    let descending = try call.flag(2)
    if !call.isGiven(1), let tensor = call.value(0).storedTensor {
      return .tensor(try tensor.sorted(0, descending: descending).0)
    }
    return .list(ListObject(try sort(call.list(0), call, key: 1, descending)))
  }

  private static func sort(
    _ elements: [Value], _ call: Invocation, key: Int, _ descending: Bool
  ) throws -> [Value] {
    let keys =
      call.isGiven(key)
      ? try elements.map { try call.apply(call.function(key), $0) } : elements
    let order = try elements.indices.sorted { i, j in
      let (a, b) = descending ? (keys[j], keys[i]) : (keys[i], keys[j])
      return try Truth.of(Comparisons.compare(.less, a, b))
    }
    return order.map { elements[$0] }
  }

  // MARK: Records

  private static let keys = make(
    "keys", [.init("record", .record)], "the names of a record's fields"
  ) { .list(ListObject(try $0.record(0).names.map { .text($0) })) }

  private static let values = make(
    "values", [.init("record", .record)], "the values of a record's fields"
  ) { .list(ListObject(try $0.record(0).values)) }

  private static let items = make(
    "items", [.init("record", .record)], "names and values of a record's fields, in pairs"
  ) { .list(ListObject(try $0.record(0).items.map { .tuple([.text($0.name), $0.value]) })) }

  private static let get = make(
    "get", [.init("record", .record), .init("name", .text), .optional("default")],
    "the field of that name, or the default"
  ) { call in try call.record(0)[call.text(1)] ?? call.value(2) }

  static let recordMethods: [Builtin] = [keys, values, items, get]

  // MARK: Methods of lists

  static let listMethods: [Builtin] = [
    make("append", [.init("list"), .init("x")], "adds x at the end") { call in
      guard case .list(let list) = call.value(0) else { return .none }
      list.elements.append(call.value(1))
      return .none
    },
    make("extend", [.init("list"), .init("xs", .list)], "adds all of xs at the end") { call in
      guard case .list(let list) = call.value(0) else { return .none }
      list.elements += try call.list(1)
      return .none
    },
    make("insert", [.init("list"), .init("i", .size), .init("x")], "puts x before place i") {
      call in
      guard case .list(let list) = call.value(0) else { return .none }
      let i = try call.size(1)
      let n = list.elements.count
      list.elements.insert(call.value(2), at: min(max(i < 0 ? i + n : i, 0), n))
      return .none
    },
    make(
      "pop", [.init("list"), .init("i", .size, .number(-1))],
      "takes the last element, or that at place i, out of the list and gives it"
    ) { call in
      guard case .list(let list) = call.value(0) else { return .none }
      return list.elements.remove(at: try Indexing.position(call.value(1), list.elements.count))
    },
    make("clear", [.init("list")], "takes all elements out") { call in
      if case .list(let list) = call.value(0) { list.elements = [] }
      return .none
    },
    make("reverse", [.init("list")], "turns the list around") { call in
      if case .list(let list) = call.value(0) { list.elements.reverse() }
      return .none
    },
    make(
      "sort", [.init("list"), .named("key", .function), .named("reverse", .flag, .bool(false))],
      "puts the list in order"
    ) { call in
      guard case .list(let list) = call.value(0) else { return .none }
      list.elements = try sort(list.elements, call, key: 1, call.flag(2))
      return .none
    },
    make("index", [.init("list"), .init("x")], "the first place of x") { call in
      guard case .list(let list) = call.value(0) else { return .none }
      for (i, element) in list.elements.enumerated()
      where try Comparisons.equal(element, call.value(1)) {
        return .number(Double(i))
      }
      throw ScriptError.message("\(call.value(1).description) is not in the list")
    },
    make("count", [.init("list"), .init("x")], "how many elements equal x") { call in
      guard case .list(let list) = call.value(0) else { return .none }
      return .number(Double(try list.elements.count { try Comparisons.equal($0, call.value(1)) }))
    },
    make("contains", [.init("list"), .init("x")], "whether an element equals x") { call in
      guard case .list(let list) = call.value(0) else { return .none }
      return .bool(try list.elements.contains { try Comparisons.equal($0, call.value(1)) })
    },
  ]
}

/// What `for` walks over without a list being made of it.
final class Walk: ScriptObject {
  let typeName: String
  let count: Int?
  private let next: Iteration.Next

  init(_ typeName: String, count: Int?, _ next: @escaping Iteration.Next) {
    self.typeName = typeName
    self.count = count
    self.next = next
  }

  func makeIterator(_ interpreter: Interpreter) throws -> Iteration.Next? { next }

  func display(width: Int) -> String {
    "\(typeName)(...): for walks over it, list() makes a list of it"
  }
}
