import Calculus
import Tensors

/// A session's core: its names, its generator, its checks; runs what the parser has read.
///
/// It knows no terminal, no file and no figure: what it has to say goes to `output`, and what else
/// there is comes in by `define`.
package final class Interpreter {
  package let generator: Generator
  package var output: (Output) -> Void
  /// What `option(name, default)` finds, by name: `--set name=text`.
  package var options: [String: String]
  /// The names that `option` was asked for.
  package internal(set) var optionsAsked: Set<String> = []
  /// Whether sizes are to be small and epochs few.
  package var isQuick: Bool
  package internal(set) var checks = CheckTally()
  let globals = Globals()
  /// Methods of values by the type's name, then by their own.
  private(set) var methods: [String: [String: Builtin]] = [:]
  /// How many averages and integrals have been begun: an integrand that begins one is itself slow.
  var integrals = 0
  /// What the outermost integral under way may cost.
  let integralBudget = IntegralBudget()
  /// Whether a change that mends a broken derivation is looked for where line and fault are known without it.
  package var seeksMends = true
  /// Whether integrals are looked at as closely as their budget allows, or a tenth as closely.
  package var looksClosely = true {
    didSet { integralBudget.looking = IntegralBudget.usual / (looksClosely ? 100 : 1000) }
  }
  /// The remarks that have been made.
  var remarked: Set<String> = []
  /// Where the innermost integral under way notes comparisons.
  var jumps: MovingJumps?
  /// The type of what a bracket of numbers makes: float64 within a derivation or a gradient check.
  var defaultType = DType.float32
  /// The sources that were run.
  var sites = Sites()
  /// How many calls are under way.
  var depth = 0
  var stack: StackLimit
  /// The stack of the thread that runs scripts, as far as calls may use it, in bytes.
  package let stackSize: Int

  package init(
    seed: UInt64 = 0, options: [String: String] = [:], isQuick: Bool = false,
    stackSize: Int = 4 << 20,
    output: @escaping (Output) -> Void
  ) {
    generator = Generator(seed: seed)
    self.options = options
    self.isQuick = isQuick
    self.output = output
    self.stackSize = stackSize
    stack = StackLimit(size: stackSize)
    Library.install(in: self)
  }

  /// Has what was checked since then never counted.
  package func forgetChecks(since tally: CheckTally) { checks = tally }

  // MARK: Names

  package func define(_ builtin: Builtin) {
    globals.builtins[builtin.name] = builtin
    define(builtin.name, .function(BuiltinFunction(builtin)))
  }

  /// A function that values of one type have as their own, as `losses.append(x)`; its first argument is the value.
  package func define(_ method: Builtin, on typeName: String) {
    methods[typeName, default: [:]][method.name] = method
  }

  /// A name that scripts may use and redefine, such as `pi`.
  package func define(_ name: String, _ value: Value) { globals.cell(name).builtin = value }

  /// Every builtin there is, for help and completion, sorted by name.
  package var builtins: [Builtin] { globals.builtins.values.sorted { $0.name < $1.name } }

  package func builtin(_ name: String) -> Builtin? { globals.builtins[name] }

  /// What a script has named, sorted by name.
  package var variables: [(name: String, value: Value)] {
    globals.cells.values.compactMap { cell in cell.value.map { (cell.name, $0) } }
      .sorted { $0.name < $1.name }
  }

  /// A name of the script; setting nil gives a builtin of that name its meaning back.
  package subscript(name: String) -> Value? {
    get { globals.cell(name).value }
    set { globals.cell(name).value = newValue }
  }

  /// All names that mean something.
  package var names: [String] {
    globals.cells.values.compactMap { $0.value ?? $0.builtin == nil ? nil : $0.name }.sorted()
  }

  // MARK: Calling

  /// What a call of the value calls: a function, a layer; nil where it is none.
  package func callable(_ value: Value) -> (any Callable)? {
    switch value {
    case .function(let function): return function
    case .object(let object): return object.callable
    default: return nil
    }
  }

  /// Throws: `ScriptError.tooDeep` where too many calls are nested.
  package func call(_ function: any Callable, _ arguments: CallArguments) throws -> Value {
    try enter()
    defer { depth -= 1 }
    return try function.call(arguments, in: self)
  }

  static let depthLimit = 10_000

  func enter() throws {
    guard depth < Self.depthLimit, stack.hasRoom else { throw ScriptError.tooDeep(depth) }
    try Interrupt.poll()
    depth += 1
  }
}
