import Tensors

/// A function of the language that is written in Swift, with the signature from which checks of its
/// arguments, help and completion follow.
///
/// Sendable, so that a table of builtins may be a constant: values in signatures are constants too, and
/// a session calls its builtins on one thread.
package struct Builtin: @unchecked Sendable {
  package struct Parameter: @unchecked Sendable {
    package enum Kind {
      case any
      case tensor
      case tensors
      case number
      case size
      case sizes
      case text
      case flag
      case function
      case list
      case record
      case dtype
      case distribution
      case object
    }

    /// How many arguments it takes.
    package enum Form {
      case one
      /// All further positional arguments.
      case rest
      /// One, or several numbers in a row: `zeros(2, 3)` is `zeros((2, 3))`.
      case spread
      /// By name only.
      case named
      /// All further named arguments.
      case options
    }

    package var name: String
    package var kind: Kind
    package var form: Form
    /// What stands where it is left out, `.none` for what reads as absent; nil where it is required.
    package var fallback: Value?

    package init(
      _ name: String, _ kind: Kind = .any, _ fallback: Value? = nil, form: Form = .one
    ) {
      self.name = name
      self.kind = kind
      self.form = form
      self.fallback = fallback
    }

    /// All further positional arguments.
    package static func rest(_ name: String, _ kind: Kind = .any) -> Parameter {
      Parameter(name, kind, .some(.none), form: .rest)
    }

    /// All further named arguments, whatever their names.
    package static func options(_ name: String) -> Parameter {
      Parameter(name, .any, .some(.none), form: .options)
    }

    /// One by name only.
    package static func named(
      _ name: String, _ kind: Kind = .any, _ fallback: Value? = .some(.none)
    ) -> Parameter {
      Parameter(name, kind, fallback, form: .named)
    }

    /// One that may be left out, and reads as absent then.
    package static func optional(_ name: String, _ kind: Kind = .any) -> Parameter {
      Parameter(name, kind, .some(.none))
    }
  }

  package var name: String
  /// The heading it stands under in `help`.
  package var section: String
  package var parameters: [Parameter]
  /// One line.
  package var about: String
  /// Lines of script to try.
  package var examples: [String]
  /// Whether its call may hold draws, as `E(z ~ q, f(z))` does.
  package var takesDraws = false
  /// The argument that, where it is a plain name, gets the result: what `step opt, loss` does to loss.
  package var rebinds: Int?
  /// Whether a call without the tensor that comes first waits for it: `leaky_relu(negative_slope=0.2)`.
  package var waitsForTensor = false
  /// Arguments that default otherwise while it waits.
  package var layerDefaults: [(name: String, value: Value)] = []
  /// Whether its name alone on a line calls it, as `help` and `whos` do.
  package var actsAlone = false
  /// How it is called, where the parameters do not say it.
  package var usage: String?
  /// A way around matching arguments with parameters for a call with one tensor, as most are.
  var onTensor: ((Tensor) throws -> Value)?
  package var call: (Invocation) throws -> Value

  package init(
    _ name: String, in section: String, _ parameters: [Parameter] = [], about: String,
    examples: [String] = [], takesDraws: Bool = false, actsAlone: Bool = false,
    _ call: @escaping (Invocation) throws -> Value
  ) {
    self.name = name
    self.section = section
    self.parameters = parameters
    self.about = about
    self.examples = examples
    self.takesDraws = takesDraws
    self.actsAlone = actsAlone
    self.call = call
  }

  /// `sum(x, dim, keepdim=false)`.
  package var signature: String {
    usage ?? name + "(" + parameters.map(\.display).joined(separator: ", ") + ")"
  }
}

extension Builtin.Parameter {
  var display: String {
    switch form {
    case .rest: return name + "..."
    case .options: return name + "=..."
    case .one, .spread, .named:
      guard let fallback else { return name }
      return name + "=" + Display.short(fallback)
    }
  }

  var isCollective: Bool { form == .rest || form == .options }
}

/// A builtin as a value.
package final class BuiltinFunction: Callable {
  package let builtin: Builtin

  let rebinds: Int?

  package init(_ builtin: Builtin) {
    self.builtin = builtin
    rebinds = builtin.rebinds
  }

  package var name: String { builtin.name }
  package var display: String { builtin.signature }

  private var usageHint: String {
    let example = builtin.examples.first.map { ", as in `\($0)`" } ?? ""
    return "it is `\(builtin.signature)`\(example)"
  }

  package func call(_ arguments: CallArguments, in interpreter: Interpreter) throws -> Value {
    do {
      if let jumps = interpreter.jumps {
        try SteppingFunctions.note(self, arguments.positional, jumps)
      }
      if let direct = builtin.onTensor, arguments.positional.count == 1, arguments.named.isEmpty,
        let tensor = arguments.positional[0].storedTensor
      {
        return try direct(tensor)
      }
      if builtin.waitsForTensor, let partial = PartialOperation(builtin, arguments, interpreter) {
        return .function(partial)
      }
      return try builtin.call(Invocation(self, arguments, interpreter))
    } catch let error as LocatedError {
      throw error
    } catch let error as ArgumentError where error.function == name {
      throw error
    } catch {
      if Explanation.isInterrupt(error) { throw error }
      let message = Explanation.message(error)
      let prefix = message.hasPrefix("\(name): ") ? "" : "\(name): "
      if case ScriptError.notFinite(_, let origin) = error {
        throw ScriptError.notFinite(prefix + message, origin)
      }
      var hints = Explanation.hints(error)
      switch error as? ScriptError {
      case .tooManyArguments where builtin.takesDraws:
        throw ScriptError.message(
          "\(name): what is drawn comes first, with a `~`, found no draw",
          hints: builtin.examples.prefix(1).map { "as in `\($0)`" })
      case .tooManyArguments, .missingArgument: hints.append(usageHint)
      default: break
      }
      throw ScriptError.message(prefix + message, hints: hints)
    }
  }
}
