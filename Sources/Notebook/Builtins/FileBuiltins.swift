import Formats
import Plotting
import Script
import Tensors

/// `load` and `save`: a name of a data set, or a file by its extension.
struct FileBuiltins {
  let world: World
  let gallery: Gallery
  let data: DataBuiltins

  var all: [Builtin] { [load, save] }

  private var load: Builtin {
    Builtin(
      "load", in: "Data and files",
      [.init("name"), .optional("into"), .options("options")],
      about: "a data set by name, or a file: .npy .npz .safetensors .csv .png, a folder of .png; "
        + "into=model sets its parameters",
      examples: [
        "digits = load(\"digits\")", "x = load(\"x.npy\")", "load \"vae.safetensors\", into=model",
      ]
    ) { call in
      // `load model, "m.safetensors"` mirrors `save model, "m.safetensors"`.
      let isMirrored = (try? call.text(0)) == nil && (try? call.text(1)) != nil
      let name = try call.text(isMirrored ? 1 : 0)
      if let set = try data.dataset(name, call) { return set }
      for (option, _) in call.options {
        throw ScriptError.unknownArgument(option, suggestion: nil, known: ["into"])
      }
      guard let target = isMirrored ? call.value(0) : call.optional(1) else {
        return try value(of: name, call)
      }
      guard case .named(let arrays) = try contents(of: name) else {
        throw ScriptError.message("\(name): expected named parameters, as save model writes them")
      }
      try SavedValue.restore(arrays, into: target, call.interpreter)
      return .none
    }
  }

  private func value(of path: String, _ call: Invocation) throws -> Value {
    if world.files.kind(of: path) == .folder { return .tensor(try images(in: path)) }
    switch try contents(of: path) {
    case .array(let array): return .tensor(try tensor(array, from: path))
    case .named(let arrays):
      return .record(
        RecordObject(try arrays.map { ($0.name, .tensor(try tensor($0.array, from: path))) }))
    }
  }

  /// What a script computes with: pictures as floats in [0, 1], tables as float32, others as they are stored.
  private func tensor(_ array: RawArray, from path: String) throws -> Tensor {
    let tensor = try array.tensor()
    return Self.isCSV(path) && tensor.dtype.isFloating ? try tensor.cast(to: .float32) : tensor
  }

  private func contents(of path: String) throws -> FileContents {
    try checkThatItCanBe(path)
    guard FormatCatalogue.format(for: path) != nil else {
      guard path.contains(".") || path.contains("/") || world.files.kind(of: path) != nil else {
        let known = DataBuiltins.names
        throw ScriptError.message(
          "there is no data set `\(path)`",
          hints: [
            DidYouMean.suggestion(for: path, among: known).map { "did you mean `\($0)`?" }
              ?? "data sets: " + known.joined(separator: ", ")
          ])
      }
      if world.files.kind(of: path) == nil { throw FileError.missing(path: path) }
      throw ScriptError.message(
        "\(path): expected a file name that ends in " + Self.extensions.joined(separator: ", "))
    }
    let bytes = try world.files.read(path)
    do {
      return try FormatCatalogue.decode(bytes, fileName: path)
    } catch {
      throw ScriptError.message("\(path): \(error)")
    }
  }

  private static func isCSV(_ path: String) -> Bool {
    FormatCatalogue.format(for: path)?.extensions.contains("csv") ?? false
  }

  /// Whether the format holds several arrays, each with a name.
  private static func isNamed(_ format: Format) -> Bool {
    !Set(format.extensions).isDisjoint(with: ["npz", "safetensors"])
  }

  private static var extensions: [String] {
    FormatCatalogue.all.flatMap(\.extensions).map { "." + $0 }
  }

  /// Shapes: all .png of the folder, in order of their names, [n, h, w] or [n, c, h, w].
  private func images(in folder: String) throws -> Tensor {
    let names = try world.files.list(folder).filter { $0.lowercased().hasSuffix(".png") }
    guard !names.isEmpty else { throw ScriptError.message("\(folder) holds no .png file") }
    let images = try names.map { name -> Tensor in
      guard case .array(let array) = try contents(of: folder + "/" + name) else {
        throw ScriptError.message("\(folder)/\(name): expected an image")
      }
      return try array.tensor()
    }
    let stacked = try Tensor.stacked(images)
    guard stacked.rank == 4 else { return stacked }
    return stacked.shape[3] == 1 ? try stacked.squeezed(3) : try stacked.permuted([0, 3, 1, 2])
  }

  private var save: Builtin {
    Builtin(
      "save", in: "Data and files", [.init("what"), .init("path", .text)],
      about:
        "writes a tensor, a record of tensors, a model's parameters or a figure; the name's end says how",
      examples: [
        "save x, \"x.npy\"", "save model, \"vae.safetensors\"", "save figure, \"elbo.png\"",
        "save samples, \"samples/\"",
      ]
    ) { call in
      let path = try call.text(1)
      if path.hasSuffix("/") || world.files.kind(of: path) == .folder {
        try save(images: call.value(0), in: path)
        return .none
      }
      let bytes = try self.bytes(call.value(0), path, call)
      if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
        try world.files.makeFolder(String(path[..<slash]))
      }
      try world.files.save(bytes, to: path)
      return .none
    }
  }

  /// One .png for each image, numbered so that their names are in order.
  ///
  /// Shapes: [n, h, w] or [n, c, h, w], as `load` gives them.
  private func save(images value: Value, in folder: String) throws {
    let images = try Conversion.tensor(value, "what").detached
    guard images.rank == 3 || images.rank == 4, images.shape[0] > 0 else {
      throw ScriptError.message(
        "\(folder) is a folder: expected images [n, h, w] or [n, c, h, w], found shape \(images.shape)"
      )
    }
    try world.files.makeFolder(folder.hasSuffix("/") ? String(folder.dropLast()) : folder)
    let n = images.shape[0]
    let width = "\(n - 1)".count
    for (i, image) in try images.unstacked().enumerated() {
      let digits = "\(i)"
      let name = String(repeating: "0", count: width - digits.count) + digits + ".png"
      let pixels = image.rank == 3 ? try image.permuted([1, 2, 0]) : image
      let bytes = try PNG.encode(RawArray(pixels))
      try world.files.save(bytes, to: folder + (folder.hasSuffix("/") ? "" : "/") + name)
    }
  }

  private func bytes(_ value: Value, _ path: String, _ call: Invocation) throws -> [UInt8] {
    try checkThatItCanBe(path)
    if let figure = try figure(value) {
      let name = path.lowercased()
      if name.hasSuffix(".svg") { return try figure.svg() }
      guard name.hasSuffix(".png") else {
        throw ScriptError.message("\(path): a figure is saved as .png or .svg")
      }
      return try figure.png()
    }
    guard let format = FormatCatalogue.format(for: path) else {
      throw ScriptError.message(
        "\(path): expected a file name that ends in " + Self.extensions.joined(separator: ", ")
          + ", or for images a folder's that ends in /")
    }
    if format.extensions.contains("png"), let image = value.storedTensor {
      return try PNG.encode(RawArray(image))
    }
    if let tensor = try SavedValue.tensor(value), !Self.isNamed(format) {
      return try FormatCatalogue.encode(.array(RawArray(tensor)), fileName: path)
    }
    if value.sequence != nil, !Self.isNamed(format) {
      return try FormatCatalogue.encode(
        .array(RawArray(Conversion.tensor(value, "what"))), fileName: path)
    }
    let named = try SavedValue.arrays(of: value, call.interpreter)
    return try FormatCatalogue.encode(.named(named), fileName: path)
  }

  /// Formats that are yet to come get a word of their own.
  private func checkThatItCanBe(_ path: String) throws {
    let name = path.lowercased()
    if name.hasSuffix(".dgs") {
      throw ScriptError.message(
        "\(path): sessions (.dgs) cannot be kept yet",
        hints: [
          "`save {w: w, x: x}, \"x.npz\"` keeps tensors, `save model, \"m.safetensors\"` a model"
        ])
    }
  }

  /// The figure of a figure, of `grid(...)`, or of the name `figure`: the last one.
  private func figure(_ value: Value) throws -> Figure? {
    guard case .object(let object) = value else { return nil }
    if let object = object as? FigureObject { return object.figure }
    guard object is LastFigure else { return nil }
    guard let last = gallery.last else {
      throw ScriptError.message("there is no figure yet: plot or show something first")
    }
    return last
  }
}

/// What the name `figure` stands for: the last figure, whichever it is by then.
final class LastFigure: ScriptObject {
  let typeName = "figure"
  var description: String { "the last figure" }
  func display(width: Int) -> String { "the last figure: save figure, \"name.png\"" }
}
