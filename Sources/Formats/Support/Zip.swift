/// Zip archives of less than 4 GiB, stored or deflated, without encryption.
///
/// Source: PKWARE's APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end).
enum Zip {
  struct File: Equatable {
    let name: String
    let bytes: [UInt8]
  }

  /// What all files of an archive may inflate to together.
  static let sizeLimit = 1 << 31

  private static let localSignature: UInt32 = 0x0403_4b50
  private static let centralSignature: UInt32 = 0x0201_4b50
  private static let endSignature: UInt32 = 0x0605_4b50
  private static let endSize = 22
  private static let stored: UInt16 = 0
  private static let deflate: UInt16 = 8
  /// 1 January 1980, the first day that zip knows: archives of the same arrays are the same.
  private static let date: UInt16 = 0x21

  static func decode(_ bytes: [UInt8], sizeLimit: Int = sizeLimit) throws(FormatError) -> [File] {
    guard bytes.starts(with: [0x50, 0x4b]) else {
      throw .notThisFormat(
        format: "npz", found: Array(bytes.prefix(8)), expected: "50 4b (PK, a zip archive)")
    }
    var directory = try centralDirectory(bytes)
    var files: [File] = []
    var names: Set<String> = []
    var compressed = 0
    var inflated = 0
    for _ in 0..<directory.count {
      let offset = directory.reader.offset
      let entry = try Entry(&directory.reader)
      guard names.insert(entry.name).inserted else {
        throw .malformed(
          format: "npz", what: "name", found: "\"\(entry.name)\" a second time",
          expected: "each name once", offset: offset)
      }
      // Entries that share their bytes are how a small archive is made to unpack to a vast one.
      compressed += entry.compressedSize
      inflated += entry.size
      guard compressed <= bytes.count, inflated <= sizeLimit else {
        throw .tooLarge(
          format: "npz", what: "the archive's contents", claimed: "\(inflated) bytes",
          limit: "\(bytes.count) bytes can hold")
      }
      files.append(File(name: entry.name, bytes: try contents(of: entry, in: bytes)))
    }
    return files
  }

  static func encode(_ files: [File], deflated: Bool) throws(FormatError) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for file in files {
      let data = deflated ? try Deflate.deflate(file.bytes, .none, format: "npz") : file.bytes
      let name = Array(file.name.utf8)
      guard let nameLength = UInt16(exactly: name.count), !name.isEmpty else {
        throw .unwritable(
          format: "npz", found: "a name of \(name.count) bytes", expected: "1 to 65535 bytes")
      }
      guard let size = UInt32(exactly: file.bytes.count), let packed = UInt32(exactly: data.count),
        let offset = UInt32(exactly: archive.count)
      else { throw tooLong }
      var facts: [UInt8] = []
      facts.append(integer: UInt16(20))
      facts.append(integer: UInt16(0x800))
      facts.append(integer: deflated ? deflate : stored)
      facts.append(integer: UInt16(0))
      facts.append(integer: date)
      facts.append(integer: Deflate.checksum(file.bytes[...]))
      facts.append(integer: packed)
      facts.append(integer: size)
      facts.append(integer: nameLength)
      facts.append(integer: UInt16(0))
      archive.append(integer: localSignature)
      archive += facts + name + data
      directory.append(integer: centralSignature)
      directory.append(integer: UInt16(20))
      directory += facts + [UInt8](repeating: 0, count: 10)
      directory.append(integer: offset)
      directory += name
    }
    guard let count = UInt16(exactly: files.count), let start = UInt32(exactly: archive.count),
      let length = UInt32(exactly: directory.count)
    else { throw tooLong }
    archive += directory
    archive.append(integer: endSignature)
    archive.append(integer: UInt32(0))
    archive.append(integer: count)
    archive.append(integer: count)
    archive.append(integer: length)
    archive.append(integer: start)
    archive.append(integer: UInt16(0))
    return archive
  }

  private static let tooLong = FormatError.unwritable(
    format: "npz", found: "more than 65535 arrays or 4 GiB", expected: "less")

  /// The directory at the end of an archive: its place, and how many entries it has.
  private static func centralDirectory(
    _ bytes: [UInt8]
  ) throws(FormatError) -> (reader: ByteReader, count: Int) {
    // A comment of up to 65535 bytes may follow, so the end's signature is looked for from behind.
    var end = bytes.count - endSize
    let first = max(0, end - 0xFFFF)
    let signature: [UInt8] = [0x50, 0x4b, 0x05, 0x06]
    while end >= first, !bytes[end...].starts(with: signature) { end -= 1 }
    guard end >= first else {
      throw .truncated(
        format: "npz", what: "the archive (its directory is missing)", needed: endSize,
        available: 0, offset: bytes.count)
    }
    var reader = ByteReader(bytes, format: "npz", at: end + 4)
    let disks = try reader.integer(UInt32.self, "directory")
    let count = try reader.integer(UInt16.self, "directory")
    let total = try reader.integer(UInt16.self, "directory")
    let length = try reader.integer(UInt32.self, "directory")
    let offset = try reader.integer(UInt32.self, "directory")
    guard disks == 0, count == total, count != .max, offset != .max else {
      throw .unsupported(
        format: "npz", what: "archive", found: "split or of more than 4 GiB",
        supported: "whole archives below 4 GiB")
    }
    guard Int(offset) + Int(length) <= end else {
      throw .malformed(
        format: "npz", what: "directory", found: "\(length) bytes from \(offset)",
        expected: "an end before \(end)", offset: end)
    }
    return (ByteReader(bytes, format: "npz", at: Int(offset)), Int(count))
  }

  /// What the directory says of one file.
  private struct Entry {
    let name: String
    let method: UInt16
    let checksum: UInt32
    let compressedSize: Int
    let size: Int
    let offset: Int

    init(_ reader: inout ByteReader) throws(FormatError) {
      let start = reader.offset
      let signature = try reader.integer(UInt32.self, "directory entry")
      guard signature == centralSignature else {
        throw .malformed(
          format: "npz", what: "directory entry", found: "signature \(signature)",
          expected: "\(centralSignature)", offset: start)
      }
      _ = try reader.take(4, "directory entry")
      let flags = try reader.integer(UInt16.self, "directory entry")
      method = try reader.integer(UInt16.self, "directory entry")
      _ = try reader.take(4, "directory entry")
      checksum = try reader.integer(UInt32.self, "directory entry")
      compressedSize = Int(try reader.integer(UInt32.self, "directory entry"))
      size = Int(try reader.integer(UInt32.self, "directory entry"))
      let nameLength = Int(try reader.integer(UInt16.self, "directory entry"))
      let extraLength = Int(try reader.integer(UInt16.self, "directory entry"))
      let commentLength = Int(try reader.integer(UInt16.self, "directory entry"))
      _ = try reader.take(8, "directory entry")
      offset = Int(try reader.integer(UInt32.self, "directory entry"))
      name = String(decoding: try reader.take(nameLength, "name"), as: UTF8.self)
      _ = try reader.take(extraLength + commentLength, "directory entry")
      guard flags & 1 == 0, method == stored || method == deflate else {
        throw .unsupported(
          format: "npz", what: "\"\(name)\"",
          found: flags & 1 == 1 ? "encrypted" : "packed by method \(method)",
          supported: "stored (0) and deflated (8)")
      }
    }
  }

  private static func contents(of entry: Entry, in bytes: [UInt8]) throws(FormatError) -> [UInt8] {
    var reader = ByteReader(bytes, format: "npz", at: entry.offset)
    let signature = try reader.integer(UInt32.self, "\"\(entry.name)\"")
    guard signature == localSignature else {
      throw .malformed(
        format: "npz", what: "\"\(entry.name)\"", found: "signature \(signature)",
        expected: "\(localSignature)", offset: entry.offset)
    }
    _ = try reader.take(22, "\"\(entry.name)\"")
    let nameLength = Int(try reader.integer(UInt16.self, "\"\(entry.name)\""))
    let extraLength = Int(try reader.integer(UInt16.self, "\"\(entry.name)\""))
    _ = try reader.take(nameLength + extraLength, "\"\(entry.name)\"")
    let start = reader.offset
    let data = try reader.take(entry.compressedSize, "\"\(entry.name)\"")
    let contents =
      entry.method == stored
      ? Array(data)
      : try Deflate.inflate(
        bytes, start..<reader.offset, .none, limit: entry.size, format: "npz"
      ).output
    guard contents.count == entry.size else {
      throw .malformed(
        format: "npz", what: "\"\(entry.name)\"", found: "\(contents.count) bytes",
        expected: "\(entry.size) bytes", offset: start)
    }
    let checksum = Deflate.checksum(contents[...])
    guard checksum == entry.checksum else {
      throw .malformed(
        format: "npz", what: "\"\(entry.name)\"", found: "damaged: checksum \(checksum)",
        expected: "checksum \(entry.checksum)", offset: start)
    }
    return contents
  }
}
