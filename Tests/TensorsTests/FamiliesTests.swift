import Foundation
import Testing

@testable import Tensors

struct FamiliesTests {
  @Test func everyFamilyInTheFolderIsInTheList() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Tensors/Primitives").standardizedFileURL
    var declared: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    {
      let text = try String(contentsOf: file, encoding: .utf8)
      for line in text.split(separator: "\n") where line.contains(": OperationFamily {") {
        declared.insert(String(line.split(separator: " ")[2].dropLast()))
      }
    }
    #expect(Set(families.map { "\(type(of: $0))" }) == declared)
    #expect(families.count == declared.count)
  }
}
