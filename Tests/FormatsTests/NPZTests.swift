import Testing

@testable import Formats

@Suite struct NPZTests {
  // np.savez(o, a=np.array([1.5, 2.5], dtype='f4'), b=np.array(7)), in base64
  @Test func whatNumpySavesIsRead() throws {
    let file = bytes(
      base64: """
        UEsDBC0AAAAAAAAAIQBU5Hd9//////////8FABQAYS5ucHkBABAAiAAAAAAAAACIAAAAAAAAAJNOVU1QWQEAdgB7
        J2Rlc2NyJzogJzxmNCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCksIH0gICAgICAgICAg
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAADAPwAAIEBQSwMELQAA
        AAAAAAAhACO48Gz//////////wUAFABiLm5weQEAEACIAAAAAAAAAIgAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3In
        OiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAgICAgICAgICAg
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoHAAAAAAAAAFBLAQItAy0AAAAAAAAA
        IQBU5Hd9iAAAAIgAAAAFAAAAAAAAAAAAAACAAQAAAABhLm5weVBLAQItAy0AAAAAAAAAIQAjuPBsiAAAAIgAAAAF
        AAAAAAAAAAAAAACAAb8AAABiLm5weVBLBQYAAAAAAgACAGYAAAB+AQAAAAA=
        """)
    let arrays = try NPZ.decode(file)
    #expect(
      arrays == [
        NamedArray("a", try RawArray(shape: [2], floats: [1.5, 2.5])),
        NamedArray("b", try RawArray(shape: [], integers: [7])),
      ])
  }

  // np.savez_compressed(o, w=np.zeros((2, 3)), flag=np.array([True, False])), in base64
  @Test func whatNumpyCompressesIsRead() throws {
    let file = bytes(
      base64: """
        UEsDBC0AAAAIAAAAIQB8f5hF//////////8FABQAdy5ucHkBABAAsAAAAAAAAABJAAAAAAAAAJvsF+obEMnIUMZQ
        rZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLgYSAQBQSwME
        LQAAAAgAAAAhAO4Zu13//////////wgAFABmbGFnLm5weQEAEACCAAAAAAAAAEYAAAAAAAAAm+wX6hsQychQxlCt
        npJanFykbqWgXpNkqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQALkYGAFBLAQItAy0A
        AAAIAAAAIQB8f5hFSQAAALAAAAAFAAAAAAAAAAAAAACAAQAAAAB3Lm5weVBLAQItAy0AAAAIAAAAIQDuGbtdRgAA
        AIIAAAAIAAAAAAAAAAAAAACAAYAAAABmbGFnLm5weVBLBQYAAAAAAgACAGkAAAAAAQAAAAA=
        """)
    let arrays = try NPZ.decode(file)
    #expect(
      arrays == [
        NamedArray(
          "w", try RawArray(shape: [2, 3], doubles: [Double](repeating: 0, count: 6))),
        NamedArray("flag", try RawArray(shape: [2], booleans: [true, false])),
      ])
  }

  @Test(arguments: [false, true])
  func arraysComeBackAsWritten(deflated: Bool) throws {
    let arrays = [
      NamedArray("z", try RawArray(shape: [100], integers: Array(0..<100))),
      NamedArray("a/µ", try RawArray(shape: [0], floats: [])),
    ]
    let file = try NPZ.encode(arrays, deflated: deflated)
    #expect(try NPZ.decode(file) == arrays)
    #expect(try NPZ.encode(arrays, deflated: deflated) == file)
    #expect(try NPZ.decode(NPZ.encode([])).isEmpty)
  }

  @Test func damageIsFoundByTheChecksum() throws {
    let array = NamedArray("x", try RawArray(shape: [2], floats: [1, 2]))
    var file = try NPZ.encode([array])
    let place = try #require(file.lastIndex(of: 0x40))
    file[place] = 0x41
    let text = message { try NPZ.decode(file) }
    #expect(text.hasPrefix("npz: \"x.npy\" at offset 35 is damaged: checksum "))
  }

  @Test func moreThanTheBytesCanHoldIsRefused() throws {
    let zeros = Zip.File(name: "zeros", bytes: [UInt8](repeating: 0, count: 100_000))
    let archive = try Zip.encode([zeros], deflated: true)
    #expect(try Zip.decode(archive) == [zeros])
    #expect(
      message { try Zip.decode(archive, sizeLimit: 50_000) }
        == "npz: the archive's contents is said to be 100000 bytes, more than \(archive.count) bytes can hold"
    )
  }

  @Test func anArchiveWithoutItsDirectoryIsCutShort() throws {
    let file = try NPZ.encode([NamedArray("x", RawArray(shape: [1], floats: [1]))])
    #expect(
      message { try NPZ.decode(Array(file.dropLast())) }.hasPrefix(
        "npz: the archive (its directory is missing) is cut short"))
    #expect(
      message { try NPZ.decode([1, 2]) }
        == "this is not npz: it begins with 01 02, expected 50 4b (PK, a zip archive)")
  }
}
