import Glibc

/// The Gauss-Kronrod rule of 21 points on [-1, 1], with the Gauss rule of 10 points within it.
///
/// Source: Piessens, de Doncker-Kapenga, Überhuber and Kahaner, "QUADPACK" (1983), routine QK21.
enum GaussKronrod {
  /// From the outermost point inwards; the last is the middle.
  private static let halfPlaces: [Double] = [
    0.995_657_163_025_808_080_735_527_280_689_003, 0.973_906_528_517_171_720_077_964_012_084_452,
    0.930_157_491_355_708_226_001_207_180_059_508, 0.865_063_366_688_984_510_732_096_688_423_493,
    0.780_817_726_586_416_897_063_717_578_345_042, 0.679_409_568_299_024_406_234_327_365_114_874,
    0.562_757_134_668_604_683_339_000_099_272_694, 0.433_395_394_129_247_190_799_265_943_165_784,
    0.294_392_862_701_460_198_131_126_603_103_866, 0.148_874_338_981_631_210_884_826_001_129_720, 0,
  ]
  private static let halfKronrod: [Double] = [
    0.011_694_638_867_371_874_278_064_396_062_192, 0.032_558_162_307_964_727_478_818_972_459_390,
    0.054_755_896_574_351_996_031_381_300_244_580, 0.075_039_674_810_919_952_767_043_140_916_190,
    0.093_125_454_583_697_605_535_065_465_083_366, 0.109_387_158_802_297_641_899_210_590_325_805,
    0.123_491_976_262_065_851_077_958_109_585_166, 0.134_709_217_311_473_325_928_054_001_771_707,
    0.142_775_938_577_060_080_797_094_273_138_717, 0.147_739_104_901_338_491_374_841_515_972_068,
    0.149_445_554_002_916_905_664_936_468_389_821,
  ]
  /// Of every other point, beginning with the second.
  private static let halfGauss: [Double] = [
    0.066_671_344_308_688_137_593_568_809_893_332, 0.149_451_349_150_580_593_145_863_396_957_658,
    0.219_086_362_515_982_043_995_534_934_228_163, 0.269_266_719_309_996_355_091_226_921_569_469,
    0.295_524_224_714_752_870_173_815_619_188_769,
  ]

  static let count = 21
  /// In ascending order.
  static let places: [Double] = (0..<21).map { i in
    i < 10 ? -halfPlaces[i] : halfPlaces[20 - i]
  }
  static let kronrod: [Double] = (0..<21).map { halfKronrod[min($0, 20 - $0)] }
  /// The weights of the Gauss rule, 0 where it has no point.
  static let gauss: [Double] = (0..<21).map { i in
    let k = min(i, 20 - i)
    return k % 2 == 1 ? halfGauss[k / 2] : 0
  }
  /// The weights of the values in the polynomial through the points, at x.
  ///
  /// Source: Berrut and Trefethen (2004), "Barycentric Lagrange Interpolation", equation 4.2.
  private static func interpolation(at x: Double) -> [Double] {
    let terms = places.map { place in
      places.reduce(1 / (x - place)) { $1 == place ? $0 : $0 / (2 * (place - $1)) }
    }
    let sum = terms.reduce(0, +)
    return terms.map { $0 / sum }
  }
  /// The weights by which that polynomial has its value at 1.
  static let edge: [Double] = interpolation(at: 1)

  /// The weights of the values in the polynomial's coefficients in Chebyshev's polynomials, row by row.
  private static let chebyshev: [Double] = {
    let angles = (0..<count).map { (Double($0) + 0.5) * .pi / Double(count) }
    let weights = angles.map { interpolation(at: cos($0)) }
    return (0..<count).flatMap { k in
      (0..<count).map { i in
        let sum = angles.indices.reduce(0) { $0 + weights[$1][i] * cos(Double(k) * angles[$1]) }
        return (k == 0 ? 1 : 2) / Double(count) * sum
      }
    }
  }()

  /// Gives the polynomial through values at the points, for each of some places on [-1, 1].
  ///
  /// By Clenshaw's recurrence, eight places at a time.
  static func interpolate(
    _ values: [Double], _ places: [Double], _ take: (Int, Double) -> Void
  ) {
    let coefficients = (0..<count).map { k in
      (0..<count).reduce(0) { $0 + chebyshev[k * count + $1] * values[$1] }
    }
    for first in stride(from: 0, to: places.count, by: 8) {
      let n = min(8, places.count - first)
      var x = SIMD8<Double>.zero
      for i in 0..<n { x[i] = places[first + i] }
      var (next, after) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
      for k in stride(from: count - 1, to: 0, by: -1) {
        (next, after) = (coefficients[k] + 2 * x * next - after, next)
      }
      let sum = coefficients[0] + x * next - after
      for i in 0..<n { take(first + i, sum[i]) }
    }
  }
}
