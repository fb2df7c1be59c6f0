/// Einstein's summation convention.
package struct Einsum: OperationFamily {
  package init() {}

  package let einsum = Operation(
    "products of operands summed over the indices that the result does not name: einsum(\"ij,jk->ik\", a, b)",
    [.text("equation"), .operands("operands")],
    examples: [
      example("ij,jk->ik", [2, 3], [3, 2]), example("bij,bjk->bik", [2, 2, 3], [2, 3, 2]),
      example("bi,ij,bj->b", [2, 3], [3, 2], [2, 2]), example("...i,ij->...j", [2, 2, 3], [3, 2]),
      example("ij,jk", [2, 3], [3, 2]), example("ii->", [3, 3]), example("ii->i", [3, 3]),
      example("ba", [2, 3]), example("i,j->ji", [2], [3]), example("iij,j->i", [2, 2, 3], [3]),
      example("...,...i->i...", [2, 1], [2, 3, 2]), example("ij,k->", [2, 2], [3]),
    ],
    one: { try Tensor.einsum($0.text(0), $0.operands(1)) })

  private static func example(_ equation: String, _ shapes: [Int]...) -> Example {
    Example(shapes.map(Domain.reals.of), ["equation": .text(equation)])
  }
}

extension Tensor {
  /// Throws: where the equation and the operands do not go together.
  package static func einsum(_ equation: String, _ operands: [Tensor]) throws -> Tensor {
    let plan = try Summation(equation, operands.map(\.shape))
    var rest = try zip(operands, plan.inputs).map { try Labelled($0, $1).withoutRepeats() }[...]
    guard var result = rest.popFirst() else {
      throw TensorError.argument("operands", found: "none", expected: "at least one tensor")
    }
    while let next = rest.popFirst() {
      let kept = Set(plan.output + rest.flatMap(\.labels))
      result = try result.product(next, keeping: kept)
    }
    return try result.summed(keeping: Set(plan.output)).arranged(plan.output)
  }
}

/// An equation's indices as numbers: those of `...` negative, -1 the last dimension, and letters positive.
private struct Summation {
  let inputs: [[Int]]
  let output: [Int]

  init(_ equation: String, _ shapes: [Shape]) throws {
    func refuse(_ expected: String) -> TensorError {
      .argument("equation", found: "\"\(equation)\"", expected: expected)
    }
    func labels(_ text: Substring, dots: Int) throws -> [Int] {
      let parts = text.split(separator: "...", maxSplits: 1, omittingEmptySubsequences: false)
      let named = try parts.map { part in
        try part.map { c -> Int in
          guard c.isLetter, c.isASCII, let code = c.asciiValue else {
            throw refuse("letters, commas, ... and at most one ->")
          }
          return Int(code)
        }
      }
      return named.count == 1 ? named[0] : named[0] + (-dots..<0) + named[1]
    }
    let sides = equation.filter { $0 != " " }.split(
      separator: "->", omittingEmptySubsequences: false)
    guard sides.count == 1 || sides.count == 2, let left = sides.first else {
      throw refuse("at most one ->")
    }
    let terms = left.split(separator: ",", omittingEmptySubsequences: false)
    guard terms.count == shapes.count else {
      throw refuse("one group of letters for each of \(shapes.count) operands")
    }
    var dots = 0
    inputs = try zip(terms, shapes).map { term, shape in
      let named = try labels(term, dots: 0).count
      let own = term.contains("...") ? shape.rank - named : 0
      guard own >= 0, named + own == shape.rank else {
        throw TensorError.shape(shape, expected: "\(named) dimensions for \"\(term)\"")
      }
      dots = max(dots, own)
      return try labels(term, dots: own)
    }
    if sides.count == 2 {
      output = try labels(sides[1], dots: dots)
      guard Set(output).count == output.count else { throw refuse("each index once after ->") }
      guard Set(output).isSubset(of: inputs.joined().filter { $0 > 0 } + (-dots..<0)) else {
        throw refuse("after -> only indices that stand before it")
      }
    } else {
      // Without -> the result has the indices that stand once, in the order of the alphabet.
      let all = inputs.joined().filter { $0 > 0 }
      let once = Set(all).filter { l in all.filter { $0 == l }.count == 1 }
      output = Array(-dots..<0) + once.sorted()
    }
  }
}

/// A tensor whose dimensions carry labels.
private struct Labelled {
  let tensor: Tensor
  let labels: [Int]

  init(_ tensor: Tensor, _ labels: [Int]) {
    self.tensor = tensor
    self.labels = labels
  }

  private func extent(_ label: Int) -> Int {
    labels.firstIndex(of: label).map { tensor.shape[$0] } ?? 1
  }

  /// The diagonal over labels that stand twice.
  func withoutRepeats() throws -> Labelled {
    for (j, label) in labels.enumerated() {
      guard let i = labels[..<j].firstIndex(of: label) else { continue }
      guard tensor.shape[i] == tensor.shape[j] else {
        throw TensorError.shape(tensor.shape, expected: "equal extents where an index repeats")
      }
      let others = tensor.shape.dims.indices.filter { $0 != i && $0 != j }
      let diagonal = try tensor.permuted(others + [i, j]).diagonals()
      return try Labelled(diagonal, others.map { labels[$0] } + [label]).withoutRepeats()
    }
    return self
  }

  func summed(keeping kept: Set<Int>) throws -> Labelled {
    let gone = labels.indices.filter { !kept.contains(labels[$0]) }
    if gone.isEmpty { return self }
    return Labelled(try tensor.sum(gone), labels.filter(kept.contains))
  }

  /// The dimensions in the order of `output`; one that is not there has extent 1.
  func arranged(_ output: [Int]) throws -> Tensor {
    let present = output.filter(labels.contains)
    let order = present.compactMap { labels.firstIndex(of: $0) }
    let dims = output.map(extent)
    return try tensor.permuted(order).reshaped(Shape(dims))
  }

  /// The product of two, summed over what nobody needs any more: one batched matrix product.
  func product(_ other: Labelled, keeping kept: Set<Int>) throws -> Labelled {
    let a = try summed(keeping: kept.union(other.labels))
    let b = try other.summed(keeping: kept.union(labels))
    let shared = a.labels.filter(b.labels.contains)
    let batch = shared.filter(kept.contains)
    let inner = shared.filter { !kept.contains($0) }
    let left = a.labels.filter { !shared.contains($0) }
    let right = b.labels.filter { !shared.contains($0) }
    var extents: [Int: Int] = [:]
    for label in shared {
      let (n, m) = (a.extent(label), b.extent(label))
      guard n == m || n == 1 || m == 1 else {
        let index = UnicodeScalar(max(label, 0)).map { label < 0 ? "..." : String($0) } ?? "..."
        throw TensorError.shape(
          b.tensor.shape, expected: "extent \(n) for the index \(index), as in the operands before")
      }
      extents[label] = n == 1 ? m : n
    }
    func matrices(_ x: Labelled, _ groups: [[Int]]) throws -> Tensor {
      let order = groups.joined().compactMap { x.labels.firstIndex(of: $0) }
      let full = groups.joined().map { extents[$0] ?? x.extent($0) }
      let sizes = groups.map { $0.reduce(1) { $0 * (extents[$1] ?? x.extent($1)) } }
      return try x.tensor.permuted(order).expanded(to: Shape(full)).reshaped(Shape(sizes))
    }
    let y = try matrices(a, [batch, left, inner]).matmul(matrices(b, [batch, inner, right]))
    let dims =
      batch.map { extents[$0] ?? 1 } + left.map(a.extent) + right.map(b.extent)
    return Labelled(try y.reshaped(Shape(dims)), batch + left + right)
  }
}
