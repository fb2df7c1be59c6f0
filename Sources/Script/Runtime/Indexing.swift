import Tensors

/// One subscript of `x[...]`, worked out.
enum Index {
  case value(Value)
  case slice(Int?, Int?, Int?)
  case ellipsis
  case newAxis
}

/// `x[...]`, read and written.
enum Indexing {
  static func element(_ base: Value, _ indices: [Index]) throws -> Value {
    switch base {
    case .tensor(let tensor): return try element(tensor, indices)
    case .variable(let variable): return try element(variable.tensor, indices)
    case .list(let list):
      if indices.count > 1 || indices.contains(where: \.isTensor) {
        return try element(Conversion.tensor(base), indices)
      }
      return try element(list.elements, indices) { .list(ListObject($0)) }
    case .tuple(let elements): return try element(elements, indices) { .tuple($0) }
    case .text(let text):
      return try element(text.map { .text(String($0)) }, indices) { parts in
        .text(parts.map { $0.textValue ?? "" }.joined())
      }
    case .record(let record):
      let name = try key(indices)
      if let value = record[name] { return value }
      let suggestion = DidYouMean.suggestion(for: name, among: record.names)
      throw ScriptError.noMember(name, of: "the record", suggestion: suggestion)
    case .object(let object):
      if let parts = object.parts {
        return try element(parts, indices) { object.joined($0) }
      }
      if indices.count == 1, case .value(let index) = indices[0],
        let value = try object.element(index)
      {
        return value
      }
    case .none, .bool, .number, .function, .distribution, .dtype: break
    }
    var hints: [String] = []
    if case .function(let function) = base, !function.name.isEmpty {
      hints = ["a call takes parentheses: `\(function.name)([1, 2])`"]
    }
    throw ScriptError.message("\(base.description) has no elements", hints: hints)
  }

  private static func element(_ tensor: Tensor, _ indices: [Index]) throws -> Value {
    Conversion.value(try tensor.indexed(indices.map(subscripted)))
  }

  private static func element(
    _ elements: [Value], _ indices: [Index], _ rebuild: ([Value]) -> Value
  ) throws -> Value {
    guard indices.count == 1 else {
      throw ScriptError.message("expected one index, found \(indices.count)")
    }
    switch indices[0] {
    case .value(let index): return elements[try position(index, elements.count)]
    case .slice(let low, let high, let step):
      return rebuild(try range(low, high, step, elements.count).map { elements[$0] })
    case .ellipsis: return rebuild(elements)
    case .newAxis: throw ScriptError.kind("index", expected: "a whole number", found: .none)
    }
  }

  /// The place in a list of so many that an index means.
  static func position(_ index: Value, _ count: Int) throws -> Int {
    guard let i = Conversion.whole(index) else {
      throw ScriptError.kind("index", expected: "a whole number", found: index)
    }
    guard i >= -count, i < count else { throw TensorError.indexOutOfRange(i, extent: count) }
    return i < 0 ? i + count : i
  }

  /// The places that a Python slice means.
  private static func range(_ low: Int?, _ high: Int?, _ step: Int?, _ n: Int) throws -> [Int] {
    let step = step ?? 1
    guard step != 0 else { throw ScriptError.message("step: expected one that is not 0") }
    func bound(_ i: Int, _ least: Int, _ most: Int) -> Int {
      min(max(i < 0 ? i + n : i, least), most)
    }
    if step > 0 {
      return Array(stride(from: bound(low ?? 0, 0, n), to: bound(high ?? n, 0, n), by: step))
    }
    let first = low.map { bound($0, -1, n - 1) } ?? n - 1
    let last = high.map { bound($0, -1, n - 1) } ?? -1
    return Array(stride(from: first, to: last, by: step))
  }

  private static func key(_ indices: [Index]) throws -> String {
    if indices.count == 1, case .value(.text(let name)) = indices[0] { return name }
    if indices.count == 1, case .value(let value) = indices[0] {
      throw ScriptError.kind("index", expected: "a field's name, as a text", found: value)
    }
    throw ScriptError.message("index: expected a field's name, as a text")
  }

  private static func subscripted(_ index: Index) throws -> Tensors.Subscript {
    switch index {
    case .slice(let low, let high, let step): return .slice(low, high, step ?? 1)
    case .ellipsis: return .ellipsis
    case .newAxis: return .newAxis
    case .value(let value):
      if case .none = value { return .newAxis }
      if case .number(let number) = value, let i = Int(exactly: number) { return .at(i) }
      if value.sequence != nil || value.storedTensor != nil {
        let tensor = try Conversion.tensor(value, "index")
        if tensor.dtype != .bool, tensor.rank == 0, let i = Conversion.whole(value) {
          return .at(i)
        }
        return .tensor(tensor.detached)
      }
      throw ScriptError.kind("index", expected: "a whole number", found: value)
    }
  }

  // MARK: Writing

  /// Carries out `base[indices] = value`: a list or a record is changed, a tensor replaced.
  static func assign(_ base: inout Value, _ indices: [Index], _ value: Value) throws {
    switch base {
    case .list(let list):
      guard indices.count == 1, case .value(let index) = indices[0] else {
        throw ScriptError.message("a list is changed one element at a time")
      }
      list.elements[try position(index, list.elements.count)] = value
    case .record(let record): record[try key(indices)] = value
    case .variable(let variable):
      var tensor = variable.tensor.detached
      try tensor.assign(indices.map(subscripted), operand(value, for: tensor.dtype))
      try variable.assign(tensor)
    case .tensor:
      let subscripts = try indices.map(subscripted)
      // The tensor is taken out of its box, so that nobody else holds it and it need not be copied.
      guard var tensor = take(&base) else { return }
      defer { base = .tensor(tensor) }
      try tensor.assign(subscripts, operand(value, for: tensor.dtype))
    case .none, .bool, .number, .text, .tuple, .function, .distribution, .dtype, .object:
      throw ScriptError.message("elements of \(base.description) cannot be set")
    }
  }

  private static func operand(_ value: Value, for type: DType) throws -> Tensor {
    let tensor = try Conversion.tensor(value)
    guard !type.isFloating, tensor.dtype.isFloating else { return tensor }
    // Plain numbers are floats; whole ones go into tensors of integers.
    guard let whole = Conversion.wholes(tensor.detached) else {
      throw TensorError.dtype(
        tensor.dtype, expected: "\(type.name), as the tensor is; float(x) makes one of floats")
    }
    return try Tensor(whole, tensor.shape)
  }

  private static func take(_ value: inout Value) -> Tensor? {
    guard case .tensor(let tensor) = value else { return nil }
    value = .none
    return tensor
  }

  /// Changes the element that one index means, in place where it can be.
  static func modify(
    _ base: inout Value, _ indices: [Index], _ body: (inout Value) throws -> Void
  ) throws {
    switch base {
    case .list(let list) where indices.count == 1:
      guard case .value(let index) = indices[0] else { break }
      let i = try position(index, list.elements.count)
      var element = Value.none
      swap(&element, &list.elements[i])
      // The list may have changed meanwhile, but for this place.
      defer { if i < list.elements.count { list.elements[i] = element } }
      try body(&element)
      return
    case .record(let record):
      let name = try key(indices)
      guard var element = record.take(name) else { break }
      defer { record[name] = element }
      try body(&element)
      return
    default: break
    }
    var element = try element(base, indices)
    try body(&element)
    try assign(&base, indices, element)
  }
}

extension Index {
  fileprivate var isTensor: Bool {
    if case .value(let value) = self, let tensor = value.storedTensor { return tensor.rank > 0 }
    return false
  }
}

extension Value {
  fileprivate var textValue: String? {
    if case .text(let text) = self { text } else { nil }
  }
}
