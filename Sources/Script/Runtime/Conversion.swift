import Tensors

/// Values as what an operation needs: tensors, whole numbers.
package enum Conversion {
  /// A tensor, or what makes one: a number, a boolean, a list or tuple of such, of one shape.
  ///
  /// Throws: `ScriptError.kind`, with `what` as the name of the argument.
  package static func tensor(_ value: Value, _ what: String = "") throws -> Tensor {
    switch value {
    case .tensor(let tensor): return tensor
    case .variable(let variable): return variable.tensor
    case .number(let number): return try Tensor(number)
    case .bool(let flag): return try Tensor([flag], .scalar)
    case .list(let list): return try stacked(list.elements, value, what)
    case .tuple(let elements): return try stacked(elements, value, what)
    case .object(let object):
      if let number = object.scalar { return try Tensor(number) }
      throw ScriptError.kind(what, expected: "a tensor", found: value)
    case .none, .text, .record, .function, .distribution, .dtype:
      throw ScriptError.kind(what, expected: "a tensor", found: value)
    }
  }

  /// The tensor that a bracket of numbers makes, float32; nil where one of them is no number.
  static func tensorOfNumbers(_ elements: [Value], _ type: DType = .float32) throws -> Tensor? {
    guard !elements.isEmpty else { return nil }
    var numbers: [Double] = []
    numbers.reserveCapacity(elements.count)
    for element in elements {
      guard case .number(let number) = element else { return nil }
      numbers.append(number)
    }
    return try Tensor(numbers, Shape([numbers.count]), type)
  }

  /// Numbers among the elements take the tensors' type.
  private static func stacked(_ elements: [Value], _ whole: Value, _ what: String) throws -> Tensor
  {
    if let tensor = try tensorOfNumbers(elements) { return tensor }
    guard !elements.isEmpty else { return try Tensor.zeros(Shape([0])) }
    var tensors: [Tensor] = []
    for element in elements {
      switch element {
      case .number, .bool, .tensor, .variable, .list, .tuple, .object: break
      case .none, .text, .record, .function, .distribution, .dtype:
        throw ScriptError.kind(
          what, expected: "a tensor", found: whole)
      }
      tensors.append(try tensor(element, what))
    }
    let kept = zip(elements, tensors).filter { !$0.0.isNumber }.map(\.1)
    if kept.count < tensors.count, let type = kept.first?.dtype, type.isFloating {
      tensors = try zip(elements, tensors).map { try $0.isNumber ? $1.cast(to: type) : $1 }
    }
    if let odd = tensors.first(where: { $0.shape != tensors[0].shape }) {
      let prefix = what.isEmpty ? "" : what + ": "
      throw ScriptError.message(
        prefix + "a list makes a tensor where its elements have one shape, "
          + "found \(tensors[0].shape) and \(odd.shape)")
    }
    return try Tensor.stacked(tensors, 0)
  }

  /// The tensors of a list or a tuple, or a tensor's slices.
  package static func tensors(_ value: Value, _ what: String = "") throws -> [Tensor] {
    if let elements = value.sequence { return try elements.map { try tensor($0, what) } }
    let whole = try tensor(value, what)
    guard whole.rank > 0 else {
      throw ScriptError.kind(what, expected: "a list of tensors", found: value)
    }
    return try whole.unstacked()
  }

  /// A whole number that can serve as a size or an index.
  package static func whole(_ value: Value) -> Int? {
    if case .bool = value { return nil }
    guard let number = value.scalar ?? single(value) else { return nil }
    return Int(exactly: number)
  }

  private static func single(_ value: Value) -> Double? { value.storedTensor?.item }

  /// Whole numbers: one, or those of a tuple, a list or a tensor.
  package static func wholes(_ value: Value) -> [Int]? {
    if let elements = value.sequence {
      var sizes: [Int] = []
      for element in elements {
        guard let size = whole(element) else { return nil }
        sizes.append(size)
      }
      return sizes
    }
    if let tensor = value.storedTensor, tensor.rank == 1 {
      return wholes(tensor)
    }
    return whole(value).map { [$0] }
  }

  /// The elements of a tensor that are all whole numbers.
  static func wholes(_ tensor: Tensor) -> [Int]? {
    guard tensor.dtype != .bool, tensor.count <= 1 << 24 else { return nil }
    if tensor.dtype == .int64 { return tensor.integers }
    var sizes: [Int] = []
    for number in tensor.values {
      guard let size = Int(exactly: number) else { return nil }
      sizes.append(size)
    }
    return sizes
  }

  /// A tensor as the value a script gets of it: single booleans and integers are plain ones.
  static func value(_ tensor: Tensor) -> Value {
    guard tensor.rank == 0, !tensor.dtype.isFloating, let item = tensor.item else {
      return .tensor(tensor)
    }
    return tensor.dtype == .bool ? .bool(item != 0) : .number(item)
  }
}

extension Value {
  /// A type of elements, also by the name of the function that converts to it: `bool`, `int`.
  var asDType: DType? {
    switch self {
    case .dtype(let type): type
    case .function(let function):
      switch (function as? BuiltinFunction)?.name {
      case "bool": .bool
      case "int": .int64
      case "float": .float32
      case "double": .float64
      default: nil
      }
    default: nil
    }
  }

  var isNumber: Bool {
    if case .number = self { true } else { false }
  }
}

extension Conversion {
  /// As `value`, and where only plain numbers went in, a plain number where one came out.
  static func plain(_ tensor: Tensor, if wasPlain: Bool) -> Value {
    if wasPlain, tensor.rank == 0, !tensor.isTracked, tensor.dtype == .float64,
      let item = tensor.item
    {
      return .number(item)
    }
    return value(tensor)
  }
}
