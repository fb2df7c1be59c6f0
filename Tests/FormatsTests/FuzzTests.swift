import Testing

@testable import Formats

/// Whole files of every format, small enough to damage everywhere.
private let samples: [(name: String, bytes: [UInt8])] = {
  do {
    let floats = try RawArray(shape: [2, 3], floats: [0, 0.25, 0.5, 0.75, 1, -1])
    let picture = try RawArray(.uint8, shape: [4, 5, 3], bytes: (0..<60).map { UInt8($0 * 4) })
    let arrays = [NamedArray("w", floats), NamedArray("image", picture)]
    return [
      ("x.npy", try NPY.encode(floats)),
      ("stored.npz", try NPZ.encode(arrays)),
      ("deflated.npz", try NPZ.encode(arrays, deflated: true)),
      ("x.safetensors", try Safetensors.encode(.init(arrays: arrays, metadata: ["by": "test"]))),
      ("x.idx", try IDX.encode(picture)),
      ("x.idx.gz", try Gzip.compress(IDX.encode(picture))),
      ("x.csv", Array("a,\"b\"\n1,2.5\n-3e2,\"4\"\n".utf8)),
      ("x.png", try PNG.encode(picture)),
    ]
  } catch {
    Issue.record(error)
    return []
  }
}()

@Suite struct FuzzTests {
  @Test(arguments: samples.indices)
  func aFileCutShortAnywhereIsAnErrorOrReads(_ index: Int) throws {
    let (name, whole) = samples[index]
    _ = try FormatCatalogue.decode(whole, fileName: name)
    for length in 0..<whole.count {
      let text = message { try FormatCatalogue.decode(Array(whole.prefix(length)), fileName: name) }
      // A shorter table is a table; every other format says how long it is.
      #expect(text != "no error" || name == "x.csv", "\(name) cut to \(length)")
      #expect(!text.hasPrefix("another error"))
    }
  }

  @Test(arguments: samples.indices)
  func aFileWithFlippedBitsIsAnErrorOrReads(_ index: Int) {
    let (name, whole) = samples[index]
    var random = SplitMix(state: UInt64(index))
    for round in 0..<3000 {
      var damaged = whole
      for _ in 0..<(1 + round % 3) {
        let place = Int.random(in: 0..<damaged.count, using: &random)
        damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      #expect(
        !message { try FormatCatalogue.decode(damaged, fileName: name) }.hasPrefix("another"))
    }
  }

  @Test(arguments: samples.indices)
  func aFileWithBytesPutInAndTakenOutIsAnErrorOrReads(_ index: Int) {
    let (name, whole) = samples[index]
    var random = SplitMix(state: 1000 + UInt64(index))
    for _ in 0..<1000 {
      var damaged = whole
      let place = Int.random(in: 0..<damaged.count, using: &random)
      if Bool.random(using: &random) {
        damaged.remove(at: place)
      } else {
        let extremes: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF]
        for i in 0..<min(Int.random(in: 1...8, using: &random), damaged.count - place) {
          damaged[place + i] = extremes.randomElement(using: &random) ?? 0
        }
      }
      #expect(
        !message { try FormatCatalogue.decode(damaged, fileName: name) }.hasPrefix("another"))
    }
  }
}
