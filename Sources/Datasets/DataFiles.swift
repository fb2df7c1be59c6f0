import Formats

/// The disk, as far as data sets need it.
package struct DataFiles {
  /// Where to look, in this order.
  package let folders: [String]
  /// Whether there is a file at a path.
  package let exists: (String) -> Bool
  /// The bytes of a file, which has at most as many as the limit.
  package let read: (_ path: String, _ limit: Int) throws -> [UInt8]

  package init(
    folders: [String], exists: @escaping (String) -> Bool,
    read: @escaping (_ path: String, _ limit: Int) throws -> [UInt8]
  ) {
    self.folders = folders
    self.exists = exists
    self.read = read
  }

  /// The first of `names` in the first folder, or one of its `subfolders`, that has it.
  func find(_ names: [String], subfolders: [String]) -> String? {
    for folder in folders {
      for subfolder in subfolders {
        for name in names {
          let path = [folder, subfolder, name].filter { !$0.isEmpty }.joined(separator: "/")
          if exists(path) { return path }
        }
      }
    }
    return nil
  }

  /// Reads a file as `decode` does, unpacked first where it is gzipped; errors name the file.
  func decoded<Result>(
    _ path: String, limit: Int = DataFiles.sizeLimit,
    _ decode: ([UInt8]) throws(FormatError) -> Result
  ) throws -> Result {
    let bytes = try read(path, limit)
    do {
      return try decode(Gzip.isGzip(bytes) ? Gzip.decompress(bytes, limit: limit) : bytes)
    } catch {
      throw DatasetError.damaged(path: path, error)
    }
  }

  /// Above the 47 MB of MNIST's images, the largest file that is looked for.
  static let sizeLimit = 1 << 26
}
