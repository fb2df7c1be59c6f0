import Testing

@testable import Distributions

@Suite struct DistributionCatalogueTests {
  @Test func theCatalogueListsEachFileOfItsFolder() throws {
    let package = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    let files = try listFolder("/\(package)/Sources/Distributions/Families")
    #expect(files == DistributionCatalogue.families.map { "\($0).swift" }.sorted())
  }

  @Test func theTransformsListEachFileOfTheirFolder() throws {
    let package = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    let files = try listFolder("/\(package)/Sources/Distributions/Transforms")
    #expect(files == TransformCatalogue.all.map { "\($0).swift" }.sorted())
    #expect(
      TransformCatalogue.all.map { $0.name } == ["affine", "exp", "sigmoid", "tanh", "softplus"])
  }

  @Test func scriptNamesFollowFromTheTypes() {
    let names = DistributionCatalogue.families.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(HalfNormal.name == "half_normal" && OneHotCategorical.name == "one_hot_categorical")
  }

  @Test func everyFamilyIsUnderTheLaws() {
    let laws = Law.all.map(\.description) + VectorLaw.all.map(\.description)
    let tested = Set(laws.map { String($0.prefix { $0 != " " }) })
    // These are made of other families; their own tests stand beside.
    let made: Set<String> = ["independent"]
    #expect(tested == Set(DistributionCatalogue.families.map { $0.name }).subtracting(made))
  }
}
