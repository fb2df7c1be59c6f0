import CKernels
import Testing

extension KernelTests {
  @Suite struct SpecialTests {
    /// python3, mpmath 1.3.0, 40 digits: lgamma, digamma, polygamma(1, x), erfinv, and erfc(-x/sqrt(2))/2 with
    /// its inverse by findroot.
    static let references: [(dg_unary, Double, Double)] = [
      (DG_LGAMMA, 0.125, 2.0194183575537963),
      (DG_LGAMMA, 0.5, 0.5723649429247001),
      (DG_LGAMMA, 3.5, 1.2009736023470743),
      (DG_LGAMMA, 10.25, 13.368023671476045),
      (DG_LGAMMA, 171.5, 709.1431630309282),
      (DG_LGAMMA, 100000.0, 1051287.7089736569),
      (DG_LGAMMA, -0.5, 1.2655121234846454),
      (DG_LGAMMA, -3.75, -1.3172679424463636),
      (DG_DIGAMMA, 0.001, -1000.5755719318103),
      (DG_DIGAMMA, 0.25, -4.2274535333762655),
      (DG_DIGAMMA, 1, -0.5772156649015329),
      (DG_DIGAMMA, 1.5, 0.03648997397857652),
      (DG_DIGAMMA, 2, 0.42278433509846713),
      (DG_DIGAMMA, 7.5, 1.9467574842460869),
      (DG_DIGAMMA, 30, 3.384438132685525),
      (DG_DIGAMMA, 1000000.0, 13.815510057964191),
      (DG_DIGAMMA, -0.5, 0.03648997397857652),
      (DG_DIGAMMA, -2.25, 4.158583564657972),
      (DG_DIGAMMA, -0.5040830082644554, 7.289763902976895e-17),
      (DG_DIGAMMA, -0.504083, 7.388256696842615e-08),
      (DG_DIGAMMA, -1.5734984731623904, 1.5649788481838454e-16),
      (DG_DIGAMMA, -1.57349, 8.423549911522815e-05),
      (DG_DIGAMMA, -5.6671624415568855, 4.1867794464524804e-17),
      (DG_DIGAMMA, -10.702672, 0.09344280232958031),
      (DG_DIGAMMA, -1000.4536, 7.369929555496123),
      (DG_DIGAMMA, 1.2, -0.2890398965921884),
      (DG_DIGAMMA, 0.9, -0.7549269499470513),
      (DG_TRIGAMMA, 0.001, 1000001.6425331958),
      (DG_TRIGAMMA, 0.25, 17.19732915450711),
      (DG_TRIGAMMA, 1, 1.6449340668482264),
      (DG_TRIGAMMA, 1.5, 0.9348022005446793),
      (DG_TRIGAMMA, 7.5, 0.1426158966967038),
      (DG_TRIGAMMA, 30, 0.033895060357739946),
      (DG_TRIGAMMA, 1000000.0, 1.0000005000001667e-06),
      (DG_TRIGAMMA, -0.5, 8.934802200544679),
      (DG_TRIGAMMA, -2.25, 19.37941051186914),
      (DG_ERFINV, 1e-10, 8.862269254527581e-11),
      (DG_ERFINV, 0.125, 0.11123545184094996),
      (DG_ERFINV, 0.5, 0.4769362762044699),
      (DG_ERFINV, -0.84375, -1.00253397062404),
      (DG_ERFINV, 0.9375, 1.3171503349861307),
      (DG_ERFINV, 0.9999999, 3.7665625816384707),
      (DG_ERFINV, 0.9999999999999999, 5.8635847487551676),
      (DG_ERFINV, -0.25, -0.2253120550121781),
      (DG_NORMAL_CDF, -37, 5.725571222524577e-300),
      (DG_NORMAL_CDF, -30.5, 1.3029379131780763e-204),
      (DG_NORMAL_CDF, -20.3, 6.429244467698346e-92),
      (DG_NORMAL_CDF, -8, 6.220960574271784e-16),
      (DG_NORMAL_CDF, -3.1, 0.0009676032132183566),
      (DG_NORMAL_CDF, -1, 0.15865525393145705),
      (DG_NORMAL_CDF, -0.5, 0.3085375387259869),
      (DG_NORMAL_CDF, 0.25, 0.5987063256829237),
      (DG_NORMAL_CDF, 1, 0.8413447460685429),
      (DG_NORMAL_CDF, 3, 0.9986501019683699),
      (DG_NORMAL_CDF, 8, 0.9999999999999993),
      (DG_NORMAL_ICDF, 1e-307, -37.479332564321574),
      (DG_NORMAL_ICDF, 1e-300, -37.0470962993612),
      (DG_NORMAL_ICDF, 1e-100, -21.273453560965326),
      (DG_NORMAL_ICDF, 1e-16, -8.222082216130435),
      (DG_NORMAL_ICDF, 1e-05, -4.264890793922825),
      (DG_NORMAL_ICDF, 0.02425, -1.972961051311885),
      (DG_NORMAL_ICDF, 0.1, -1.2815515655446004),
      (DG_NORMAL_ICDF, 0.3, -0.5244005127080408),
      (DG_NORMAL_ICDF, 0.5625, 0.1573106846101707),
      (DG_NORMAL_ICDF, 0.9, 1.2815515655446006),
      (DG_NORMAL_ICDF, 0.999, 3.090232306167813),
      (DG_NORMAL_ICDF, 0.9999999999999999, 8.209536151601387),
    ]

    @Test(arguments: references.indices) func valuesEqualTheReferences(_ index: Int) {
      let (op, x, truth) = Self.references[index]
      KernelTests.withEachISA { isa in
        let found = Double.map(op, [x])[0]
        let error = abs(found - truth) / abs(truth)
        #expect(found == truth || error < 2e-15, "\(isa) \(op) \(x): \(found), not \(truth)")
        let single = Float.map(op, [Float(x)])[0]
        if Double(Float(x)) == x { #expect(single == Float(found), "\(isa) \(op) \(x)") }
      }
    }

    @Test func edgesOfTheirDomains() {
      KernelTests.withEachISA { isa in
        #expect(Double.map(DG_ERFINV, [-1, 0, 1]) == [-.infinity, 0, .infinity], "\(isa)")
        #expect(Double.map(DG_NORMAL_ICDF, [0, 0.5, 1]) == [-.infinity, 0, .infinity], "\(isa)")
        #expect(Double.map(DG_NORMAL_CDF, [-.infinity, 0, .infinity]) == [0, 0.5, 1], "\(isa)")
        for x in [-1.5, 1.5, .nan] { #expect(Double.map(DG_ERFINV, [x])[0].isNaN, "\(isa)") }
        for p in [-0.1, 1.1, .nan] { #expect(Double.map(DG_NORMAL_ICDF, [p])[0].isNaN, "\(isa)") }
        for op in [DG_LGAMMA, DG_DIGAMMA, DG_TRIGAMMA, DG_NORMAL_CDF] {
          #expect(Double.map(op, [.nan])[0].isNaN, "\(isa)")
        }
        #expect(Double.map(DG_LGAMMA, [0, -3, .infinity]) == [.infinity, .infinity, .infinity])
        #expect(Double.map(DG_DIGAMMA, [.infinity])[0] == .infinity, "\(isa)")
        #expect(Double.map(DG_DIGAMMA, [-2])[0].isNaN, "\(isa)")
        #expect(Double.map(DG_TRIGAMMA, [.infinity, -2]) == [0, .infinity], "\(isa)")
      }
    }
  }
}
