import Tensors
import Testing

@testable import Datasets

private func rows(_ batches: Batches) throws -> [[Tensor]] {
  var batches = batches
  var result: [[Tensor]] = []
  while let batch = try batches.next() { result.append(batch) }
  return result
}

@Suite struct BatchesTests {
  private let x: Tensor
  private let y: Tensor

  init() throws {
    x = try Tensor((0..<20).map { Float($0) }, Shape([10, 2]))
    y = try Tensor(Array(0..<10))
  }

  @Test func everyRowComesOnceInItsOrder() throws {
    let batches = try Batches([x, y], size: 4)
    #expect(batches.count == 3)
    let all = try rows(batches)
    #expect(all.map { $0[0].shape.dims } == [[4, 2], [4, 2], [2, 2]])
    #expect(all.flatMap { $0[0].values } == x.values)
    #expect(all.flatMap { $0[1].values } == y.values)
  }

  @Test func shufflingKeepsRowsTogether() throws {
    let all = try rows(Batches([x, y], size: 3, shuffle: Generator(seed: 1)))
    let order = all.flatMap { $0[1].values }
    #expect(order.sorted() == y.values)
    #expect(order != y.values)
    let expected = order.flatMap { (row: Double) -> [Double] in [2 * row, 2 * row + 1] }
    #expect(all.flatMap { $0[0].values } == expected)
    let again = try rows(Batches([x, y], size: 3, shuffle: Generator(seed: 1)))
    #expect(again.flatMap { $0[1].values } == order)
  }

  @Test func eachWalkShufflesAnew() throws {
    let generator = Generator(seed: 1)
    let first = try rows(Batches([y], size: 10, shuffle: generator))
    let second = try rows(Batches([y], size: 10, shuffle: generator))
    #expect(first[0][0].values != second[0][0].values)
  }

  @Test func largeAndEmptyAreFine() throws {
    #expect(try rows(Batches([y], size: .max)).count == 1)
    let empty = try Tensor([Float](), Shape([0, 3]))
    #expect(try rows(Batches([empty], size: 4, shuffle: Generator(seed: 0))).isEmpty)
    #expect(try Batches([empty], size: 4).count == 0)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    #expect(
      message { try Batches([x, try y.sliced(0, 0, 9)], size: 4) }
        == "batches are taken from tensors with equally many rows, found [10, 9]")
    #expect(
      message { try Batches([], size: 4) }
        == "batches are taken from tensors with equally many rows, found []")
    #expect(message { try Batches([x], size: 0) } == "a batch has 0 rows, expected at least 1")
    #expect(message { try Batches([try Tensor(3)], size: 1) } != "no error")
  }
}
