import Plotting
import Script
import Tensors

/// `plot`, `show` and the other commands that make figures.
struct PlotBuiltins {
  let gallery: Gallery

  var all: [Builtin] { [plot, scatter, hist, hline, heatmap, contour, quiver, grid, show] }

  /// `scatter` of a picture and of PyTorch: points are two arguments at most, the operation takes four.
  static func merged(_ picture: Builtin, _ operation: Builtin) -> Builtin {
    var merged = Builtin(
      picture.name, in: picture.section, [.rest("arguments"), .options("options")],
      about: "\(picture.about); of a tensor, a dim and an index: \(operation.about)",
      examples: picture.examples + operation.examples
    ) { call in
      let names = Set(operation.parameters.map(\.name)).subtracting(picture.parameters.map(\.name))
      let isOperation = call.rest.count > 2 || call.options.contains { names.contains($0.name) }
      let chosen = BuiltinFunction(isOperation ? operation : picture)
      return try chosen.call(CallArguments(call.rest, named: call.options), in: call.interpreter)
    }
    merged.usage = picture.signature + "\n" + operation.signature
    return merged
  }

  private var plot: Builtin {
    Builtin(
      "plot", in: "Pictures", [.init("x"), .optional("y")] + Look.lineParameters,
      about: "lines through y over x, or over 0, 1, 2...; the columns of a matrix are a line each",
      examples: [
        "plot [1, 4, 9], title=\"squares\"", "plot history.elbo, label=\"train\", add=true",
      ]
    ) { call in
      if case .function(let function) = call.value(0) {
        let name = function.name.isEmpty ? "f" : function.name
        throw ScriptError.message(
          "x: expected numbers, found a function",
          hints: ["plot its values: `x = linspace(-3, 3, 200)`, then `plot x, \(name)(x)`"])
      }
      let look = try Look(call, from: 2)
      let (x, lines) = try Self.series(call)
      let marks = try lines.map { y in
        try Line(
          x: x, y: y, label: look.label, style: LineStyle(look.style ?? "-"), colour: look.colour)
      }
      return try add(marks, look)
    }
  }

  private var scatter: Builtin {
    Builtin(
      "scatter", in: "Pictures", [.init("x"), .optional("y")] + Look.parameters,
      about: "points at (x, y), or at the rows of a matrix with two columns",
      examples: ["scatter randn(100, 2)"]
    ) { call in
      let look = try Look(call, from: 2)
      var (x, y): ([Double], [Double])
      if let second = try call.optionalTensor(1) {
        (x, y) = (try call.tensor(0).values, second.values)
      } else {
        let points = try call.tensor(0)
        guard points.rank == 2, points.shape[1] == 2 else {
          throw call.mismatch(0, "points of shape [n, 2], or x and y")
        }
        let all = points.values
        (x, y) = (
          stride(from: 0, to: all.count, by: 2).map { all[$0] },
          stride(from: 1, to: all.count, by: 2).map { all[$0] }
        )
      }
      return try add([Scatter(x: x, y: y, label: look.label, colour: look.colour)], look)
    }
  }

  private var hline: Builtin {
    Builtin(
      "hline", in: "Pictures", [.init("y", .number)] + Look.lineParameters,
      about: "a horizontal line across the last figure", examples: ["hline 0, label=\"zero\""]
    ) { call in
      var look = try Look(call, from: 1)
      look.isAdded = gallery.last != nil
      let dash = try look.style.map { try LineStyle($0).dash ?? .dashed } ?? .dashed
      return try add(
        [HorizontalLine(y: call.number(0), label: look.label, dash: dash, colour: look.colour)],
        look)
    }
  }

  private var grid: Builtin {
    Builtin(
      "grid", in: "Pictures",
      [
        .init("images", .tensor), .optional("columns", .size), .named("gap", .size, .number(1)),
        .named("label", .text, .text("")),
      ],
      about: "images side by side: [n, height, width] in grey, [n, 3, height, width] in colour",
      examples: ["show grid(load(\"digits\").images[:32].reshape(-1, 8, 8), columns=16)"]
    ) { call in
      let images = try ImageGrid.images(
        call.tensor(0), columns: call.optionalSize(1), gap: call.size(2), label: call.text(3))
      return .object(FigureObject(Figure(marks: [images])))
    }
  }

  private var show: Builtin {
    Builtin(
      "show", in: "Pictures", [.init("what"), .named("title", .text)],
      about: "shows a grid of images, a figure, or an image of shape [height, width]",
      examples: ["show grid(images)", "show images[0].reshape(8, 8), title=\"a digit\""]
    ) { call in
      var figure: Figure
      if case .object(let object) = call.value(0), let shown = object as? FigureObject {
        figure = shown.figure
      } else if let image = call.value(0).storedTensor, image.rank >= 2 {
        figure = Figure(
          marks: [try ImageGrid.images(image, columns: nil, gap: 1, label: "")])
      } else {
        call.interpreter.output(.value(call.value(0)))
        return .none
      }
      if let title = try call.optionalText(1) { figure.title = title }
      try gallery.begin(figure)
      return .none
    }
  }

  // MARK: Data and looks

  /// The common x, if there is one, and the heights of each line.
  private static func series(_ call: Invocation) throws -> ([Double]?, [[Double]]) {
    let first = try call.tensor(0)
    guard let second = try call.optionalTensor(1) else { return (nil, try lines(call, 0, first)) }
    guard first.rank == 1 else { throw call.mismatch(0, "a list of numbers") }
    let heights = try lines(call, 1, second)
    guard heights.allSatisfy({ $0.count == first.count }) else {
      throw ScriptError.message("x has \(first.count) numbers and y \(heights.first?.count ?? 0)")
    }
    return (first.values, heights)
  }

  private static func lines(_ call: Invocation, _ i: Int, _ y: Tensor) throws -> [[Double]] {
    if y.rank <= 1 { return [y.values] }
    guard y.rank == 2, y.shape[1] <= 100 else {
      throw call.mismatch(i, "a list of numbers, or a matrix with a line a column")
    }
    return try y.transposed().unstacked().map(\.values)
  }

  /// Draws marks in a new figure, or in the last one.
  func add(_ marks: [any Mark], _ look: Look) throws -> Value {
    if look.isAdded, gallery.last != nil {
      gallery.change { figure in
        for mark in marks { figure.add(mark) }
        look.label(&figure)
      }
    } else {
      var figure = Figure(marks: marks)
      look.label(&figure)
      try gallery.begin(figure)
    }
    return .none
  }
}

/// A tensor as a grid of images.
enum ImageGrid {
  /// Shapes: [h, w], [n, h, w], [n, 1 or 3, h, w].
  static func images(_ t: Tensor, columns: Int?, gap: Int, label: String) throws -> Images {
    var dims = t.shape.dims
    switch dims.count {
    case 2: dims = [1, 1] + dims
    case 3: dims.insert(1, at: 1)
    case 4: break
    default:
      throw TensorError.shape(
        t.shape, expected: "images: [height, width], [n, height, width] or [n, 3, height, width]")
    }
    return try Images(
      pixels: t.values, count: dims[0], channels: dims[1], height: dims[2], width: dims[3],
      columns: columns, gap: gap, label: label)
  }
}

/// A figure as a value of the language.
final class FigureObject: ScriptObject {
  let figure: Figure

  init(_ figure: Figure) { self.figure = figure }

  let typeName = "figure"
  var description: String { "a figure" }

  func display(width: Int) -> String { figure.description }
}
