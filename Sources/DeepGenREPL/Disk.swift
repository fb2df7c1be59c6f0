import Glibc
import Notebook

/// The machine's disk.
struct Disk: Files {
  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let descriptor = try openFile(path, O_RDONLY | O_CLOEXEC, action: "read")
    defer { close(descriptor) }
    let status = try status(of: descriptor, path)
    if status.st_mode & S_IFMT == S_IFDIR { throw .isFolder(path: path) }
    let size = Int(status.st_size)
    if size > limit { throw .tooLarge(path: path, size: size, limit: limit) }
    return try readAll(descriptor, path, expected: size, limit: limit)
  }

  func save(_ bytes: [UInt8], to path: String) throws(FileError) {
    try checkName(path, "write")
    if kind(of: path) == .folder { throw .isFolder(path: path) }
    // A link is followed, so that what it points to is replaced, and not the link; what is no plain
    // file (/dev/null, a pipe) cannot be replaced and is written to.
    let target = resolved(path)
    let mode: mode_t?
    switch kind(of: target) {
    case .other: return try writeInPlace(bytes, path)
    case .file: mode = try permissions(of: target)
    case .folder, nil: mode = nil
    }
    try replace(target, with: bytes, mode: mode, path)
  }

  func makeFolder(_ path: String) throws(FileError) {
    try checkName(path, "make")
    switch kind(of: path) {
    case .folder: return
    case .file, .other: throw .notFolder(path: path)
    case nil: break
    }
    let parent = folder(of: path)
    if parent != path { try makeFolder(parent) }
    if unsafe mkdir(path, 0o777) != 0 {
      let code = errno
      // Another process may have made it meanwhile.
      if code != EEXIST || kind(of: path) != .folder { throw failure(code, path, "make") }
    }
  }

  func list(_ path: String) throws(FileError) -> [String] {
    try checkName(path, "list")
    guard let stream = unsafe opendir(path) else { throw failure(errno, path, "list") }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      // d_name ends in a zero byte within its 256.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func kind(of path: String) -> FileKind? {
    var status = stat()
    guard !path.utf8.contains(0), unsafe stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }
}

extension Disk {
  /// Reads the standard input to its end.
  func readInput(limit: Int) throws(FileError) -> [UInt8] {
    try readAll(STDIN_FILENO, "<stdin>", expected: 0, limit: limit)
  }

  /// The folder that a path's last part lies in.
  func folder(of path: String) -> String {
    var trimmed = path[...]
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
  }

  /// The path without links; the path itself where nothing stands there.
  func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  private func replace(
    _ target: String, with bytes: [UInt8], mode: mode_t?, _ path: String
  ) throws(FileError) {
    let folder = folder(of: target)
    let temporary = "\(folder)/.deepgen-\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
    if kind(of: folder) == nil { throw .missing(path: folder) }
    let descriptor = try openFile(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, action: "write", as: path)
    var code = unsafe bytes.withUnsafeBytes { unsafe writeAll($0, to: descriptor) }
    if code == 0, let mode, fchmod(descriptor, mode) != 0 { code = errno }
    if code == 0, fsync(descriptor) != 0 { code = errno }
    if close(descriptor) != 0, code == 0 { code = errno }
    if code == 0, unsafe rename(temporary, target) != 0 { code = errno }
    guard code == 0 else {
      unsafe unlink(temporary)
      throw failure(code, path, "write")
    }
    // The new name must be on the disk too; a file system that cannot promise it has saved all the same.
    let opened = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if opened >= 0 {
      fsync(opened)
      close(opened)
    }
  }

  private func writeInPlace(_ bytes: [UInt8], _ path: String) throws(FileError) {
    let descriptor = try openFile(path, O_WRONLY | O_CLOEXEC, action: "write")
    defer { close(descriptor) }
    let code = unsafe bytes.withUnsafeBytes { unsafe writeAll($0, to: descriptor) }
    if code != 0 { throw failure(code, path, "write") }
  }

  private func openFile(
    _ path: String, _ flags: Int32, action: String, as shown: String? = nil
  ) throws(FileError) -> Int32 {
    let shown = shown ?? path
    try checkName(path, action)
    while true {
      let descriptor = unsafe open(path, flags, 0o666)
      if descriptor >= 0 { return descriptor }
      if errno != EINTR { throw failure(errno, shown, action) }
    }
  }

  /// The system would take a path to end at its first zero byte.
  private func checkName(_ path: String, _ action: String) throws(FileError) {
    if path.utf8.contains(0) {
      throw .failed(path: path, action: action, reason: "its name contains a zero byte")
    }
  }

  private func readAll(
    _ descriptor: Int32, _ path: String, expected: Int, limit: Int
  ) throws(FileError) -> [UInt8] {
    // A pipe or a file of /proc states no size, and a file may grow: read on until the end.
    var bytes: [UInt8] = []
    var room = max(expected + 1, 1 << 16)
    while true {
      let start = bytes.count
      let count = readChunk(descriptor, appendingTo: &bytes, atMost: room)
      if count == 0 { return bytes }
      if count == -EINTR { continue }
      if count < 0 { throw failure(Int32(-count), path, "read") }
      if start + count > limit {
        throw .tooLarge(path: path, size: start + count, limit: limit)
      }
      room = max(1 << 16, min(bytes.count, 1 << 24))
    }
  }

  /// Reads once; the result is the count, or an errno below zero.
  private func readChunk(
    _ descriptor: Int32, appendingTo bytes: inout [UInt8], atMost room: Int
  ) -> Int {
    var result = 0
    let chunk = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      // The buffer has the capacity asked for, `room`.
      result = unsafe Glibc.read(descriptor, buffer.baseAddress, room)
      if result < 0 { result = -Int(errno) }
      count = max(result, 0)
    }
    if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
    return result
  }

  private func status(of descriptor: Int32, _ path: String) throws(FileError) -> stat {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw failure(errno, path, "read") }
    return status
  }

  private func permissions(of path: String) throws(FileError) -> mode_t {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw failure(errno, path, "write") }
    return status.st_mode & 0o7777
  }

  private func failure(_ code: Int32, _ path: String, _ action: String) -> FileError {
    switch code {
    case ENOENT: .missing(path: path)
    case EISDIR: .isFolder(path: path)
    case ENOTDIR: .notFolder(path: path)
    case EACCES, EPERM: .denied(path: path)
    default: .failed(path: path, action: action, reason: systemMessage(code))
    }
  }
}
