import Tensors

/// Named data: examples with their labels, and the same parted into those to train on and those held out.
package struct Dataset {
  package let name: String
  /// What a script calls the examples: `images` or `points`.
  package let inputName: String
  package let all: Examples
  package let train: Examples
  package let test: Examples

  /// Parts `all` after its first `trainCount` examples.
  package init(name: String, inputName: String, all: Examples, trainCount: Int) throws {
    let count = all.count
    let cut = min(max(trainCount, 0), count)
    self.name = name
    self.inputName = inputName
    self.all = all
    train = try all.sliced(0, cut)
    test = try all.sliced(cut, count)
  }
}

/// Examples and their labels, row by row.
///
/// Shapes: `inputs [n, d]` float32, `labels [n]` int64.
package struct Examples {
  package let inputs: Tensor
  package let labels: Tensor

  package init(inputs: Tensor, labels: Tensor) {
    self.inputs = inputs
    self.labels = labels
  }

  package var count: Int { inputs.shape.dims.first ?? 0 }

  func sliced(_ from: Int, _ to: Int) throws -> Examples {
    Examples(inputs: try inputs.sliced(0, from, to), labels: try labels.sliced(0, from, to))
  }
}
