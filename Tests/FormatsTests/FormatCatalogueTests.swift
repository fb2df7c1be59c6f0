import Testing

@testable import Formats

@Suite struct FormatCatalogueTests {
  @Test func theCatalogueListsEachFileOfItsFolder() throws {
    let package = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    let files = try listFolder("/\(package)/Sources/Formats/Catalogue")
    #expect(files == FormatCatalogue.all.map { $0.name + ".swift" })
  }

  @Test func aNameGivesItsFormat() {
    let names = [
      "x.npy": "NPY", "a/b.c/X.NPZ": "NPZ", "w.safetensors": "Safetensors", "t.csv": "CSV",
      "p.png": "PNG", "train-images-idx3-ubyte": "IDX", "train-labels.idx1-ubyte": "IDX",
      "t10k-images-idx3-ubyte.gz": "Gzip",
    ]
    for (name, format) in names {
      #expect(FormatCatalogue.format(for: name)?.name == format)
    }
    #expect(FormatCatalogue.format(for: "npy") == nil)
  }

  @Test func aPackedFileIsUnpackedFirst() throws {
    let array = try RawArray(shape: [3], integers: [1, 2, 3])
    for name in ["x.npy", "x.npy.gz", "x.csv.gz", "x.safetensors", "x.npz"] {
      let bytes = try FormatCatalogue.encode(.array(array), fileName: name)
      #expect(Gzip.isGzip(bytes) == name.hasSuffix(".gz"))
      switch try FormatCatalogue.decode(bytes, fileName: name) {
      case .array(let read): #expect(read.doubles() == [1, 2, 3])
      case .named(let read): #expect(read == [NamedArray("x", array)])
      }
    }
  }

  @Test func anUnknownExtensionIsNamedWithTheKnownOnes() {
    #expect(
      message { try FormatCatalogue.decode([], fileName: "data.xyz") }
        == "data.xyz: the file name's extension is .xyz, which is not supported; "
        + "supported: .csv .gz .idx .npy .npz .png .safetensors")
    #expect(message { try FormatCatalogue.decode([], fileName: "data") }.contains("is missing"))
  }

  @Test func severalArraysDoNotFitAFileOfOne() throws {
    let array = try RawArray(shape: [1], floats: [1])
    let two = FileContents.named([NamedArray("a", array), NamedArray("b", array)])
    #expect(
      message { try FormatCatalogue.encode(two, fileName: "x.npy") }
        == "npy cannot hold 2 arrays, expected one array")
    let same = FileContents.named([NamedArray("a", array), NamedArray("a", array)])
    #expect(
      message { try FormatCatalogue.encode(same, fileName: "x.npz") }
        == "npz cannot hold \"a\" twice, expected each name once")
  }
}
