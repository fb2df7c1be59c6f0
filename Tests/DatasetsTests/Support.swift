import Glibc
import Tensors

@testable import Datasets

/// The folder of test data beside the checkout, where there is one.
let sharedData: String? = unsafe getenv("DEEPGEN_SHARED_DATA").map { unsafe String(cString: $0) }

/// The package's own folder.
let package = "/" + "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")

/// The bytes of a file, none where there is none.
private func readFile(_ path: String) -> [UInt8] {
  guard let file = unsafe fopen(path, "rb") else { return [] }
  defer { unsafe _ = fclose(file) }
  var result: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe fread(&chunk, 1, chunk.count, file)
    if count == 0 { return result }
    result += chunk[..<count]
  }
}

extension DataFiles {
  /// The disk.
  static func disk(_ folders: [String]) -> DataFiles {
    DataFiles(
      folders: folders,
      exists: { unsafe access($0, R_OK) == 0 },
      read: { path, _ in readFile(path) })
  }

  /// A disk that has just these files.
  static func memory(_ folders: [String], _ files: [String: [UInt8]]) -> DataFiles {
    DataFiles(
      folders: folders, exists: { files[$0] != nil }, read: { path, _ in files[path] ?? [] })
  }
}

func load(
  _ name: String, _ arguments: [String: Double] = [:], files: DataFiles = .memory([], [:]),
  seed: UInt64 = 0
) throws -> Dataset {
  try DataCatalogue.source(name).dataset(
    arguments, files: files, generator: Generator(seed: seed))
}

/// The text of the error that `body` throws.
func message<T>(_ body: () throws -> T) -> String {
  do {
    _ = try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}
