import Tensors
import Testing

@testable import Models

@Suite struct CheckpointTests {
  private func model(_ seed: UInt64) throws -> Sequential {
    let rng = Generator(seed: seed)
    return Sequential([try Dense(3, 4, rng), try Dense(4, 2, bias: false, rng)])
  }

  @Test func aRestoredModelComputesTheSame() throws {
    let (a, b) = (try model(1), try model(2))
    let rng = Generator(seed: 0)
    let x = try rng.normal(Shape([5, 3]))
    #expect(try a.apply(x, rng).values != b.apply(x, rng).values)
    let contents = Checkpoint.contents(a.parameters)
    #expect(contents.map(\.name) == ["0.weight", "0.bias", "1.weight"])
    try Checkpoint.restore(contents.reversed(), into: b.parameters)
    #expect(try a.apply(x, rng).values == b.apply(x, rng).values)
  }

  @Test func whatDoesNotFitIsNamedAndChangesNothing() throws {
    let a = try model(1)
    let before = a.parameters.map(\.variable.tensor.values)
    let full = Checkpoint.contents(try model(2).parameters)
    #expect(
      message { try Checkpoint.restore([full[1]], into: a.parameters) }
        == "the checkpoint lacks 0.weight, 1.weight")
    #expect(
      message { try Checkpoint.restore(full + [("9.weight", full[0].tensor)], into: a.parameters) }
        == "the checkpoint has 9.weight, which the model lacks")
    var other = full
    other[2].tensor = try Tensor.zeros(Shape([4, 3]))
    #expect(
      message { try Checkpoint.restore(other, into: a.parameters) }
        == "1.weight: expected shape [4, 2], found [4, 3] in the checkpoint")
    #expect(a.parameters.map(\.variable.tensor.values) == before)
    #expect(
      message { try Checkpoint.restore([], into: Sequential([model(1), model(2)]).parameters) }
        == "the checkpoint lacks 0.weight, 0.bias, 1.weight and 3 more")
  }
}
