import Glibc
import Script
import Testing

@testable import Notebook

/// Lessons are run by the release program, shortened; here each is read and its names are resolved.
@Suite struct LessonTests {
  private static let folder =
    #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/lessons"

  private static var names: [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      // d_name ends in a zero byte within its 256.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name.hasSuffix(".dg") { names.append(name) }
    }
    return names.sorted()
  }

  @Test func thereAreLessons() { #expect(Self.names.contains("vae.dg")) }

  @Test(arguments: names)
  func aLessonIsReadWithoutComplaint(name: String) throws {
    guard let file = unsafe fopen(Self.folder + "/" + name, "r") else {
      Issue.record("\(name) cannot be read")
      return
    }
    defer { unsafe _ = fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    let source = Source(name: name, bytes: Array(bytes.prefix(count)))
    let cells = Cells(source)
    #expect(cells.diagnostics.isEmpty)
    for cell in cells.cells where cell.isCode {
      #expect(Parser.parse(source, cell.code).diagnostics.isEmpty)
    }
  }
}
