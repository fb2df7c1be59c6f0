import Plotting
import Script
import Tensors

/// `heatmap`, `contour` and `quiver`: pictures of values over the plane.
extension PlotBuiltins {
  var heatmap: Builtin {
    Builtin(
      "heatmap", in: "Pictures",
      [.init("values", .tensor), .named("extent", .list)] + Look.parameters,
      about:
        "a matrix as colours, its first row at the bottom; extent is (left, right, bottom, top)",
      examples: ["heatmap randn(8, 8)"]
    ) { call in
      let look = try Look(call, from: 2)
      let values = try call.tensor(0)
      guard values.rank == 2 else { throw call.mismatch(0, "a matrix") }
      let (rows, columns) = (values.shape[0], values.shape[1])
      var (x, y): (Extent?, Extent?)
      if call.isGiven(1) {
        let edges = try call.list(1).compactMap(\.scalar)
        guard edges.count == 4, let across = Extent(from: edges[0], to: edges[1]),
          let along = Extent(from: edges[2], to: edges[3])
        else { throw call.mismatch(1, "(left, right, bottom, top)") }
        (x, y) = (across, along)
      }
      return try add(
        [Heatmap(values: values.values, rows: rows, columns: columns, x: x, y: y)], look)
    }
  }

  var contour: Builtin {
    Builtin(
      "contour", in: "Pictures",
      [
        .init("x"), .optional("y"), .optional("z"), .optional("levels"),
        .named("filled", .flag, .bool(false)),
      ] + Look.parameters,
      about:
        "lines of equal height of z[i, j] at (x[j], y[i]); levels is how many, or which; "
        + "contour z alone counts columns and rows",
      examples: [
        "x = linspace(-2, 2, 50); contour x, x, [[u^2 - v^2 for u in x] for v in x]",
        "contour [[0, 1], [1, 3]], levels=[0.5, 1, 2], filled=true",
      ]
    ) { call in
      let look = try Look(call, from: 5)
      let under = look.isAdded ? gallery.last?.marks.compactMap { $0 as? Heatmap }.last : nil
      let contour = try Contour(
        field: Self.field(call, over: under), levels: Self.levels(call, 3),
        isFilled: call.flag(4), ground: under.map { .colours($0.colours) } ?? .bare,
        label: look.label, colour: look.colour)
      if contour.crossed.isEmpty { call.print("contour: " + contour.caption) }
      return try add([contour], look)
    }
  }

  /// The heights, which are the only argument or the third one, and where they lie.
  ///
  /// Those that are alone over a heatmap of as many cells lie at the cells' middles.
  private static func field(_ call: Invocation, over heatmap: Heatmap?) throws -> ScalarField {
    let isAlone = !call.isGiven(1) && !call.isGiven(2)
    guard isAlone || call.isGiven(1) && call.isGiven(2) else {
      throw ScriptError.message(
        "expected z alone, or x, y and z; found two of the three",
        hints: ["`z = [[f(u, v) for u in x] for v in y]`, then `contour x, y, z`"])
    }
    let z = try heights(call, isAlone ? 0 : 2)
    let (rows, columns) = (z.shape[0], z.shape[1])
    if isAlone {
      let cells = heatmap.flatMap { ($0.rows, $0.columns) == (rows, columns) ? $0.centres : nil }
      return try ScalarField(
        values: z.values, rows: rows, columns: columns, x: cells?.x, y: cells?.y)
    }
    if let mesh = try Mesh(call.tensor(0), call.tensor(1), z) {
      return try ScalarField(
        values: mesh.heights.values, rows: mesh.y.count, columns: mesh.x.count, x: mesh.x, y: mesh.y
      )
    }
    return try ScalarField(
      values: z.values, rows: rows, columns: columns, x: axis(call, 0), y: axis(call, 1))
  }

  private static func heights(_ call: Invocation, _ i: Int) throws -> Tensor {
    if case .function(let function) = call.value(i) {
      let name = function.name.isEmpty ? "f" : function.name
      throw ScriptError.message(
        "z: expected a matrix, found a function",
        hints: ["tabulate it: `z = [[\(name)(u, v) for u in x] for v in y]`"])
    }
    let z = try Conversion.tensor(call.value(i), "z")
    guard z.rank == 2 else {
      throw ScriptError.mismatch(
        "z", expected: "a matrix, z[i, j] at (x[j], y[i])", found: "shape \(z.shape)")
    }
    return z
  }

  var quiver: Builtin {
    Builtin(
      "quiver", in: "Pictures", [.init("x"), .init("y"), .init("u"), .init("v")] + Look.parameters,
      about:
        "an arrow (u, v) at each point (x, y), or u[i, j] and v[i, j] at (x[j], y[i]); "
        + "the longest is about as long as the points are apart",
      examples: [
        "x = linspace(-1, 1, 9); quiver x, x, [[-b for a in x] for b in x], [[a for a in x] for b in x]",
        "quiver [0, 1], [0, 0], [1, 0], [1, 1], label=\"force\"",
      ]
    ) { call in
      let look = try Look(call, from: 4)
      var (x, y) = (try call.tensor(0).values, try call.tensor(1).values)
      let (u, v) = (try call.tensor(2), try call.tensor(3))
      guard u.shape == v.shape else {
        throw ScriptError.message(
          "u and v: expected the same shape, found \(u.shape) and \(v.shape)")
      }
      if u.rank == 2, x.count != u.count || y.count != u.count {
        let (rows, columns) = (u.shape[0], u.shape[1])
        guard x.count == columns else {
          throw PlotError.fieldAxis(
            "x", of: "u", found: x.count, expected: columns, rows: rows, columns: columns)
        }
        guard y.count == rows else {
          throw PlotError.fieldAxis(
            "y", of: "u", found: y.count, expected: rows, rows: rows, columns: columns)
        }
        guard u.count <= Quiver.limit else { throw PlotError.arrowCount(u.count) }
        (x, y) = (
          (0..<rows).flatMap { _ in x }, y.flatMap { [Double](repeating: $0, count: columns) }
        )
      }
      return try add(
        [Quiver(x: x, y: y, u: u.values, v: v.values, label: look.label, colour: look.colour)],
        look)
    }
  }

  private static func axis(_ call: Invocation, _ i: Int) throws -> [Double] {
    let numbers = try call.tensor(i)
    guard numbers.rank == 1 else { throw call.mismatch(i, "a list of numbers") }
    return numbers.values
  }

  private static func levels(_ call: Invocation, _ i: Int) throws -> Contour.Levels {
    guard let levels = call.optional(i) else { return .about(8) }
    if levels.scalar == nil { return .at(try call.tensor(i).values) }
    guard let count = try? call.size(i) else {
      throw call.mismatch(i, "how many, or a list of levels")
    }
    return .about(count)
  }
}

/// A field whose coordinates are given for every value, as `meshgrid` makes them.
private struct Mesh {
  let x: [Double]
  let y: [Double]
  /// A row for each of `y`, a column for each of `x`.
  let heights: Tensor

  /// `meshgrid` counts x along the first dimension, with indexing="xy" along the second: either will do.
  ///
  /// Returns nil where x and y are not matrices. Throws: where they are none of a mesh.
  init?(_ x: Tensor, _ y: Tensor, _ z: Tensor) throws {
    guard x.rank == 2, y.rank == 2 else { return nil }
    guard x.shape == z.shape, y.shape == z.shape else {
      throw ScriptError.message(
        "x, y and z: expected the same shape, found \(x.shape), \(y.shape) and \(z.shape)")
    }
    for isTurned in [false, true] {
      func laid(_ t: Tensor) throws -> Tensor { isTurned ? try t.permuted([1, 0]) : t }
      let (across, along) = (try laid(x), try laid(y))
      let (rows, columns) = (across.shape[0], across.shape[1])
      let (xs, ys) = (across.values, along.values)
      let first = (Array(xs.prefix(columns)), (0..<rows).map { ys[$0 * columns] })
      let isMesh = xs.indices.allSatisfy {
        xs[$0] == first.0[$0 % columns] && ys[$0] == first.1[$0 / columns]
      }
      if isMesh {
        (self.x, self.y) = first
        heights = try laid(z)
        return
      }
    }
    throw ScriptError.message(
      "x and y: expected coordinates of columns and rows, or those that meshgrid makes of them")
  }
}
