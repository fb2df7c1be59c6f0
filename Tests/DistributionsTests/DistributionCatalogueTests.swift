import Testing

@testable import Distributions

@Suite struct DistributionCatalogueTests {
  @Test func theCatalogueListsEachFileOfItsFolder() throws {
    let package = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    let files = try listFolder("/\(package)/Sources/Distributions/Families")
    #expect(files == DistributionCatalogue.families.map { "\($0).swift" }.sorted())
  }

  @Test func scriptNamesFollowFromTheTypes() {
    #expect(
      DistributionCatalogue.families.map { $0.name } == [
        "normal", "uniform", "laplace", "exponential", "gumbel", "bernoulli", "categorical",
        "independent",
      ])
  }

  @Test func everyFamilyIsUnderTheLaws() {
    let tested = Set(Law.all.map { String($0.description.prefix { $0 != " " }) })
    #expect(
      tested == Set(DistributionCatalogue.families.map { $0.name }).subtracting(["independent"]))
  }
}
