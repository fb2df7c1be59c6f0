import Testing

@testable import Tensors

/// Derivatives near the edges of where a function is defined, and far out; shapes that are refused.
struct EdgeTests {
  struct Edge: CustomStringConvertible, Sendable {
    let name: String
    let at: Double
    /// 1: the function is defined above; -1: below.
    let side: Double

    var description: String { "\(name) \(side > 0 ? "above" : "below") \(at)" }
  }

  private static let above: [String: [Double]] = [
    "log": [0], "log2": [0], "log10": [0], "log1p": [-1], "sqrt": [0], "rsqrt": [0],
    "reciprocal": [0], "asin": [-1], "acos": [-1], "acosh": [1], "atanh": [-1], "logit": [0],
    "erfinv": [-1], "ndtri": [0], "lgamma": [0, -1, -2], "digamma": [0, -1, -2],
    "tan": [-1.570_796_326_794_896_6], "frac": [0, 3],
  ]
  private static let below: [String: [Double]] = [
    "reciprocal": [0], "asin": [1], "acos": [1], "atanh": [1], "logit": [1], "erfinv": [1],
    "ndtri": [1], "lgamma": [0, -1], "digamma": [0, -1], "tan": [1.570_796_326_794_896_6],
    "frac": [0, 3],
  ]
  static let edges =
    above.flatMap { name, places in places.map { Edge(name: name, at: $0, side: 1) } }
    + below.flatMap { name, places in places.map { Edge(name: name, at: $0, side: -1) } }

  /// Functions of one number, and the domain that their first example declares.
  private static let functions: [(name: String, operation: Tensors.Operation, domain: Domain)] =
    OperationCatalogue.all.entries.compactMap { entry in
      // The logit's eps may be left out.
      guard
        entry.operation.parameters.count == 1 && entry.operation.examples.count == 3
          || entry.name == "logit",
        let operand = entry.operation.examples[0].operands.first, operand.shape == [3, 4]
      else { return nil }
      return (entry.name, entry.operation, operand.domain)
    }

  @Test func everyFunctionOfAPartOfTheLineHasItsEdges() {
    for (name, _, domain) in Self.functions {
      switch domain {
      case .positive, .between:
        #expect(Self.above[name] != nil || Self.below[name] != nil, "\(name)")
      default: break
      }
    }
    #expect(Self.functions.count > 40, "\(Self.functions.count)")
  }

  /// The n-th derivative at x.
  private func derivative(_ n: Int, _ f: (Tensor) throws -> Tensor, _ x: Double) throws -> Double {
    let leaf = try Tensor(x, .float64).leaf()
    var y = try f(leaf)
    for _ in 0..<n { y = try y.gradientsOrZero([leaf], createGraph: true)[0] }
    return y[flat: 0]
  }

  /// Compares the first and second derivatives at x with differences of a step h.
  private func expectDerivatives(
    _ operation: Tensors.Operation, at x: Double, step h: Double, rtol: Double, _ label: String
  ) throws {
    func f(_ x: Tensor) throws -> Tensor {
      let arguments = Arguments([.tensor(x)], operation.parameters)
      guard case .one(let y) = try operation.evaluate(arguments) else { return x }
      return y
    }
    for n in 1...2 {
      // Where the points really lie: beside 1 a step of 1e-8 is off by as much of itself.
      let points = [-2 * h, -h, h, 2 * h].map { x + $0 }
      let y = try points.map { try derivative(n - 1, f, $0) }
      let (inner, outer) = (
        (y[2] - y[1]) / (points[2] - points[1]), (y[3] - y[0]) / (points[3] - points[0])
      )
      let (found, expected) = (try derivative(n, f, x), (4 * inner - outer) / 3)
      // What rounding of the values leaves in the quotient.
      let rounding = 4e-16 * y.map(abs).reduce(0, max) / h
      #expect(
        abs(found - expected) <= rtol * abs(expected) + 4 * rounding,
        "\(label), derivative \(n) at \(x): \(found), expected \(expected)")
    }
  }

  @Test(arguments: edges)
  func derivativesHoldNearTheEdge(_ edge: Edge) throws {
    let function = try #require(Self.functions.first { $0.name == edge.name })
    for k in 1...6 {
      let distance = edge.side * (0...k).reduce(1) { d, _ in d / 10 }
      try expectDerivatives(
        function.operation, at: edge.at + distance, step: abs(distance) / 200, rtol: 1e-6,
        "\(edge)")
    }
  }

  @Test func derivativesHoldFarOut() throws {
    for (name, operation, domain) in Self.functions {
      let points: [Double]
      switch domain {
      case .reals, .nonzero: points = [-60, -20, -7, -3, 3, 7, 20, 60]
      case .positive: points = [7, 60, 1e4]
      default: continue
      }
      for x in points {
        // Its slope is worked out from its value, which there differs from 1 by a few roundings only.
        if name == "sigmoid", x == 20 { continue }
        try expectDerivatives(operation, at: x, step: 1e-3, rtol: 1e-6, name)
      }
    }
  }

  struct Refusal: CustomStringConvertible, Sendable {
    let name: String
    let shapes: [[Int]]
    var arguments: [String: Tensors.Operation.Argument] = [:]

    var description: String { "\(name) \(shapes)" }
  }

  static let refusals: [Refusal] = [
    Refusal(name: "add", shapes: [[2, 3], [2]]),
    Refusal(name: "atan2", shapes: [[2, 3], [3, 2]]),
    Refusal(name: "where", shapes: [[2], [3], [3]]),
    Refusal(name: "sum", shapes: [[2, 3]], arguments: ["dim": .size(2)]),
    Refusal(name: "amax", shapes: [[2, 0]]),
    Refusal(name: "topk", shapes: [[3]], arguments: ["k": .size(4)]),
    Refusal(name: "reshape", shapes: [[2, 3]], arguments: ["shape": .sizes([4, -1])]),
    Refusal(name: "permute", shapes: [[2, 3]], arguments: ["dims": .sizes([0, 0])]),
    Refusal(name: "expand", shapes: [[2, 3]], arguments: ["shape": .sizes([2, 4])]),
    Refusal(name: "cat", shapes: [[2, 3], [2, 4]]), Refusal(name: "stack", shapes: [[2], [3]]),
    Refusal(name: "split", shapes: [[5]], arguments: ["split_size": .sizes([2, 2])]),
    Refusal(name: "pad", shapes: [[3]], arguments: ["pad": .sizes([1, 1, 1, 1])]),
    Refusal(name: "matmul", shapes: [[2, 3], [2, 3]]), Refusal(name: "matmul", shapes: [[], [3]]),
    Refusal(name: "mm", shapes: [[3], [3, 2]]), Refusal(name: "bmm", shapes: [[2, 3], [3, 2]]),
    Refusal(name: "mv", shapes: [[2, 3], [2]]), Refusal(name: "dot", shapes: [[3], [2]]),
    Refusal(name: "outer", shapes: [[2, 2], [2]]),
    Refusal(name: "linear", shapes: [[2, 3], [4, 2], [4]]),
    Refusal(
      name: "einsum", shapes: [[2, 3], [2, 3]], arguments: ["equation": .text("ij,jk->ik")]),
    Refusal(name: "det", shapes: [[2, 3]]), Refusal(name: "cholesky", shapes: [[3]]),
    Refusal(name: "solve", shapes: [[3, 3], [2, 1]]),
    Refusal(name: "cdist", shapes: [[2, 3], [2, 4]]),
    Refusal(name: "conv2d", shapes: [[1, 3, 5, 5], [2, 2, 3, 3]], arguments: ["bias": .none]),
    Refusal(name: "conv1d", shapes: [[1, 2, 2], [2, 2, 3]], arguments: ["bias": .none]),
    Refusal(
      name: "conv_transpose2d", shapes: [[1, 3, 5, 5], [2, 2, 3, 3]], arguments: ["bias": .none]),
    Refusal(name: "max_pool2d", shapes: [[1, 1, 2, 2]], arguments: ["kernel_size": .sizes([3])]),
    Refusal(name: "avg_pool1d", shapes: [[1, 1, 2, 2]], arguments: ["kernel_size": .sizes([1])]),
    Refusal(name: "unfold", shapes: [[1, 2, 3]], arguments: ["kernel_size": .sizes([1])]),
    Refusal(
      name: "pixel_shuffle", shapes: [[1, 3, 2, 2]], arguments: ["upscale_factor": .size(2)]),
    Refusal(name: "batch_norm", shapes: [[2, 3], [2], [2], [3], [3]]),
    Refusal(name: "group_norm", shapes: [[2, 5], [5], [5]], arguments: ["num_groups": .size(2)]),
    Refusal(name: "instance_norm", shapes: [[2, 3, 1], [3], [3], [3], [3]]),
    Refusal(
      name: "layer_norm", shapes: [[2, 3], [2], [2]], arguments: ["normalized_shape": .sizes([3])]),
    Refusal(name: "prelu", shapes: [[2, 3], [2]]), Refusal(name: "glu", shapes: [[2, 3]]),
    Refusal(name: "mse_loss", shapes: [[2, 3], [2]]),
    Refusal(name: "cross_entropy", shapes: [[2, 3], [3, 2]], arguments: ["weight": .none]),
    Refusal(name: "searchsorted", shapes: [[2, 2], [2]]),
  ]

  @Test(arguments: refusals)
  func shapesThatDoNotFitAreRefused(_ refusal: Refusal) throws {
    let entry = try #require(OperationCatalogue.all.entries.first { $0.name == refusal.name })
    let tensors = try refusal.shapes.map { try Tensor.ones(Shape($0), .float64) }
    let arguments = Example([], refusal.arguments).arguments(for: entry.operation, tensors)
    #expect(throws: TensorError.self) { try entry.operation.evaluate(arguments) }
  }
}
