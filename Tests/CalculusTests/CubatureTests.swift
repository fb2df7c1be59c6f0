import Distributions
import Glibc
import Tensors
import Testing

@testable import Calculus

struct CubatureTests {
  private func exact(
    _ n: Int, _ f: @escaping (Tensor) throws -> Tensor
  ) throws -> Tensor? {
    let q = try Normal(Tensor.zeros(Shape([n]), .float64), Tensor(1))
    return try Expectation.exact(.distribution(q), BatchedFunction { try f($0[0]) })
  }

  @Test func twoAndThreeNumbersAreExact() throws {
    let two = try #require(try exact(2) { try $0.square().sum() })
    #expect(abs(two[flat: 0] - 2) < 1e-10)
    let three = try #require(try exact(3) { try $0.sum([-1]).exp() })
    #expect(abs(three[flat: 0] - exp(1.5)) < 1e-10)
  }

  @Test func aBatchIsTakenNumberByNumber() throws {
    let each = try #require(try exact(64) { try $0.square() })
    #expect(each.shape.dims == [64])
    #expect(each.values.allSatisfy { abs($0 - 1) < 1e-12 })
  }

  @Test func aRidgeAcrossTheAxesIsExact() throws {
    let ridge = try #require(
      try exact(2) { z in
        try ((z.indexed([.at(0)]) - z.indexed([.at(1)])).square() * -50).exp()
      })
    #expect(abs(ridge[flat: 0] - 1 / 201.0.squareRoot()) < 1e-10)
  }

  @Test func threeNumbersAreAveragedWhereTheyGoOneByOne() throws {
    let square = try #require(try exact(3) { try $0.square().sum() })
    #expect(abs(square[flat: 0] - 3) < 1e-10)
    // Too narrow for either rule.
    #expect(try exact(3) { try ($0.square().sum() * -500).exp() } == nil)
  }

  @Test func gaussHermiteIsExactForPolynomials() {
    let rule = GaussHermite(15)
    func average(_ f: (Double) -> Double) -> Double {
      zip(rule.places, rule.weights).reduce(0) {
        $0 + $1.1 * f($1.0) * exp(-$1.0 * $1.0 / 2) / (2 * Double.pi).squareRoot()
      }
    }
    #expect(abs(average { _ in 1 } - 1) < 1e-13)
    #expect(abs(average { $0 * $0 } - 1) < 1e-13)
    // 13!!, as the density's moment of degree 14.
    #expect(abs(average { pow($0, 14) } / 135_135 - 1) < 1e-12)
  }

  @Test func whatDoesNotSettleIsLeftToChance() throws {
    #expect(
      try exact(2) {
        try $0.indexed([.at(0)]).compare(.greater, to: $0.indexed([.at(1)])).cast(to: .float64)
      } == nil)
    #expect(try exact(4) { try $0.sum() } == nil)
  }
}
