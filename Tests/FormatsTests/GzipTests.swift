import Testing

@testable import Formats

@Suite struct GzipTests {
  // python3 -c "import gzip; print(gzip.compress(b'hello hello hello', mtime=0).hex())"
  private let hello = bytes(hex: "1f8b0800000000000203cb48cdc9c957c84090008088f9e511000000")

  @Test func anothersFileIsRead() throws {
    #expect(try Gzip.decompress(hello) == Array("hello hello hello".utf8))
  }

  @Test func membersFollowOneAnother() throws {
    let twice = try Gzip.decompress(hello + hello + [0, 0, 0])
    #expect(twice == Array("hello hello hellohello hello hello".utf8))
  }

  @Test func bytesComeBackAndAreTheSameEachTime() throws {
    var random = SplitMix(state: 1)
    for count in [0, 1, 1000, 200_000] {
      let data = (0..<count).map { _ in UInt8.random(in: 0...20, using: &random) }
      let packed = try Gzip.compress(data)
      #expect(try Gzip.decompress(packed) == data)
      #expect(try Gzip.compress(data) == packed)
      #expect(packed[4..<8].allSatisfy { $0 == 0 })
    }
  }

  @Test func aBombIsStoppedAtTheLimit() throws {
    let bomb = try Gzip.compress([UInt8](repeating: 0, count: 5_000_000))
    #expect(bomb.count < 10_000)
    #expect(
      message { try Gzip.decompress(bomb, limit: 1_000_000) }
        == "gzip: inflated data is said to be over 1000000 bytes, more than 1000000 bytes")
    #expect(
      message { try Gzip.decompress(bomb + bomb, limit: 6_000_000) }.contains("inflated data"))
  }

  @Test func damageIsFound() {
    var damaged = hello
    damaged[20] ^= 1
    #expect(
      message { try Gzip.decompress(damaged) }
        == "gzip: compressed data at offset 24 is incorrect data check, expected a deflate stream")
    #expect(
      message { try Gzip.decompress(Array(hello.dropLast())) }
        == "gzip: compressed data is cut short: needs 28 bytes at offset 0, found 27")
    #expect(
      message { try Gzip.decompress(hello + [1]) }
        == "gzip: the end at offset 28 is 1 more bytes, expected another member (1f 8b) or nothing")
    #expect(
      message { try Gzip.decompress([]) }
        == "this is not gzip: it begins with nothing, expected 1f 8b")
  }
}
