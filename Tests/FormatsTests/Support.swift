import Glibc
import Testing

@testable import Formats

/// A small generator, seeded: every run damages the same bytes.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

func bytes(hex text: String) -> [UInt8] {
  let digits = Array(text.filter { !$0.isWhitespace })
  return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
    UInt8(String(digits[$0...($0 + 1)]), radix: 16)
  }
}

func bytes(base64 text: String) -> [UInt8] {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var result: [UInt8] = []
  var buffer = 0
  var bits = 0
  for byte in text.utf8 {
    guard let value = alphabet.firstIndex(of: byte) else { continue }
    buffer = (buffer << 6 | value) & 0xFFFF
    bits += 6
    if bits >= 8 {
      bits -= 8
      result.append(UInt8(truncatingIfNeeded: buffer >> bits))
    }
  }
  return result
}

/// The folder of test data beside the checkout, where there is one.
let sharedData: String? = unsafe getenv("DEEPGEN_SHARED_DATA").map { unsafe String(cString: $0) }

struct NoSuchFile: Error {
  let path: String
}

func readFile(_ path: String) throws -> [UInt8] {
  guard let file = unsafe fopen(path, "rb") else { throw NoSuchFile(path: path) }
  defer { unsafe _ = fclose(file) }
  var result: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe fread(&chunk, 1, chunk.count, file)
    if count == 0 { return result }
    result += chunk[..<count]
  }
}

func listFolder(_ path: String) throws -> [String] {
  guard let folder = unsafe opendir(path) else { throw NoSuchFile(path: path) }
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

/// The text of the format error that `body` throws.
func message<T>(_ body: () throws -> T) -> String {
  do {
    _ = try body()
    return "no error"
  } catch let error as FormatError {
    return "\(error)"
  } catch {
    return "another error: \(error)"
  }
}
