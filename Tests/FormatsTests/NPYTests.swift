import Testing

@testable import Formats

/// A version 1.0 file around a header of one's own.
private func npy(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
  [0x93] + "NUMPY".utf8 + [1, 0, UInt8(header.utf8.count), 0] + header.utf8 + data
}

@Suite struct NPYTests {
  @Test(arguments: ElementType.allCases.filter { $0 != .bfloat16 })
  func everyTypeComesBackAsWritten(_ element: ElementType) throws {
    let data = (0..<6 * element.size).map { UInt8($0 % (element == .bool ? 2 : 251)) }
    for shape in [[2, 3], [6], [1, 1, 6, 1]] {
      let array = try RawArray(element, shape: shape, bytes: data)
      #expect(try NPY.decode(NPY.encode(array)) == array)
    }
    let scalar = try RawArray(element, shape: [], bytes: Array(data.prefix(element.size)))
    #expect(try NPY.decode(NPY.encode(scalar)) == scalar)
    let empty = try RawArray(element, shape: [0, 7], bytes: [])
    #expect(try NPY.decode(NPY.encode(empty)) == empty)
  }

  // python3 -c "import numpy as np, io; o = io.BytesIO(); np.save(o, np.array([[0.1, -1e300]])); print(o.getvalue().hex())"
  @Test func whatIsWrittenIsWhatNumpyWrites() throws {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }"
    let blanks = String(repeating: "20", count: 58)
    let expected =
      bytes(hex: "934e554d505901007600") + header.utf8 + bytes(hex: blanks)
      + bytes(hex: "0a9a9999999999b93f9c7500883ce437fe")
    #expect(try NPY.encode(RawArray(shape: [1, 2], doubles: [0.1, -1e300])) == expected)
    #expect(try NPY.decode(expected).doubles() == [0.1, -1e300])
  }

  // np.asfortranarray(np.arange(6, dtype='>i4').reshape(2, 3)): the data are 0 3 1 4 2 5, big-endian.
  @Test func fortranOrderAndBigEndianAreTurned() throws {
    let data = bytes(hex: "000000000000000300000001000000040000000200000005")
    let file = npy("{'descr': '>i4', 'fortran_order': True, 'shape': (2, 3), }\n", data)
    let array = try NPY.decode(file)
    #expect(array.element == .int32)
    #expect(array.shape == [2, 3])
    #expect(try array.integers() == [0, 1, 2, 3, 4, 5])
  }

  @Test func fortranOrderOfThreeDimensionsIsTurned() throws {
    // np.asfortranarray(np.arange(24, dtype='u1').reshape(2, 3, 4)).tobytes('A')
    let data: [UInt8] = [
      0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23,
    ]
    let file = npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 4), }\n", data)
    #expect(try NPY.decode(file).bytes == Array(0..<24))
  }

  // np.lib.format.write_array(o, np.array([1, 2], dtype='u2'), version=(2, 0))
  @Test func versionTwoHasALongerLength() throws {
    let header = "{'descr': '<u2', 'fortran_order': False, 'shape': (2,), }"
    var file = bytes(hex: "934e554d50590200") + [UInt8(header.utf8.count), 0, 0, 0]
    file += header.utf8 + [1, 0, 2, 0]
    #expect(try NPY.decode(file).integers() == [1, 2])
  }

  @Test func halfPrecisionIsExact() throws {
    // np.array([1, -2, 0.333251953125, 65504, 5.960464477539063e-08, np.inf], dtype='<f2').tobytes().hex()
    let array = try RawArray(
      .float16, shape: [6], bytes: bytes(hex: "003c00c05535ff7b0100007c"))
    #expect(
      array.doubles() == [1, -2, 0.333251953125, 65504, 5.960464477539063e-08, .infinity])
  }

  @Test func wrongFilesAreSaidToBeWrong() throws {
    #expect(
      message { try NPY.decode(Array("hello".utf8)) }
        == "this is not npy: it begins with 68 65 6c 6c 6f, "
        + "expected 93 4e 55 4d 50 59 (\\x93NUMPY)")
    #expect(
      message {
        try NPY.decode(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", [0]))
      } == "npy: data is cut short: needs 12 bytes at offset 65, found 1")
    #expect(
      message {
        try NPY.decode(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000,)}"))
      } == "npy: data is cut short: needs 16000000000 bytes at offset 74, found 0")
    #expect(
      message {
        try NPY.decode(
          npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000, 4000000000)}"))
      }
        == "npy: an array is said to be of shape [4000000000, 4000000000], more than memory can hold"
    )
    #expect(
      message { try NPY.decode(npy("{'descr': '<c8', 'fortran_order': False, 'shape': ()}")) }
        == "npy: element type is '<c8', which is not supported; "
        + "supported: b1 u1 i1 u2 i2 u4 i4 u8 i8 f2 f4 f8")
    #expect(
      message {
        try NPY.decode(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': ()}"))
      }
        == "npy: header at offset 20 is \"[('a', '<f4')], \", "
        + "expected a string; a record array is not supported")
    #expect(
      message { try NPY.decode(npy("{'descr': '<f4', 'shape': (1,)}", [0, 0, 0, 0])) }
        == "npy: header at offset 41 is the end, expected 'fortran_order'")
    #expect(
      message {
        try NPY.decode(npy("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", [1, 2]))
      } == "npy: the end at offset 64 is 1 more bytes, expected 1 bytes of data")
  }

  @Test func whatNumpyLacksIsNotWritten() throws {
    let array = try RawArray(.bfloat16, shape: [1], bytes: [0, 0])
    #expect(
      message { try NPY.encode(array) }
        == "npy cannot hold bfloat16, expected a type that NumPy has; convert it to float32 first")
  }
}
