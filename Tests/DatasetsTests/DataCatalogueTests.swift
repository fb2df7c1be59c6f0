import Glibc
import Testing

@testable import Datasets

@Suite struct DataCatalogueTests {
  @Test func theCatalogueListsEachFileOfItsFolder() throws {
    guard let folder = unsafe opendir(package + "/Sources/Datasets/Catalogue") else {
      Issue.record("no folder")
      return
    }
    defer { unsafe _ = closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      names.append(
        unsafe withUnsafeBytes(of: entry.pointee.d_name) { name in
          unsafe String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    names = names.filter { $0.hasSuffix(".swift") }.map { $0.dropLast(6).lowercased() }
    #expect(names.sorted() == DataCatalogue.all.map(\.name))
  }

  @Test func anUnknownNameIsAnsweredWithTheKnownOnes() {
    #expect(
      message { try load("digit") }
        == "no data set is called \"digit\"; there are digits, mnist, moons")
  }

  @Test func parametersAreChecked() {
    #expect(
      message { try load("moons", ["m": 3]) }
        == "the data set moons takes no m; it takes n, noise")
    #expect(
      message { try load("digits", ["n": 3]) } == "the data set digits takes no n; it takes none")
    #expect(
      message { try load("moons", ["n": 2.5]) }
        == "the data set moons: n is 2.5, expected a whole number from 1 to 10000000")
    #expect(
      message { try load("moons", ["noise": -1]) }
        == "the data set moons: noise is -1, expected a number from 0 to 100")
    #expect(message { try load("moons", ["n": .nan]) }.contains("nan"))
  }
}
