import CKernels
import Testing

@Suite struct DispatchTests {
  @Test func aVariantAboveTheBestIsNotTaken() {
    let best = dg_isa_best()
    #expect(dg_isa_use(99) == best)
    #expect(dg_isa_current() == best)
    #expect(dg_isa_use(-1) == 0)
    #expect(dg_isa_use(best) == best)
  }

  @Test func everyVariantHasAName() {
    #expect((0...2).map { unsafe String(cString: dg_isa_name($0)) } == ["baseline", "avx2", "avx512"])
  }
}
