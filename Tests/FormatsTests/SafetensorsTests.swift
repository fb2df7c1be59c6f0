import Testing

@testable import Formats

private func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.append(integer: UInt64(header.utf8.count))
  return bytes + header.utf8 + data
}

private func refusal(_ header: String, _ data: [UInt8] = []) -> String {
  message { try Safetensors.decode(file(header, data)) }
}

@Suite struct SafetensorsTests {
  @Test func aFileIsWrittenSortedAndAligned() throws {
    let arrays = [
      NamedArray("w", try RawArray(shape: [2], floats: [1, -2])),
      NamedArray("b", try RawArray(shape: [], booleans: [true])),
    ]
    let header =
      #"{"b":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]},"#
      + #""w":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let expected = file(padded, bytes(hex: "01 0000803f 000000c0"))
    #expect(try Safetensors.encode(.init(arrays: arrays)) == expected)
    #expect(expected.count % 8 == 1)
  }

  @Test func everyTypeComesBackAsWritten() throws {
    var arrays: [NamedArray] = []
    for element in ElementType.allCases {
      let array = try RawArray(
        element, shape: [3, 1], bytes: [UInt8](repeating: 1, count: 3 * element.size))
      arrays.append(NamedArray(element.rawValue, array))
    }
    arrays.append(NamedArray("empty \"µ\"\n", try RawArray(shape: [0, 4], floats: [])))
    let written = Safetensors.File(arrays: arrays, metadata: ["format": "pt", "note": "a\tb"])
    let read = try Safetensors.decode(Safetensors.encode(written))
    #expect(read.metadata == written.metadata)
    #expect(read.arrays.sorted { $0.name < $1.name } == arrays.sorted { $0.name < $1.name })
    #expect(try Safetensors.encode(read) == Safetensors.encode(written))
  }

  @Test func bfloat16IsTheUpperHalfOfFloat32() throws {
    let header = #"{"x":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}   "#
    let read = try Safetensors.decode(file(header, [0x80, 0x3F, 0x20, 0xC1]))
    #expect(read.arrays[0].array.doubles() == [1, -10])
  }

  @Test func headersThatLieAreRefused() {
    #expect(
      message { try Safetensors.decode([1, 2, 3]) }
        == "safetensors: header length is cut short: needs 8 bytes at offset 0, found 3")
    #expect(
      message { try Safetensors.decode([UInt8](repeating: 0xFF, count: 8)) }
        == "safetensors: header is said to be 18446744073709551615 bytes, more than 100000000 bytes"
    )
    #expect(
      message { try Safetensors.decode([100, 0, 0, 0, 0, 0, 0, 0, 0x7B]) }
        == "safetensors: header is cut short: needs 100 bytes at offset 8, found 1")
    #expect(
      refusal(#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, [0, 0, 0, 0])
        == "safetensors: data of \"x\" is cut short: needs 8 bytes at offset 62, found 4")
    #expect(
      refusal(#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, [0, 0, 0, 0])
        == "safetensors: header's \"x\" at offset 8 is data_offsets [0, 4], "
        + "expected 8 bytes for shape [2] of F32")
    #expect(
      refusal(#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}"#).contains("[8, 4]"))
    #expect(
      refusal(
        #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"#
          + #""b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}"#, [0, 0, 0, 0])
        == "safetensors: data of \"b\" at offset 114 is overlapping: it begins at 1, "
        + "expected 3, where the data before it ends")
    #expect(
      refusal(#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, [0, 0])
        == "safetensors: data of \"a\" at offset 62 is after a gap: at 1, "
        + "expected 0, where the data before it ends")
    #expect(
      refusal(#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, [0, 0])
        == "safetensors: the end at offset 62 is 1 more bytes, expected 1 bytes of data")
    #expect(
      refusal(#"{"a":{"dtype":"C64","shape":[],"data_offsets":[0,8]}}"#)
        == "safetensors: dtype of \"a\" is C64, which is not supported; supported: "
        + "BOOL U8 I8 U16 I16 U32 I32 U64 I64 F16 BF16 F32 F64")
    #expect(
      refusal(#"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#)
        == "safetensors: an array is said to be of shape [4294967296, 4294967296], "
        + "more than memory can hold")
    #expect(
      refusal(#"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}}"#)
        == "safetensors: header's \"a\" at offset 8 is dtype, shape, data_offsets, "
        + "expected dtype, shape and data_offsets, whole numbers from 0 up")
    #expect(refusal("[]").contains("no object"))
    #expect(refusal(#"{"__metadata__":{"a":1}}"#).contains("no string"))
    #expect(
      refusal(#"{"a":null,"a":null}"#)
        == "safetensors: key at offset 18 is \"a\" a second time, expected each key once")
  }

  @Test func theReservedNameIsNotWritten() throws {
    let array = NamedArray("__metadata__", try RawArray(shape: [1], floats: [1]))
    #expect(
      message { try Safetensors.encode(.init(arrays: [array])) }
        == "safetensors cannot hold an array named __metadata__, expected another name")
  }
}
