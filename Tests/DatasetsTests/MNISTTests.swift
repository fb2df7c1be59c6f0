import Formats
import Tensors
import Testing

@testable import Datasets

/// IDX files of `count` images of 2x2 whose pixels and labels count up.
private func pair(_ count: Int) throws -> (images: [UInt8], labels: [UInt8]) {
  let pixels = (0..<count * 4).map { UInt8($0 % 256) }
  let labels = (0..<count).map { UInt8($0 % 10) }
  return (
    try IDX.encode(RawArray(.uint8, shape: [count, 2, 2], bytes: pixels)),
    try IDX.encode(RawArray(.uint8, shape: [count], bytes: labels))
  )
}

@Suite struct MNISTTests {
  @Test(arguments: ["", "mnist/", "MNIST/raw/"], ["-", "."])
  func itsNamesAndFoldersAreKnown(folder: String, mark: String) throws {
    let (images, labels) = try pair(10)
    for packed in [false, true] {
      let end = packed ? ".gz" : ""
      let files = DataFiles.memory(
        ["/none", "/d"],
        [
          "/d/\(folder)t10k-images\(mark)idx3-ubyte\(end)": packed
            ? try Gzip.compress(images) : images,
          "/d/\(folder)t10k-labels\(mark)idx1-ubyte\(end)": packed
            ? try Gzip.compress(labels) : labels,
        ])
      let mnist = try load("mnist", files: files)
      #expect(mnist.all.inputs.shape.dims == [10, 4])
      #expect(mnist.all.inputs.values[5] == Double(Float(5) / 255))
      #expect(mnist.all.labels.integers == Array(0...9))
      #expect(mnist.train.count == 8)
      #expect(mnist.test.count == 2)
    }
  }

  @Test func bothPartsAreTrainAndTest() throws {
    let (train, test) = (try pair(6), try pair(3))
    let files = DataFiles.memory(
      ["/d"],
      [
        "/d/train-images-idx3-ubyte": train.images, "/d/train-labels-idx1-ubyte": train.labels,
        "/d/t10k-images-idx3-ubyte": test.images, "/d/t10k-labels-idx1-ubyte": test.labels,
      ])
    let mnist = try load("mnist", files: files)
    #expect(mnist.all.count == 9)
    #expect(mnist.train.labels.integers == [0, 1, 2, 3, 4, 5])
    #expect(mnist.test.labels.integers == [0, 1, 2])
  }

  @Test func whatIsMissingOrWrongIsNamed() throws {
    #expect(
      message { try load("mnist", files: .memory(["/d"], [:])) }
        == "the data set mnist needs train-images-idx3-ubyte(.gz) or t10k-images-idx3-ubyte(.gz): "
        + "searched /d, /d/mnist, /d/MNIST/raw; "
        + "download MNIST's four files into a folder and name it with --data")
    #expect(message { try load("mnist") }.contains(": no data folder is known; "))
    let (images, labels) = try pair(4)
    #expect(
      message {
        try load("mnist", files: .memory(["/d"], ["/d/t10k-images-idx3-ubyte": images]))
      }
        == "the data set mnist needs t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz: "
        + "searched /d; the labels belong beside /d/t10k-images-idx3-ubyte")
    func files(_ images: [UInt8], _ labels: [UInt8]) -> DataFiles {
      .memory(
        ["/d"], ["/d/t10k-images-idx3-ubyte": images, "/d/t10k-labels-idx1-ubyte": labels])
    }
    #expect(
      message { try load("mnist", files: files(Array(images.dropLast()), labels)) }
        == "/d/t10k-images-idx3-ubyte: idx: data is cut short: needs 16 bytes at offset 16, found 15"
    )
    #expect(
      message { try load("mnist", files: files(images, pair(5).labels)) }
        == "/d/t10k-labels-idx1-ubyte holds uint8 of shape [5], expected 4 labels from 0 to 9")
    #expect(
      message { try load("mnist", files: files(labels, labels)) }
        == "/d/t10k-images-idx3-ubyte holds uint8 of shape [4], "
        + "expected uint8 of shape [n, height, width]")
    let gzipped = try Gzip.compress(images)
    #expect(
      message { try load("mnist", files: files(Array(gzipped.dropLast(3)), labels)) }
        .hasPrefix("/d/t10k-images-idx3-ubyte: gzip: compressed data is cut short"))
  }

  @Test(.enabled(if: sharedData != nil, "left out: DEEPGEN_SHARED_DATA is not set"))
  func itsOwnFilesAreRead() throws {
    let mnist = try load("mnist", files: .disk([try #require(sharedData)]))
    #expect(mnist.train.inputs.shape.dims == [8000, 784])
    #expect(mnist.test.inputs.shape.dims == [2000, 784])
    // python3: a = np.frombuffer(gzip.open('t10k-images-idx3-ubyte.gz').read(), 'u1', offset=16); a.sum()
    let sum = mnist.all.inputs.values.reduce(0) { $0 + ($1 * 255).rounded() }
    #expect(sum == 264_923_200)
  }
}
