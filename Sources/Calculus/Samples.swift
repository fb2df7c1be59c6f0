import Tensors

/// Values of an integrand, as numbers and as the tensor they came in.
struct Samples {
  let tensor: Tensor
  let numbers: [Double]
  /// How many numbers there are for one place.
  let width: Int

  init(_ tensor: Tensor) throws {
    self.tensor = try tensor.cast(to: .float64)
    numbers = tensor.values
    width = tensor.shape.rank > 0 && tensor.shape[0] > 0 ? tensor.count / tensor.shape[0] : 1
  }

  /// The values of several, one after the other, without history.
  init(joining parts: [Samples]) throws {
    numbers = parts.flatMap(\.numbers)
    width = parts[0].width
    let n = parts.reduce(0) { $0 + $1.tensor.shape[0] }
    tensor = try Tensor(numbers, Shape([n] + parts[0].tensor.shape.dims.dropFirst()), .float64)
  }

  subscript(_ i: Int, _ c: Int) -> Double { numbers[i * width + c] }

  /// The largest absolute value at each place; not finite where one is not.
  var sizes: [Double] {
    guard width > 0 else { return [] }
    if width == 1 { return numbers.map { abs($0) } }
    return (0..<(numbers.count / width)).map { i in
      var size = 0.0
      for c in 0..<width {
        let y = abs(self[i, c])
        size = y.isNaN || size.isNaN ? .nan : max(size, y)
      }
      return size
    }
  }

  /// The same, each component in units of its largest size; what is below the floor counts as the floor.
  func relativeSizes(floor: [Double]) -> [Double] {
    guard width > 0 else { return [] }
    var sizes = [Double](repeating: 0, count: floor.count)
    for c in 0..<width {
      let own = floor.indices.map { i in
        let y = abs(self[i, c])
        return y.isNaN || !(y < floor[i]) ? y : floor[i]
      }
      let unit = own.reduce(0) { $1.isFinite ? max($0, $1) : $0 }
      for i in own.indices {
        // Where nothing at all is finite, what is not must still be seen.
        let y = unit > 0 ? own[i] / unit : own[i]
        sizes[i] = y.isNaN || sizes[i].isNaN ? .nan : max(sizes[i], y)
      }
    }
    return sizes
  }

  /// A rough integral of the absolute value over ascending places.
  static func total(_ sizes: [Double], _ places: [Double]) -> Double {
    var sum = 0.0
    for i in 1..<max(places.count, 1) where sizes[i].isFinite && sizes[i - 1].isFinite {
      sum += (sizes[i] + sizes[i - 1]) / 2 * min(places[i] - places[i - 1], 1)
    }
    return sum
  }

  /// Shapes: [n, ..] -> [..].
  func weightedSum(_ weights: [Double]) throws -> Tensor {
    let trailing = [Int](repeating: 1, count: max(tensor.rank - 1, 0))
    let column = try Tensor(weights, Shape([weights.count] + trailing), .float64)
    return try (tensor * column).sum([0])
  }
}
