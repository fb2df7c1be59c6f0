import Glibc
import Script
import Testing

/// Programs kept outside the package, in the folder that DEEPGEN_SHARED_DATA names the data of.
@Test func everySharedProgramParsesWithoutDiagnostics() throws {
  guard let data = unsafe getenv("DEEPGEN_SHARED_DATA") else {
    print("left out: DEEPGEN_SHARED_DATA is not set")
    return
  }
  let root = unsafe String(cString: data) + "/../"
  var count = 0
  for folder in ["examples", "cases/ops"] {
    for path in programs(in: root + folder) {
      let source = Source(name: path, bytes: bytes(of: path))
      let cells = Cells(source)
      #expect(!cells.cells.isEmpty, "\(path)")
      #expect(cells.diagnostics.isEmpty, "\(path)")
      for cell in cells.cells {
        let tree = Parser.parse(source, cell.code)
        #expect(
          tree.diagnostics.isEmpty, "\(DiagnosticRenderer.text(tree.diagnostics, in: source))")
        count += 1
      }
    }
  }
  #expect(count > 200)
}

private func programs(in folder: String) -> [String] {
  guard let directory = unsafe opendir(folder) else { return [] }
  defer { unsafe closedir(directory) }
  var names: [String] = []
  while let entry = unsafe readdir(directory) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
    }
    if name.hasSuffix(".dg") { names.append(folder + "/" + name) }
  }
  return names.sorted()
}

private func bytes(of path: String) -> [UInt8] {
  guard let file = unsafe fopen(path, "rb") else { return [] }
  defer { unsafe fclose(file) }
  var result: [UInt8] = []
  while true {
    let byte = unsafe fgetc(file)
    guard byte >= 0 else { return result }
    result.append(UInt8(truncatingIfNeeded: byte))
  }
}
