/// A figure: marks over common axes, drawn as pixels, as text, or told in words.
///
///     var figure = Figure(title: "ELBO", xLabel: "step", yLabel: "nats")
///     figure.add(try Line(y: losses, label: "train"))
///     let image = figure.pixels()                         // 960 x 600; PNG is for Formats to write
///     let picture = figure.text(columns: 80, rows: 20)    // picture.plain or picture.ansi(.trueColour)
///
/// A figure of nothing but `Images` has no axes and takes the size its images need.
package struct Figure: Sendable, CustomStringConvertible {
  package var title: String
  package var xLabel: String
  package var yLabel: String
  package private(set) var marks: [any Mark]
  /// The interval each axis shows; where there is none, what the marks span and a little more.
  package var xExtent: Extent?
  package var yExtent: Extent?

  package init(
    title: String = "", xLabel: String = "", yLabel: String = "", marks: [any Mark] = [],
    xExtent: Extent? = nil, yExtent: Extent? = nil
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.marks = marks
    self.xExtent = xExtent
    self.yExtent = yExtent
  }

  /// Adds a mark over those already there.
  package mutating func add(_ mark: any Mark) {
    marks.append(mark)
  }

  /// The figure as a picture.
  ///
  /// `scale` enlarges everything, text and lines included. Width and height are those before it and default
  /// to 960 x 600, or to what a grid of images needs.
  package func pixels(width: Int? = nil, height: Int? = nil, scale: Double = 1) -> PixelImage {
    drawn(width: width, height: height, scale: scale, isRecorded: false).image
  }

  /// The figure as the text of an SVG file; `png` makes the bytes of a PNG file of a picture in it.
  package func svg(png: (PixelImage) throws -> [UInt8]) rethrows -> String {
    let canvas = drawn(width: nil, height: nil, scale: 1, isRecorded: true)
    let drawing = canvas.drawing ?? VectorDrawing()
    return try drawing.file(width: canvas.image.width, height: canvas.image.height, png: png)
  }

  private func drawn(width: Int?, height: Int?, scale: Double, isRecorded: Bool) -> PixelCanvas {
    let scale = scale.isFinite ? min(max(scale, 0.25), 8) : 1
    if let images = imagesOnly {
      return ImageSheet(title: title, images: images, scale: scale).drawn(isRecorded: isRecorded)
    }
    let size = { (side: Int) in min(Int(Double(min(max(side, 16), 8192)) * scale), 8192) }
    return PixelFigure(
      figure: self, width: size(width ?? 960), height: size(height ?? 600), scale: scale,
      isRecorded: isRecorded
    ).drawn()
  }

  /// The figure as rows of characters.
  package func text(columns: Int = 80, rows: Int = 20, style: TextStyle = TextStyle())
    -> TextPicture
  {
    let columns = min(max(columns, 16), 1000)
    let rows = min(max(rows, 6), 1000)
    if let images = imagesOnly {
      return ImageSheet(title: title, images: images, scale: 1)
        .text(columns: columns, rows: rows, style: style)
    }
    return TextFigure(figure: self, columns: columns, rows: rows, style: style).picture()
  }

  /// The marks as images, where there are no others.
  private var imagesOnly: [Images]? {
    let images = marks.compactMap { $0 as? Images }
    return !images.isEmpty && images.count == marks.count ? images : nil
  }

  /// The marks with their colours: what they ask for, or the next of the palette.
  var coloured: [(mark: any Mark, colour: Colour)] {
    var next = 0
    return marks.map { mark in
      if let colour = mark.colour { return (mark, colour) }
      guard mark.swatch != nil else { return (mark, .series(next)) }
      next += 1
      return (mark, .series(next - 1))
    }
  }

  /// The figure in words: title, axes and what each mark shows.
  package var description: String {
    var sentences: [String] = []
    if !title.isEmpty { sentences.append(title) }
    if imagesOnly == nil {
      let axes = Axes(of: self, isPadded: false)
      let x = xLabel.isEmpty ? "x" : xLabel
      let y = yLabel.isEmpty ? "y" : yLabel
      sentences.append(
        "\(x) from \(axes.x.lower.brief) to \(axes.x.upper.brief), "
          + "\(y) from \(axes.y.lower.brief) to \(axes.y.upper.brief)")
    }
    if marks.isEmpty { sentences.append("no data") }
    sentences += marks.map { $0.label.isEmpty ? $0.caption : "\($0.label): \($0.caption)" }
    return sentences.map { $0 + "." }.joined(separator: " ")
  }
}

/// The domains that a figure's axes show.
struct Axes {
  let x: Extent
  let y: Extent
  /// What the colour bar explains, if any mark has one.
  let colours: ColourScale?

  init(of figure: Figure, isPadded: Bool = true) {
    let channels = figure.marks.map(\.channels)
    func domain(_ asked: Extent?, _ side: KeyPath<Channels, Extent?>, padding: Double) -> Extent {
      if let asked { return asked }
      let found = channels.compactMap { $0[keyPath: side] }
      guard let first = found.first else { return Extent(lower: 0, upper: 1) }
      let all = found.reduce(first) { $0.union($1) }
      if !isPadded { return all }
      let padded = all.padded(by: padding)
      // No room beyond the edge of what fills its extent.
      let tight = channels.filter(\.isTight).compactMap { $0[keyPath: side] }
      let grounded = side == \.y ? channels.filter(\.isGrounded).compactMap(\.y) : []
      return Extent(
        lower: (tight + grounded).contains { $0.lower == all.lower } ? all.lower : padded.lower,
        upper: tight.contains { $0.upper == all.upper } ? all.upper : padded.upper
      ).padded(by: 0)
    }
    x = domain(figure.xExtent, \.x, padding: 0.02)
    y = domain(figure.yExtent, \.y, padding: 0.04)
    colours = channels.lazy.compactMap(\.colours).first
  }
}
