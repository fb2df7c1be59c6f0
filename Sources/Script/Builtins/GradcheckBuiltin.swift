import Calculus
import Tensors

/// `gradcheck f, x, wrt=[model]`.
enum GradcheckBuiltin {
  static let gradcheck = Builtin(
    "gradcheck", in: "Derivatives",
    [
      .init("f", .function), .rest("arguments"), .named("wrt"),
      .named("order", .size, .number(1)),
    ],
    about:
      "compares f's gradients, of each output where there are several, with central differences in float64, the noise replayed; counts as a check; order=2: the gradients' own gradients too",
    examples: ["gradcheck f, w", "gradcheck elbo, x, wrt=[encoder, decoder]"]
  ) { call in
    let function = try call.function(0)
    let interpreter = call.interpreter
    let structures = try call.rest.map { try Structure($0) }
    let order = try call.size(3)
    guard 1...2 ~= order else { throw call.mismatch(3, "1 or 2") }
    let names = names(function, structures)
    let arguments = zip(names, structures.flatMap(\.tensors)).map { (name: $0, value: $1) }
    let variables = try variables(call)
    let state = interpreter.generator.state
    defer { interpreter.generator.state = state }
    let check: GradientCheck
    let widening = Widening(interpreter)
    defer { widening.restore() }
    do {
      try widening.widen(readBy: .function(function))
      check = try GradientCheck(
        arguments, variables: variables, order: order, replaying: interpreter.generator
      ) { tensors in
        var rest = tensors[...]
        let values = structures.map { structure in
          let own = Array(rest.prefix(structure.tensors.count))
          rest = rest.dropFirst(own.count)
          return structure.value(own, plainly: false)
        }
        return try joined(interpreter.call(function, CallArguments(values)))
      }
    } catch let error as CalculusError {
      guard case .notFinite(_, let origin) = error else { throw ScriptError.message(error.message) }
      throw ScriptError.notFinite(error.message, origin)
    }
    call.print(table(check))
    interpreter.count(passed: check.isGood)
    return .none
  }

  /// A function's value as one tensor: of a tuple or a list the floats of all its tensors, one after the other.
  private static func joined(_ value: Value) throws -> Tensor {
    switch value {
    case .tuple, .list:
      let parts = try Structure(value).tensors.filter(\.dtype.isFloating)
      guard !parts.isEmpty else { return try Conversion.tensor(value, "the function's value") }
      return try Tensor.concatenated(parts.map { try $0.reshaped(to: [-1]) })
    default: return try Conversion.tensor(value, "the function's value")
    }
  }

  /// The parameters' names, or the arguments' places.
  private static func names(_ function: any Callable, _ structures: [Structure]) -> [String] {
    let known = (function as? Closure)?.parameterNames ?? []
    return structures.enumerated().flatMap { i, structure in
      let name = i < known.count ? known[i] : "argument \(i)"
      let count = structure.tensors.count
      return count == 1 ? [name] : (0..<count).map { "\(name)[\($0)]" }
    }
  }

  private static func variables(_ call: Invocation) throws -> [(name: String, variable: Variable)] {
    guard let wrt = call.optional(1 + 1) else { return [] }
    let models: [Value]
    if case .list(let list) = wrt { models = list.elements } else { models = [wrt] }
    var seen: Set<ObjectIdentifier> = []
    return try models.flatMap { model in
      let name = call.interpreter.name(of: model)
      let paths = call.interpreter.parameterPaths(of: model)
      // What has no parameters would pass unchecked.
      guard !paths.isEmpty else {
        throw ScriptError.message(
          "wrt: expected params, or models that have some, found \(model.description)",
          hints: model.isNumeric ? ["`w = param(w)` before f reads it tracks it"] : [])
      }
      return paths.compactMap {
        path, variable -> (name: String, variable: Variable)? in
        guard seen.insert(ObjectIdentifier(variable)).inserted else { return nil }
        let joined =
          path.isEmpty || path.hasPrefix("[") || name.isEmpty ? name + path : name + "." + path
        return (joined.isEmpty ? "w\(seen.count)" : joined, variable)
      }
    }
  }

  // MARK: What it prints

  private static func table(_ check: GradientCheck) -> String {
    var lines: [String] = []
    let names = check.rows.map {
      "\($0.name) \($0.shape)" + ($0.order == 2 ? ", second order" : "")
    }
    let width = names.map(\.columns).max() ?? 0
    for (name, row) in zip(names, check.rows) {
      let blanks = String(repeating: " ", count: width - name.columns)
      let absolute = Formatting.printf("e", row.largestAbsolute.error, 1)
      let relative = Formatting.printf("e", row.largestRelative.error, 1)
      let place = row.largestRelative.place.description
      let remarks = remarks(row).map { " (\($0))" }.joined()
      lines.append(
        "\(name)\(blanks)  error \(absolute), relative \(relative) at \(place)  "
          + (row.verdict.isGood ? "✓" : "✗") + remarks)
      if !row.verdict.isGood {
        lines += row.worst.filter { $0.judgement == .wrong || $0.judgement == .noisy }.map(worst)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// What else is to be said of a row.
  private static func remarks(_ row: GradientCheck.Row) -> [String] {
    var remarks: [String] = []
    switch row.verdict {
    case .correct, .wrong: break
    case .kinks(let count): remarks.append("\(count) at a kink")
    case .noisy(let count):
      let places = row.checked + row.directions
      remarks.append("noisy at \(count) of \(places): f's values jump about")
    }
    if row.drowned > 0 { remarks.append("\(row.drowned) lost in rounding") }
    if row.checked < row.shape.count {
      let part = "\(row.checked) of \(row.shape.count) entries"
      let directions = row.directions == 1 ? "1 direction" : "\(row.directions) directions"
      remarks.append("\(part), \(directions)")
    }
    return remarks
  }

  private static func worst(_ entry: GradientCheck.Entry) -> String {
    let gradient = NumberText.rounded(entry.gradient, digits: 8)
    let output = entry.output.map { ", output [\($0.map(String.init).joined(separator: ", "))]" }
    let place = "   \(entry.place.description)\(output ?? ""): gradient \(gradient)"
    if let sides = entry.sides {
      let slopes = [sides.lowerBound, sides.upperBound].map { NumberText.rounded($0, digits: 8) }
      return "\(place), slopes of the two sides \(slopes[0]) and \(slopes[1])"
    }
    if entry.difference.isNaN { return "\(place), no differences: f is not finite on either side" }
    let difference = NumberText.rounded(entry.difference, digits: 8)
    let doubt =
      entry.judgement == .noisy ? " ± " + NumberText.rounded(entry.uncertainty, digits: 2) : ""
    return "\(place), differences \(difference)\(doubt)"
  }
}

extension Interpreter {
  /// Counts a check that has shown what it found.
  package func count(passed: Bool) {
    if passed { checks.passed += 1 } else { checks.failed += 1 }
  }

  /// What the script calls a value with an identity, itself or as a field of a record.
  ///
  /// Empty where it has no name.
  package func name(of value: Value) -> String {
    guard let identity = value.identity else { return "" }
    let own = variables.filter { $0.name != "ans" }
    if let direct = own.first(where: { $0.value.identity == identity }) { return direct.name }
    for case (let name, .record(let record)) in own {
      if let field = record.items.first(where: { $0.value.identity == identity }) {
        return name + "." + field.name
      }
    }
    return ""
  }
}

extension Value {
  /// What tells it from every other value, where it is shared rather than copied.
  var identity: ObjectIdentifier? {
    switch self {
    case .variable(let variable): ObjectIdentifier(variable)
    case .list(let list): ObjectIdentifier(list)
    case .record(let record): ObjectIdentifier(record)
    case .function(let function): ObjectIdentifier(function)
    case .object(let object): ObjectIdentifier(object)
    case .none, .bool, .number, .text, .tensor, .tuple, .distribution, .dtype: nil
    }
  }
}
