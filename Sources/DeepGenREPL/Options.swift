import ArgumentParser
import Glibc
import Tensors

/// The command line, declared once; usage, help and messages follow from it.
struct Options: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deepgen-repl",
    abstract: "A notebook for deep generative models: with no files, a prompt.",
    version: "deepgen-repl 0.1.0")

  @Argument(help: "Scripts to run, each in a session of its own.")
  var files: [String] = []

  @Option(
    name: [.customShort("e"), .long], parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Run CODE, after the files; several are run one after the other.", valueName: "code"))
  var eval: [String] = []

  @Flag(name: [.customShort("i"), .long], help: "Go on at the prompt afterwards.")
  var interactive = false

  @Flag(help: "Through a lesson cell by cell, with the prompt in between, on a terminal.")
  var step = false

  @Flag(help: "Small sizes and few epochs: `quick` is true in the scripts.")
  var quick = false

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A value that the script reads with option(...).", valueName: "name=value"))
  var set: [Assignment] = []

  @Option(help: ArgumentHelp("Save every figure here, as PNG.", valueName: "folder"))
  var figures: String?

  @Option(help: ArgumentHelp("Look for data sets here first.", valueName: "folder"))
  var data: String?

  @Option(help: "The seed of all randomness.")
  var seed: UInt64 = 0

  @Option(help: "Threads to compute with; the results do not depend on it.")
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "Memory that tensors may take, as 500MB or 8GB; else half of the machine's.",
      valueName: "size"))
  var memory: MemorySize?

  @Option(help: "The instruction set of the kernels, where not the best there is.")
  var isa: InstructionSet?

  @Flag(help: "No colours.")
  var noColor = false

  @Flag(help: "Output as for a file: no colours, progress bars, pictures or escape sequences.")
  var plain = false

  @Option(help: ArgumentHelp("Keep the prompt's history here.", valueName: "file"))
  var history: String?

  @Flag(help: "For authors of lessons: every slip in a derivation or a check is caught.")
  var mutate = false

  @Option(help: ArgumentHelp("Try only so many slips, chosen by --seed.", valueName: "n"))
  var count: Int?

  @Flag(help: "For authors of lessons: every solution passes, every starter fails its checks.")
  var verify = false

  mutating func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads wants a number from 1 to 1024, not \(threads)")
    }
    if step, files.count != 1 { throw ValidationError("--step wants one lesson") }
  }
}

/// `500MB`, `8GB`.
struct MemorySize: ExpressibleByArgument {
  var bytes: Int

  init?(argument: String) {
    let units = ["KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "B": 1]
    let text = argument.uppercased()
    guard let unit = units.keys.filter(text.hasSuffix).max(by: { $0.count < $1.count }),
      let number = Double(text.dropLast(unit.count)), let size = units[unit],
      let bytes = Int(exactly: (number * size).rounded()), bytes > 0
    else { return nil }
    self.bytes = bytes
  }
}

/// One `--set name=value`.
struct Assignment: ExpressibleByArgument {
  var name: String
  var value: String

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
      return nil
    }
    name = String(argument[..<equals])
    value = String(argument[argument.index(after: equals)...])
  }
}

extension InstructionSet: ExpressibleByArgument {
  public init?(argument: String) {
    guard let named = Self.allCases.first(where: { $0.name == argument }) else { return nil }
    self = named
  }

  public static var allValueStrings: [String] { allCases.map(\.name) }
}

extension Options {
  /// Answers `--help` and `--version`, or says what is wrong with the command line, and ends with status 2.
  static func explain(_ error: any Error) -> Never {
    let message = fullMessage(for: error) + "\n"
    if exitCode(for: error).isSuccess {
      Output.standard.write(message)
      Glibc.exit(0)
    }
    Output.error.write(message)
    Glibc.exit(2)
  }
}
