import Glibc
import Testing

@testable import Calculus

@Suite("FamiliarConstants")
struct FamiliarConstantsTests {
  private static let named: [(Double, String)] = [
    (0.918_938_533_204_672_7, "½ log 2π"), (1.837_877_066_409_345_5, "log 2π"), (0.5, "½"),
    (-1.5, "-3/2"), (0.693_147_180_559_945_3, "log 2"), (-1.386_294_361_119_890_6, "-2 log 2"),
    (3.141_592_653_589_793, "π"), (1.570_796_326_794_896_6, "½ π"),
    (2.718_281_828_459_045, "e"), (0.318_309_886_183_790_7, "1 / π"),
    (0.398_942_280_401_432_7, "1 / √2π"), (2, "2"), (2.837_877_066_409_345_5, "log 2πe"),
    (1.144_729_885_849_400_2, "log π"), (0.666_666_666_666_666_6, "⅔"),
  ]

  @Test("a number is called by its simplest name", arguments: named)
  func names(x: Double, name: String) {
    #expect(FamiliarConstants().name(of: x, within: 1e-9) == name)
  }

  @Test("sizes of the case at hand count as constants")
  func sizes() {
    let constants = FamiliarConstants([("n", 50)])
    #expect(constants.name(of: 50 * log(2.0), within: 1e-9) == "n log 2")
    #expect(constants.name(of: 25 * log(2 * .pi), within: 1e-9) == "½ n log 2π")
    #expect(constants.name(of: log(50.0), within: 1e-9) == "log n")
  }

  @Test("other numbers have no name, nor has any where the tolerance is wide")
  func nameless() {
    for x in [0.1234567, 0.7315, 2.345678, 17.77, 0, .infinity, .nan] {
      #expect(FamiliarConstants().name(of: x, within: 1e-8) == nil)
    }
    #expect(FamiliarConstants().name(of: 0.5, within: 1e-3) == nil)
  }
}
