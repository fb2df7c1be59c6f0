import Tensors
import Testing

@testable import Distributions

@Suite struct DistributionArgumentsTests {
  private func message(_ body: () throws -> Any) -> String {
    do {
      return "no error: \(try body())"
    } catch let error as DistributionError {
      return error.message
    } catch let error as TensorError {
      return error.message
    } catch {
      return "\(error)"
    }
  }

  @Test func valuesOutsideTheirDomainAreNamed() throws {
    #expect(message { try Normal(0, -1) } == "scale: expected positive numbers, found -1")
    #expect(
      message { try Normal(0, .number(.nan)) } == "scale: expected positive numbers, found nan")
    let mixed = try Tensor([1, -0.5, 2], Shape([3]))
    #expect(
      message { try Laplace(.number(0), .tensor(mixed)) }
        == "scale: expected positive numbers, found -0.5")
    #expect(
      message { try Bernoulli(1.5) } == "probs: expected probabilities from 0 to 1, found 1.5")
    #expect(message { try Uniform(2, 1) } == "high - low: expected positive numbers, found -1")
  }

  @Test func exactlyOneOfTwoAlternativesIsNeeded() {
    #expect(
      message { try Bernoulli() } == "expected one of probs and logits, found neither")
    #expect(
      message { try Bernoulli(0.5, 0.1) } == "expected one of probs and logits, found both")
  }

  @Test func otherMistakesAreNamed() throws {
    #expect(
      message { try Normal(0, 1, 2) } == "expected at most 2 parameters, found 3")
    #expect(
      message { try Normal(.distribution(Normal(0, 1)), 1) } == "loc: expected numbers")
    #expect(message { try Independent(1, 1) } == "base: expected a distribution")
    let (a, b) = (try Tensor.ones(Shape([2])), try Tensor.ones(Shape([3])))
    #expect(
      message { try Normal(a, b) } == "shapes do not fit: [2] and [3] need 2 = 3 in dimension -1")
  }

  @Test func whatIsLeftOutTakesItsDefault() throws {
    let q = try Normal()
    #expect(q.loc.values == [0] && q.scale.values == [1])
    #expect(q.description == "normal(loc=0, scale=1)")
    let p = try Bernoulli(logits: Tensor.zeros(Shape([3])))
    #expect(p.description == "bernoulli(logits=[0, 0, 0])")
    #expect(p.arguments.tensors.map(\.name) == ["logits"])
    #expect(try Independent(p, 1).description == "independent(bernoulli(logits=[0, 0, 0]), n=1)")
  }

  @Test func tensorsTakeTheirCommonTypeAndNumbersFollow() throws {
    let single = try Tensor(2, .float64)
    let q = try Normal(.tensor(Tensor.zeros(Shape([2]))), .tensor(single))
    #expect(q.dtype == .float32 && q.scale.dtype == .float32)
    #expect(try Normal(.tensor(single), 1).dtype == .float64)
    #expect(try Normal(.tensor(Tensor([1, 2])), 1).loc.dtype == .float32)
  }
}
