import Glibc
import Notebook

/// What was entered at the prompt, kept from one session to the next.
///
/// A line of the file is one entry, in which `\n` stands for a line's end and `\\` for a backslash.
struct LineHistory {
  private(set) var entries: [String] = []
  private let path: String?
  private let limit: Int

  /// Reads the history; where it cannot be read or kept the session goes on without.
  init(path: String?, limit: Int = 10_000) {
    self.path = path
    self.limit = limit
    guard let path, let bytes = try? Disk().read(path, limit: 64 << 20) else { return }
    entries = bytes.split(separator: UInt8(ascii: "\n")).map {
      Self.decode(String(decoding: $0, as: UTF8.self))
    }
    // Trimmed rarely, not at each start.
    guard entries.count > limit + limit / 2 else { return }
    entries.removeFirst(entries.count - limit)
    try? Disk().save(Array(entries.map { Self.encode($0) + "\n" }.joined().utf8), to: path)
  }

  /// Adds an entry, at once to the file too; false if it is blank or repeats the last one.
  mutating func add(_ entry: String) -> Bool {
    if entry.allSatisfy(\.isWhitespace) || entry == entries.last { return false }
    entries.append(entry)
    if let path { append(Self.encode(entry) + "\n", to: path) }
    return true
  }

  static func encode(_ entry: String) -> String {
    entry.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
      .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
      .joined(separator: "\\n")
  }

  static func decode(_ line: String) -> String {
    var result = String.UnicodeScalarView()
    var escaped = false
    for scalar in line.unicodeScalars where scalar != "\0" {
      if !escaped, scalar == "\\" {
        escaped = true
        continue
      }
      result.append(escaped && scalar == "n" ? "\n" : scalar)
      escaped = false
    }
    return String(result)
  }

  /// One write at the end of the file, so that two sessions do not mix their entries.
  private func append(_ line: String, to path: String) {
    let disk = Disk()
    try? disk.makeFolder(disk.folder(of: path))
    let descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    var line = line
    _ = line.withUTF8 { unsafe writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
    close(descriptor)
  }
}

extension Environment {
  /// Where the history is kept: `DEEPGEN_HISTORY`, else in the user's state folder.
  var historyPath: String? {
    if let path = self["DEEPGEN_HISTORY"] { return path }
    return stateFolder.map { $0 + "/history" }
  }

  /// Where it is kept how far a lesson has come.
  func placePath(of lesson: String) -> String? {
    let name = lesson.split(separator: "/").last ?? ""
    return stateFolder.map { "\($0)/lessons/\(name).place" }
  }

  /// The user's state folder.
  ///
  /// Source: the XDG Base Directory Specification 0.8.
  private var stateFolder: String? {
    let state = self["XDG_STATE_HOME"] ?? self["HOME"].map { $0 + "/.local/state" }
    return state.map { $0 + "/deepgen-repl" }
  }
}
