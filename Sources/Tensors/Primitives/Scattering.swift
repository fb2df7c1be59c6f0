/// Putting elements where an index says.
package struct Scattering: OperationFamily {
  package init() {}

  private static let parameters: [Operation.Parameter] = [
    .tensor("x"), .size("dim"), .tensor("index"), .tensor("src"),
  ]

  package let scatterAdd = Operation(
    "x with src's elements added at index along dim", parameters,
    examples: [
      Example(
        [
          Domain.reals.of([2, 3]), Domain.integers(below: 3).of([2, 4]), Domain.reals.of([2, 4]),
        ],
        ["dim": .size(1)])
    ],
    one: { a in
      let (x, src) = try Scattering.operands(a)
      let plan = try x.gathering(a.size(1), a.tensor(2))
      guard x.dtype.isFloating else {
        let sum = try src.cast(to: .float64).scattered(plan, into: x.shape)
        return try x + sum.cast(to: x.dtype)
      }
      return try x + src.scattered(plan, into: x.shape)
    })
  package let scatter = Operation(
    "x with src's elements at index along dim; of several at one place the last", parameters,
    examples: [
      Example(
        [
          Domain.reals.of([3, 2]), Domain.integers(below: 3).of([2, 2]), Domain.reals.of([2, 2]),
        ],
        ["dim": .size(0)])
    ],
    one: { a in
      var (x, src) = try Scattering.operands(a)
      let plan = try x.gathering(a.size(1), a.tensor(2))
      var last: [Int: Int] = [:]
      for (i, position) in plan.positions.all.enumerated() { last[position] = i }
      let pairs = last.sorted { $0.key < $1.key }
      let shape = try Shape([pairs.count])
      let chosen = IndexPlan(result: shape, positions: pairs.map(\.value), block: 1)
      let places = IndexPlan(result: shape, positions: pairs.map(\.key), block: 1)
      try x.assign(places, src.taken(chosen))
      return x
    })

  package let indexAdd = Operation(
    "x with src's slices added at index along dim", parameters,
    examples: [
      Example(
        [Domain.reals.of([2, 3]), Domain.integers(below: 3).of([4]), Domain.reals.of([2, 4])],
        ["dim": .size(1)])
    ],
    one: { a in
      let (x, index, src) = (try a.tensor(0), try a.tensor(2), try a.tensor(3))
      let d = try x.shape.dimension(a.size(1))
      guard index.rank == 1, x.rank > 0 else {
        throw TensorError.rank(index.rank == 1 ? x.shape : index.shape, expected: "a vector")
      }
      let plan = try IndexPlan(
        x.shape, [Subscript](repeating: .all, count: d) + [.tensor(index)])
      guard src.shape == plan.result else {
        throw TensorError.shape(src.shape, expected: "the shape \(plan.result)")
      }
      let type = DType.promoted(x, src)
      let own = type.isFloating ? type : .float64
      let sum = try src.cast(to: own).scattered(plan, into: x.shape)
      return try x.cast(to: type) + sum.cast(to: type)
    })

  /// x and the source, in one type, the source in the index's shape.
  private static func operands(_ a: Arguments) throws -> (Tensor, Tensor) {
    let (x, index, src) = (try a.tensor(0), try a.tensor(2), try a.tensor(3))
    guard src.shape == index.shape || src.count == 1 else {
      throw TensorError.shape(src.shape, expected: "the index's shape \(index.shape)")
    }
    let type = DType.promoted(x, src)
    return (try x.cast(to: type), try src.cast(to: type).expanded(to: index.shape))
  }
}
