import Glibc

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
