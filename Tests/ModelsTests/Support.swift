import Glibc
import Tensors

@testable import Models

struct NoSuchFolder: Error {
  let path: String
}

func listFolder(_ path: String) throws -> [String] {
  guard let folder = unsafe opendir(path) else { throw NoSuchFolder(path: path) }
  defer { unsafe _ = closedir(folder) }
  var names: [String] = []
  while let entry = unsafe readdir(folder) {
    names.append(
      unsafe withUnsafeBytes(of: entry.pointee.d_name) { name in
        unsafe String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
      })
  }
  return names.filter { !$0.hasPrefix(".") }.sorted()
}

/// The files of a folder of the target, without their extension.
func sources(_ folder: String) throws -> [String] {
  let package = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
  return try listFolder("/\(package)/Sources/Models/\(folder)").map { String($0.dropLast(6)) }
}

/// The text of the model error that `body` throws.
func message<T>(_ body: () throws -> T) -> String {
  do {
    _ = try body()
    return "no error"
  } catch let error as ModelError {
    return error.message
  } catch let error as TensorError {
    return error.message
  } catch {
    return "another error: \(error)"
  }
}
