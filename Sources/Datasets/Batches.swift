import Tensors

/// Walks the rows of tensors in batches: the same rows of each, shuffled alike, the last batch as small as it comes out.
package struct Batches {
  private let tensors: [Tensor]
  private let size: Int
  /// The rows in the order of the walk; none for their own order.
  private let order: [Int]?
  private let rows: Int
  private var position = 0

  /// How many batches there are.
  package var count: Int { rows == 0 ? 0 : (rows - 1) / size + 1 }

  /// Shuffles with `shuffle`, where it is given.
  ///
  /// Throws: for tensors of unlike numbers of rows, and for batches of none.
  package init(_ tensors: [Tensor], size: Int, shuffle: Generator? = nil) throws {
    guard size >= 1 else { throw DatasetError.badBatchSize(size) }
    let counts = tensors.map { $0.shape.dims.first ?? 0 }
    guard let rows = counts.first, tensors.allSatisfy({ $0.rank > 0 }), Set(counts).count == 1
    else { throw DatasetError.unevenRows(counts) }
    self.tensors = tensors
    self.size = size
    self.rows = rows
    order = shuffle?.permutation(rows)
  }

  /// The next rows of each tensor, or nil at the end.
  package mutating func next() throws -> [Tensor]? {
    guard position < rows else { return nil }
    let end = position + min(size, rows - position)
    defer { position = end }
    return try tensors.map { tensor in
      if let order {
        try tensor.rows(Array(order[position..<end]))
      } else {
        try tensor.sliced(0, position, end)
      }
    }
  }
}
