import Notebook
import Script

/// A console that keeps what it is told.
final class RecordingConsole: Console {
  var capabilities = Capabilities()
  private(set) var output = ""
  private(set) var errors = ""
  private(set) var progress: [Progress] = []

  func write(_ text: String) { output += text }
  func writeHeading(_ text: String) { output += text + "\n" }
  func writeError(_ text: String) { errors += text }
  func show(_ progress: Progress) { self.progress.append(progress) }
  func endProgress() {}
}

/// A disk in memory.
final class MemoryFiles: Files {
  var contents: [String: [UInt8]] = [:]

  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    guard let bytes = contents[path] else { throw .missing(path: path) }
    guard bytes.count <= limit else {
      throw .tooLarge(path: path, size: bytes.count, limit: limit)
    }
    return bytes
  }

  func save(_ bytes: [UInt8], to path: String) throws(FileError) { contents[path] = bytes }
  func makeFolder(_ path: String) throws(FileError) {}

  func list(_ path: String) throws(FileError) -> [String] {
    let prefix = path == "." ? "" : path + "/"
    return contents.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
      .sorted()
  }

  func kind(of path: String) -> FileKind? {
    if contents[path] != nil { return .file }
    return contents.keys.contains { $0.hasPrefix(path + "/") } ? .folder : nil
  }
}

/// A session whose world is in memory.
struct Bench {
  let console = RecordingConsole()
  let files = MemoryFiles()
  let session: Session

  init(figures: String? = nil, isTerminal: Bool = false) {
    console.capabilities.isTerminal = isTerminal
    session = Session(
      world: World(console: console, files: files), options: SessionOptions(figures: figures))
  }

  @discardableResult
  func run(_ text: String) -> Session.Status {
    session.conclude(session.run(Source(name: "test.dg", text)))
  }
}
