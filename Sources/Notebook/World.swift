/// What a session sees of the machine it runs on; it does no input or output of its own.
package struct World {
  package var console: any Console
  package var files: any Files
  /// Folders that hold data sets, searched in this order (`--data` before what is shipped).
  package var dataFolders: [String]
  /// Seconds since some moment, of a clock that never goes back.
  package var clock: () -> Double

  package init(
    console: any Console, files: any Files, dataFolders: [String] = [],
    clock: @escaping () -> Double = { 0 }
  ) {
    self.clock = clock
    self.console = console
    self.files = files
    self.dataFolders = dataFolders
  }
}

/// Where a session's output goes.
package protocol Console: AnyObject {
  /// What the output can show at this moment; the width follows the window.
  var capabilities: Capabilities { get }
  /// Writes to the standard output, clearing a progress bar that stands there.
  func write(_ text: String)
  /// Writes a line that heads what follows, so that it stands out where the output can show it.
  func writeHeading(_ text: String)
  /// Writes to the standard error.
  func writeError(_ text: String)
  /// Shows how far a loop is; the console decides how often, and whether at all.
  func show(_ progress: Progress)
  /// Removes the progress bar.
  func endProgress()
}

/// What an output can show.
package struct Capabilities: Equatable, Sendable {
  package enum Colors: Sendable { case none, palette256, trueColor }

  /// False for a file, a pipe and under `--plain`: no escape sequences, no progress bars, no pictures.
  package var isTerminal: Bool
  /// Units: character cells.
  package var width: Int
  package var height: Int
  package var colors: Colors

  package init(isTerminal: Bool = false, width: Int = 80, height: Int = 24, colors: Colors = .none)
  {
    self.isTerminal = isTerminal
    self.width = width
    self.height = height
    self.colors = colors
  }
}

/// How far a loop is, and the latest values of what it tracks.
package struct Progress {
  package var done: Int
  /// None where the end is not known.
  package var total: Int?
  package var tracked: [(name: String, value: Double)]

  package init(done: Int, total: Int?, tracked: [(name: String, value: Double)] = []) {
    self.done = done
    self.total = total
    self.tracked = tracked
  }
}

/// The disk, as a session sees it; a relative path starts at the working directory.
package protocol Files {
  /// Throws: where the file is missing, is a folder, is unreadable, or is larger than `limit` bytes.
  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]
  /// Replaces the file as a whole or, on an error, leaves it as it was.
  func save(_ bytes: [UInt8], to path: String) throws(FileError)
  /// Makes the folder and those above it; one that is there already is fine.
  func makeFolder(_ path: String) throws(FileError)
  /// The names in a folder, sorted, without `.` and `..`.
  func list(_ path: String) throws(FileError) -> [String]
  /// What stands at a path; none where nothing does.
  func kind(of path: String) -> FileKind?
}

package enum FileKind: Equatable, Sendable { case file, folder, other }

extension Files {
  /// Reads a file of at most 4 GiB.
  package func read(_ path: String) throws(FileError) -> [UInt8] {
    try read(path, limit: 1 << 32)
  }
}

/// Why the disk refused.
package enum FileError: Error, Equatable {
  case missing(path: String)
  case isFolder(path: String)
  case notFolder(path: String)
  case denied(path: String)
  case tooLarge(path: String, size: Int, limit: Int)
  /// `action` is what was tried ("read", "write"), `reason` the system's words.
  case failed(path: String, action: String, reason: String)
}

extension FileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let path): "no such file or folder: \(path)"
    case .isFolder(let path): "\(path) is a folder, not a file"
    case .notFolder(let path): "\(path) is a file, not a folder"
    case .denied(let path): "no permission for \(path)"
    case .tooLarge(let path, let size, let limit):
      "\(path) has \(size) bytes; at most \(limit) are read"
    case .failed(let path, let action, let reason): "cannot \(action) \(path): \(reason)"
    }
  }
}
