import Datasets
import Script
import Tensors

/// Data by name, and batches of it.
struct DataBuiltins {
  let world: World
  let history: HistoryObject

  var all: [Builtin] { [batches] }

  static var names: [String] { DataCatalogue.all.map(\.name) }

  /// The data set of a name, or nil where no set has it.
  func dataset(_ name: String, _ call: Invocation) throws -> Value? {
    guard Self.names.contains(name) else { return nil }
    let source = try DataCatalogue.source(name)
    var arguments: [String: Double] = [:]
    for (name, value) in call.options {
      guard let number = value.scalar else {
        throw ScriptError.kind(name, expected: "a number", found: value)
      }
      arguments[name] = number
    }
    let files = DataFiles(
      folders: world.dataFolders, exists: { world.files.kind(of: $0) == .file },
      read: { try world.files.read($0, limit: $1) })
    let set = try source.dataset(arguments, files: files, generator: call.generator)
    let record = Self.record(set.all, set.inputName)
    record["train"] = .record(Self.record(set.train, set.inputName))
    record["test"] = .record(Self.record(set.test, set.inputName))
    return .record(record)
  }

  private static func record(_ examples: Examples, _ inputName: String) -> RecordObject {
    RecordObject([(inputName, .tensor(examples.inputs)), ("labels", .tensor(examples.labels))])
  }

  private var batches: Builtin {
    Builtin(
      "batches", in: "Training",
      [
        .init("data"), .init("size", .size), .named("shuffle", .flag, .bool(true)),
      ],
      about: "the rows of a tensor (or of several, in a tuple) in shuffled batches, to walk over",
      examples: [
        "for x in batches(images, 128) { }", "for x, y in batches((images, labels), 64) { }",
      ]
    ) { call in
      var tensors: [Tensor]
      var isSingle = true
      if let tensor = call.value(0).storedTensor {
        tensors = [tensor]
      } else {
        tensors = try call.tensors(0)
        isSingle = false
      }
      let size = try call.size(1)
      _ = try Batches(tensors, size: size)
      return .object(
        BatchLoop(
          tensors: tensors, size: size, isSingle: isSingle, shuffles: try call.flag(2),
          world: world,
          history: history))
    }
  }
}

/// `batches(x, 128)`: walked anew, and shuffled anew, by each loop over it.
final class BatchLoop: ScriptObject {
  private let tensors: [Tensor]
  private let size: Int
  private let isSingle: Bool
  private let shuffles: Bool
  private let world: World
  private let history: HistoryObject

  init(
    tensors: [Tensor], size: Int, isSingle: Bool, shuffles: Bool, world: World,
    history: HistoryObject
  ) {
    self.tensors = tensors
    self.size = size
    self.isSingle = isSingle
    self.shuffles = shuffles
    self.world = world
    self.history = history
  }

  let typeName = "batches"
  var description: String { "batches" }
  var count: Int? { (tensors[0].shape[0] + size - 1) / size }

  func display(width: Int) -> String {
    "\(count ?? 0) batches of \(size) rows of \(tensors.map(\.shape.description).joined(separator: ", "))"
  }

  func makeIterator(_ interpreter: Interpreter) throws -> (() throws -> Value?)? {
    var batches = try Batches(tensors, size: size, shuffle: shuffles ? interpreter.generator : nil)
    var done = 0
    let (total, world, history, isSingle) = (batches.count, world, history, isSingle)
    // Gone with the walk, also where that is broken off.
    var walk: Walk? = Walk()
    history.loop = walk
    return {
      guard let rows = try batches.next() else {
        walk = nil
        world.console.endProgress()
        return nil
      }
      world.console.show(Progress(done: done, total: total, tracked: history.latest))
      done += 1
      return isSingle ? .tensor(rows[0]) : .tuple(rows.map { .tensor($0) })
    }
  }
}

/// Stands for one walk over batches as long as that goes on.
private final class Walk {}
