import Distributions
import Tensors
import Testing

@testable import Calculus

/// Integrals that would go on for long end where their budget does.
@Suite struct IntegralBudgetTests {
  /// The integral from 0 to 1 of |sin(k x) - 0.3|, which has a kink in every half wave.
  private func kinks(_ k: Tensor, _ budget: IntegralBudget) throws -> Tensor {
    try Integral.value(
      BatchedFunction(budget: budget) { x, _ in try ((x[0] * k).sin() - 0.3).absolute() },
      Tensor(0.0), Tensor(1.0))
  }

  /// The same over k from 0 to 5: an integral of integrals.
  private func nested(_ c: Tensor, _ budget: IntegralBudget) throws -> Tensor {
    try Integral.value(
      BatchedFunction(budget: budget) { x, _ in try kinks(x[0] * c, budget) },
      Tensor(0.0), Tensor(5.0))
  }

  @Test func aKinkIsWellWithinTheUsualBudget() throws {
    let before = Work.done
    let value = try kinks(Tensor(3.0), IntegralBudget())
    #expect(abs(value[flat: 0] - 0.402_146_63) < 1e-6)
    #expect(Work.done - before < IntegralBudget.usual / 20)
  }

  @Test func whatAnInnerIntegralComputesCountsForTheOuter() throws {
    let most = 2_000_000
    let budget = IntegralBudget(most: most)
    _ = try kinks(Tensor(3.0), budget)
    let before = Work.done
    #expect(throws: CalculusError.tooLong) { try nested(Tensor(1.0), budget) }
    #expect(Work.done - before < 3 * most)
    // The next one begins anew.
    _ = try kinks(Tensor(3.0), budget)
  }

  @Test func theSameWorkIsDoneEachTime() throws {
    func spent() -> Int {
      let before = Work.done
      _ = try? nested(Tensor(1.0), IntegralBudget(most: 1_000_000))
      return Work.done - before
    }
    #expect(spent() == spent())
  }

  @Test func anAverageThatTakesTooLongIsNotExact() throws {
    let budget = IntegralBudget(most: 300_000)
    let f = BatchedFunction(budget: budget) { z, _ in try ((z[0] * 40).sin() - 0.3).absolute() }
    #expect(try Expectation.exact(.distribution(Normal(Tensor(0), Tensor(1))), f) == nil)
  }

  @Test func aDerivativeThatTakesTooLongIsRefusedAndTheValueIsNot() throws {
    // One kink in the value, over a hundred in the derivative by k.
    let k = try Tensor(3.0).leaf()
    let f = BatchedFunction(budget: IntegralBudget(most: 2_000_000)) { x, _ in
      let many = try ((x[0] * 200).sin() - 0.3).absolute()
      return try (x[0] - 0.3).absolute() + (k - k.detached) * many
    }
    let y = try Integral.value(f, Tensor(0.0), Tensor(1.0))
    #expect(abs(y[flat: 0] - 0.29) < 1e-10)
    do {
      _ = try y.gradients([k])
      Issue.record("the derivative is there")
    } catch let error as CalculusError {
      #expect(
        error.message
          == "no exact derivative of order 1: of the integrand's, \(CalculusError.tooLong.message)")
    }
  }

  @Test func theErrorSaysWhatHelps() {
    #expect(
      CalculusError.tooLong.message
        == "the integral takes too long: after 200 million numbers it is not settled")
    #expect(
      CalculusError.tooLong.hint
        == "E(z ~ q, f(z), n=1000) estimates an average from so many draws")
  }
}
