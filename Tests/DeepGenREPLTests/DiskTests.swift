import Glibc
import Notebook
import Testing

@testable import DeepGenREPL

@Suite struct DiskTests {
  let disk = Disk()
  let folder: String

  init() throws {
    folder = "/tmp/deepgen-disk-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try disk.makeFolder(folder)
  }

  @Test func whatIsSavedIsReadAgain() throws {
    try disk.save([1, 2, 3], to: folder + "/a")
    try disk.save([4], to: folder + "/a")
    #expect(try disk.read(folder + "/a") == [4])
    #expect(try disk.list(folder) == ["a"])
  }

  @Test func aMissingFileIsSaidToBeMissing() {
    #expect(throws: FileError.missing(path: folder + "/b")) {
      try disk.read(folder + "/b")
    }
    #expect(FileError.missing(path: "x.dg").description == "no such file or folder: x.dg")
  }

  @Test func aFolderIsNoFile() {
    #expect(throws: FileError.isFolder(path: folder)) { try disk.read(folder) }
    #expect(throws: FileError.isFolder(path: folder)) { try disk.save([], to: folder) }
  }

  @Test func aFileIsNoFolder() throws {
    let path = folder + "/f"
    try disk.save([], to: path)
    #expect(throws: FileError.notFolder(path: path)) { try disk.list(path) }
    #expect(throws: FileError.notFolder(path: path)) { try disk.makeFolder(path) }
    #expect(throws: FileError.notFolder(path: path)) { try disk.makeFolder(path + "/g") }
    #expect(throws: FileError.notFolder(path: path + "/g")) { try disk.read(path + "/g") }
  }

  @Test func moreThanTheLimitIsRefused() throws {
    try disk.save([1, 2, 3, 4], to: folder + "/big")
    #expect(throws: FileError.tooLarge(path: folder + "/big", size: 4, limit: 3)) {
      try disk.read(folder + "/big", limit: 3)
    }
    // A device states no size.
    #expect(throws: FileError.self) { try disk.read("/dev/zero", limit: 100_000) }
  }

  @Test func filesWithoutASizeAreReadWhole() throws {
    #expect(try disk.read("/proc/self/status").count > 100)
    #expect(try disk.read("/dev/null") == [])
  }

  @Test func savingIntoAMissingFolderNamesTheFolder() {
    #expect(throws: FileError.missing(path: folder + "/none")) {
      try disk.save([1], to: folder + "/none/a")
    }
  }

  @Test func savingKeepsPermissionsAndFollowsLinks() throws {
    let path = folder + "/script"
    try disk.save([1], to: path)
    unsafe chmod(path, 0o750)
    unsafe symlink(path, folder + "/link")
    try disk.save([2], to: folder + "/link")
    #expect(try disk.read(path) == [2])
    var status = stat()
    unsafe lstat(path, &status)
    #expect(status.st_mode & 0o7777 == 0o750)
    unsafe lstat(folder + "/link", &status)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func aFullDiskIsReported() {
    #expect(
      throws: FileError.failed(
        path: "/dev/full", action: "write", reason: "No space left on device")
    ) { try disk.save([1], to: "/dev/full") }
  }

  @Test func aPathWithAZeroByteIsRefused() {
    #expect(throws: FileError.self) { try disk.read("/dev/null\0x") }
    #expect(throws: FileError.self) { try disk.save([1], to: folder + "/a\0x") }
    #expect(throws: FileError.self) { try disk.makeFolder(folder + "/a\0x") }
    #expect(throws: FileError.self) { try disk.list(folder + "\0x") }
  }

  @Test func nestedFoldersAreMade() throws {
    try disk.makeFolder(folder + "/x/y/z/")
    try disk.makeFolder(folder + "/x/y/z")
    #expect(disk.kind(of: folder + "/x/y/z") == .folder)
  }

  @Test(arguments: [("a", "."), ("/a", "/"), ("a/b", "a"), ("/a/b/", "/a"), ("/", "/")])
  func theFolderOfAPath(path: String, expected: String) {
    #expect(disk.folder(of: path) == expected)
  }
}
